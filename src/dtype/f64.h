/* SPDX-License-Identifier: MIT
 *
 * f64 elements.
 */
#undef PD_TYPE
#undef PD_ELEM
#undef PD_LANE
#undef PD_FACTOR
#define PD_TYPE   f64
#define PD_ELEM   double
#define PD_LANE   f64
#define PD_FACTOR v_f64

static inline v_f64 factor_f64(double scale) { return v_set1_f64(scale); }
static inline v_f64 factors_f64(const float *p) { return v_widen_f64(p); }
static inline v_f64 scale_f64(v_f64 x, v_f64 s) { return v_mul_f64(x, s); }
static inline v_f64 weigh_f64(v_f64 x, v_f64 s) { return v_new_nan_f64(v_mul_f64(x, s), x); }
static inline v_f64 accumulate_f64(v_f64 y, v_f64 x, v_f64 s) {
    return v_one_nan_f64(v_add_f64(y, v_mul_f64(x, s)));
}
