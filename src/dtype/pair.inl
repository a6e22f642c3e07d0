/* SPDX-License-Identifier: MIT
 *
 * Arithmetic of 16-bit elements: in f32, in a pair of vectors. Which element is where in the pair
 * is the business of the words that widen and narrow.
 */
typedef v_pair WIDE;

static inline WIDE splat(double a) {
    const v_f32 s = v_set1_f32((float)a);
    return (v_pair){s, s};
}
static inline WIDE mul(WIDE a, WIDE b) {
    return (v_pair){v_mul_f32(a.a, b.a), v_mul_f32(a.b, b.b)};
}
static inline WIDE add(WIDE a, WIDE product) {
    return (v_pair){v_add_f32(a.a, product.a), v_add_f32(a.b, product.b)};
}
static inline WIDE canonical_nan(WIDE a) {
    return (v_pair){v_canonical_nan_f32(a.a), v_canonical_nan_f32(a.b)};
}

/* n factors as two vectors; those behind are 0. */
static inline void load_factors_halves(const float *p, size_t n, v_f32 *first, v_f32 *second) {
    const size_t lanes = v_lanes_f32();
    *first = n < lanes ? v_load_part_f32(p, n) : v_load_f32(p);
    *second = n <= lanes ? v_set1_f32(0) : v_load_part_f32(p + lanes, n - lanes);
}
