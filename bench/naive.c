/* SPDX-License-Identifier: MIT
 *
 * Dropout as a C programmer writes it by hand: Philox4x32-10 (Salmon et al. 2011) called for one
 * word at a time, a comparison with the rate, a multiplication. It uses all four words of a block
 * and hands the compiler simple loops; there is no other cleverness. The compiler may do what it
 * can at -O3 with the flags of each instruction set. One text, compiled once per instruction set
 * and element type, which BENCH_DTYPE names.
 */
#include "kernels.h"
#include "naive_types.h"

typedef BENCH_JOIN(element_, BENCH_DTYPE) element;
typedef BENCH_JOIN(compute_, BENCH_DTYPE) compute;
#define widen  BENCH_JOIN(widen_, BENCH_DTYPE)
#define narrow BENCH_JOIN(narrow_, BENCH_DTYPE)

struct generator {
    uint64_t seed, counter;
    uint32_t word[4];
    unsigned used;
};

static struct generator generator_of(uint64_t seed) {
    const struct generator fresh = {seed, 0, {0, 0, 0, 0}, 4};
    return fresh;
}

static void next_block(struct generator *g) {
    uint32_t a = (uint32_t)g->counter, b = (uint32_t)(g->counter >> 32), c = 0, d = 0;
    uint32_t k0 = (uint32_t)g->seed, k1 = (uint32_t)(g->seed >> 32);
    for (int round = 0; round < 10; round++) {
        const uint64_t p = (uint64_t)0xd2511f53u * a, q = (uint64_t)0xcd9e8d57u * c;
        a = (uint32_t)(q >> 32) ^ b ^ k0;
        b = (uint32_t)q;
        c = (uint32_t)(p >> 32) ^ d ^ k1;
        d = (uint32_t)p;
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
    g->word[0] = a;
    g->word[1] = b;
    g->word[2] = c;
    g->word[3] = d;
    g->counter++;
    g->used = 0;
}

static inline int keeps(struct generator *g, uint64_t threshold) {
    if (g->used == 4) {
        next_block(g);
    }
    return g->word[g->used++] >= threshold;
}

static void planes(const struct naive_rule *rule, size_t count, size_t inner,
                   const void *restrict from, void *restrict to) {
    struct generator g = generator_of(rule->seed);
    const compute scale = (compute)rule->scale;
    const element *x = from;
    element *y = to;
    for (size_t i = 0; i < count; i++, x += inner, y += inner) {
        const int keep = keeps(&g, rule->threshold);
        for (size_t j = 0; j < inner; j++) {
            y[j] = keep ? narrow(widen(x[j]) * scale) : 0;
        }
    }
}

static void rows(const struct naive_rule *rule, size_t samples, size_t count, size_t channels,
                 void *restrict scratch, const void *restrict from, void *restrict to) {
    struct generator g = generator_of(rule->seed);
    compute *factors = scratch;
    const element *x = from;
    element *y = to;
    for (size_t n = 0; n < samples; n++) {
        for (size_t c = 0; c < channels; c++) {
            factors[c] = keeps(&g, rule->threshold) ? (compute)rule->scale : 0;
        }
        for (size_t i = 0; i < count; i++, x += channels, y += channels) {
            for (size_t c = 0; c < channels; c++) {
                y[c] = narrow(widen(x[c]) * factors[c]);
            }
        }
    }
}

static void elements(const struct naive_rule *rule, size_t count, const void *restrict from,
                     void *restrict to) {
    struct generator g = generator_of(rule->seed);
    const uint64_t threshold = rule->threshold;
    const compute scale = (compute)rule->scale;
    const element *x = from;
    element *y = to;
    for (size_t i = 0; i < count; i++) {
        y[i] = keeps(&g, threshold) ? narrow(widen(x[i]) * scale) : 0;
    }
}

#define LOOPS BENCH_JOIN(BENCH_JOIN(bench_naive_, BENCH_ISA), BENCH_JOIN(_, BENCH_DTYPE))

extern const struct naive_loops LOOPS;
const struct naive_loops LOOPS = {planes, rows, elements};
