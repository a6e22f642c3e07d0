/* SPDX-License-Identifier: MIT
 *
 * From a descriptor to a plan: every check that can be made without data, the threshold and scale
 * of the rate, and the choice of kernels.
 */
#include "plan.h"
#include "dispatch.h"
#include "path.h"

#include <assert.h>
#include <string.h>

static_assert(sizeof(struct pd_plan) <= sizeof(planedrop_plan), "a plan must fit its opaque form");

/* round_half_even(rate * 2^32), for rate in [0, 1]; the product is exact. */
static uint64_t threshold_of(double rate) {
    const double scaled = rate * 4294967296.0;
    const uint64_t below = (uint64_t)scaled;
    const double rest = scaled - (double)below;
    return below + (rest > 0.5 || (rest == 0.5 && below % 2 == 1));
}

/* Whether rate is in [0, 1], by its bits: under -ffast-math a comparison may let NaN pass. */
static int is_rate(double rate) {
    const uint64_t one = UINT64_C(0x3ff) << 52, minus_zero = UINT64_C(1) << 63;
    uint64_t bits;
    memcpy(&bits, &rate, sizeof bits);
    return bits <= one || bits == minus_zero;
}

static planedrop_status plan_for(planedrop_plan *plan, const planedrop_desc *desc,
                                 const struct pd_backend *backend) {
    if (backend == NULL) {
        return PLANEDROP_ERR_ISA;
    }
    if ((unsigned)desc->dtype >= PD_DTYPE_COUNT) {
        return PLANEDROP_ERR_DTYPE;
    }
    const struct pd_kernels *kernels = &backend->kernels[desc->dtype];
    const int gaussian = desc->law == PLANEDROP_GAUSSIAN;
    unsigned flags = PLANEDROP_ACCUMULATE | PLANEDROP_KEEP_CACHED;
    flags |= gaussian ? 0 : PLANEDROP_NO_SCALE;
    if (kernels->elem_bytes == 0 || (desc->flags & ~flags) ||
        (gaussian ? backend->normals == NULL : desc->law != PLANEDROP_BERNOULLI)) {
        return PLANEDROP_ERR_UNSUPPORTED;
    }
    if (!is_rate(desc->rate) || (gaussian && desc->rate == 1)) {
        return PLANEDROP_ERR_RATE;
    }
    struct pd_view view;
    const planedrop_status status = pd_view_make(&view, desc, kernels->elem_bytes);
    if (status != PLANEDROP_OK) {
        return status;
    }
    const int unscaled = (desc->flags & PLANEDROP_NO_SCALE) || desc->rate == 0;
    struct pd_plan *p = (struct pd_plan *)plan;
    p->magic = PD_PLAN_MAGIC;
    p->backend = backend;
    p->kernels = kernels;
    p->threshold = threshold_of(desc->rate);
    p->variance = gaussian ? desc->rate / (1.0 - desc->rate) : 0;
    p->gaussian = gaussian;
    p->drops_all = desc->rate == 1 && !unscaled;
    p->scale = unscaled || p->drops_all ? 1.0 : 1.0 / (1.0 - desc->rate);
    p->mode = desc->flags & PLANEDROP_ACCUMULATE ? PD_ACCUMULATE : unscaled ? PD_COPY : PD_SCALE;
    p->view = view;
    struct pd_path_case c = {&view,
                             kernels->elem_bytes,
                             kernels->lanes,
                             pd_cache_bytes(),
                             desc->rate,
                             p->mode,
                             0,
                             (desc->flags & PLANEDROP_KEEP_CACHED) != 0};
    p->path[0] = pd_path_choose(&c);
    c.in_place = 1;
    p->path[1] = pd_path_choose(&c);
    return PLANEDROP_OK;
}

planedrop_status planedrop_plan_init(planedrop_plan *plan, const planedrop_desc *desc) {
    if (plan == NULL || desc == NULL) {
        return PLANEDROP_ERR_NULL;
    }
    return plan_for(plan, desc, pd_backend_default());
}

planedrop_status planedrop_plan_init_isa(planedrop_plan *plan, const planedrop_desc *desc,
                                         const char *isa) {
    if (plan == NULL || desc == NULL || isa == NULL) {
        return PLANEDROP_ERR_NULL;
    }
    return plan_for(plan, desc, pd_backend_named(isa));
}

const char *planedrop_plan_isa(const planedrop_plan *plan) {
    const struct pd_plan *p = pd_plan_of(plan);
    return p == NULL ? NULL : p->backend->name;
}

uint64_t planedrop_plan_draws(const planedrop_plan *plan) {
    const struct pd_plan *p = pd_plan_of(plan);
    return p == NULL ? 0 : p->view.draws;
}
