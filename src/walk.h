/* SPDX-License-Identifier: MIT
 *
 * Doing the work of a call.
 */
#ifndef PD_WALK_H
#define PD_WALK_H

#include "draws.h"

/* What is done to which tensors. The caller sets all but the tile's draws and geometry; draws by
 * pd_draws_init. */
struct pd_walk {
    const struct pd_plan *plan;
    const struct pd_elements *elements;
    enum pd_role
        layout[PD_ROLES]; /* whose strides in the plan's view a tensor has: backward swaps */
    struct pd_tile tile; /* the next one: filled in place, since a copy would wait for the stores */
    struct pd_draws draws;
};

/* Does the part-th of `parts` nearly equal shares of the plan's elements; part < parts. */
void pd_walk_run(struct pd_walk *walk, size_t part, size_t parts);

#endif
