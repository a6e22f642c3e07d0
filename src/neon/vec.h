/* SPDX-License-Identifier: MIT
 *
 * The vocabulary in NEON (AArch64): 4 lanes, masks as vectors of ~0 and 0. src/scalar/vec.h gives
 * the meaning of each word. NEON has no partial or masked load or store: parts are copied element
 * by element. A wide is a plain vector: widening multiplications of its halves give [low high]
 * pairs, which unzip into the low and the high words.
 */
#ifndef PD_VEC_H
#define PD_VEC_H

#include "compiler.h"

#include <arm_neon.h>
#include <stddef.h>
#include <stdint.h>

typedef float32x4_t v_f32;
typedef float64x2_t v_f64;
typedef uint16x8_t v_u16;
typedef uint32x4_t v_u32;
typedef uint16x8_t v_mask_u16;
typedef uint32x4_t v_mask_f32, v_mask_u32;
typedef uint64x2_t v_mask_f64;
typedef uint32x4_t v_wide;
typedef struct v_pair {
    v_f32 a, b;
} v_pair;
typedef struct v_product {
    v_wide low, high;
} v_product;

/* 16-bit elements in memory: a host may have declared them as its own 16-bit float type. */
typedef uint16_t PD_MAY_ALIAS v_elem_u16;

/* lanes of a vector */
PD_INLINE size_t v_lanes_u16(void) { return 8; }
PD_INLINE size_t v_lanes_u32(void) { return 4; }
PD_INLINE size_t v_lanes_f32(void) { return 4; }
PD_INLINE size_t v_lanes_f64(void) { return 2; }

/* f32: memory */
PD_INLINE v_f32 v_zero_f32(void) { return vdupq_n_f32(0); }
PD_INLINE v_f32 v_set1_f32(float a) { return vdupq_n_f32(a); }
PD_INLINE v_f32 v_load_f32(const float *p) { return vld1q_f32(p); }
PD_INLINE v_f32 v_load_part_f32(const float *p, size_t n) {
    v_f32 a = vdupq_n_f32(0);
    if (n > 0) {
        a = vld1q_lane_f32(p, a, 0);
    }
    if (n > 1) {
        a = vld1q_lane_f32(p + 1, a, 1);
    }
    if (n > 2) {
        a = vld1q_lane_f32(p + 2, a, 2);
    }
    return a;
}
PD_INLINE void v_store_f32(float *p, v_f32 a) { vst1q_f32(p, a); }
PD_INLINE void v_store_part_f32(float *p, v_f32 a, size_t n) {
    if (n > 0) {
        vst1q_lane_f32(p, a, 0);
    }
    if (n > 1) {
        vst1q_lane_f32(p + 1, a, 1);
    }
    if (n > 2) {
        vst1q_lane_f32(p + 2, a, 2);
    }
}

/* f32: arithmetic */
PD_INLINE v_f32 v_add_f32(v_f32 a, v_f32 b) {
    PD_OPAQUE(b);
    return vaddq_f32(a, b);
}
PD_INLINE v_f32 v_mul_f32(v_f32 a, v_f32 b) { return vmulq_f32(a, b); }
PD_INLINE uint32x4_t v_is_nan_f32(v_f32 a) {
    PD_OPAQUE(a);
    return vcgtq_u32(vshlq_n_u32(vreinterpretq_u32_f32(a), 1), vdupq_n_u32(0xff000000));
}
PD_INLINE v_f32 v_canonical_nan_f32(v_f32 a) {
    return vbslq_f32(v_is_nan_f32(a), vreinterpretq_f32_u32(vdupq_n_u32(0x7fc00000)), a);
}
PD_INLINE v_f32 v_zero_unless_f32(v_mask_f32 m, v_f32 a) {
    return vreinterpretq_f32_u32(vandq_u32(m, vreinterpretq_u32_f32(a)));
}
PD_INLINE v_f32 v_select_f32(v_mask_f32 m, v_f32 a, v_f32 b) { return vbslq_f32(m, a, b); }

