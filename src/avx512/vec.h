/* SPDX-License-Identifier: MIT
 *
 * The vocabulary in AVX-512 (F, BW, DQ, VL): 16 lanes, masks in k registers. src/scalar/vec.h gives
 * the meaning of each word. A wide is two registers, the even and the odd words, each in the low
 * half of a 64-bit lane; the high halves are junk. Multiplication takes and gives this form without
 * a shuffle:
 *
 *     even: [w0 .][w2 .][w4 .] ...   times k   [low high][low high][low high] ...
 *     odd:  [w1 .][w3 .][w5 .] ...             low: unchanged; high: shifted right by 32
 */
#ifndef PD_VEC_H
#define PD_VEC_H

#include "compiler.h"

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

typedef __m512 v_f32;
typedef __m512d v_f64;
typedef __m512i v_u16;
typedef __m512i v_u32;
typedef __mmask32 v_mask_u16;
typedef __mmask16 v_mask_f32, v_mask_u32;
typedef __mmask8 v_mask_f64;
typedef struct v_wide {
    __m512i even, odd;
} v_wide;
typedef struct v_pair {
    v_f32 a, b;
} v_pair;
typedef struct v_product {
    v_wide low, high;
} v_product;

/* 16-bit elements in memory: a host may have declared them as its own 16-bit float type. */
typedef uint16_t PD_MAY_ALIAS v_elem_u16;

/* lanes of a vector */
PD_INLINE size_t v_lanes_u16(void) { return 32; }
PD_INLINE size_t v_lanes_u32(void) { return 16; }
PD_INLINE size_t v_lanes_f32(void) { return 16; }
PD_INLINE size_t v_lanes_f64(void) { return 8; }

/* the first n lanes */
PD_INLINE uint32_t v_first_n(size_t n) { return (UINT32_C(1) << n) - 1; }

/* f32: memory */
PD_INLINE v_f32 v_zero_f32(void) { return _mm512_setzero_ps(); }
PD_INLINE v_f32 v_set1_f32(float a) { return _mm512_set1_ps(a); }
PD_INLINE v_f32 v_load_f32(const float *p) { return _mm512_loadu_ps(p); }
PD_INLINE v_f32 v_load_part_f32(const float *p, size_t n) {
    return _mm512_maskz_loadu_ps((v_mask_f32)v_first_n(n), p);
}
PD_INLINE void v_store_f32(float *p, v_f32 a) { _mm512_storeu_ps(p, a); }
PD_INLINE void v_store_part_f32(float *p, v_f32 a, size_t n) {
    _mm512_mask_storeu_ps(p, (v_mask_f32)v_first_n(n), a);
}
PD_INLINE void v_store_masked_f32(float *p, v_mask_f32 m, v_f32 a) {
    _mm512_mask_storeu_ps(p, m, a);
}
#define V_HAS_NT_STORES 1
PD_INLINE void v_store_nt_f32(float *p, v_f32 a) { _mm512_stream_ps(p, a); }
PD_INLINE void v_store_fence(void) { _mm_sfence(); }

/* f32: arithmetic */
PD_INLINE v_f32 v_add_f32(v_f32 a, v_f32 b) {
    PD_OPAQUE(b);
    return _mm512_add_ps(a, b);
}
PD_INLINE v_f32 v_mul_f32(v_f32 a, v_f32 b) { return _mm512_mul_ps(a, b); }
PD_INLINE v_f32 v_mul_where_f32(v_mask_f32 m, v_f32 a, v_f32 b) {
    PD_OPAQUE(a); /* loads whole vectors: a masked load that misses the caches is slow */
    return _mm512_maskz_mul_ps(m, a, b);
}
PD_INLINE v_f32 v_add_where_f32(v_mask_f32 m, v_f32 a, v_f32 b) {
    PD_OPAQUE(a);
    PD_OPAQUE(b);
    return _mm512_maskz_add_ps(m, a, b);
}
PD_INLINE v_f32 v_canonical_nan_f32(v_f32 a) {
    return _mm512_mask_mov_ps(a, _mm512_fpclass_ps_mask(a, 0x81), /* a quiet or signalling NaN */
                              _mm512_castsi512_ps(_mm512_set1_epi32(0x7fc00000)));
}
PD_INLINE v_f32 v_zero_unless_f32(v_mask_f32 m, v_f32 a) {
    PD_OPAQUE(a);
    return _mm512_maskz_mov_ps(m, a);
}
PD_INLINE v_f32 v_select_f32(v_mask_f32 m, v_f32 a, v_f32 b) { return _mm512_mask_mov_ps(b, m, a); }

