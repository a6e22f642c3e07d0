/* SPDX-License-Identifier: MIT
 *
 * Blocks of consecutive f32s through an instruction set's narrowing words. Compiled once for each;
 * see test_every_f32.c.
 */
#include "every_f32.h"
#include "reference.h"

#include "vec.h"

#include "pair.h"

/* What to add to the bits of a vector's first f32 for each lane of a pair. */
static void lane_offsets(v_pair (*widen)(v_u16), uint32_t (*meaning)(uint16_t), uint32_t *offset) {
    int element[PAIR_MOST];
    pair_elements(widen, meaning, element);
    for (size_t j = 0; j < pair_lanes(); j++) {
        offset[j] = element[j] < 0 ? 0 : (uint32_t)element[j];
    }
}

void every_f32_to_bf16(uint32_t first, uint16_t to[EVERY_F32_BLOCK]) {
    uint32_t offset[PAIR_MOST], bits[PAIR_MOST];
    lane_offsets(v_widen_bf16, reference_f32_of_bf16, offset);
    for (uint32_t i = 0; i < EVERY_F32_BLOCK; i += (uint32_t)v_lanes_u16()) {
        for (size_t j = 0; j < pair_lanes(); j++) {
            bits[j] = pair_for_bf16(first + i + offset[j]);
        }
        v_store_u16(to + i, v_narrow_bf16(pair_load(bits)));
    }
}

void every_f32_to_f16(uint32_t first, uint16_t to[EVERY_F32_BLOCK]) {
    uint32_t offset[PAIR_MOST], bits[PAIR_MOST];
    lane_offsets(v_widen_f16, reference_f32_of_f16, offset);
    for (uint32_t i = 0; i < EVERY_F32_BLOCK; i += (uint32_t)v_lanes_u16()) {
        for (size_t j = 0; j < pair_lanes(); j++) {
            bits[j] = first + i + offset[j];
        }
        v_store_u16(to + i, v_narrow_f16(pair_load(bits)));
    }
}
