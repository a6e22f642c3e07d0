/* SPDX-License-Identifier: MIT
 *
 * The words of a vec.h for 16-bit floats, against their meaning: see test_vocabulary.c, and
 * test_every_f32.c for every value that narrowing can meet.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "reference.h"
#include "vocabulary.h"

#include "vec.h"

#include "pair.h"

enum { MOST = 32 }; /* lanes of a vector */

struct type16 {
    int32_t dtype;
    v_pair (*widen)(v_u16);
    v_u16 (*narrow)(v_pair);
    v_pair (*pair)(v_f32, v_f32);
    uint32_t (*wide_of)(uint16_t);
    uint16_t (*narrow_of)(uint32_t);
    int element[PAIR_MOST]; /* of each lane of a pair */
};

static void name_case(const struct type16 *type, const char *word) {
    fence_case("%s: %s_%s", isa_under_test(), word, dtype_format(type->dtype)->name);
}

static void widens(const struct type16 *type) {
    const uint32_t lanes = (uint32_t)v_lanes_u16();
    uint16_t from[MOST];
    uint32_t bits[PAIR_MOST], widened[MOST] = {0}, meant[MOST];
    name_case(type, "v_widen");
    for (uint32_t first = 0; first < 65536; first += lanes) {
        for (uint32_t i = 0; i < lanes; i++) {
            from[i] = (uint16_t)(first + i);
            meant[i] = type->wide_of(from[i]);
        }
        pair_store(bits, type->widen(v_load_u16(from)));
        for (size_t j = 0; j < pair_lanes(); j++) {
            if (type->element[j] >= 0) {
                widened[type->element[j]] = bits[j];
            }
        }
        assert_elements_equal(PLANEDROP_F32, widened, meant, lanes);
    }
}

/* A vector of f32s whose upper halves are first and what follows. */
static void narrows_vector(const struct type16 *type, uint32_t first, uint32_t lower) {
    uint32_t from[MOST], bits[PAIR_MOST] = {0};
    uint16_t narrowed[MOST], meant[MOST];
    for (uint32_t i = 0; i < v_lanes_u16(); i++) {
        from[i] = (first + i) << 16 | lower;
        from[i] = type->dtype == PLANEDROP_BF16 ? pair_for_bf16(from[i]) : from[i];
        meant[i] = type->narrow_of(from[i]);
    }
    for (size_t j = 0; j < pair_lanes(); j++) {
        bits[j] = type->element[j] >= 0 ? from[type->element[j]] : 0;
    }
    v_store_u16(narrowed, type->narrow(pair_load(bits)));
    assert_elements_equal(type->dtype, narrowed, meant, v_lanes_u16());
}

/* f32s with these lower halves under every upper half: before, at and behind every point where
 * rounding to bf16, which drops 16 bits, or to f16, which drops 13 or more, changes its result. */
static void narrows(const struct type16 *type) {
    uint32_t lower[30] = {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff};
    for (uint32_t i = 0; i < 8; i++) {
        for (uint32_t j = 0; j < 3; j++) {
            lower[6 + 3 * i + j] = (i << 13) + 0x0fff + j;
        }
    }
    name_case(type, "v_narrow");
    for (size_t l = 0; l < sizeof lower / sizeof lower[0]; l++) {
        for (uint32_t first = 0; first < 65536; first += (uint32_t)v_lanes_u16()) {
            narrows_vector(type, first, lower[l]);
        }
    }
}

/* Numbers that the type has exactly are as if it had been widened to them. */
static void pairs(const struct type16 *type) {
    float wide[PAIR_MOST];
    uint16_t got16[MOST], meant[MOST];
    name_case(type, "v_pair");
    for (size_t i = 0; i < pair_lanes(); i++) {
        wide[i] = (float)(i + 1);
        meant[i] = type->narrow_of((uint32_t)dtype_bits(PLANEDROP_F32, wide, i));
    }
    v_store_u16(got16,
                type->narrow(type->pair(v_load_f32(wide), v_load_f32(wide + v_lanes_f32()))));
    assert_elements_equal(type->dtype, got16, meant, v_lanes_u16());
}

static void widens_and_narrows(struct type16 *type) {
    name_case(type, "the lanes of v_widen");
    assert_int_equal(pair_elements(type->widen, type->wide_of, type->element), v_lanes_u16());
    widens(type);
    narrows(type);
    pairs(type);
}

void vocabulary_bf16(void **state) {
    struct type16 bf16 = {
        PLANEDROP_BF16,        v_widen_bf16, v_narrow_bf16, v_pair_bf16, reference_f32_of_bf16,
        reference_bf16_of_f32, {0}};
    (void)state;
    widens_and_narrows(&bf16);
}

void vocabulary_f16(void **state) {
    struct type16 f16 = {PLANEDROP_F16,        v_widen_f16,          v_narrow_f16, v_pair_f16,
                         reference_f32_of_f16, reference_f16_of_f32, {0}};
    (void)state;
    widens_and_narrows(&f16);
}