/* f64: memory and arithmetic */
PD_INLINE v_f64 v_zero_f64(void) { return _mm512_setzero_pd(); }
PD_INLINE v_f64 v_set1_f64(double a) { return _mm512_set1_pd(a); }
PD_INLINE v_f64 v_widen_f64(const float *p) { return _mm512_cvtps_pd(_mm256_loadu_ps(p)); }
PD_INLINE v_f64 v_load_f64(const double *p) { return _mm512_loadu_pd(p); }
PD_INLINE v_f64 v_load_part_f64(const double *p, size_t n) {
    return _mm512_maskz_loadu_pd((v_mask_f64)v_first_n(n), p);
}
PD_INLINE void v_store_f64(double *p, v_f64 a) { _mm512_storeu_pd(p, a); }
PD_INLINE void v_store_part_f64(double *p, v_f64 a, size_t n) {
    _mm512_mask_storeu_pd(p, (v_mask_f64)v_first_n(n), a);
}
PD_INLINE void v_store_masked_f64(double *p, v_mask_f64 m, v_f64 a) {
    _mm512_mask_storeu_pd(p, m, a);
}
PD_INLINE void v_store_nt_f64(double *p, v_f64 a) { _mm512_stream_pd(p, a); }
PD_INLINE v_f64 v_add_f64(v_f64 a, v_f64 b) {
    PD_OPAQUE(b);
    return _mm512_add_pd(a, b);
}
PD_INLINE v_f64 v_mul_f64(v_f64 a, v_f64 b) { return _mm512_mul_pd(a, b); }
PD_INLINE v_f64 v_mul_where_f64(v_mask_f64 m, v_f64 a, v_f64 b) {
    PD_OPAQUE(a); /* loads whole vectors: a masked load that misses the caches is slow */
    return _mm512_maskz_mul_pd(m, a, b);
}
PD_INLINE v_f64 v_add_where_f64(v_mask_f64 m, v_f64 a, v_f64 b) {
    PD_OPAQUE(a);
    PD_OPAQUE(b);
    return _mm512_maskz_add_pd(m, a, b);
}
PD_INLINE v_f64 v_canonical_nan_f64(v_f64 a) {
    return _mm512_mask_mov_pd(a, _mm512_fpclass_pd_mask(a, 0x81),
                              _mm512_castsi512_pd(_mm512_set1_epi64(INT64_C(0x7ff8) << 48)));
}
PD_INLINE v_f64 v_zero_unless_f64(v_mask_f64 m, v_f64 a) {
    PD_OPAQUE(a);
    return _mm512_maskz_mov_pd(m, a);
}
PD_INLINE v_f64 v_select_f64(v_mask_f64 m, v_f64 a, v_f64 b) { return _mm512_mask_mov_pd(b, m, a); }

