/* SPDX-License-Identifier: MIT
 *
 * The loops that the library is compared with. baselines.c and naive.c are compiled once per line
 * of isa.def, as the library's kernels are; naive.c also once per element type. Tensors are dense.
 * x and y do not overlap, except that the scales may have y == x.
 */
#ifndef PLANEDROP_BENCH_BASELINES_H
#define PLANEDROP_BENCH_BASELINES_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A draw is dropped iff its 32-bit word is below threshold, of 2^32. */
struct bench_rule {
    uint64_t seed, threshold;
    double scale;
};

/* Loops over a whole tensor of f32. NT: non-temporal stores; y is then aligned to 64 bytes. */
enum bench_loop {
    BENCH_SCALE, /* y = x * scale */
    BENCH_SCALE_NT,
    BENCH_FILL, /* y = 0 */
    BENCH_FILL_NT,
    BENCH_ACCUMULATE, /* y += x * scale */
    BENCH_SLEEF,      /* the functions behind Gaussian factors, once for every two elements */
    BENCH_LOOPS
};

/* An instruction set has a table of them; NULL: the build is without SLEEF. */
typedef void bench_function(const struct bench_rule *rule, size_t count, const float *x, float *y);

/* Dropout as one writes it by hand. */
struct bench_naive {
    /* One draw for each of `planes` runs of `inner` elements. */
    void (*planes)(const struct bench_rule *rule, size_t planes, size_t inner, const void *x,
                   void *y);
    /* One draw for each of `channels` elements of a row, the same in `rows` rows, anew for every
     * sample. scratch has room for `channels` doubles. */
    void (*rows)(const struct bench_rule *rule, size_t samples, size_t rows, size_t channels,
                 void *scratch, const void *x, void *y);
    /* One draw for every element. */
    void (*elements)(const struct bench_rule *rule, size_t count, const void *x, void *y);
};

/* bench_loops_avx2 of bench_loops_ and avx2, be they macros or not. */
#define BENCH_JOIN_OF(prefix, word) prefix##word
#define BENCH_JOIN(prefix, word)    BENCH_JOIN_OF(prefix, word)

#ifdef __cplusplus
}
#endif

#endif
