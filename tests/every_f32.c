/* SPDX-License-Identifier: MIT
 *
 * Blocks of consecutive f32s through an instruction set's narrowing words. Compiled once for each;
 * see test_every_f32.c.
 */
#include "every_f32.h"
#include "reference.h"

#include "vec.h"

#include "pair.h"

enum { MOST_LANES = 2 * EVERY_F32_BLOCK };

/* The block as the lanes of pairs, one after the other. All are stored before the first pair is
 * loaded: a load of a vector would wait for the stores of its parts. */
static inline void block(uint32_t first, const int element[PAIR_MOST], int is_bf16,
                         uint32_t bits[MOST_LANES]) {
    for (uint32_t i = 0; i < EVERY_F32_BLOCK; i += (uint32_t)v_lanes_u16()) {
        for (size_t j = 0; j < pair_lanes(); j++) {
            const uint32_t lane = first + i + (element[j] < 0 ? 0 : (uint32_t)element[j]);
            *bits++ = is_bf16 ? pair_for_bf16(lane) : lane;
        }
    }
}

void every_f32_to_bf16(uint32_t first, uint16_t to[EVERY_F32_BLOCK]) {
    int element[PAIR_MOST];
    uint32_t bits[MOST_LANES], *pair = bits;
    pair_elements(v_widen_bf16, reference_f32_of_bf16, element);
    block(first, element, 1, bits);
    for (size_t i = 0; i < EVERY_F32_BLOCK; i += v_lanes_u16(), pair += pair_lanes()) {
        v_store_u16(to + i, v_narrow_bf16(pair_load(pair)));
    }
}

void every_f32_to_f16(uint32_t first, uint16_t to[EVERY_F32_BLOCK]) {
    int element[PAIR_MOST];
    uint32_t bits[MOST_LANES], *pair = bits;
    pair_elements(v_widen_f16, reference_f32_of_f16, element);
    block(first, element, 0, bits);
    for (size_t i = 0; i < EVERY_F32_BLOCK; i += v_lanes_u16(), pair += pair_lanes()) {
        v_store_u16(to + i, v_narrow_f16(pair_load(pair)));
    }
}
