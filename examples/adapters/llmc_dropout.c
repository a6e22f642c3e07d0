/* SPDX-License-Identifier: MIT
 *
 * llm.c has float pointers into one arena, aligned to 4 bytes, which is all that planedrop needs.
 * It has OpenMP, gradients that add up, and ends the process with a message. The mask is that of
 * the whole tensor, whatever the number of threads.
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

static void drop(float *y, const float *x, uint64_t n, struct dropout d, int site, uint32_t flags) {
    const planedrop_rng rng = {d.seed, d.step << 16 | (uint64_t)site};
    planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, n, (double)d.rate);
    desc.flags = flags;
    planedrop_plan plan;
    unsigned status = planedrop_plan_init(&plan, &desc);
    check(status);
    const size_t parts = planedrop_plan_parts(&plan); /* of 64 KiB, which is worth a thread */
#ifdef _OPENMP
#pragma omp parallel for reduction(max : status)
#endif
    for (size_t part = 0; part < parts; part++) {
        const unsigned result = planedrop_forward_part(&plan, rng, part, parts, x, y);
        status = result > status ? result : status;
    }
    check(status);
}

void dropout_forward(float *out, const float *inp, int B, int T, int C, struct dropout d,
                     int site) {
    drop(out, inp, (uint64_t)B * (uint64_t)T * (uint64_t)C, d, site, 0);
}

void dropout_backward(float *dinp, const float *dout, int B, int T, int C, struct dropout d,
                      int site) {
    const uint64_t n = (uint64_t)B * (uint64_t)T * (uint64_t)C;
    drop(dinp, dout, n, d, site, dinp == dout ? 0 : PLANEDROP_ACCUMULATE);
}