/* u16: memory */
PD_INLINE v_u16 v_zero_u16(void) { return _mm512_setzero_si512(); }
PD_INLINE v_u16 v_load_u16(const v_elem_u16 *p) { return _mm512_loadu_si512(p); }
PD_INLINE v_u16 v_load_part_u16(const v_elem_u16 *p, size_t n) {
    return _mm512_maskz_loadu_epi16(v_first_n(n), p);
}
PD_INLINE void v_store_u16(v_elem_u16 *p, v_u16 a) { _mm512_storeu_si512(p, a); }
PD_INLINE void v_store_part_u16(v_elem_u16 *p, v_u16 a, size_t n) {
    _mm512_mask_storeu_epi16(p, v_first_n(n), a);
}
PD_INLINE void v_store_masked_u16(v_elem_u16 *p, v_mask_u16 m, v_u16 a) {
    _mm512_mask_storeu_epi16(p, m, a);
}
PD_INLINE void v_store_nt_u16(v_elem_u16 *p, v_u16 a) {
    _mm512_stream_si512((__m512i *)(void *)p, a);
}
PD_INLINE v_u16 v_zero_unless_u16(v_mask_u16 m, v_u16 a) {
    PD_OPAQUE(a);
    return _mm512_maskz_mov_epi16(m, a);
}
PD_INLINE v_u16 v_select_u16(v_mask_u16 m, v_u16 a, v_u16 b) {
    return _mm512_mask_mov_epi16(b, m, a);
}

/* 16-bit floats. bf16: a the even, b the odd elements. f16: a the lower, b the upper half. */
PD_INLINE __m512i v_round_bf16(v_f32 a) {
    const __m512i bits = _mm512_castps_si512(a);
    const __mmask16 odd = _mm512_test_epi32_mask(bits, _mm512_set1_epi32(0x10000));
    return _mm512_add_epi32(
        bits, _mm512_mask_blend_epi32(odd, _mm512_set1_epi32(0x7fff), _mm512_set1_epi32(0x8000)));
}
PD_INLINE v_pair v_widen_bf16(v_u16 a) {
    return (v_pair){_mm512_castsi512_ps(_mm512_slli_epi32(a, 16)),
                    _mm512_castsi512_ps(_mm512_maskz_mov_epi16(0xaaaaaaaa, a))};
}
PD_INLINE v_u16 v_narrow_bf16(v_pair a) {
    return _mm512_mask_mov_epi16(_mm512_srli_epi32(v_round_bf16(a.a), 16), 0xaaaaaaaa,
                                 v_round_bf16(a.b));
}
PD_INLINE v_pair v_widen_f16(v_u16 a) {
    return (v_pair){_mm512_cvtph_ps(_mm512_castsi512_si256(a)),
                    _mm512_cvtph_ps(_mm512_extracti64x4_epi64(a, 1))};
}
PD_INLINE v_u16 v_narrow_f16(v_pair a) {
    const __m256i low = _mm512_cvtps_ph(a.a, _MM_FROUND_TO_NEAREST_INT),
                  high = _mm512_cvtps_ph(a.b, _MM_FROUND_TO_NEAREST_INT);
    return _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
}

/* pairs */
PD_INLINE v_pair v_pair_bf16(v_f32 first, v_f32 second) {
    const __m512i even =
        _mm512_setr_epi32(0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30);
    return (v_pair){
        _mm512_permutex2var_ps(first, even, second),
        _mm512_permutex2var_ps(first, _mm512_add_epi32(even, _mm512_set1_epi32(1)), second)};
}

/* masks */
PD_INLINE v_mask_u16 v_mask_bits_u16(uint32_t word, size_t first) { return word >> first; }
PD_INLINE v_mask_f32 v_mask_bits_f32(uint32_t word, size_t first) {
    return (v_mask_f32)(word >> first);
}
PD_INLINE v_mask_f64 v_mask_bits_f64(uint32_t word, size_t first) {
    return (v_mask_f64)(word >> first);
}
PD_INLINE v_mask_u32 v_nonzero_u32(v_u32 a) { return _mm512_test_epi32_mask(a, a); }
PD_INLINE int v_any_u32(v_mask_u32 m) { return m != 0; }

/* u32 */
PD_INLINE v_u32 v_set1_u32(uint32_t a) { return _mm512_set1_epi32((int)a); }
PD_INLINE v_u32 v_iota_u32(void) {
    return _mm512_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}