/* f64: memory and arithmetic */
PD_INLINE v_f64 v_zero_f64(void) { return vdupq_n_f64(0); }
PD_INLINE v_f64 v_set1_f64(double a) { return vdupq_n_f64(a); }
PD_INLINE v_f64 v_widen_f64(const float *p) { return vcvt_f64_f32(vld1_f32(p)); }
PD_INLINE v_f64 v_load_f64(const double *p) { return vld1q_f64(p); }
PD_INLINE v_f64 v_load_part_f64(const double *p, size_t n) {
    const v_f64 a = vdupq_n_f64(0);
    return n > 0 ? vld1q_lane_f64(p, a, 0) : a;
}
PD_INLINE void v_store_f64(double *p, v_f64 a) { vst1q_f64(p, a); }
PD_INLINE void v_store_part_f64(double *p, v_f64 a, size_t n) {
    if (n > 0) {
        vst1q_lane_f64(p, a, 0);
    }
}
PD_INLINE v_f64 v_add_f64(v_f64 a, v_f64 b) {
    PD_OPAQUE(b);
    return vaddq_f64(a, b);
}
PD_INLINE v_f64 v_mul_f64(v_f64 a, v_f64 b) { return vmulq_f64(a, b); }
PD_INLINE uint64x2_t v_is_nan_f64(v_f64 a) {
    PD_OPAQUE(a);
    return vcgtq_u64(vshlq_n_u64(vreinterpretq_u64_f64(a), 1), vdupq_n_u64(UINT64_C(0xffe) << 52));
}
PD_INLINE v_f64 v_canonical_nan_f64(v_f64 a) {
    return vbslq_f64(v_is_nan_f64(a), vreinterpretq_f64_u64(vdupq_n_u64(UINT64_C(0x7ff8) << 48)),
                     a);
}
PD_INLINE v_f64 v_zero_unless_f64(v_mask_f64 m, v_f64 a) {
    return vreinterpretq_f64_u64(vandq_u64(m, vreinterpretq_u64_f64(a)));
}
PD_INLINE v_f64 v_select_f64(v_mask_f64 m, v_f64 a, v_f64 b) { return vbslq_f64(m, a, b); }

/* u16: memory */
PD_INLINE v_u16 v_zero_u16(void) { return vdupq_n_u16(0); }
PD_INLINE v_u16 v_load_u16(const v_elem_u16 *p) { return vld1q_u16(p); }
PD_INLINE void v_store_u16(v_elem_u16 *p, v_u16 a) { vst1q_u16(p, a); }
PD_INLINE v_u16 v_zero_unless_u16(v_mask_u16 m, v_u16 a) { return vandq_u16(m, a); }
PD_INLINE v_u16 v_select_u16(v_mask_u16 m, v_u16 a, v_u16 b) { return vbslq_u16(m, a, b); }

/* 16-bit floats: a has the lower, b the upper half of the elements */
PD_INLINE uint32x4_t v_tie_bf16(v_f32 a) { /* + 1 where the upper half is odd */
    const uint32x4_t bits = vreinterpretq_u32_f32(a);
    return vsubq_u32(bits, vtstq_u32(bits, vdupq_n_u32(0x10000)));
}
PD_INLINE v_pair v_widen_bf16(v_u16 a) {
    return (v_pair){vreinterpretq_f32_u32(vshll_n_u16(vget_low_u16(a), 16)),
                    vreinterpretq_f32_u32(vshll_high_n_u16(a, 16))};
}
PD_INLINE v_u16 v_narrow_bf16(v_pair a) {
    const uint32x4_t half = vdupq_n_u32(0x7fff);
    return vaddhn_high_u32(vaddhn_u32(v_tie_bf16(a.a), half), v_tie_bf16(a.b), half);
}
PD_INLINE v_pair v_widen_f16(v_u16 a) {
    const float16x8_t half = vreinterpretq_f16_u16(a);
    return (v_pair){vcvt_f32_f16(vget_low_f16(half)), vcvt_high_f32_f16(half)};
}
PD_INLINE v_u16 v_narrow_f16(v_pair a) {
    return vreinterpretq_u16_f16(vcvt_high_f16_f32(vcvt_f16_f32(a.a), a.b));
}

