/* SPDX-License-Identifier: MIT
 *
 * The words of a vec.h for elements, against their meaning: see test_vocabulary.c.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random.h"
#include "reference.h"
#include "vocabulary.h"

#include "vec.h"

#include "pair.h"

#include <string.h>

enum { MOST = 128 }; /* elements: a vector, any number off alignment, and some that must stay */

static struct random random;
static _Alignas(DTYPE_MOST_BYTES) unsigned char a[MOST * DTYPE_MOST_BYTES], b[sizeof a],
    got[sizeof a], want[sizeof a];

/* ---- Memory and masks ------------------------------------------------------------------------ */

/* The words that every vector of elements has, as functions on memory. Under a mask: of the bits of
 * word from bit first on. */
struct words {
    const char *lane;
    int32_t dtype;
    size_t (*lanes)(void);
    void (*zero)(void *to);
    void (*copy)(void *to, const void *from);
    void (*store_nt)(void *to, const void *from);
    void (*load_part)(void *to, const void *from, size_t n);
    void (*store_part)(void *to, const void *from, size_t n);
    void (*zero_unless)(void *to, const void *from, uint32_t word, size_t first);
    void (*select)(void *to, const void *from, uint32_t word, size_t first);
    void (*store_masked)(void *to, const void *from, uint32_t word, size_t first);
};

#define WORDS(lane, dtype)                                                                         \
    static void zero_##lane(void *to) { v_store_##lane(to, v_zero_##lane()); }                     \
    static void copy_##lane(void *to, const void *from) {                                          \
        v_store_##lane(to, v_load_##lane(from));                                                   \
    }                                                                                              \
    static void store_nt_##lane(void *to, const void *from) {                                      \
        v_store_nt_##lane(to, v_load_##lane(from));                                                \
        v_store_fence();                                                                           \
    }                                                                                              \
    static void load_part_##lane(void *to, const void *from, size_t n) {                           \
        v_store_##lane(to, v_load_part_##lane(from, n));                                           \
    }                                                                                              \
    static void store_part_##lane(void *to, const void *from, size_t n) {                          \
        v_store_part_##lane(to, v_load_##lane(from), n);                                           \
    }                                                                                              \
    static void zero_unless_##lane(void *to, const void *from, uint32_t word, size_t first) {      \
        const v_mask_##lane mask = v_mask_bits_##lane(word, first);                                \
        v_store_##lane(to, v_zero_unless_##lane(mask, v_load_##lane(from)));                       \
    }                                                                                              \
    static void select_##lane(void *to, const void *from, uint32_t word, size_t first) {           \
        const v_mask_##lane mask = v_mask_bits_##lane(word, first);                                \
        v_store_##lane(to, v_select_##lane(mask, v_load_##lane(from), v_load_##lane(to)));         \
    }                                                                                              \
    static void store_masked_##lane(void *to, const void *from, uint32_t word, size_t first) {     \
        v_store_masked_##lane(to, v_mask_bits_##lane(word, first), v_load_##lane(from));           \
    }                                                                                              \
    static const struct words words_##lane = {#lane,                                               \
                                              dtype,                                               \
                                              v_lanes_##lane,                                      \
                                              zero_##lane,                                         \
                                              copy_##lane,                                         \
                                              store_nt_##lane,                                     \
                                              load_part_##lane,                                    \
                                              store_part_##lane,                                   \
                                              zero_unless_##lane,                                  \
                                              select_##lane,                                       \
                                              store_masked_##lane};

WORDS(f32, PLANEDROP_F32)
WORDS(f64, PLANEDROP_F64)
WORDS(u16, PLANEDROP_BF16) /* any type of 16 bits: only shown in a failure */

static const struct words *const all_words[] = {&words_f32, &words_f64, &words_u16};
enum { ALL_WORDS = sizeof all_words / sizeof all_words[0] };

static void fill(int32_t dtype) {
    random_elements(&random, dtype, a, MOST);
    random_elements(&random, dtype, b, MOST);
    memset(got, 0x77, sizeof got);
    memset(want, 0x77, sizeof want);
}

static void expect(const struct words *words, const char *word) {
    fence_case("%s: %s_%s", isa_under_test(), word, words->lane);
    assert_elements_equal(words->dtype, got, want, MOST);
}

/* Whole vectors, both sides any number of elements off alignment. */
static void whole(const struct words *words) {
    const size_t bytes = dtype_bytes(words->dtype), lanes = words->lanes();
    for (size_t from = 0; from < lanes; from++) {
        for (size_t to = 0; to < lanes; to++) {
            fill(words->dtype);
            memcpy(want + to * bytes, a + from * bytes, lanes * bytes);
            words->copy(got + to * bytes, a + from * bytes);
            expect(words, "v_load, v_store");
        }
    }
    fill(words->dtype);
    memset(want, 0, lanes * bytes);
    words->zero(got);
    expect(words, "v_zero");
    struct fence fence = fence_make(lanes * bytes, FENCE_AFTER);
    fence_case("%s: v_store_nt_%s", isa_under_test(), words->lane);
    words->store_nt(fence.data, a);
    assert_elements_equal(words->dtype, fence.data, a, lanes);
    assert_true(fence_intact(&fence));
    fence_free(&fence);
}

