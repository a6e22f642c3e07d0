/* SPDX-License-Identifier: MIT
 *
 * One copy of planedrop among several in a process, as a table of its functions.
 */
#ifndef PLANEDROP_TESTS_COPY_H
#define PLANEDROP_TESTS_COPY_H

#include "planedrop.h"

struct copy {
    planedrop_status (*plan_init)(planedrop_plan *plan, const planedrop_desc *desc);
    planedrop_status (*plan_init_isa)(planedrop_plan *plan, const planedrop_desc *desc,
                                      const char *isa);
    const char *(*plan_isa)(const planedrop_plan *plan);
    uint64_t (*plan_draws)(const planedrop_plan *plan);
    planedrop_status (*forward)(const planedrop_plan *plan, planedrop_rng rng, const void *x,
                                void *y);
    planedrop_status (*forward_part)(const planedrop_plan *plan, planedrop_rng rng, size_t part,
                                     size_t parts, const void *x, void *y);
    planedrop_status (*backward)(const planedrop_plan *plan, planedrop_rng rng, const void *dy,
                                 void *dx);
    planedrop_status (*backward_part)(const planedrop_plan *plan, planedrop_rng rng, size_t part,
                                      size_t parts, const void *dy, void *dx);
    planedrop_status (*once)(const planedrop_desc *desc, planedrop_rng rng, const void *x, void *y);
    planedrop_status (*mask)(const planedrop_plan *plan, planedrop_rng rng, uint32_t *keep);
    planedrop_status (*multipliers)(const planedrop_plan *plan, planedrop_rng rng,
                                    float *multipliers);
    planedrop_status (*apply)(const planedrop_plan *plan, const uint32_t *keep, const void *x,
                              void *y);
    planedrop_status (*apply_part)(const planedrop_plan *plan, const uint32_t *keep, size_t part,
                                   size_t parts, const void *x, void *y);
    size_t (*isa_count)(void);
    const char *(*isa_name)(size_t i);
    int (*isa_usable)(size_t i);
    const char *(*status_string)(planedrop_status status);
    const char *(*version)(void);
};

#endif
