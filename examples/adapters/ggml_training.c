/* SPDX-License-Identifier: MIT
 *
 * ggml differentiates a product, so dropout becomes one: a custom operator draws a factor for each
 * feature map (0, or the scale), and ggml_mul broadcasts it over H and W, forward and backward.
 */
#include "ggml_dropout.h"

static void draw(struct ggml_tensor *dst, int ith, int nth, void *userdata) {
    const struct ggml_dropout *dropout = userdata;
    const uint64_t maps = (uint64_t)(dst->ne[2] * dst->ne[3]);
    const planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, maps, dropout->rate);
    planedrop_plan plan;
    planedrop_status status = planedrop_plan_init(&plan, &desc);
    if (status == PLANEDROP_OK) {
        status = planedrop_mask(&plan, dropout->rng, PLANEDROP_MASK_F32, 0, maps, dst->data);
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
