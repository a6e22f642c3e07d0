/* SPDX-License-Identifier: MIT
 *
 * Dropout of a ggml tensor: as an operator, which drops in one pass, and as a product with a mask,
 * which ggml differentiates as it is.
 */
#ifndef GGML_DROPOUT_H
#define GGML_DROPOUT_H

#include "ggml.h"
#include <planedrop/planedrop.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The kinds of dropout; the value is how many of the outer axes are drawn. */
enum ggml_dropout_kind {
    GGML_DROPOUT_ELEMENTWISE = 4, /* a draw an element; any shape, such as [features, tokens] */
    GGML_DROPOUT_SPATIAL = 2 /* a draw a feature map of [W, H, C, N]; aborts if C and N are 1 */
};

/* What the layers of a network share. Set it before each computation of the graph. */
struct ggml_dropout_state {
    uint64_t seed, step; /* step: another for each computation that is to draw another mask */
    int active;          /* 0, as for validation: every layer copies its input */
};

/* One layer. Like its state, it outlives the graph, which reads both when it is computed. */
struct ggml_dropout {
    const struct ggml_dropout_state *state;
    double rate;
    enum ggml_dropout_kind kind;
    uint16_t layer; /* differs from layer to layer */
};

/* For ggml_map_custom1 and ggml_map_custom1_inplace on any number of tasks, with a
 * struct ggml_dropout. f32, f16, bf16 or f64; views of any strides. Where dropped, y is +0. */
void ggml_dropout_op(struct ggml_tensor *dst, const struct ggml_tensor *a, int ith, int nth,
                     void *dropout);

/* a * m, with an f32 mask m of a's shape drawn in each computation. f32, f16 or bf16. Where
 * dropped, a NaN or Inf of a becomes a NaN, and a negative number -0. */
struct ggml_tensor *ggml_dropout_mul(struct ggml_context *ctx, struct ggml_tensor *a,
                                     struct ggml_dropout *dropout);

#ifdef __cplusplus
}
#endif

#endif
