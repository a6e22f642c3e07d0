/* SPDX-License-Identifier: MIT
 *
 * A copy's table, whose name is COPY.
 */
#include "copy.h"

extern const struct copy COPY;
const struct copy COPY = {
    planedrop_plan_init,  planedrop_plan_init_isa, planedrop_plan_isa,
    planedrop_plan_draws, planedrop_forward,       planedrop_forward_part,
    planedrop_backward,   planedrop_backward_part, planedrop_once,
    planedrop_mask,       planedrop_multipliers,   planedrop_apply,
    planedrop_apply_part, planedrop_isa_count,     planedrop_isa_name,
    planedrop_isa_usable, planedrop_status_string, planedrop_version,
};
