/* SPDX-License-Identifier: MIT
 *
 * Dropout as a C programmer writes it by hand: Philox4x32-10 (Salmon et al. 2011) called for one
 * word at a time, a comparison with the rate, a multiplication. It uses all four words of a block
 * and hands the compiler simple loops; there is no other cleverness. The compiler may do what it
 * can at -O3 with the flags of each instruction set. One text, compiled once per instruction set
 * and element type, which BENCH_DTYPE names.
 */
#include "baselines.h"

/* Element types: what lies in memory, what is computed with, and the ways there and back, to the
 * nearest, ties to even. The 16-bit types are converted in integer arithmetic without branches, so
 * that compilers can vectorise it. */

typedef float element_f32, compute_f32, compute_bf16, compute_f16;
typedef double element_f64, compute_f64;
typedef uint16_t element_bf16, element_f16;

typedef BENCH_JOIN(element_, BENCH_DTYPE) element;
typedef BENCH_JOIN(compute_, BENCH_DTYPE) compute;
#define widen  BENCH_JOIN(widen_, BENCH_DTYPE)
#define narrow BENCH_JOIN(narrow_, BENCH_DTYPE)

#define UNUSED __attribute__((unused)) /* by the other types */
union word {
    float value;
    uint32_t bits;
};
static inline uint32_t bits_of(float value) { return (union word){.value = value}.bits; }
static inline float float_of(uint32_t bits) { return (union word){.bits = bits}.value; }

#define widen_f32(x)  (x)
#define narrow_f32(x) (x)
#define widen_f64(x)  (x)
#define narrow_f64(x) (x)

UNUSED static inline float widen_bf16(uint16_t x) { return float_of((uint32_t)x << 16); }
UNUSED static inline uint16_t narrow_bf16(float x) {
    const uint32_t bits = bits_of(x), nearest = bits + 0x7fff + (bits >> 16 & 1);
    const int is_nan = (bits & 0x7fffffff) > 0x7f800000;
    return (uint16_t)((is_nan ? bits | 0x400000 : nearest) >> 16);
}

UNUSED static inline float widen_f16(uint16_t x) {
    const uint32_t sign = (x & 0x8000u) << 16, bits = (x & 0x7fffu) << 13;
    const uint32_t finite = bits_of(float_of(bits) * 0x1p112f); /* bias 15 to 127 */
    return float_of(sign | finite | (bits < 0x0f800000 ? 0 : 0x7f800000));
}
/* The sum with 2^13 times the power of two below rounds to what f16 has a bit for. */
UNUSED static inline uint16_t narrow_f16(float x) {
    const uint32_t sign = bits_of(x) >> 16 & 0x8000, bits = bits_of(x) & 0x7fffffff;
    const uint32_t finite = bits < 0x47800000 ? bits : 0x47800000;  /* 2^16: infinity */
    const uint32_t power = finite & 0x7f800000, least = 0x38800000; /* 2^-14 */
    const uint32_t above = power > least ? power - least : 0, large = above + least + (13u << 23);
    const uint32_t fraction = bits_of(float_of(finite) + float_of(large)) - large;
    return (uint16_t)(sign | ((above >> 13) + fraction) | (bits > 0x7f800000 ? 0x200 : 0));
}

struct generator {
    uint64_t seed, counter;
    uint32_t word[4];
    unsigned used;
};

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

static void planes(const struct bench_rule *rule, size_t count, size_t inner,
                   const void *restrict from, void *restrict to) {
    struct generator g = {rule->seed, 0, {0, 0, 0, 0}, 4};
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

static void rows(const struct bench_rule *rule, size_t samples, size_t count, size_t channels,
                 void *restrict scratch, const void *restrict from, void *restrict to) {
    struct generator g = {rule->seed, 0, {0, 0, 0, 0}, 4};
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

static void elements(const struct bench_rule *rule, size_t count, const void *restrict from,
                     void *restrict to) {
    struct generator g = {rule->seed, 0, {0, 0, 0, 0}, 4};
    const uint64_t threshold = rule->threshold;
    const compute scale = (compute)rule->scale;
    const element *x = from;
    element *y = to;
    for (size_t i = 0; i < count; i++) {
        y[i] = keeps(&g, threshold) ? narrow(widen(x[i]) * scale) : 0;
    }
}

#define LOOPS BENCH_JOIN(BENCH_JOIN(bench_naive_, BENCH_ISA), BENCH_JOIN(_, BENCH_DTYPE))

extern const struct bench_naive LOOPS;
const struct bench_naive LOOPS = {planes, rows, elements};
