/* SPDX-License-Identifier: MIT
 *
 * The lanes of a v_pair, which shares the elements of a v_u16 out in a way of its own: found out by
 * widening numbers that are known. Include it after a vec.h.
 */
#ifndef PLANEDROP_TESTS_PAIR_H
#define PLANEDROP_TESTS_PAIR_H

#include <string.h>

enum { PAIR_MOST = 64 }; /* lanes of a and b together */

static inline size_t pair_lanes(void) { return 2 * v_lanes_f32(); }

/* a's lanes, then b's, as bits. */
static inline void pair_store(uint32_t *bits, v_pair a) {
    float values[PAIR_MOST];
    v_store_f32(values, a.a);
    v_store_f32(values + v_lanes_f32(), a.b);
    memcpy(bits, values, pair_lanes() * sizeof *bits);
}
static inline v_pair pair_load(const uint32_t *bits) {
    float values[PAIR_MOST];
    memcpy(values, bits, pair_lanes() * sizeof *bits);
    return (v_pair){v_load_f32(values), v_load_f32(values + v_lanes_f32())};
}

/* element[j] = which element lies in lane j: -1 if none does, as in scalar's b. Returns how many
 * elements have been found. */
static inline size_t pair_elements(v_pair (*widen)(v_u16), uint32_t (*meaning)(uint16_t),
                                   int *element) {
    uint16_t numbers[PAIR_MOST];
    uint32_t bits[PAIR_MOST];
    size_t found = 0;
    for (size_t i = 0; i < v_lanes_u16(); i++) {
        numbers[i] = (uint16_t)(0x3c00 + i);
    }
    pair_store(bits, widen(v_load_u16(numbers)));
    for (size_t j = 0; j < pair_lanes(); j++) {
        element[j] = -1;
        for (size_t i = 0; i < v_lanes_u16(); i++) {
            if (bits[j] == meaning(numbers[i])) {
                element[j] = (int)i;
                found++;
            }
        }
    }
    return found;
}

/* The f32 that v_narrow_bf16 is given for one of these bits: of NaNs it takes quiet ones with a
 * lower half of 0. (To bf16 both have the same meaning.) */
static inline uint32_t pair_for_bf16(uint32_t bits) {
    return (bits & 0x7fffffff) > 0x7f800000 ? (bits & 0xffff0000) | 0x00400000 : bits;
}

#endif
