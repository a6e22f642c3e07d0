/* SPDX-License-Identifier: MIT
 *
 * f16 elements (IEEE binary16); computed in f32, rounded once at the end.
 */
#include "vec.h"

#define PD_TYPE f16
#define ELEM    v_elem_u16
#define LANE    u16

#include "dtype/pair.inl"

static inline WIDE widen(v_u16 a) { return v_widen_f16(a); }
static inline v_u16 narrow(WIDE a) { return v_narrow_f16(a); }
static inline WIDE mul_where(v_mask_u16 m, v_u16 a, WIDE b) {
    return mul(widen(v_zero_unless_u16(m, a)), b);
}
static inline WIDE add_where(v_mask_u16 m, v_u16 a, WIDE product) {
    return add(widen(v_zero_unless_u16(m, a)), product);
}
static inline WIDE load_factors(const float *p) {
    return v_pair_f16(v_load_f32(p), v_load_f32(p + v_lanes_f32()));
}
static inline WIDE load_factors_part(const float *p, size_t n) {
    v_f32 first, second;
    load_factors_halves(p, n, &first, &second);
    return v_pair_f16(first, second);
}

#include "kernel/elements.inl"
