/* SPDX-License-Identifier: MIT
 *
 * The Gaussian law: where its factors come from, and how a rectangle of a tensor is cut into tiles
 * that have theirs on the stack.
 */
#ifndef PD_GAUSSIAN_H
#define PD_GAUSSIAN_H

#include "plan.h"

struct pd_gaussian {
    const struct pd_plan *plan;
    struct pd_normals stream;
    uint64_t last; /* draws up to this one may be made before they are asked for */
    uint64_t cached_first;
    size_t cached; /* so many factors, from that of draw cached_first on, are in cache */
    float cache[PD_TILE_FACTORS + PD_GROUP_NORMALS + PD_FACTOR_SLACK];
    float packed[PD_TILE_FACTORS + PD_FACTOR_SLACK];
    float row[PD_TILE_FACTORS + PD_FACTOR_SLACK];
    uint32_t all[PD_TILE_FACTORS / PD_WORD_BITS]; /* the mask of planes that are all kept */
};

void pd_gaussian_init(struct pd_gaussian *gaussian, const struct pd_plan *plan, planedrop_rng rng);

/* The factors of draws at, at + step, ... (count of them, 1 ... PD_TILE_FACTORS), and slack. Valid
 * until the next call. */
const float *pd_gaussian_factors(struct pd_gaussian *gaussian, uint64_t at, uint64_t step,
                                 size_t count);

/* Does the elements of *rectangle, which is of any size. draw is that of its first element. */
void pd_gaussian_rectangle(struct pd_gaussian *gaussian, const struct pd_tile *rectangle,
                           uint64_t draw);

#endif
