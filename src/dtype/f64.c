/* SPDX-License-Identifier: MIT
 *
 * f64 elements.
 */
#include "vec.h"

#define PD_TYPE f64
#define ELEM    double
#define LANE    f64

typedef v_f64 WIDE;

PD_INLINE WIDE widen(v_f64 a) { return a; }
PD_INLINE v_f64 narrow(WIDE a) { return a; }
PD_INLINE WIDE splat(double a) { return v_set1_f64(a); }
PD_INLINE WIDE mul(WIDE a, WIDE b) { return v_mul_f64(a, b); }
PD_INLINE WIDE add(WIDE a, WIDE product) { return v_add_f64(a, product); }
PD_INLINE WIDE mul_where(v_mask_f64 m, v_f64 a, WIDE b) { return v_mul_where_f64(m, a, b); }
PD_INLINE WIDE add_where(v_mask_f64 m, v_f64 a, WIDE product) {
    return v_add_where_f64(m, a, product);
}
PD_INLINE WIDE canonical_nan(WIDE a) { return v_canonical_nan_f64(a); }
PD_INLINE WIDE load_factors(const float *p) { return v_widen_f64(p); }
PD_INLINE WIDE load_factors_part(const float *p, size_t n) {
    float factor[V_MAX_LANES] = {0};
    for (size_t i = 0; i < n; i++) {
        factor[i] = p[i];
    }
    return v_widen_f64(factor);
}

#include "kernel/instances.inl"
