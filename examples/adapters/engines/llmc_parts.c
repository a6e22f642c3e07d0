/* SPDX-License-Identifier: MIT
 *
 * How llm.c's adapter divides one sequence: here the library's function is another one, which
 * counts. Without OpenMP the parts come one after the other.
 */
#include <planedrop/planedrop.h>

static size_t calls, parts_of_a_call;

static planedrop_status counted(const planedrop_plan *plan, planedrop_rng rng, size_t part,
                                size_t parts, const void *x, void *y) {
    calls++;
    parts_of_a_call = parts;
    return planedrop_forward_part(plan, rng, part, parts, x, y);
}

#define planedrop_forward_part counted
#include "llmc_dropout.c" /* NOLINT(bugprone-suspicious-include): the text is what is run */

int main(void) {
    enum { T = 64, C = 768 }; /* 192 KiB */
    static float x[T * C];
    const struct dropout dropout = {0.1f, 1, 2};
    dropout_forward(x, x, 1, T, C, dropout, 0);
    if (calls != 3 || parts_of_a_call != 3) {
        fprintf(stderr, "FAILED: %zu calls, %zu parts\n", calls, parts_of_a_call);
        return EXIT_FAILURE;
    }
    return 0;
}
