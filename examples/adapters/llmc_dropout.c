/* SPDX-License-Identifier: MIT
 *
 * llm.c has float pointers into one arena (4-byte alignment is all it gives, and all it takes),
 * loops over the batch under OpenMP, gradients that add up, and ends the process with a message.
 * The mask is that of the whole tensor, whatever the number of threads.
 */
#include "llmc_dropout.h"
#include <planedrop/planedrop.h>
#include <stdio.h>
#include <stdlib.h>

static void check(unsigned status) {
    if (status != PLANEDROP_OK) {
        fprintf(stderr, "dropout: %s\n", planedrop_status_string((planedrop_status)status));
        exit(EXIT_FAILURE);
    }
}

static void drop(float *y, const float *x, int B, size_t per_sample, float rate, planedrop_rng rng,
                 unsigned flags) {
    planedrop_desc desc = planedrop_elements(PLANEDROP_F32, (size_t)B * per_sample, (double)rate);
    desc.flags = flags;
    planedrop_plan plan;
    unsigned status = planedrop_plan_init(&plan, &desc);
    check(status);
#pragma omp parallel for reduction(max : status)
    for (int b = 0; b < B; b++) {
        const unsigned part = planedrop_forward_part(&plan, rng, (size_t)b, (size_t)B, x, y);
        status = part > status ? part : status;
    }
    check(status);
}

void dropout_forward(float *out, const float *inp, int B, int T, int C, float rate,
                     planedrop_rng rng) {
    drop(out, inp, B, (size_t)T * (size_t)C, rate, rng, 0);
}

void dropout_backward(float *dinp, const float *dout, int B, int T, int C, float rate,
                      planedrop_rng rng) {
    drop(dinp, dout, B, (size_t)T * (size_t)C, rate, rng, PLANEDROP_ACCUMULATE);
}
