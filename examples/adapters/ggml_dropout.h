/* SPDX-License-Identifier: MIT
 *
 * Spatial dropout of a ggml tensor [W, H, C, N]: as an operator for inference (Monte-Carlo
 * dropout), and as a product for training, because ggml's custom operators have no backward pass.
 */
#ifndef GGML_DROPOUT_H
#define GGML_DROPOUT_H

#include "ggml.h"
#include <planedrop/planedrop.h>

/* Outlives the graph, which reads it each time it is computed. */
struct ggml_dropout {
    double rate;
    planedrop_rng rng; /* offset: step * layers + layer, set before each step */
};

/* For ggml_map_custom1 or ggml_map_custom1_inplace, with a struct ggml_dropout; f32, f16, bf16 or
 * f64, views of any strides. */
void ggml_dropout_op(struct ggml_tensor *dst, const struct ggml_tensor *a, int ith, int nth,
                     void *dropout);

/* a * m, with m [1, 1, C, N] drawn anew each time the graph is computed. */
struct ggml_tensor *ggml_dropout_training(struct ggml_context *ctx, struct ggml_tensor *a,
                                          struct ggml_dropout *dropout);

#endif
