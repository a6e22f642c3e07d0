/* SPDX-License-Identifier: MIT
 *
 * The yardsticks, one table of each kind per instruction set. naive.c is what a C programmer writes
 * by hand, roof.c is the least that any kernel must do, xorshift.c is the fastest dropout that a
 * weaker generator allows, sleef.c the least of the Gaussian law. Each is one text that is compiled
 * once per line of isa.def, as the library's own kernels are; naive.c also once per element type.
 * Tensors are dense, and f32 where they are floats here; x and y do not overlap.
 */
#ifndef PLANEDROP_BENCH_KERNELS_H
#define PLANEDROP_BENCH_KERNELS_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Draws are dropped iff their 32-bit word is below threshold, of 2^32. */
struct naive_rule {
    uint64_t seed, threshold;
    double scale;
};

struct naive_loops {
    /* One draw for each of `planes` runs of `inner` elements. */
    void (*planes)(const struct naive_rule *rule, size_t planes, size_t inner, const void *x,
                   void *y);
    /* One draw for each of `channels` elements of a row, the same in `rows` rows, anew for every
     * sample. scratch has room for `channels` doubles. */
    void (*rows)(const struct naive_rule *rule, size_t samples, size_t rows, size_t channels,
                 void *scratch, const void *x, void *y);
    /* One draw for every element. */
    void (*elements)(const struct naive_rule *rule, size_t count, const void *x, void *y);
};

/* y = x * scale or y = 0, in ordinary or streaming stores. For the latter y is aligned to 64.
 * The scales may have y == x. */
struct roof_loops {
    void (*scale)(size_t count, float scale, const float *x, float *y);
    void (*scale_stream)(size_t count, float scale, const float *x, float *y);
    void (*fill)(size_t count, float *y);
    void (*fill_stream)(size_t count, float *y);
    void (*accumulate)(size_t count, float scale, const float *x, float *y); /* y += x * scale */
};

/* Elementwise dropout with a draw from a 32-bit xorshift generator for every element. */
struct xorshift_loops {
    void (*elements)(const struct naive_rule *rule, size_t count, const float *x, float *y);
};

/* The functions that Gaussian factors are made of, once for every two elements; y is junk. NULL:
 * the build is without SLEEF. */
struct sleef_loops {
    void (*elements)(size_t count, const float *x, float *y);
};

/* The name of this compilation's table: prefix and the instruction set that BENCH_ISA names. */
#define BENCH_JOIN_OF(prefix, word) prefix##word
#define BENCH_JOIN(prefix, word)    BENCH_JOIN_OF(prefix, word)

#ifdef __cplusplus
}
#endif

#endif
