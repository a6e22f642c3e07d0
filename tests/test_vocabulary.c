/* SPDX-License-Identifier: MIT
 *
 * Every word of a vec.h against its meaning, lane by lane, on random and special bits. Compiled
 * once per instruction set; the main function is baseline code, so that a CPU without the
 * instructions gets as far as the skip.
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
static uint32_t a[MOST], b[MOST], c[MOST], got[MOST], want[MOST];

static void fill(void) {
    random_elements(&random, PLANEDROP_F32, a, MOST);
    random_elements(&random, PLANEDROP_F32, b, MOST);
    memset(got, 0x77, sizeof got);
    memcpy(c, got, sizeof c);
    memcpy(want, got, sizeof want);
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
    fill();
    v_store_u32(got, v_iota_u32());
    for (uint32_t i = 0; i < v_lanes_u32(); i++) {
        want[i] = i;
    }
    expect("v_iota_u32");
}

void vocabulary_memory(void **state) {
    (void)state;
    const size_t lanes = v_lanes_u32();
    for (size_t n = 0; n < lanes; n++) {
        fill();
        struct fence before = fence_make(4 * n, FENCE_BEFORE),
                     after = fence_make(4 * n, FENCE_AFTER);
        memcpy(before.data, a, 4 * n);
        memcpy(after.data, a, 4 * n);
        fence_case("%s: v_load_part_f32 of %zu", isa_under_test(), n);
        memcpy(want, a, 4 * n);
        memset(want + n, 0, 4 * (lanes - n));
        store(got, v_load_part_f32((const float *)(const void *)before.data, n));
        expect("v_load_part_f32");
        store(got, v_load_part_f32((const float *)(const void *)after.data, n));
        expect("v_load_part_f32");
        fence_case("%s: v_store_part_f32 of %zu", isa_under_test(), n);
        v_store_part_f32((float *)(void *)before.data, load(b), n);
        v_store_part_f32((float *)(void *)after.data, load(b), n);
        assert_memory_equal(before.data, b, 4 * n);
        assert_memory_equal(after.data, b, 4 * n);
        assert_true(fence_intact(&before) && fence_intact(&after));
        fence_free(&before);
        fence_free(&after);
    }
    fill();
    store(got, load(a));
    memcpy(want, a, 4 * lanes);
    expect("v_load_f32, v_store_f32");
    fill();
    v_store_u32(got, v_load_u32(b));
    memcpy(want, b, 4 * lanes);
    expect("v_load_u32, v_store_u32");
    fill();
    struct fence aligned = fence_make(4096, FENCE_BEFORE);
    v_stream_f32((float *)(void *)aligned.data, load(a));
    v_stream_end();
    assert_memory_equal(aligned.data, a, 4 * lanes);
    fence_free(&aligned);
}

void vocabulary_masks(void **state) {
    (void)state;
    const size_t lanes = v_lanes_u32();
    for (int repeat = 0; repeat < 200; repeat++) {
        fill();
        const uint32_t word = (uint32_t)random_bits(&random);
        const size_t first = random_below(&random, 32 / lanes) * lanes;
        const v_mask_f32 mask = v_mask_bits_f32(word, first);
        int any = 0;
        for (size_t i = 0; i < lanes; i++) {
            want[i] = word >> (first + i) & 1 ? a[i] : 0;
            any |= (int)(word >> (first + i) & 1);
        }
        store(got, v_keep_f32(mask, load(a)));
        expect("v_mask_bits_f32, v_keep_f32");
        assert_int_equal(v_any_u32(mask) != 0, any);

        memcpy(got, c, sizeof got);
        memcpy(want, c, sizeof want);
        for (size_t i = 0; i < lanes; i++) {
            want[i] = word >> (first + i) & 1 ? a[i] : c[i];
        }
        v_store_masked_f32((float *)(void *)got, mask, load(a));
        expect("v_store_masked_f32");

        for (size_t i = 0; i < lanes; i++) {
            b[i] = word >> i & 1 ? UINT32_C(1) << i : 0;
        }
        memset(got, 0, sizeof got);
        memset(want, 0, sizeof want);
        size_t count = 0;
        for (size_t i = 0; i < lanes; i++) {
            if (b[i] != 0) {
                want[count++] = a[i];
            }
        }
        assert_int_equal(v_compress_u32(got, v_nonzero_u32(v_load_u32(b)), v_load_u32(a)), count);
        memset(got + count, 0, 4 * (lanes - count)); /* junk is allowed up to v_lanes_u32() */
        expect("v_nonzero_u32, v_compress_u32");
    }
}

/* Masked-off lanes must not be touched at all: here they lie on an inaccessible page. */
void vocabulary_masked_store_faults_nowhere(void **state) {
    (void)state;
    fill();
    struct fence fence = fence_make(4, FENCE_AFTER);
    fence_case("%s: v_store_masked_f32 over the end of memory", isa_under_test());
    v_store_masked_f32((float *)(void *)fence.data, v_mask_bits_f32(1, 0), load(a));
    assert_memory_equal(fence.data, a, 4);
    fence_free(&fence);
}

/* put (store or v_store_u32) of the vector gives the value in each lane i. */
#define EACH_LANE(word, put, vector, value)                                                        \
    do {                                                                                           \
        fill();                                                                                    \
        put(got, vector);                                                                          \
        for (size_t i = 0; i < v_lanes_u32(); i++) {                                                   \
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
    for (int repeat = 0; repeat < 200; repeat++) {
        EACH_LANE("v_set1_f32", store, v_set1_f32(1.25f), bits_of(1.25f));
        EACH_LANE("v_mul_f32", store, v_mul_f32(load(a), v_set1_f32(1.1f)),
                  product(a[i], bits_of(1.1f)));
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

void vocabulary_seed(uint64_t seed) { random.state = seed; }
