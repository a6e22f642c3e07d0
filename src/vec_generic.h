/* SPDX-License-Identifier: MIT
 *
 * Defaults for the words of the vocabulary that other words can express: correct on every
 * instruction set, and as fast as the compiler makes them. A vec.h includes this file at its end,
 * and defines V_OWN_<GROUP> before for each group below whose words it defines itself.
 */
#ifndef PD_VEC_GENERIC_H
#define PD_VEC_GENERIC_H

enum { V_MAX_LANES = 32 }; /* lanes of 16 bits in 512 bits */

/* Parts of vectors: lanes 0 ... n-1, by way of an array. */
#define V_GENERIC_PARTS(elem, lane_type)                                                           \
    PD_INLINE v_##lane_type v_load_part_##lane_type(const elem *p, size_t n) {                     \
        elem lane[sizeof(v_##lane_type) / sizeof(elem)] = {0};                                     \
        for (size_t i = 0; i < n; i++) {                                                           \
            lane[i] = p[i];                                                                        \
        }                                                                                          \
        return v_load_##lane_type(lane);                                                           \
    }                                                                                              \
    PD_INLINE void v_store_part_##lane_type(elem *p, v_##lane_type a, size_t n) {                  \
        elem lane[sizeof(v_##lane_type) / sizeof(elem)];                                           \
        v_store_##lane_type(lane, a);                                                              \
        for (size_t i = 0; i < n; i++) {                                                           \
            p[i] = lane[i];                                                                        \
        }                                                                                          \
    }
#ifndef V_OWN_PARTS
V_GENERIC_PARTS(float, f32)
V_GENERIC_PARTS(double, f64)
#endif
#ifndef V_OWN_PARTS_U16
V_GENERIC_PARTS(v_elem_u16, u16)
#endif

/* Stores of the lanes of a mask. */
#define V_GENERIC_MASKED(elem, lane_type)                                                          \
    PD_INLINE void v_store_masked_##lane_type(elem *p, v_mask_##lane_type m, v_##lane_type a) {    \
        elem lane[V_MAX_LANES], set[V_MAX_LANES];                                                  \
        for (size_t i = 0; i < v_lanes_##lane_type(); i++) {                                       \
            set[i] = 1;                                                                            \
        }                                                                                          \
        v_store_##lane_type(lane, a);                                                              \
        v_store_##lane_type(set, v_zero_unless_##lane_type(m, v_load_##lane_type(set)));           \
        for (size_t i = 0; i < v_lanes_##lane_type(); i++) {                                       \
            if (set[i] != 0) {                                                                     \
                p[i] = lane[i];                                                                    \
            }                                                                                      \
        }                                                                                          \
    }
#ifndef V_OWN_MASKED
V_GENERIC_MASKED(float, f32)
V_GENERIC_MASKED(double, f64)
V_GENERIC_MASKED(v_elem_u16, u16)
#endif

/* Non-temporal stores, on an instruction set that has none. */
#ifndef V_OWN_NT
#define V_HAS_NT_STORES 0
PD_INLINE void v_store_nt_f32(float *p, v_f32 a) { v_store_f32(p, a); }
PD_INLINE void v_store_nt_f64(double *p, v_f64 a) { v_store_f64(p, a); }
PD_INLINE void v_store_nt_u16(v_elem_u16 *p, v_u16 a) { v_store_u16(p, a); }
PD_INLINE void v_store_fence(void) {}
#endif

/* Products and sums in the lanes of a mask. */
#ifndef V_OWN_WHERE
PD_INLINE v_f32 v_mul_where_f32(v_mask_f32 m, v_f32 a, v_f32 b) {
    return v_mul_f32(v_zero_unless_f32(m, a), b);
}
PD_INLINE v_f32 v_add_where_f32(v_mask_f32 m, v_f32 a, v_f32 b) {
    return v_add_f32(v_zero_unless_f32(m, a), b);
}
PD_INLINE v_f64 v_mul_where_f64(v_mask_f64 m, v_f64 a, v_f64 b) {
    return v_mul_f64(v_zero_unless_f64(m, a), b);
}
PD_INLINE v_f64 v_add_where_f64(v_mask_f64 m, v_f64 a, v_f64 b) {
    return v_add_f64(v_zero_unless_f64(m, a), b);
}
#endif

/* 16-bit floats: element by element, the first elements to a of a pair. */
#if !defined(V_OWN_BF16) || !defined(V_OWN_F16)
/* a / 2^shift to nearest, ties to even; a < 2^32 - 2^(shift-1) */
PD_INLINE uint32_t v_round_bits(uint32_t a, uint32_t shift) {
    return (a + (UINT32_C(1) << (shift - 1)) - 1 + (a >> shift & 1)) >> shift;
}
static inline uint32_t v_f16_to_f32(uint32_t half) {
    const uint32_t sign = (half & 0x8000) << 16, bits = half & 0x7fff;
    if (bits > 0x7c00) {
        return sign | 0x7fc00000 | bits << 13;
    }
    if (bits == 0x7c00) {
        return sign | 0x7f800000;
    }
    if (bits < 0x0400) { /* a multiple of 2^-24, and normal in f32 */
        return sign | pd_bits_of_float((float)bits * 0x1p-24f);
    }
    return sign | ((bits << 13) + 0x38000000); /* bias 15 to 127 */
}
static inline uint32_t v_f16_of_f32(uint32_t word) {
    const uint32_t sign = word >> 16 & 0x8000, bits = word & 0x7fffffff;
    if (bits > 0x7f800000) {
        return sign | 0x7e00 | (bits >> 13 & 0x3ff);
    }
    if (bits >= 0x47800000) { /* 2^16 */
        return sign | 0x7c00;
    }
    if (bits >= 0x38800000) { /* 2^-14; a value that rounds up to 2^16 becomes infinity */
        return sign | v_round_bits(bits - 0x38000000, 13);
    }
    if (bits < 0x33000000) { /* 2^-25: half of the least subnormal, a tie to 0 */
        return sign;
    }
    return sign | v_round_bits((bits & 0x7fffff) | 0x800000, 126 - (bits >> 23));
}
static inline uint32_t v_bf16_to_f32(uint32_t half) { return half << 16; }
static inline uint32_t v_bf16_of_f32(uint32_t word) { return v_round_bits(word, 16); }
PD_INLINE v_pair v_widen_by(uint32_t (*const widen)(uint32_t), v_u16 a) {
    v_elem_u16 half[V_MAX_LANES];
    float single[V_MAX_LANES] = {0};
    v_store_u16(half, a);
    for (size_t i = 0; i < v_lanes_u16(); i++) {
        single[i] = pd_float_of_bits(widen(half[i]));
    }
    return (v_pair){v_load_f32(single), v_load_f32(single + v_lanes_f32())};
}
PD_INLINE v_u16 v_narrow_by(uint32_t (*const narrow)(uint32_t), v_pair a) {
    v_elem_u16 half[V_MAX_LANES];
    float single[V_MAX_LANES];
    v_store_f32(single, a.a);
    v_store_f32(single + v_lanes_f32(), a.b);
    for (size_t i = 0; i < v_lanes_u16(); i++) {
        half[i] = (uint16_t)narrow(pd_bits_of_float(single[i]));
    }
    return v_load_u16(half);
}
#endif
#ifndef V_OWN_BF16
PD_INLINE v_pair v_widen_bf16(v_u16 a) { return v_widen_by(v_bf16_to_f32, a); }
PD_INLINE v_u16 v_narrow_bf16(v_pair a) { return v_narrow_by(v_bf16_of_f32, a); }
#endif
#ifndef V_OWN_F16
PD_INLINE v_pair v_widen_f16(v_u16 a) { return v_widen_by(v_f16_to_f32, a); }
PD_INLINE v_u16 v_narrow_f16(v_pair a) { return v_narrow_by(v_f16_of_f32, a); }
#endif

/* Two f32 vectors in memory order, as a pair in the order that widening gives: here the same. */
#ifndef V_OWN_PAIR_BF16
PD_INLINE v_pair v_pair_bf16(v_f32 first, v_f32 second) { return (v_pair){first, second}; }
#endif
PD_INLINE v_pair v_pair_f16(v_f32 first, v_f32 second) { return (v_pair){first, second}; }

/* Whether the generator is out of line. */
#ifndef V_OWN_OUTLINE_RNG
PD_INLINE int v_outline_rng(void) { return 0; }
#endif

#endif
