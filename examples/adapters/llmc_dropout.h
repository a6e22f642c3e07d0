/* SPDX-License-Identifier: MIT
 *
 * Elementwise dropout of (B, T, C) activations as a pair of functions in the manner of llm.c. It
 * needs no stub: llm.c is plain functions over float pointers.
 */
#ifndef LLMC_DROPOUT_H
#define LLMC_DROPOUT_H

#include <stdint.h>

/* A member of the model. All of it 0 is evaluation: at rate 0 values are copied bit for bit. A
 * training step sets rate and step before its forward pass and rate = 0 after its backward pass. */
struct dropout {
    float rate;
    uint64_t seed, step;
};

/* site: a number below 65536 that differs for every dropout in the model. out == inp is allowed. */
void dropout_forward(float *out, const float *inp, int B, int T, int C, struct dropout d, int site);

/* dinp += the gradient. In place (dinp == dout, after a forward in place) dinp = the gradient. */
void dropout_backward(float *dinp, const float *dout, int B, int T, int C, struct dropout d,
                      int site);

#endif