static void parts(const struct words *words, enum fence_side side) {
    const size_t bytes = dtype_bytes(words->dtype), lanes = words->lanes();
    for (size_t n = 0; n < lanes; n++) {
        struct fence fence = fence_make(n * bytes, side);
        fill(words->dtype);
        memcpy(fence.data, a, n * bytes);
        memcpy(want, a, n * bytes);
        memset(want + n * bytes, 0, (lanes - n) * bytes);
        fence_case("%s: v_load_part_%s of %zu", isa_under_test(), words->lane, n);
        words->load_part(got, fence.data, n);
        expect(words, "v_load_part");
        fence_case("%s: v_store_part_%s of %zu", isa_under_test(), words->lane, n);
        words->store_part(fence.data, b, n);
        assert_elements_equal(words->dtype, fence.data, b, n);
        assert_true(fence_intact(&fence));
        fence_free(&fence);
    }
}

void vocabulary_memory(void **state) {
    (void)state;
    random.state = random_seed();
    for (size_t i = 0; i < ALL_WORDS; i++) {
        whole(all_words[i]);
        parts(all_words[i], FENCE_BEFORE);
        parts(all_words[i], FENCE_AFTER);
    }
}

/* want: a where word has a bit, from bit first on, and b, or zeros, where it has none. */
static void select_wanted(const struct words *words, uint32_t word, size_t first, int zeros) {
    const size_t bytes = dtype_bytes(words->dtype);
    for (size_t i = 0; i < words->lanes(); i++) {
        if (word >> (first + i) & 1) {
            memcpy(want + i * bytes, a + i * bytes, bytes);
        } else if (zeros) {
            memset(want + i * bytes, 0, bytes);
        } else {
            memcpy(want + i * bytes, b + i * bytes, bytes);
        }
    }
}

void vocabulary_masks(void **state) {
    (void)state;
    random.state = random_seed();
    for (size_t i = 0; i < ALL_WORDS; i++) {
        const struct words *words = all_words[i];
        assert_in_range(words->lanes(), 1, 32); /* a word of bits is enough for a vector */
        for (int repeat = 0; repeat < 1000; repeat++) {
            const uint32_t word = (uint32_t)random_bits(&random);
            const size_t first = random_below(&random, 32 / words->lanes()) * words->lanes();
            fill(words->dtype);
            select_wanted(words, word, first, 1);
            words->zero_unless(got, a, word, first);
            expect(words, "v_mask_bits, v_zero_unless");
            memcpy(got, b, sizeof got);
            memcpy(want, b, sizeof want);
            select_wanted(words, word, first, 0);
            words->select(got, a, word, first);
            expect(words, "v_select");
            memcpy(got, b, sizeof got);
            words->store_masked(got, a, word, first);
            expect(words, "v_store_masked");
        }
    }
}

/* The first n lanes lie at the end of memory, or the last n at its beginning; the lanes on the
 * inaccessible page are not in the mask. */
static void masked_at_an_end(const struct words *words, size_t n, enum fence_side side) {
    const size_t bytes = dtype_bytes(words->dtype), lanes = words->lanes();
    const size_t outside = side == FENCE_AFTER ? 0 : lanes - n;
    struct fence fence = fence_make(n * bytes, side);
    const uint32_t in_memory = ~UINT32_C(0) >> (32 - n) << outside;
    const uint32_t word = (uint32_t)random_bits(&random) & in_memory;
    fill(words->dtype);
    memcpy(fence.data, b + outside * bytes, n * bytes);
    select_wanted(words, word, 0, 0);
    fence_case("%s: v_store_masked_%s of %08x over an end of memory", isa_under_test(), words->lane,
               (unsigned)word);
    words->store_masked(fence.data - outside * bytes, a, word, 0);
    assert_elements_equal(words->dtype, fence.data, want + outside * bytes, n);
    assert_true(fence_intact(&fence));
    fence_free(&fence);
}

void vocabulary_masked_store_faults_nowhere(void **state) {
    (void)state;
    random.state = random_seed();
    for (size_t i = 0; i < ALL_WORDS; i++) {
        for (size_t n = 1; n <= all_words[i]->lanes(); n++) {
            for (int repeat = 0; repeat < 4; repeat++) {
                masked_at_an_end(all_words[i], n, FENCE_BEFORE);
                masked_at_an_end(all_words[i], n, FENCE_AFTER);
            }
        }
    }
}

/* ---- Arithmetic under a mask ----------------------------------------------------------------- */

/* got: the product and the sum of what the mask keeps, a * 1.1 and b + a * 1.1. */
#define WHERE(lane, elem)                                                                          \
    static void where_##lane(uint32_t word, size_t first, void *product, void *sum) {              \
        const v_mask_##lane mask = v_mask_bits_##lane(word, first);                                \
        const v_##lane x = v_load_##lane((const elem *)(const void *)a);                           \
        const v_##lane y = v_load_##lane((const elem *)(const void *)b);                           \
        const v_##lane products = v_mul_where_##lane(mask, x, v_set1_##lane((elem)1.1));           \
        v_store_##lane(product, products);                                                         \
        v_store_##lane(sum, v_canonical_nan_##lane(v_add_where_##lane(mask, y, products)));        \
    }
