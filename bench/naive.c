/* SPDX-License-Identifier: MIT
 *
 * Dropout as a C programmer writes it by hand: Philox4x32-10 (Salmon et al. 2011) called for one
 * word at a time, a comparison with the rate, a multiplication. It uses all four words of a block
 * and hands the compiler simple loops; there is no other cleverness. The compiler may do what it
 * can at -O3 with the flags of each instruction set.
 */
#include "kernels.h"

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
                   const float *restrict x, float *restrict y) {
    struct generator g = generator_of(rule->seed);
    const float scale = rule->scale;
    for (size_t i = 0; i < count; i++, x += inner, y += inner) {
        const int keep = keeps(&g, rule->threshold);
        for (size_t j = 0; j < inner; j++) {
            y[j] = keep ? x[j] * scale : 0;
        }
    }
}

static void rows(const struct naive_rule *rule, size_t samples, size_t count, size_t channels,
                 float *restrict factors, const float *restrict x, float *restrict y) {
    struct generator g = generator_of(rule->seed);
    for (size_t n = 0; n < samples; n++) {
        for (size_t c = 0; c < channels; c++) {
            factors[c] = keeps(&g, rule->threshold) ? rule->scale : 0;
        }
        for (size_t i = 0; i < count; i++, x += channels, y += channels) {
            for (size_t c = 0; c < channels; c++) {
                y[c] = x[c] * factors[c];
            }
        }
    }
}

static void elements(const struct naive_rule *rule, size_t count, const float *restrict x,
                     float *restrict y) {
    struct generator g = generator_of(rule->seed);
    const uint64_t threshold = rule->threshold;
    const float scale = rule->scale;
    for (size_t i = 0; i < count; i++) {
        y[i] = keeps(&g, threshold) ? x[i] * scale : 0;
    }
}

extern const struct naive_loops BENCH_JOIN(bench_naive_, BENCH_ISA);
const struct naive_loops BENCH_JOIN(bench_naive_, BENCH_ISA) = {planes, rows, elements};
