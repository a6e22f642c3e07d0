/* SPDX-License-Identifier: MIT
 *
 * Blocks of consecutive f32s through an instruction set's narrowing stores. Compiled once for each;
 * see test_every_f32.c.
 */
#include "every_f32.h"
#include "vocabulary.h"

#include "vec.h"

#include <string.h>

#if VOCABULARY_HAS_DTYPES

static void block(uint32_t first, float from[EVERY_F32_BLOCK]) {
    for (uint32_t i = 0; i < EVERY_F32_BLOCK; i++) {
        const uint32_t bits = first + i;
        memcpy(&from[i], &bits, sizeof bits);
    }
}

void every_f32_to_bf16(uint32_t first, uint16_t to[EVERY_F32_BLOCK]) {
    float from[EVERY_F32_BLOCK];
    block(first, from);
    for (size_t i = 0; i < EVERY_F32_BLOCK; i += v_lanes()) {
        v_store_bf16(to + i, v_load_f32(from + i));
    }
}

void every_f32_to_f16(uint32_t first, uint16_t to[EVERY_F32_BLOCK]) {
    float from[EVERY_F32_BLOCK];
    block(first, from);
    for (size_t i = 0; i < EVERY_F32_BLOCK; i += v_lanes()) {
        v_store_f16(to + i, v_load_f32(from + i));
    }
}

#else

void every_f32_to_bf16(uint32_t first, uint16_t to[EVERY_F32_BLOCK]) { (void)first, (void)to; }
void every_f32_to_f16(uint32_t first, uint16_t to[EVERY_F32_BLOCK]) { (void)first, (void)to; }

#endif
