/* SPDX-License-Identifier: MIT
 *
 * Elementwise dropout of (B, T, C) activations as a pair of functions in the manner of llm.c. It
 * needs no stub: llm.c is plain functions over float pointers.
 */
#ifndef LLMC_DROPOUT_H
#define LLMC_DROPOUT_H

#include <planedrop/planedrop.h>

void dropout_forward(float *out, const float *inp, int B, int T, int C, float rate,
                     planedrop_rng rng);

/* dinp += the gradient. In place (dinp == dout, after a forward in place) dinp = the gradient. */
void dropout_backward(float *dinp, const float *dout, int B, int T, int C, float rate,
                      planedrop_rng rng);

#endif
