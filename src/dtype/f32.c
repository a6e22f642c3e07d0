/* SPDX-License-Identifier: MIT
 *
 * f32 elements. Each file of this folder is compiled once for each instruction set. It defines the
 * element (ELEM), the lanes of its vectors (LANE), and the arithmetic of the compute type: WIDE is
 * a vector of elements in that type, widen and narrow convert, factors are WIDE. mul_where and
 * add_where compute in the lanes of a mask; in the others they compute nothing and give +0 (product
 * must be +0 there). Kernels widen only what they compute with.
 */
#include "vec.h"

#define PD_TYPE f32
#define ELEM    float
#define LANE    f32

typedef v_f32 WIDE;

PD_INLINE WIDE widen(v_f32 a) { return a; }
PD_INLINE v_f32 narrow(WIDE a) { return a; }
PD_INLINE WIDE splat(double a) { return v_set1_f32((float)a); }
PD_INLINE WIDE mul(WIDE a, WIDE b) { return v_mul_f32(a, b); }
PD_INLINE WIDE add(WIDE a, WIDE product) { return v_add_f32(a, product); }
PD_INLINE WIDE mul_where(v_mask_f32 m, v_f32 a, WIDE b) { return v_mul_where_f32(m, a, b); }
PD_INLINE WIDE add_where(v_mask_f32 m, v_f32 a, WIDE product) {
    return v_add_where_f32(m, a, product);
}
PD_INLINE WIDE canonical_nan(WIDE a) { return v_canonical_nan_f32(a); }
PD_INLINE WIDE load_factors(const float *p) { return v_load_f32(p); }
PD_INLINE WIDE load_factors_part(const float *p, size_t n) { return v_load_part_f32(p, n); }

#include "kernel/instances.inl"
