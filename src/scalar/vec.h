/* SPDX-License-Identifier: MIT
 *
 * The vocabulary in plain C: the instruction set with one lane, and the meaning of every word. The
 * other vec.h files have the same words in the same order: compare two of them with diff.
 *
 *     v_f32          a vector of v_lanes_f32() elements; v_f64, v_u16, v_u32 likewise
 *     v_mask_f32     a flag for every lane
 *     v_pair         the elements of a v_u16 as f32s, in any order
 *     v_wide         32-bit words in the form that multiplies fastest; v_product: two of them
 *     ..._part       only lanes 0 ... n-1, 0 <= n < lanes; loads give 0 in the others
 */
#ifndef PD_VEC_H
#define PD_VEC_H

#include "compiler.h"

#include <stddef.h>
#include <stdint.h>

typedef float v_f32;
typedef double v_f64;
typedef uint16_t v_u16;
typedef uint32_t v_u32;
typedef uint16_t v_mask_u16; /* ~0 or 0 */
typedef uint32_t v_mask_f32, v_mask_u32;
typedef uint64_t v_mask_f64;
typedef uint32_t v_wide;
typedef struct v_pair {
    v_f32 a, b;
} v_pair;
typedef struct v_product {
    v_wide low, high;
} v_product;

/* 16-bit elements in memory: a host may have declared them as its own 16-bit float type. */
typedef uint16_t PD_MAY_ALIAS v_elem_u16;

/* lanes of a vector */
PD_INLINE size_t v_lanes_u16(void) { return 1; }
PD_INLINE size_t v_lanes_u32(void) { return 1; }
PD_INLINE size_t v_lanes_f32(void) { return 1; }
PD_INLINE size_t v_lanes_f64(void) { return 1; }

/* f32: memory. store_masked writes the lanes of m and nothing else. store_nt is a non-temporal
 * store to an address that is a multiple of the vector's size; store_fence orders such stores
 * before all later ones. (Scalar has neither: see vec_generic.h.) */
PD_INLINE v_f32 v_zero_f32(void) { return 0; }
PD_INLINE v_f32 v_set1_f32(float a) { return a; }
PD_INLINE v_f32 v_load_f32(const float *p) { return *p; }
PD_INLINE v_f32 v_load_part_f32(const float *p, size_t n) { return n ? *p : 0; }
PD_INLINE void v_store_f32(float *p, v_f32 a) { *p = a; }
PD_INLINE void v_store_part_f32(float *p, v_f32 a, size_t n) {
    if (n) {
        *p = a;
    }
}
PD_INLINE void v_store_masked_f32(float *p, v_mask_f32 m, v_f32 a) {
    if (m) {
        *p = a;
    }
}

/* f32: arithmetic. canonical_nan turns every NaN into 0x7fc00000; zero_unless gives +0 outside of
 * m; select gives a in the lanes of m and b in the others; mul_where and add_where compute in the
 * lanes of m, and give +0 and raise no exception in the others (b of mul_where is positive and
 * finite, b of add_where is +0 there). Under any compiler flags, add fuses no product b into the
 * sum, and canonical_nan finds NaNs. */
PD_INLINE v_f32 v_add_f32(v_f32 a, v_f32 b) {
    PD_OPAQUE(b);
    return a + b;
}
PD_INLINE v_f32 v_mul_f32(v_f32 a, v_f32 b) { return a * b; }
PD_INLINE v_f32 v_canonical_nan_f32(v_f32 a) {
    v_u32 bits = pd_bits_of_float(a);
    PD_OPAQUE_INT(bits);
    return (bits & 0x7fffffff) > 0x7f800000 ? pd_float_of_bits(0x7fc00000) : a;
}
PD_INLINE v_f32 v_zero_unless_f32(v_mask_f32 m, v_f32 a) {
    return pd_float_of_bits(m & pd_bits_of_float(a));
}
PD_INLINE v_f32 v_select_f32(v_mask_f32 m, v_f32 a, v_f32 b) { return m ? a : b; }

/* f64: memory and arithmetic, as of f32. widen loads v_lanes_f64() floats. */
PD_INLINE v_f64 v_zero_f64(void) { return 0; }
PD_INLINE v_f64 v_set1_f64(double a) { return a; }
PD_INLINE v_f64 v_widen_f64(const float *p) { return (double)*p; }
PD_INLINE v_f64 v_load_f64(const double *p) { return *p; }
PD_INLINE v_f64 v_load_part_f64(const double *p, size_t n) { return n ? *p : 0; }
PD_INLINE void v_store_f64(double *p, v_f64 a) { *p = a; }
PD_INLINE void v_store_part_f64(double *p, v_f64 a, size_t n) {
    if (n) {
        *p = a;
    }
}
PD_INLINE void v_store_masked_f64(double *p, v_mask_f64 m, v_f64 a) {
    if (m) {
        *p = a;
    }
}
PD_INLINE v_f64 v_add_f64(v_f64 a, v_f64 b) {
    PD_OPAQUE(b);
    return a + b;
}
PD_INLINE v_f64 v_mul_f64(v_f64 a, v_f64 b) { return a * b; }
PD_INLINE v_f64 v_canonical_nan_f64(v_f64 a) {
    const uint64_t infinity = UINT64_C(0x7ff) << 52;
    uint64_t bits = pd_bits_of_double(a);
    PD_OPAQUE_INT(bits);
    return (bits & ~(UINT64_C(1) << 63)) > infinity
               ? pd_double_of_bits(infinity | UINT64_C(1) << 51)
               : a;
}
PD_INLINE v_f64 v_zero_unless_f64(v_mask_f64 m, v_f64 a) {
    return pd_double_of_bits(m & pd_bits_of_double(a));
}
PD_INLINE v_f64 v_select_f64(v_mask_f64 m, v_f64 a, v_f64 b) { return m ? a : b; }

