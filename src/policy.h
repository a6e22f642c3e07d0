/* SPDX-License-Identifier: MIT
 *
 * The choice of how tensors use the caches.
 */
#ifndef PD_POLICY_H
#define PD_POLICY_H

#include "backend.h"
#include "view.h"

/* What the choice depends on. */
struct pd_policy_input {
    const struct pd_view *view;
    const struct pd_op *op;
    size_t elem_bytes, lanes;
    size_t cache_bytes; /* of the last level; 0 = unknown */
    double rate;
    int in_place, no_nt_stores, has_nt_stores;
};

struct pd_cache_policy pd_policy_choose(const struct pd_policy_input *input);

#endif
