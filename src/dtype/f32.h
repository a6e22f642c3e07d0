/* SPDX-License-Identifier: MIT
 *
 * f32 elements. A dtype file gives the kernels a name, an element, the vectors it lies in and what
 * multiplies one; the factor that all lanes share, and those of their own that lie in memory; and
 * what is computed with them: scaling, the same where a product may be a new NaN (Inf * 0), and
 * accumulating. Elements that are only copied are moved as they are.
 */
#undef PD_TYPE
#undef PD_ELEM
#undef PD_LANE
#undef PD_FACTOR
#define PD_TYPE   f32
#define PD_ELEM   float
#define PD_LANE   f32
#define PD_FACTOR v_f32

static inline v_f32 factor_f32(double scale) { return v_set1_f32((float)scale); }
static inline v_f32 factors_f32(const float *p) { return v_load_f32(p); }
static inline v_f32 scale_f32(v_f32 x, v_f32 s) { return v_mul_f32(x, s); }
static inline v_f32 weigh_f32(v_f32 x, v_f32 s) { return v_new_nan_f32(v_mul_f32(x, s), x); }
static inline v_f32 accumulate_f32(v_f32 y, v_f32 x, v_f32 s) {
    return v_one_nan_f32(v_add_f32(y, v_mul_f32(x, s)));
}