/* masks */
PD_INLINE v_mask_u16 v_mask_bits_u16(uint32_t word, size_t first) {
    const unsigned low = first & 8; /* a constant in unrolled loops, as are the bits */
    const uint16_t bit[8] = {(uint16_t)(1u << low),  (uint16_t)(2u << low),  (uint16_t)(4u << low),
                             (uint16_t)(8u << low),  (uint16_t)(16u << low), (uint16_t)(32u << low),
                             (uint16_t)(64u << low), (uint16_t)(128u << low)};
    return vtstq_u16(vdupq_n_u16((uint16_t)(word >> (first & 16))), vld1q_u16(bit));
}
PD_INLINE v_mask_f32 v_mask_bits_f32(uint32_t word, size_t first) {
    const uint32_t bit[4] = {1u << first, 2u << first, 4u << first, 8u << first};
    return vtstq_u32(vdupq_n_u32(word), vld1q_u32(bit));
}
PD_INLINE v_mask_f64 v_mask_bits_f64(uint32_t word, size_t first) {
    const uint64_t bit[2] = {UINT64_C(1) << first, UINT64_C(2) << first};
    return vtstq_u64(vdupq_n_u64(word), vld1q_u64(bit));
}
PD_INLINE v_mask_u32 v_nonzero_u32(v_u32 a) { return vtstq_u32(a, a); }
PD_INLINE int v_any_u32(v_mask_u32 m) { return vmaxvq_u32(m) != 0; }

/* u32 */
PD_INLINE v_u32 v_set1_u32(uint32_t a) { return vdupq_n_u32(a); }
PD_INLINE v_u32 v_iota_u32(void) {
    const uint32_t lane[4] = {0, 1, 2, 3};
    return vld1q_u32(lane);
}
PD_INLINE v_u32 v_load_u32(const uint32_t *p) { return vld1q_u32(p); }
PD_INLINE void v_store_u32(uint32_t *p, v_u32 a) { vst1q_u32(p, a); }
PD_INLINE v_u32 v_add_u32(v_u32 a, v_u32 b) { return vaddq_u32(a, b); }
PD_INLINE v_u32 v_shl3_u32(v_u32 a) { return vshlq_n_u32(a, 3); }
PD_INLINE v_u32 v_and_u32(v_u32 a, v_u32 b) { return vandq_u32(a, b); }
PD_INLINE v_u32 v_andnot_u32(v_u32 a, v_u32 b) { return vbicq_u32(a, b); }
PD_INLINE size_t v_compress_u32(uint32_t *p, v_mask_u32 m, v_u32 a) {
    size_t n = 0;
    p[n] = vgetq_lane_u32(a, 0);
    n += vgetq_lane_u32(m, 0) & 1;
    p[n] = vgetq_lane_u32(a, 1);
    n += vgetq_lane_u32(m, 1) & 1;
    p[n] = vgetq_lane_u32(a, 2);
    n += vgetq_lane_u32(m, 2) & 1;
    p[n] = vgetq_lane_u32(a, 3);
    return n + (vgetq_lane_u32(m, 3) & 1);
}

/* wide */
PD_INLINE v_wide v_widen_u32(v_u32 a) { return a; }
PD_INLINE v_u32 v_narrow_u32(v_wide a) { return a; }
PD_INLINE v_product v_mul_wide(v_wide a, uint32_t k) {
    const uint32x4_t m = vdupq_n_u32(k),
                     p = vreinterpretq_u32_u64(vmull_u32(vget_low_u32(a), vget_low_u32(m))),
                     q = vreinterpretq_u32_u64(vmull_high_u32(a, m));
    return (v_product){vuzp1q_u32(p, q), vuzp2q_u32(p, q)};
}
PD_INLINE v_wide v_xor_wide(v_wide a, v_wide b, v_u32 k) { return veorq_u32(a, veorq_u32(b, k)); }

/* normal numbers */
PD_INLINE v_f32 v_cvt_hi24_f32(v_u32 a) { return vcvtq_f32_u32(vshrq_n_u32(a, 8)); }
PD_INLINE v_f32 v_sqrt_f32(v_f32 a) { return vsqrtq_f32(a); }
PD_INLINE v_f32 v_replace_zero_f32(v_f32 a, v_f32 b) { return vbslq_f32(vceqzq_f32(a), b, a); }
PD_INLINE v_u32 v_zip_lane_order_u32(void) { return v_iota_u32(); }
PD_INLINE v_u32 v_zip_low_u32(v_wide a, v_wide b) { return vzip1q_u32(a, b); }
PD_INLINE v_u32 v_zip_high_u32(v_wide a, v_wide b) { return vzip2q_u32(a, b); }
PD_INLINE void v_store_zip_f32(float *p, v_f32 a, v_f32 b) {
    const float32x4x2_t both = {{a, b}};
    vst2q_f32(p, both);
}

/* SLEEF's name of a function, in the variant with the same bits on every instruction set */
#define V_SLEEF(function, ulp) Sleef_finz_##function##f4_##ulp##advsimd

/* defaults for the other words */
#define V_OWN_PARTS
#define V_OWN_BF16
#define V_OWN_F16
#include "vec_generic.h"

#endif
