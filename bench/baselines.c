/* SPDX-License-Identifier: MIT
 *
 * The loops of baselines.h over tensors of f32. The first five are the parts of the bound: they
 * have no mask, no random numbers and no decisions, and a kernel that reads what it keeps and
 * writes everything can hardly be faster. One text over the vocabulary of src/<isa>/vec.h, compiled
 * once per instruction set.
 */
#include "baselines.h"
#include "planedrop/planedrop.h"
#include "vec.h"

enum operation { SCALE, FILL, ACCUMULATE };
enum { UNROLL = 4 };

static inline v_f32 result_of(enum operation operation, v_f32 scale, v_f32 x, v_f32 y) {
    return operation == FILL    ? v_set1_f32(0)
           : operation == SCALE ? v_mul_f32(x, scale)
                                : v_add_f32(y, v_mul_f32(x, scale));
}

static inline void put(float *p, v_f32 value, int nt) {
    if (nt) {
        v_store_nt_f32(p, value);
    } else {
        v_store_f32(p, value);
    }
}

/* Inlined with operation and nt constant: what an operation does not use is not loaded. */
static inline void whole(enum operation operation, int nt, const struct bench_rule *rule,
                         size_t count, const float *x, float *y) {
    const size_t lanes = v_lanes_f32();
    const v_f32 scale = v_set1_f32((float)rule->scale);
    size_t i = 0;
    for (; count - i >= UNROLL * lanes; i += UNROLL * lanes) {
        v_f32 value[UNROLL];
        for (size_t k = 0; k < UNROLL; k++) {
            value[k] = result_of(operation, scale, v_load_f32(x + i + k * lanes),
                                 v_load_f32(y + i + k * lanes));
        }
        for (size_t k = 0; k < UNROLL; k++) {
            put(y + i + k * lanes, value[k], nt);
        }
    }
    for (; count - i >= lanes; i += lanes) {
        put(y + i, result_of(operation, scale, v_load_f32(x + i), v_load_f32(y + i)), nt);
    }
    const v_f32 last_x = v_load_part_f32(x + i, count - i);
    const v_f32 last_y = v_load_part_f32(y + i, count - i);
    v_store_part_f32(y + i, result_of(operation, scale, last_x, last_y), count - i);
    if (nt) {
        v_store_fence();
    }
}

#define WHOLE(name, operation, nt)                                                                 \
    static void name(const struct bench_rule *rule, size_t count, const float *x, float *y) {      \
        whole(operation, nt, rule, count, x, y);                                                   \
    }
WHOLE(scale, SCALE, 0)
WHOLE(scale_nt, SCALE, 1)
WHOLE(fill, FILL, 0)
WHOLE(fill_nt, FILL, 1)
WHOLE(accumulate, ACCUMULATE, 0)

/* What the Gaussian law cannot do without: a logarithm, a sine and a cosine of SLEEF's for every
 * two elements. */
#if defined(PLANEDROP_WITH_SLEEF)
v_f32 V_SLEEF(log, u10)(v_f32 x);
v_pair V_SLEEF(sincospi, u05)(v_f32 x);
static void sleef(const struct bench_rule *rule, size_t count, const float *restrict x,
                  float *restrict y) {
    const size_t lanes = v_lanes_f32();
    (void)rule;
    for (size_t i = 0; count - i >= 2 * lanes; i += 2 * lanes) {
        const v_f32 log = V_SLEEF(log, u10)(v_load_f32(x + i));
        const v_pair at = V_SLEEF(sincospi, u05)(v_load_f32(x + i + lanes));
        v_store_f32(y + i, v_mul_f32(log, at.a));
        v_store_f32(y + i + lanes, at.b);
    }
}
#define SLEEF sleef
#else
#define SLEEF NULL
#endif

#define NAIVE          BENCH_JOIN(bench_naive_, BENCH_ISA)
#define NAIVE_OF(name) BENCH_JOIN(NAIVE, _##name)

#define PD_DTYPE(enumerator, name) extern const struct bench_naive NAIVE_OF(name);
#include "dtypes.def"
#undef PD_DTYPE

extern const struct bench_naive *const NAIVE[];
const struct bench_naive *const NAIVE[] = {
#define PD_DTYPE(enumerator, name) [enumerator] = &NAIVE_OF(name),
#include "dtypes.def"
#undef PD_DTYPE
};

extern bench_function *const BENCH_JOIN(bench_loops_, BENCH_ISA)[];
bench_function *const BENCH_JOIN(bench_loops_, BENCH_ISA)[BENCH_LOOPS] = {
    scale, scale_nt, fill, fill_nt, accumulate, SLEEF};
