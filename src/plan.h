/* SPDX-License-Identifier: MIT
 *
 * What a planedrop_plan holds. pd_plan_of reads the caller's opaque bytes, and tells an initialised
 * plan from other bytes.
 */
#ifndef PD_PLAN_H
#define PD_PLAN_H

#include "backend.h"
#include "compiler.h"
#include "law.h"
#include "planedrop/planedrop.h"
#include "stream.h"
#include "view.h"

/* "planedr", and the number of this layout. */
#define PD_PLAN_MAGIC UINT64_C(0x706c616e65647202)

struct PD_MAY_ALIAS pd_plan {
    uint64_t magic;
    const struct pd_backend *backend;
    const struct pd_kernels *kernels;
    const struct pd_stream *stream;
    const struct pd_generator *generator;     /* of the op's kind of draws */
    const struct pd_generator *few_generator; /* the last backend's, for few cells */
    int32_t law;
    uint32_t flags;                   /* of the descriptor */
    struct pd_key key;                /* without the call's seed and offset */
    struct pd_op op[2];               /* forward, backward */
    struct pd_cache_policy policy[2]; /* out of place, in place */
    struct pd_view view;
};

static inline const struct pd_plan *pd_plan_of(const planedrop_plan *plan) {
    const struct pd_plan *p = (const struct pd_plan *)plan;
    return p != NULL && p->magic == PD_PLAN_MAGIC ? p : NULL;
}

/* What is wrong with a plan that pd_plan_of refuses. */
static inline planedrop_status pd_plan_error(const planedrop_plan *plan) {
    return plan == NULL ? PLANEDROP_ERR_NULL : PLANEDROP_ERR_PLAN;
}

#endif
