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
    v_prefetch_near(fence.data + 4);
    v_prefetch_far(fence.data + 4);
    v_prefetch_near(NULL);
    v_prefetch_far(NULL);
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
        EACH_LANE("v_one_nan_f32", store, v_one_nan_f32(load(a)), is_nan(a[i]) ? 0x7fc00000 : a[i]);
        EACH_LANE("v_add_f32, v_one_nan_f32", store, v_one_nan_f32(v_add_f32(load(a), load(b))),
                  sum(a[i], b[i]));
        EACH_LANE("v_set1_u32", v_store_u32, v_set1_u32(0x87654321), 0x87654321);
        EACH_LANE("v_add_u32", v_store_u32, v_add_u32(v_load_u32(a), v_load_u32(b)), a[i] + b[i]);
        EACH_LANE("v_times8_u32", v_store_u32, v_times8_u32(v_load_u32(a)), a[i] << 3);
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
