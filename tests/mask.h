/* SPDX-License-Identifier: MIT
 *
 * All of a plan's mask in the two forms that most tests want.
 */
#ifndef PLANEDROP_TESTS_MASK_H
#define PLANEDROP_TESTS_MASK_H

#include "planedrop/planedrop.h"

static inline planedrop_status mask_bits(const planedrop_plan *plan, planedrop_rng rng,
                                         uint32_t *keep) {
    return planedrop_mask(plan, rng, PLANEDROP_MASK_BITS, 0, planedrop_plan_draws(plan), keep);
}

static inline planedrop_status mask_multipliers(const planedrop_plan *plan, planedrop_rng rng,
                                                float *multipliers) {
    return planedrop_mask(plan, rng, PLANEDROP_MASK_F32, 0, planedrop_plan_draws(plan),
                          multipliers);
}

#endif
