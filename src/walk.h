/* SPDX-License-Identifier: MIT
 *
 * Doing the work of a call.
 */
#ifndef PD_WALK_H
#define PD_WALK_H

#include "draws.h"

/* What is done to which tensors. The caller sets plan, view, elements, tile.at, tile.op,
 * tile.policy and, by pd_draws_init, draws. */
struct pd_walk {
    const struct pd_plan *plan;
    const struct pd_view *view;
    const struct pd_elements *elements;
    struct pd_tile tile; /* the next one: filled in place, since a copy would wait for the stores */
    struct pd_draws draws;
};

/* Does the part-th of `parts` nearly equal shares of the view's elements; part < parts. */
void pd_walk_run(struct pd_walk *walk, size_t part, size_t parts);

#endif
