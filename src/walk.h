/* SPDX-License-Identifier: MIT
 *
 * The walk: from a share of a plan's elements to kernel calls.
 */
#ifndef PD_WALK_H
#define PD_WALK_H

#include "draws.h"

/* What is done to which tensors. The caller sets everything but the tile's draws and geometry, and
 * calls pd_draws_init. */
struct pd_walk {
    const struct pd_plan *plan;
    const struct pd_kernels *kernels;
    enum pd_role view_role[PD_ROLES]; /* the view's strides that a tensor has: backward swaps */
    struct pd_tile tile; /* the next one, filled in place: a copy would wait for the stores */
    struct pd_draws draws;
};

/* Does the part-th of `parts` nearly equal shares of the plan's elements; part < parts. */
void pd_walk_run(struct pd_walk *walk, size_t part, size_t parts);

#endif
