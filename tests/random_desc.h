/* SPDX-License-Identifier: MIT
 *
 * Random descriptors, of every kind that is legal: shapes, noise shapes, layouts, windows, rates,
 * laws and flags.
 */
#ifndef PLANEDROP_TESTS_RANDOM_DESC_H
#define PLANEDROP_TESTS_RANDOM_DESC_H

#include "random.h"

planedrop_rng random_rng(struct random *random);

/* The usual rates, and any. */
double random_rate(struct random *random);

/* Strides that step over all the finer axes, which come in a random order, some of them backwards
 * and some with room to spare. */
void random_strides(struct random *random, const planedrop_desc *desc, int64_t *strides);

/* A descriptor of a small tensor with strides, which can be planned. The elements of x are
 * distinct. Returns 0 if the one that was drawn is not of use: too large, or in a mask of 2^64
 * draws, which must be refused. */
int random_desc(struct random *random, int32_t dtype, planedrop_desc *desc);

/* Sets the law. Returns 0 if the descriptor does not go with it in this build. */
int desc_set_law(planedrop_desc *desc, int32_t law);

/* The lowest and highest offset, in elements, that a tensor reaches from its first element. */
void desc_reach(const planedrop_desc *desc, const int64_t *strides, int64_t *low, int64_t *high);

#endif