PD_INLINE v_u32 v_load_u32(const uint32_t *p) { return _mm512_loadu_si512(p); }
PD_INLINE void v_store_u32(uint32_t *p, v_u32 a) { _mm512_storeu_si512(p, a); }
PD_INLINE v_u32 v_add_u32(v_u32 a, v_u32 b) { return _mm512_add_epi32(a, b); }
PD_INLINE v_u32 v_shl3_u32(v_u32 a) { return _mm512_slli_epi32(a, 3); }
PD_INLINE v_u32 v_and_u32(v_u32 a, v_u32 b) { return _mm512_and_si512(a, b); }
PD_INLINE v_u32 v_andnot_u32(v_u32 a, v_u32 b) { return _mm512_andnot_si512(b, a); }
PD_INLINE size_t v_compress_u32(uint32_t *p, v_mask_u32 m, v_u32 a) {
    _mm512_storeu_si512(p, _mm512_maskz_compress_epi32(m, a));
    return (size_t)pd_popcount32(m);
}

/* the generator */
PD_INLINE int v_outline_rng(void) { return 1; }

/* wide */
PD_INLINE v_wide v_widen_u32(v_u32 a) { return (v_wide){a, _mm512_srli_epi64(a, 32)}; }
PD_INLINE v_u32 v_narrow_u32(v_wide a) {
    return _mm512_mask_shuffle_epi32(a.even, 0xaaaa, a.odd, _MM_PERM_CCAA);
}
PD_INLINE v_product v_mul_wide(v_wide a, uint32_t k) {
    const __m512i m = _mm512_set1_epi64(k), even = _mm512_mul_epu32(a.even, m),
                  odd = _mm512_mul_epu32(a.odd, m);
    return (v_product){{even, odd}, {_mm512_srli_epi64(even, 32), _mm512_srli_epi64(odd, 32)}};
}
PD_INLINE v_wide v_xor_wide(v_wide a, v_wide b, v_u32 k) {
    return (v_wide){_mm512_ternarylogic_epi64(a.even, b.even, k, 0x96),
                    _mm512_ternarylogic_epi64(a.odd, b.odd, k, 0x96)};
}

/* normal numbers */
PD_INLINE v_f32 v_cvt_hi24_f32(v_u32 a) { return _mm512_cvtepi32_ps(_mm512_srli_epi32(a, 8)); }
PD_INLINE v_f32 v_sqrt_f32(v_f32 a) { return _mm512_sqrt_ps(a); }
PD_INLINE v_f32 v_replace_zero_f32(v_f32 a, v_f32 b) {
    return _mm512_mask_mov_ps(a, _mm512_cmp_ps_mask(a, _mm512_setzero_ps(), _CMP_EQ_OQ), b);
}
PD_INLINE v_u32 v_zip_lane_order_u32(void) {
    return _mm512_setr_epi32(0, 8, 4, 12, 1, 9, 5, 13, 2, 10, 6, 14, 3, 11, 7, 15);
}
PD_INLINE v_u32 v_zip_low_u32(v_wide a, v_wide b) {
    return _mm512_mask_shuffle_epi32(a.even, 0xaaaa, b.even, _MM_PERM_CCAA);
}
PD_INLINE v_u32 v_zip_high_u32(v_wide a, v_wide b) {
    return _mm512_mask_shuffle_epi32(a.odd, 0xaaaa, b.odd, _MM_PERM_CCAA);
}
PD_INLINE void v_store_zip_f32(float *p, v_f32 a, v_f32 b) {
    _mm512_storeu_ps(p, _mm512_unpacklo_ps(a, b)); /* a0 b0 a1 b1 | a4 b4 a5 b5 | ... */
    _mm512_storeu_ps(p + 16, _mm512_unpackhi_ps(a, b));
}

/* SLEEF's name of a function, in the variant with the same bits on every instruction set */
#define V_SLEEF(function, ulp) Sleef_finz_##function##f16_##ulp##avx512f

/* defaults for the other words */
#define V_OWN_PARTS
#define V_OWN_PARTS_U16
#define V_OWN_MASKED
#define V_OWN_NT
#define V_OWN_WHERE
#define V_OWN_BF16
#define V_OWN_F16
#define V_OWN_PAIR_BF16
#define V_OWN_OUTLINE_RNG
#include "vec_generic.h"

#endif
