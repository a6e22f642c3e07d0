/* SPDX-License-Identifier: MIT
 *
 * The words of a vec.h for bf16, f16 and f64 against their meaning: see test_vocabulary.c, and
 * test_every_f32.c for every value that a store of 16 bits can meet.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random.h"
#include "reference.h"
#include "vocabulary.h"

#include "vec.h"

#include <string.h>

#if VOCABULARY_HAS_DTYPES

enum { MOST = 64 }; /* lanes */

/* A type of 16 bits: its words, and what they mean. */
struct words16 {
    planedrop_dtype dtype;
    v_f32 (*load)(const uint16_t *);
    v_f32 (*load_part)(const uint16_t *, size_t);
    void (*store)(uint16_t *, v_f32);
    void (*store_part)(uint16_t *, v_f32, size_t);
    uint32_t (*widen)(uint16_t);
    uint16_t (*narrow)(uint32_t);
};

static void name_case(const struct words16 *words, const char *word, size_t n) {
    fence_case("%s: %s_%s of %zu", isa_under_test(), word, dtype_format(words->dtype)->name, n);
}

static v_f32 f32_of_bits(const uint32_t *bits) {
    float values[MOST];
    memcpy(values, bits, sizeof values);
    return v_load_f32(values);
}

static void expect_f32(v_f32 got, const uint32_t *want) {
    float values[MOST];
    v_store_f32(values, got);
    assert_elements_equal(PLANEDROP_F32, values, want, v_lanes());
}

static void loads16(const struct words16 *words) {
    const uint32_t lanes = (uint32_t)v_lanes();
    uint16_t from[MOST];
    uint32_t want[MOST];
    name_case(words, "v_load", lanes);
    for (uint32_t first = 0; first < 65536; first += lanes) {
        for (uint32_t i = 0; i < lanes; i++) {
            from[i] = (uint16_t)(first + i);
            want[i] = words->widen(from[i]);
        }
        expect_f32(words->load(from), want);
    }
}

/* f32s with these lower halves under every upper half: before, at and behind every point where
 * rounding to bf16, which drops 16 bits, or to f16, which drops 13 or more, changes its result. */
static void stores16(const struct words16 *words) {
    const uint32_t lanes = (uint32_t)v_lanes();
    uint32_t lower[30] = {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff}, bits[MOST] = {0};
    for (uint32_t i = 0; i < 8; i++) {
        for (uint32_t j = 0; j < 3; j++) {
            lower[6 + 3 * i + j] = (i << 13) + 0x0fff + j;
        }
    }
    name_case(words, "v_store", lanes);
    for (size_t l = 0; l < sizeof lower / sizeof lower[0]; l++) {
        for (uint32_t first = 0; first < 65536; first += lanes) {
            uint16_t got[MOST], want[MOST];
            memset(got, 0x77, sizeof got);
            memset(want, 0x77, sizeof want);
            for (uint32_t i = 0; i < lanes; i++) {
                bits[i] = (first + i) << 16 | lower[l];
                want[i] = words->narrow(bits[i]);
            }
            words->store(got, f32_of_bits(bits));
            assert_elements_equal(words->dtype, got, want, MOST);
        }
    }
}

static void parts16(const struct words16 *words) {
    struct random random = {random_seed()};
    for (size_t n = 0; n < v_lanes(); n++) {
        uint16_t from[MOST], stored[MOST];
        uint32_t bits[MOST], loaded[MOST] = {0};
        random_elements(&random, words->dtype, from, MOST);
        random_elements(&random, PLANEDROP_F32, bits, MOST);
        for (size_t i = 0; i < n; i++) {
            loaded[i] = words->widen(from[i]);
            stored[i] = words->narrow(bits[i]);
        }
        for (int side = FENCE_BEFORE; side <= FENCE_AFTER; side++) {
            struct fence fence = fence_make(2 * n, (enum fence_side)side);
            uint16_t *p = (uint16_t *)(void *)fence.data;
            memcpy(p, from, 2 * n);
            name_case(words, "v_load_part", n);
            expect_f32(words->load_part(p, n), loaded);
            name_case(words, "v_store_part", n);
            words->store_part(p, f32_of_bits(bits), n);
            assert_elements_equal(words->dtype, p, stored, n);
            assert_true(fence_intact(&fence));
            fence_free(&fence);
        }
    }
}

