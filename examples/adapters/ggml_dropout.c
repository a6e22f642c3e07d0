/* SPDX-License-Identifier: MIT
 *
 * ggml gives byte strides, innermost axis first, and calls an operator on each of its threads with
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

static void check(planedrop_status status) {
    if (status != PLANEDROP_OK) {
        GGML_ABORT("dropout: %s", planedrop_status_string(status));
    }
}

static planedrop_plan plan_of(const struct ggml_dropout *d, const struct ggml_tensor *a,
                              const struct ggml_tensor *dst) {
    const int64_t size = (int64_t)ggml_type_size(a->type);
    const int drawn = (int)d->kind;
    if (drawn != GGML_DROPOUT_ELEMENTWISE &&
        (drawn != GGML_DROPOUT_SPATIAL || ggml_n_dims(a) < 3)) {
        GGML_ABORT("dropout: no kind %d for a tensor of %d axes", drawn, ggml_n_dims(a));
    }
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    desc.dtype = dtype_of(a->type), desc.ndim = 4, desc.rate = d->state->active ? d->rate : 0;
    desc.flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    for (int i = 0; i < 4; i++) {
        desc.dims[i] = (uint64_t)a->ne[3 - i];
        desc.noise[i] = i < drawn ? desc.dims[i] : 1; /* the outer axes are drawn */
        desc.x_strides[i] = (int64_t)a->nb[3 - i] / size;
        desc.y_strides[i] = (int64_t)dst->nb[3 - i] / size;
    }
    planedrop_plan plan;
    check(planedrop_plan_init(&plan, &desc));
    return plan;
}

static planedrop_rng rng_of(const struct ggml_dropout *d) {
    const planedrop_rng rng = {d->state->seed, d->state->step << 16 | d->layer};
    return rng;
}

void ggml_dropout_op(struct ggml_tensor *dst, const struct ggml_tensor *a, int ith, int nth,
                     void *dropout) {
    const struct ggml_dropout *d = (const struct ggml_dropout *)dropout;
    const planedrop_plan plan = plan_of(d, a, dst);
    check(planedrop_forward_part(&plan, rng_of(d), (size_t)ith, (size_t)nth, a->data, dst->data));
}

static void draw(struct ggml_tensor *dst, int ith, int nth, void *dropout) {
    const struct ggml_dropout *d = (const struct ggml_dropout *)dropout;
    const planedrop_plan plan = plan_of(d, dst, dst);
    check(planedrop_mask_elements(&plan, rng_of(d), PLANEDROP_MASK_F32, (size_t)ith, (size_t)nth,
                                  dst->data));
}

/* ggml multiplies row by row, and element by element where a factor is broadcast along its rows: so
 * the mask is a full tensor, and a feature map one row. Reshaping makes the gradient contiguous. */
struct ggml_tensor *ggml_dropout_mul(struct ggml_context *ctx, struct ggml_tensor *a,
                                     struct ggml_dropout *dropout) {
    const int64_t *ne = a->ne;
    struct ggml_tensor *mask = ggml_custom_4d(ctx, GGML_TYPE_F32, ne[0], ne[1], ne[2], ne[3], NULL,
                                              0, draw, GGML_N_TASKS_MAX, dropout);
    struct ggml_tensor *x = ggml_is_contiguous(a) ? a : ggml_cont(ctx, a);
    const int64_t h = dropout->kind == GGML_DROPOUT_SPATIAL ? ne[1] : 1;
    x = ggml_reshape_4d(ctx, x, ne[0] * h, h == 1 ? ne[1] : 1, ne[2], ne[3]);
    return ggml_reshape(ctx, ggml_mul(ctx, x, ggml_reshape(ctx, mask, x)), a);
}