/* u16: memory, as of f32 */
PD_INLINE v_u16 v_zero_u16(void) { return 0; }
PD_INLINE v_u16 v_load_u16(const v_elem_u16 *p) { return *p; }
PD_INLINE v_u16 v_load_part_u16(const v_elem_u16 *p, size_t n) { return n ? *p : 0; }
PD_INLINE void v_store_u16(v_elem_u16 *p, v_u16 a) { *p = a; }
PD_INLINE void v_store_part_u16(v_elem_u16 *p, v_u16 a, size_t n) {
    if (n) {
        *p = a;
    }
}
PD_INLINE void v_store_masked_u16(v_elem_u16 *p, v_mask_u16 m, v_u16 a) {
    if (m) {
        *p = a;
    }
}
PD_INLINE v_u16 v_zero_unless_u16(v_mask_u16 m, v_u16 a) { return (v_u16)(m & a); }
PD_INLINE v_u16 v_select_u16(v_mask_u16 m, v_u16 a, v_u16 b) { return m ? a : b; }

/* 16-bit floats: widen to f32 exactly; narrow to nearest, ties to even (in any rounding mode,
 * except to f16 on NEON). Subnormals stay. A NaN keeps its sign and the top of its payload. To and
 * from f16 it becomes quiet. A NaN narrowed to bf16 must be quiet and have a lower half of 0, as
 * products of bf16s and results of canonical_nan do. */

/* masks: lane i of mask_bits is bit first + i of a word; first is a multiple of the lanes. */
PD_INLINE v_mask_u16 v_mask_bits_u16(uint32_t word, size_t first) {
    return (v_mask_u16)(0 - (word >> first & 1));
}
PD_INLINE v_mask_f32 v_mask_bits_f32(uint32_t word, size_t first) {
    return 0 - (word >> first & 1);
}
PD_INLINE v_mask_f64 v_mask_bits_f64(uint32_t word, size_t first) {
    return 0 - (uint64_t)(word >> first & 1);
}
PD_INLINE v_mask_u32 v_nonzero_u32(v_u32 a) { return a != 0 ? ~UINT32_C(0) : 0; }
PD_INLINE int v_any_u32(v_mask_u32 m) { return m != 0; }

/* u32. andnot is a & ~b. compress stores the lanes of m packed and returns their number; it may
 * write up to v_lanes_u32() words. */
PD_INLINE v_u32 v_set1_u32(uint32_t a) { return a; }
PD_INLINE v_u32 v_iota_u32(void) { return 0; }
PD_INLINE v_u32 v_load_u32(const uint32_t *p) { return *p; }
PD_INLINE void v_store_u32(uint32_t *p, v_u32 a) { *p = a; }
PD_INLINE v_u32 v_add_u32(v_u32 a, v_u32 b) { return a + b; }
PD_INLINE v_u32 v_shl3_u32(v_u32 a) { return a << 3; }
PD_INLINE v_u32 v_and_u32(v_u32 a, v_u32 b) { return a & b; }
PD_INLINE v_u32 v_andnot_u32(v_u32 a, v_u32 b) { return a & ~b; }
PD_INLINE size_t v_compress_u32(uint32_t *p, v_mask_u32 m, v_u32 a) {
    *p = a;
    return m & 1;
}

/* wide: Philox's words. mul gives both halves of the products; xor is a ^ b ^ k, where all lanes of
 * k are equal. */
PD_INLINE v_wide v_widen_u32(v_u32 a) { return a; }
PD_INLINE v_u32 v_narrow_u32(v_wide a) { return a; }
PD_INLINE v_product v_mul_wide(v_wide a, uint32_t k) {
    uint64_t p = (uint64_t)a * k;
    return (v_product){(uint32_t)p, (uint32_t)(p >> 32)};
}
PD_INLINE v_wide v_xor_wide(v_wide a, v_wide b, v_u32 k) { return a ^ b ^ k; }

/* normal numbers. cvt_hi24: the upper 24 bits of a word, as a number. replace_zero: b where a is 0.
 * zip_low and zip_high interleave words a and b (a0 b0 a1 b1 ...) and give one half of the result
 * each; store_zip interleaves what is computed from such halves. The result is in order if lane i
 * has the words of block zip_lane_order(i). */
PD_INLINE v_f32 v_cvt_hi24_f32(v_u32 a) { return (float)(a >> 8); }
PD_INLINE v_f32 v_sqrt_f32(v_f32 a) { return pd_sqrtf(a); }
PD_INLINE v_f32 v_replace_zero_f32(v_f32 a, v_f32 b) { return a == 0 ? b : a; }
PD_INLINE v_u32 v_zip_lane_order_u32(void) { return 0; }
PD_INLINE v_u32 v_zip_low_u32(v_wide a, v_wide b) { return (void)b, a; }
PD_INLINE v_u32 v_zip_high_u32(v_wide a, v_wide b) { return (void)a, b; }
PD_INLINE void v_store_zip_f32(float *p, v_f32 a, v_f32 b) {
    p[0] = a;
    p[1] = b;
}

/* SLEEF's name of a function. V_SLEEF: the variant with the same bits on every instruction set,
 * which needs a fused multiply-add. V_SLEEF_NO_FMA, if defined: the variant for CPUs without it. */
#define V_SLEEF(function, ulp)        Sleef_finz_##function##f1_##ulp##purecfma
#define V_SLEEF_NO_FMA(function, ulp) Sleef_cinz_##function##f1_##ulp##purec

/* defaults for the other words */
#define V_OWN_PARTS
#define V_OWN_PARTS_U16
#define V_OWN_MASKED
#include "vec_generic.h"

#endif
