/* SPDX-License-Identifier: MIT
 *
 * f16 elements (IEEE binary16); computed in f32, one rounding to the nearest at the end.
 */
#undef PD_TYPE
#undef PD_ELEM
#undef PD_LANE
#undef PD_FACTOR
#define PD_TYPE   f16
#define PD_ELEM   uint16_t
#define PD_LANE   u16
#define PD_FACTOR v_pair

static inline v_pair factor_f16(double scale) {
    const v_f32 s = v_set1_f32((float)scale);
    return (v_pair){s, s};
}
static inline v_pair factors_f16(const float *p) {
    return v_pair_f16(v_load_f32(p), v_load_f32(p + v_lanes_f32()));
}
static inline v_u16 scale_f16(v_u16 x, v_pair s) {
    const v_pair a = v_widen_f16(x);
    return v_narrow_f16((v_pair){v_mul_f32(a.p, s.p), v_mul_f32(a.q, s.q)});
}
static inline v_u16 weigh_f16(v_u16 x, v_pair s) {
    const v_pair a = v_widen_f16(x);
    return v_narrow_f16(
        (v_pair){v_new_nan_f32(v_mul_f32(a.p, s.p), a.p), v_new_nan_f32(v_mul_f32(a.q, s.q), a.q)});
}
static inline v_u16 accumulate_f16(v_u16 y, v_u16 x, v_pair s) {
    const v_pair a = v_widen_f16(x), b = v_widen_f16(y);
    return v_narrow_f16((v_pair){v_one_nan_f32(v_add_f32(b.p, v_mul_f32(a.p, s.p))),
                                 v_one_nan_f32(v_add_f32(b.q, v_mul_f32(a.q, s.q)))});
}
