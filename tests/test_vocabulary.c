/* SPDX-License-Identifier: MIT
 *
 * Every word of a vec.h against its meaning, lane by lane, on random and special bits: here those
 * of u32, f32 and wide, in test_vocabulary_dtypes.c those of elements. Compiled once per
 * instruction set; the main function is baseline code, so that a CPU without the instructions gets
 * as far as the skip.
 */
#include "compare.h"
#include "fence.h"
#include "isa.h"
#include "random.h"
#include "vocabulary.h"

#include "vec.h"

#include <math.h>
#include <string.h>

enum { MOST = 64 }; /* lanes */

static struct random random;
static uint32_t a[MOST], b[MOST], got[MOST], want[MOST];

static void fill(void) {
    random_elements(&random, PLANEDROP_F32, a, MOST);
    random_elements(&random, PLANEDROP_F32, b, MOST);
    memset(got, 0x77, sizeof got);
    memset(want, 0x77, sizeof want);
}

static float f32(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t bits_of(float value) {
    uint32_t word;
    memcpy(&word, &value, sizeof word);
    return word;
}

static int is_nan(uint32_t word) { return (word & 0x7fffffff) > 0x7f800000; }

static v_f32 load(const uint32_t *p) { return v_load_f32((const float *)(const void *)p); }
static void store(uint32_t *p, v_f32 v) { v_store_f32((float *)(void *)p, v); }

static void expect(const char *word) {
    fence_case("%s: %s", isa_under_test(), word);
    assert_words_equal(got, want, MOST);
}

void vocabulary_lanes(void **state) {
    (void)state;
    assert_in_range(v_lanes_u32(), 1, MOST / 4);
    assert_int_equal(v_lanes_u32() & (v_lanes_u32() - 1), 0);
    assert_int_equal(v_lanes_u16(), sizeof(v_u16) / 2);
    assert_int_equal(v_lanes_u32(), sizeof(v_u32) / 4);
    assert_int_equal(v_lanes_f32(), sizeof(v_f32) / 4);
    assert_int_equal(v_lanes_f64(), sizeof(v_f64) / 8);
    random.state = random_seed();
    fill();
    v_store_u32(got, v_iota_u32());
    for (uint32_t i = 0; i < v_lanes_u32(); i++) {
        want[i] = i;
    }
    expect("v_iota_u32");
}

/* No line can be asked for there. */
void vocabulary_prefetch_faults_nowhere(void **state) {
    (void)state;
    struct fence fence = fence_make(4, FENCE_AFTER);
    fence_case("%s: a prefetch of what is not there", isa_under_test());
    pd_prefetch(fence.data + 4, 1);
    pd_prefetch(fence.data + 4, 2);
    pd_prefetch(NULL, 1);
    pd_prefetch(NULL, 2);
    fence_free(&fence);
}

void vocabulary_selection(void **state) {
    (void)state;
    const size_t lanes = v_lanes_u32();
    random.state = random_seed();
    for (int repeat = 0; repeat < 200; repeat++) {
        const uint32_t word = repeat == 0 ? 0 : (uint32_t)random_bits(&random);
        size_t count = 0;
        fill();
        memset(want, 0, sizeof want);
        for (size_t i = 0; i < lanes; i++) {
            b[i] = word >> i & 1 ? UINT32_C(1) << i : 0;
            if (b[i] != 0) {
                want[count++] = a[i];
            }
        }
        const v_mask_u32 mask = v_nonzero_u32(v_load_u32(b));
        fence_case("%s: v_any_u32, v_compress_u32", isa_under_test());
        assert_int_equal(v_any_u32(mask) != 0, count > 0);
        assert_int_equal(v_compress_u32(got, mask, v_load_u32(a)), count);
        memset(got + count, 0, 4 * lanes); /* junk is allowed there, and nowhere else */
        memset(want + count + lanes, 0x77, sizeof want - 4 * (count + lanes));
        expect("v_nonzero_u32, v_compress_u32");
    }
}

/* put (store or v_store_u32) of the vector gives the value in each lane i. */
#define EACH_LANE(word, put, vector, value)                                                        \
    do {                                                                                           \
        fill();                                                                                    \
        put(got, vector);                                                                          \
        for (size_t i = 0; i < v_lanes_u32(); i++) {                                               \
            want[i] = value;                                                                       \
        }                                                                                          \
        expect(word);                                                                              \
    } while (0)

static uint32_t product(uint32_t x, uint32_t y) {
    return is_nan(x) ? x | 0x00400000 : bits_of(f32(x) * f32(y));
}

static uint32_t sum(uint32_t x, uint32_t y) {
    const uint32_t word = bits_of(f32(x) + f32(y));
    return is_nan(word) ? 0x7fc00000 : word;
}

void vocabulary_arithmetic(void **state) {
    (void)state;
    const uint32_t all = ~UINT32_C(0);
    random.state = random_seed();
    for (int repeat = 0; repeat < 200; repeat++) {
        EACH_LANE("v_load_u32, v_store_u32", v_store_u32, v_load_u32(a), a[i]);
        EACH_LANE("v_set1_f32", store, v_set1_f32(1.25f), bits_of(1.25f));
        EACH_LANE("v_mul_f32", store, v_mul_f32(load(a), v_set1_f32(1.1f)),
                  product(a[i], bits_of(1.1f)));
        EACH_LANE("v_canonical_nan_f32", store, v_canonical_nan_f32(load(a)),
                  is_nan(a[i]) ? 0x7fc00000 : a[i]);
        EACH_LANE("v_cvt_hi24_f32", store, v_cvt_hi24_f32(v_load_u32(a)),
                  bits_of((float)(a[i] >> 8)));
        EACH_LANE("v_sqrt_f32", store, v_sqrt_f32(v_cvt_hi24_f32(v_load_u32(a))),
                  bits_of(sqrtf((float)(a[i] >> 8))));
        EACH_LANE("v_add_f32, v_canonical_nan_f32", store,
                  v_canonical_nan_f32(v_add_f32(load(a), load(b))), sum(a[i], b[i]));
        EACH_LANE("v_replace_zero_f32", store, v_replace_zero_f32(load(a), load(b)),
                  a[i] << 1 == 0 ? b[i] : a[i]);
        EACH_LANE("v_set1_u32", v_store_u32, v_set1_u32(0x87654321), 0x87654321);
        EACH_LANE("v_add_u32", v_store_u32, v_add_u32(v_load_u32(a), v_load_u32(b)), a[i] + b[i]);
        EACH_LANE("v_shl3_u32", v_store_u32, v_shl3_u32(v_load_u32(a)), a[i] << 3);
        EACH_LANE("v_and_u32", v_store_u32, v_and_u32(v_load_u32(a), v_load_u32(b)), a[i] & b[i]);
        EACH_LANE("v_andnot_u32", v_store_u32, v_andnot_u32(v_load_u32(a), v_load_u32(b)),
                  a[i] & ~b[i]);
        EACH_LANE("v_widen_u32", v_store_u32, v_narrow_u32(v_widen_u32(v_load_u32(a))), a[i]);
        EACH_LANE("v_mul_wide low", v_store_u32,
                  v_narrow_u32(v_mul_wide(v_widen_u32(v_load_u32(a)), 0xd2511f53).low),
                  (uint32_t)(UINT64_C(0xd2511f53) * a[i]));
        EACH_LANE("v_mul_wide high", v_store_u32,
                  v_narrow_u32(v_mul_wide(v_widen_u32(v_load_u32(a)), 0xd2511f53).high),
                  (uint32_t)(UINT64_C(0xd2511f53) * a[i] >> 32));
        EACH_LANE("v_xor_wide", v_store_u32,
                  v_narrow_u32(v_xor_wide(v_widen_u32(v_load_u32(a)),
                                          v_mul_wide(v_widen_u32(v_load_u32(b)), all).low,
                                          v_set1_u32(5))),
                  a[i] ^ (0 - b[i]) ^ 5);
    }
}

void vocabulary_zip(void **state) {
    (void)state;
    const size_t lanes = v_lanes_f32();
    uint32_t order[MOST], in[4][MOST], zipped[2 * MOST], out[4 * MOST], meant[4 * MOST];
    v_wide w[4];
    random.state = random_seed();
    v_store_u32(order, v_zip_lane_order_u32());
    for (int repeat = 0; repeat < 50; repeat++) {
        memset(out, 0x77, sizeof out);
        memset(meant, 0x77, sizeof meant);
        for (size_t j = 0; j < 4; j++) {
            random_elements(&random, PLANEDROP_F32, in[j], MOST);
            for (size_t i = 0; i < lanes; i++) {
                assert_in_range(order[i], 0, lanes - 1);
                meant[1 + 4 * order[i] + j] = in[j][i];
            }
        }
        for (size_t j = 0; j < 4; j++) {
            w[j] = v_widen_u32(v_load_u32(in[j]));
        }
        v_store_u32(zipped, v_zip_low_u32(w[0], w[2]));
        v_store_u32(zipped + MOST, v_zip_low_u32(w[1], w[3]));
        v_store_zip_f32((float *)(void *)(out + 1), load(zipped), load(zipped + MOST));
        v_store_u32(zipped, v_zip_high_u32(w[0], w[2]));
        v_store_u32(zipped + MOST, v_zip_high_u32(w[1], w[3]));
        v_store_zip_f32((float *)(void *)(out + 1 + 2 * lanes), load(zipped), load(zipped + MOST));
        fence_case("%s: v_zip_lane_order_u32, v_zip_low_u32, v_zip_high_u32, v_store_zip_f32",
                   isa_under_test());
        assert_words_equal(out, meant, 4 * MOST);
    }
}

#if HAS_GAUSSIAN

v_f32 V_SLEEF(log, u10)(v_f32 x);
v_pair V_SLEEF(sincospi, u05)(v_f32 x);
#if defined(V_SLEEF_NO_FMA)
v_f32 V_SLEEF_NO_FMA(log, u10)(v_f32 x);
v_pair V_SLEEF_NO_FMA(sincospi, u05)(v_f32 x);
#endif

/* In units of the last place of the right result. */
static void expect_near(const char *word, float x, float is, double meant, double most) {
    const float size = fabsf((float)meant), unit = nextafterf(size, INFINITY) - size;
    if (!(fabs((double)is - meant) <= most * (double)unit)) {
        fail_msg("%s: %s of %.9g: got %.9g, want %.9g", isa_under_test(), word, (double)x,
                 (double)is, meant);
    }
}

/* sin(pi * x) and cos(pi * x) by way of the nearest multiple of 1/2, which is exact. */
static void sincospi(double x, double result[2]) {
    const double pi = 3.14159265358979323846, quarters = nearbyint(2 * x);
    const double s = sin(pi * (x - quarters / 2)), c = cos(pi * (x - quarters / 2));
    const int turn = (int)quarters % 4;
    result[0] = turn == 0 ? s : turn == 1 ? c : turn == 2 ? -s : -c;
    result[1] = turn == 0 ? c : turn == 1 ? -s : turn == 2 ? -c : s;
}

/* The arguments that the law has: every 61st of them. */
static void functions(v_f32 (*log_of)(v_f32), v_pair (*sincospi_of)(v_f32)) {
    enum { STEP = 61 };
    const size_t lanes = v_lanes_f32();
    for (uint32_t n = 0; n + STEP * lanes < 1u << 24; n += STEP * (uint32_t)lanes) {
        float u1[MOST], u2[MOST], logs[MOST], sines[MOST], cosines[MOST];
        for (uint32_t i = 0; i < lanes; i++) {
            u1[i] = (float)(n + STEP * i + 1) * 0x1p-24f;
            u2[i] = (float)(n + STEP * i) * 0x1p-23f;
        }
        const v_pair at = sincospi_of(v_load_f32(u2));
        v_store_f32(logs, log_of(v_load_f32(u1)));
        v_store_f32(sines, at.a);
        v_store_f32(cosines, at.b);
        for (size_t i = 0; i < lanes; i++) {
            double meant[2];
            sincospi((double)u2[i], meant);
            expect_near("SLEEF's logarithm", u1[i], logs[i], log((double)u1[i]), 1.0);
            expect_near("SLEEF's sine", u2[i], sines[i], meant[0], 0.51);
            expect_near("SLEEF's cosine", u2[i], cosines[i], meant[1], 0.51);
        }
    }
}

/* Scalar has these of two kinds; a CPU has a fused multiply-add if it can run any other kind. */
void vocabulary_sleef(void **state) {
    (void)state;
    int others = 0;
    for (size_t i = 0; i + 1 < planedrop_isa_count(); i++) {
        others += planedrop_isa_usable(i);
    }
    if (others > 0) {
        functions(V_SLEEF(log, u10), V_SLEEF(sincospi, u05));
    }
#if defined(V_SLEEF_NO_FMA)
    functions(V_SLEEF_NO_FMA(log, u10), V_SLEEF_NO_FMA(sincospi, u05));
#endif
}

#else

void vocabulary_sleef(void **state) {
    (void)state;
    print_message("SKIPPED: built without SLEEF\n");
    skip();
}

#endif
