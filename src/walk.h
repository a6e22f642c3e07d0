/* SPDX-License-Identifier: MIT
 *
 * Doing a plan's work.
 */
#ifndef PD_WALK_H
#define PD_WALK_H

#include "plan.h"

/* Does elements begin ... end-1 of the tensor, in the order of its view; begin < end. keep is the
 * caller's mask, or NULL to draw from rng. */
void pd_walk(const struct pd_plan *plan, planedrop_rng rng, const uint32_t *keep, size_t begin,
             size_t end, const void *x, void *y);

#endif
