/* SPDX-License-Identifier: MIT
 *
 * What dlpack_real.py calls: dropout of the tensors in two capsules.
 */
#include "dlpack_real.h"
#include "dlpack_desc.h"

static const char *drop(const struct dlpack_call *call, const DLTensor *x, const DLTensor *y,
                        uint64_t y_flags) {
    const planedrop_rng rng = {call->seed, call->offset};
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    planedrop_plan plan;
    const char *why = dlpack_desc(&desc, x, y, y_flags);
    if (why != NULL) {
        return why;
    }
    desc.rate = call->rate;
    for (int a = 0; a < desc.ndim; a++) {
        desc.noise[a] = call->drawn >> a & 1 ? desc.dims[a] : 1;
    }
    planedrop_status status = planedrop_plan_init(&plan, &desc);
    if (status == PLANEDROP_OK) {
        status = planedrop_forward(&plan, rng, dlpack_data(x), dlpack_data(y));
    }
    if (status == PLANEDROP_OK && call->mask != NULL) {
        status = planedrop_mask_elements(&plan, rng, PLANEDROP_MASK_BYTES, 0, 1, call->mask);
    }
    if (status == PLANEDROP_OK && call->multipliers != NULL) {
        status = planedrop_mask(&plan, rng, PLANEDROP_MASK_F32, 0, planedrop_plan_draws(&plan),
                                call->multipliers);
    }
    return status == PLANEDROP_OK ? NULL : planedrop_status_string(status);
}

const char *drop_capsules(const struct dlpack_call *call, const void *x, int x_versioned,
                          const void *y, int y_versioned) {
    const struct DLManagedTensorVersioned *vx = x, *vy = y;
    const DLManagedTensor *lx = x;
    if (!y_versioned) { /* as JAX gives its arrays, which must not be written */
        return "y's capsule does not say whether y may be written";
    }
    if ((x_versioned && vx->version.major != DLPACK_MAJOR_VERSION) ||
        vy->version.major != DLPACK_MAJOR_VERSION) {
        return "another major version of DLPack";
    }
    return drop(call, x_versioned ? &vx->dl_tensor : &lx->dl_tensor, &vy->dl_tensor, vy->flags);
}