static void words_of_16_bits(const struct words16 *words) {
    loads16(words);
    stores16(words);
    parts16(words);
}

void vocabulary_bf16(void **state) {
    static const struct words16 words = {
        PLANEDROP_BF16,    v_load_bf16,           v_load_part_bf16,     v_store_bf16,
        v_store_part_bf16, reference_f32_of_bf16, reference_bf16_of_f32};
    (void)state;
    words_of_16_bits(&words);
}

void vocabulary_f16(void **state) {
    static const struct words16 words = {
        PLANEDROP_F16,    v_load_f16,           v_load_part_f16,     v_store_f16,
        v_store_part_f16, reference_f32_of_f16, reference_f16_of_f32};
    (void)state;
    words_of_16_bits(&words);
}

/* A v_f64 has v_lanes() lanes, as a v_f32. */
static struct random random;
static double a[MOST], b[MOST], got[MOST], want[MOST];

static void fill(void) {
    random_elements(&random, PLANEDROP_F64, a, MOST);
    random_elements(&random, PLANEDROP_F64, b, MOST);
    memset(got, 0x77, sizeof got);
    memset(want, 0x77, sizeof want);
}

static void expect(const char *word) {
    fence_case("%s: %s", isa_under_test(), word);
    assert_elements_equal(PLANEDROP_F64, got, want, MOST);
}

static void parts64(void) {
    for (size_t n = 0; n < v_lanes(); n++) {
        for (int side = FENCE_BEFORE; side <= FENCE_AFTER; side++) {
            fill();
            struct fence fence = fence_make(8 * n, (enum fence_side)side);
            double *p = (double *)(void *)fence.data;
            memcpy(p, a, 8 * n);
            memset(want, 0, 8 * v_lanes());
            memcpy(want, a, 8 * n);
            fence_case("%s: v_load_part_f64 of %zu", isa_under_test(), n);
            v_store_f64(got, v_load_part_f64(p, n));
            expect("v_load_part_f64");
            fence_case("%s: v_store_part_f64 of %zu", isa_under_test(), n);
            v_store_part_f64(p, v_load_f64(b), n);
            assert_memory_equal(p, b, 8 * n);
            assert_true(fence_intact(&fence));
            fence_free(&fence);
        }
    }
}

static int is_nan(uint64_t bits) { return bits << 1 > UINT64_C(0xffe0000000000000); }

/* want[i] as bits: no NaN of ours goes through a register. */
static void arithmetic64(void) {
    const double factor = 1.1;
    fill();
    v_store_f64(got, v_mul_f64(v_load_f64(a), v_set1_f64(factor)));
    for (size_t i = 0; i < v_lanes(); i++) {
        const double product = a[i] * factor;
        const uint64_t bits = dtype_bits(PLANEDROP_F64, a, i);
        dtype_set_bits(PLANEDROP_F64, want, i,
                       is_nan(bits) ? bits | UINT64_C(0x0008000000000000)
                                    : dtype_bits(PLANEDROP_F64, &product, 0));
    }
    expect("v_mul_f64, v_set1_f64");
    fill();
    v_store_f64(got, v_one_nan_f64(v_add_f64(v_load_f64(a), v_load_f64(b))));
    for (size_t i = 0; i < v_lanes(); i++) {
        const double sum = a[i] + b[i];
        const uint64_t bits = dtype_bits(PLANEDROP_F64, &sum, 0);
        dtype_set_bits(PLANEDROP_F64, want, i, is_nan(bits) ? UINT64_C(0x7ff8000000000000) : bits);
    }
    expect("v_add_f64, v_one_nan_f64");
}

void vocabulary_f64(void **state) {
    (void)state;
    random.state = random_seed();
    parts64();
    for (int repeat = 0; repeat < 200; repeat++) {
        fill();
        v_store_f64(got, v_load_f64(a));
        memcpy(want, a, 8 * v_lanes());
        expect("v_load_f64, v_store_f64");
        arithmetic64();
    }
}

#else

static void no_words(void) {
    print_message("SKIPPED: the vocabulary has no words for this type yet\n");
    skip();
}
void vocabulary_bf16(void **state) { (void)state, no_words(); }
void vocabulary_f16(void **state) { (void)state, no_words(); }
void vocabulary_f64(void **state) { (void)state, no_words(); }

#endif
