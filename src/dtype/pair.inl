/* SPDX-License-Identifier: MIT
 *
 * Arithmetic of 16-bit elements: in f32, in a pair of vectors. The words that widen and narrow
 * decide which element is where in the pair.
 */
#define HALF(word) PD_PASTE(v_##word##_, PD_TYPE)
#define ELEM       v_elem_u16
#define LANE       u16

typedef v_pair WIDE;

PD_INLINE WIDE widen(v_u16 a) { return HALF(widen)(a); }
PD_INLINE v_u16 narrow(WIDE a) { return HALF(narrow)(a); }

PD_INLINE WIDE splat(double a) {
    const v_f32 s = v_set1_f32((float)a);
    return (v_pair){s, s};
}
PD_INLINE WIDE mul(WIDE a, WIDE b) { return (v_pair){v_mul_f32(a.a, b.a), v_mul_f32(a.b, b.b)}; }
PD_INLINE WIDE add(WIDE a, WIDE product) {
    return (v_pair){v_add_f32(a.a, product.a), v_add_f32(a.b, product.b)};
}
PD_INLINE WIDE canonical_nan(WIDE a) {
    return (v_pair){v_canonical_nan_f32(a.a), v_canonical_nan_f32(a.b)};
}

PD_INLINE WIDE mul_where(v_mask_u16 m, v_u16 a, WIDE b) {
    return mul(widen(v_zero_unless_u16(m, a)), b);
}
PD_INLINE WIDE add_where(v_mask_u16 m, v_u16 a, WIDE product) {
    return add(widen(v_zero_unless_u16(m, a)), product);
}
PD_INLINE WIDE load_factors(const float *p) {
    const size_t lanes = v_lanes_f32(); /* with one lane of 16 bits the second vector is not used */
    return HALF(pair)(v_load_f32(p), v_lanes_u16() > lanes ? v_load_f32(p + lanes) : v_set1_f32(0));
}
PD_INLINE WIDE load_factors_part(const float *p, size_t n) {
    const size_t lanes = v_lanes_f32();
    const v_f32 first = n < lanes ? v_load_part_f32(p, n) : v_load_f32(p);
    return HALF(pair)(first, n <= lanes ? v_set1_f32(0) : v_load_part_f32(p + lanes, n - lanes));
}