WHERE(f32, float)
WHERE(f64, double)

static void check_where(const struct words *words,
                        void (*where)(uint32_t word, size_t first, void *product, void *sum)) {
    planedrop_desc desc = planedrop_desc_elementwise(words->dtype, 1, 0.5);
    unsigned char sums[sizeof got];
    const size_t bytes = dtype_bytes(words->dtype);
    const double factor = words->dtype == PLANEDROP_F32 ? (double)1.1f : 1.1;
    for (int repeat = 0; repeat < 1000; repeat++) {
        const uint32_t word = (uint32_t)random_bits(&random);
        const size_t first = random_below(&random, 32 / words->lanes()) * words->lanes();
        fill(words->dtype);
        memcpy(sums, got, sizeof sums);
        where(word, first, got, sums);
        for (unsigned adds = 0; adds < 2; adds++) {
            desc.flags = adds ? PLANEDROP_ACCUMULATE : 0;
            for (size_t i = 0; i < words->lanes(); i++) {
                memset(want + i * bytes, 0, bytes);
                if (word >> (first + i) & 1) {
                    memcpy(want + i * bytes, b + i * bytes, bytes);
                    reference_store_product(&desc, factor, a + i * bytes, want + i * bytes);
                }
            }
            expect(words, adds ? "v_add_where" : "v_mul_where");
            memcpy(got, sums, sizeof got);
        }
    }
}

void vocabulary_where(void **state) {
    (void)state;
    random.state = random_seed();
    check_where(&words_f32, where_f32);
    check_where(&words_f64, where_f64);
}

/* ---- f64 ------------------------------------------------------------------------------------- */

static int is_nan(uint64_t bits) { return bits << 1 > UINT64_C(0xffe0000000000000); }

/* No NaN of the test's own goes through a register. */
static uint64_t product(uint64_t bits, double factor) {
    double value;
    memcpy(&value, &bits, sizeof value);
    value *= factor;
    return is_nan(bits) ? bits | UINT64_C(0x0008000000000000)
                        : dtype_bits(PLANEDROP_F64, &value, 0);
}

static uint64_t canonical_nan(uint64_t bits) {
    return is_nan(bits) ? UINT64_C(0x7ff8000000000000) : bits;
}

static uint64_t sum(uint64_t x, uint64_t y) {
    double values[2];
    memcpy(&values[0], &x, sizeof x);
    memcpy(&values[1], &y, sizeof y);
    values[0] += values[1];
    return canonical_nan(dtype_bits(PLANEDROP_F64, values, 0));
}

/* The vector of each set of elements i of a and b gives the value of each. */
#define EACH_F64(word, vector, value)                                                              \
    do {                                                                                           \
        fill(PLANEDROP_F64);                                                                       \
        for (size_t i = 0; i < MOST; i++) {                                                        \
            dtype_set_bits(PLANEDROP_F64, want, i, value);                                         \
        }                                                                                          \
        for (size_t i = 0; i < MOST; i += v_lanes_f64()) {                                         \
            v_store_f64((double *)(void *)got + i, vector);                                        \
        }                                                                                          \
        expect(&words_f64, word);                                                                  \
    } while (0)

#define LOAD(array) v_load_f64((const double *)(const void *)(array) + i)
#define BITS(array) dtype_bits(PLANEDROP_F64, array, i)

void vocabulary_f64(void **state) {
    (void)state;
    const double factor = 1.1;
    const uint64_t factor_bits = dtype_bits(PLANEDROP_F64, &factor, 0);
    random.state = random_seed();
    for (int repeat = 0; repeat < 200; repeat++) {
        EACH_F64("v_set1", v_set1_f64(factor), factor_bits);
        EACH_F64("v_mul", v_mul_f64(LOAD(a), v_set1_f64(factor)), product(BITS(a), factor));
        EACH_F64("v_canonical_nan", v_canonical_nan_f64(LOAD(a)), canonical_nan(BITS(a)));
        EACH_F64("v_add", v_canonical_nan_f64(v_add_f64(LOAD(a), LOAD(b))), sum(BITS(a), BITS(b)));
    }
}

void vocabulary_widen_f64(void **state) {
    (void)state;
    const size_t lanes = v_lanes_f64();
    float numbers[MOST];
    random.state = random_seed();
    for (int repeat = 0; repeat < 200; repeat++) {
        struct fence fence = fence_make(lanes * sizeof(float), FENCE_AFTER);
        fill(PLANEDROP_F64);
        for (size_t i = 0; i < lanes; i++) {
            numbers[i] = (float)random_bits(&random) * 0x1p-63f - 1;
            const double value = (double)numbers[i];
            memcpy(want + i * sizeof value, &value, sizeof value);
        }
        memcpy(fence.data, numbers, lanes * sizeof(float));
        v_store_f64((double *)(void *)got, v_widen_f64((const float *)(const void *)fence.data));
        expect(&words_f64, "v_widen");
        fence_free(&fence);
    }
}
