/* SPDX-License-Identifier: MIT
 *
 * ggml differentiates a product, so dropout becomes one: a custom operator draws a factor for each
 * feature map (0, or the scale), and ggml_mul broadcasts it over H and W, forward and backward.
 */
#include "ggml_dropout.h"

static void draw(struct ggml_tensor *dst, int ith, int nth, void *userdata) {
    const struct ggml_dropout *dropout = userdata;
    const planedrop_desc desc =
        planedrop_nchw(PLANEDROP_F32, (size_t)dst->ne[3], (size_t)dst->ne[2], 1, dropout->rate);
    planedrop_plan plan;
    planedrop_status status = planedrop_plan_init(&plan, &desc);
    if (status == PLANEDROP_OK) {
        status = planedrop_multipliers(&plan, dropout->rng, dst->data);
    }
    if (status != PLANEDROP_OK) {
        GGML_ABORT("dropout: %s", planedrop_status_string(status));
    }
    (void)ith, (void)nth; /* one task: N * C floats are few */
}

struct ggml_tensor *ggml_dropout_training(struct ggml_context *ctx, struct ggml_tensor *a,
                                          struct ggml_dropout *dropout) {
    return ggml_mul(
        ctx, a,
        ggml_custom_4d(ctx, GGML_TYPE_F32, 1, 1, a->ne[2], a->ne[3], NULL, 0, draw, 1, dropout));
}
