/* SPDX-License-Identifier: MIT
 *
 * ggml gives byte strides, innermost axis first, and calls the operator on each of its threads with
 * that thread's number: _part takes both. A plan costs so little that every thread makes its own.
 */
#include "ggml_dropout.h"

static int32_t dtype_of(enum ggml_type type) {
    return type == GGML_TYPE_F32    ? PLANEDROP_F32
           : type == GGML_TYPE_F16  ? PLANEDROP_F16
           : type == GGML_TYPE_BF16 ? PLANEDROP_BF16
           : type == GGML_TYPE_F64  ? PLANEDROP_F64
                                    : -1; /* refused by planedrop_plan_init */
}

void ggml_dropout_op(struct ggml_tensor *dst, const struct ggml_tensor *a, int ith, int nth,
                     void *dropout) {
    const struct ggml_dropout *d = dropout;
    const int64_t size = (int64_t)ggml_type_size(a->type);
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    desc.dtype = dtype_of(a->type), desc.ndim = 4, desc.rate = d->rate;
    desc.flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    for (int i = 0; i < 4; i++) {
        desc.dims[i] = (uint64_t)a->ne[3 - i];
        desc.noise[i] = i < 2 ? desc.dims[i] : 1; /* N and C drawn, H and W shared */
        desc.x_strides[i] = (int64_t)a->nb[3 - i] / size;
        desc.y_strides[i] = (int64_t)dst->nb[3 - i] / size;
    }
    planedrop_plan plan;
    planedrop_status status = planedrop_plan_init(&plan, &desc);
    if (status == PLANEDROP_OK) {
        status =
            planedrop_forward_part(&plan, d->rng, (size_t)ith, (size_t)nth, a->data, dst->data);
    }
    if (status != PLANEDROP_OK) {
        GGML_ABORT("dropout: %s", planedrop_status_string(status));
    }
}
