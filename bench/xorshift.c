/* SPDX-License-Identifier: MIT
 *
 * Elementwise dropout with the cheapest generator in use: 32-bit xorshift (Marsaglia 2003), one
 * sequence in every lane. It has no counter: its masks cannot be split among threads, begun in the
 * middle or drawn again by vectors of another width, and it fails statistical tests that Philox
 * passes. What it is faster by is what those cost. Written in the compilers' vector extension, as
 * wide as the vectors of src/<isa>/vec.h, in independent chains; one text, compiled once per
 * instruction set.
 */
#include "kernels.h"
#include "vec.h"

#include <string.h>

typedef uint32_t u32s __attribute__((vector_size(sizeof(v_f32))));
typedef float f32s __attribute__((vector_size(sizeof(v_f32))));

enum { CHAINS = 4, LANES = sizeof(v_f32) / sizeof(float) };

static inline u32s next(u32s state) {
    state ^= state << 13;
    state ^= state >> 17;
    return state ^ state << 5;
}

static inline void drop(u32s draw, u32s threshold, float scale, const float *x, float *y) {
    f32s value;
    memcpy(&value, x, sizeof value);
    value = value * scale;
    value = (f32s)((u32s)value & (u32s)(draw >= threshold));
    memcpy(y, &value, sizeof value);
}

static void elements(const struct naive_rule *rule, size_t count, const float *restrict x,
                     float *restrict y) {
    const u32s threshold = (u32s){0} + (uint32_t)rule->threshold; /* the rate is below 1 */
    const float scale = (float)rule->scale;
    u32s state[CHAINS];
    uint32_t seed = (uint32_t)rule->seed;
    for (size_t i = 0; i < CHAINS; i++) {
        for (size_t j = 0; j < LANES; j++) {
            seed = seed * 1664525u + 1013904223u;
            state[i][j] = seed | 1u; /* never 0 */
        }
    }
    u32s a = next(state[0]), b = next(state[1]), c = next(state[2]), d = next(state[3]);
    size_t i = 0;
    for (; count - i >= CHAINS * LANES; i += CHAINS * LANES) {
        a = next(a);
        b = next(b);
        c = next(c);
        d = next(d);
        drop(a, threshold, scale, x + i, y + i);
        drop(b, threshold, scale, x + i + LANES, y + i + LANES);
        drop(c, threshold, scale, x + i + 2 * LANES, y + i + 2 * LANES);
        drop(d, threshold, scale, x + i + 3 * LANES, y + i + 3 * LANES);
    }
    for (; i < count; i++) {
        a = next(a);
        y[i] = a[0] >= rule->threshold ? x[i] * scale : 0;
    }
}

extern const struct xorshift_loops BENCH_JOIN(bench_xorshift_, BENCH_ISA);
const struct xorshift_loops BENCH_JOIN(bench_xorshift_, BENCH_ISA) = {elements};
