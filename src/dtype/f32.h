/* SPDX-License-Identifier: MIT
 *
 * f32 elements: stored as they are computed. A dtype file gives the kernels an element type and the
 * six ways in which elements become compute lanes and back; PD_NAME makes the names of one dtype.
 */
#undef PD_ELEM
#undef PD_NAME
#define PD_ELEM       float
#define PD_NAME(word) word##_f32

static inline v_f32 load_f32(const float *p) { return v_load_f32(p); }
static inline v_f32 load_part_f32(const float *p, size_t n) { return v_load_part_f32(p, n); }
static inline void store_f32(float *p, v_f32 v) { v_store_f32(p, v); }
static inline void store_part_f32(float *p, v_f32 v, size_t n) { v_store_part_f32(p, v, n); }
static inline void store_masked_f32(float *p, v_mask m, v_f32 v) { v_store_masked_f32(p, m, v); }
static inline void stream_f32(float *p, v_f32 v) { v_stream_f32(p, v); }
