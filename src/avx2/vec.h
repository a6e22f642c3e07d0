/* SPDX-License-Identifier: MIT
 *
 * The vocabulary in AVX2: 8 lanes, masks as vectors of ~0 and 0. src/scalar/vec.h gives the meaning
 * of each word. A wide is two registers, the even and the odd words, each in the low half of a
 * 64-bit lane; the high halves are junk. Multiplication takes and gives this form without a
 * shuffle:
 *
 *     even: [w0 .][w2 .][w4 .][w6 .]   times k   [low high][low high][low high][low high]
 *     odd:  [w1 .][w3 .][w5 .][w7 .]             low: unchanged; high: shifted right by 32
 */
#ifndef PD_VEC_H
#define PD_VEC_H

#include "compiler.h"

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

typedef __m256 v_f32;
typedef __m256d v_f64;
typedef __m256i v_u16;
typedef __m256i v_u32;
typedef __m256i v_mask_u16;
typedef __m256i v_mask_f32, v_mask_u32;
typedef __m256i v_mask_f64;
typedef struct v_wide {
    __m256i even, odd;
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
PD_INLINE size_t v_lanes_u16(void) { return 16; }
PD_INLINE size_t v_lanes_u32(void) { return 8; }
PD_INLINE size_t v_lanes_f32(void) { return 8; }
PD_INLINE size_t v_lanes_f64(void) { return 4; }

/* n < 4 floats, by halves and singles: masked loads are slow where they reach into a bad page */
PD_INLINE __m128 v_load_part4(const float *p, size_t n) {
    const __m128 single = n & 1 ? _mm_load_ss(p + (n & 2)) : _mm_setzero_ps();
    return n & 2 ? _mm_movelh_ps(
                       _mm_castsi128_ps(_mm_loadl_epi64((const __m128i *)(const void *)p)), single)
                 : single;
}
PD_INLINE void v_store_part4(float *p, __m128 a, size_t n) {
    if (n & 2) {
        _mm_storel_epi64((__m128i *)(void *)p, _mm_castps_si128(a));
        a = _mm_movehl_ps(a, a);
    }
    if (n & 1) {
        _mm_store_ss(p + (n & 2), a);
    }
}

/* f32: memory */
PD_INLINE v_f32 v_zero_f32(void) { return _mm256_setzero_ps(); }
PD_INLINE v_f32 v_set1_f32(float a) { return _mm256_set1_ps(a); }
PD_INLINE v_f32 v_load_f32(const float *p) { return _mm256_loadu_ps(p); }
PD_INLINE v_f32 v_load_part_f32(const float *p, size_t n) {
    const __m128 rest = v_load_part4(p + (n & 4), n & 3), zero = _mm_setzero_ps();
    return n & 4 ? _mm256_set_m128(rest, _mm_loadu_ps(p)) : _mm256_set_m128(zero, rest);
}
PD_INLINE void v_store_f32(float *p, v_f32 a) { _mm256_storeu_ps(p, a); }
PD_INLINE void v_store_part_f32(float *p, v_f32 a, size_t n) {
    __m128 rest = _mm256_castps256_ps128(a);
    if (n & 4) {
        _mm_storeu_ps(p, rest);
        rest = _mm256_extractf128_ps(a, 1);
    }
    v_store_part4(p + (n & 4), rest, n & 3);
}
PD_INLINE void v_store_masked_f32(float *p, v_mask_f32 m, v_f32 a) { _mm256_maskstore_ps(p, m, a); }
#define V_HAS_NT_STORES 1
PD_INLINE void v_store_nt_f32(float *p, v_f32 a) { _mm256_stream_ps(p, a); }
PD_INLINE void v_store_fence(void) { _mm_sfence(); }

/* f32: arithmetic */
PD_INLINE v_f32 v_add_f32(v_f32 a, v_f32 b) {
    PD_OPAQUE(b);
    return _mm256_add_ps(a, b);
}
PD_INLINE v_f32 v_mul_f32(v_f32 a, v_f32 b) { return _mm256_mul_ps(a, b); }
PD_INLINE __m256 v_is_nan_f32(v_f32 a) {
    __m256 is_nan;
    PD_IS_NAN_X86(ps, is_nan, a);
    return is_nan;
}
PD_INLINE v_f32 v_canonical_nan_f32(v_f32 a) {
    return _mm256_blendv_ps(a, _mm256_castsi256_ps(_mm256_set1_epi32(0x7fc00000)), v_is_nan_f32(a));
}
PD_INLINE v_f32 v_zero_unless_f32(v_mask_f32 m, v_f32 a) {
    return _mm256_and_ps(_mm256_castsi256_ps(m), a);
}
PD_INLINE v_f32 v_select_f32(v_mask_f32 m, v_f32 a, v_f32 b) {
    return _mm256_blendv_ps(b, a, _mm256_castsi256_ps(m));
}

/* f64: memory and arithmetic */
PD_INLINE v_f64 v_zero_f64(void) { return _mm256_setzero_pd(); }
PD_INLINE v_f64 v_set1_f64(double a) { return _mm256_set1_pd(a); }
PD_INLINE v_f64 v_widen_f64(const float *p) { return _mm256_cvtps_pd(_mm_loadu_ps(p)); }
PD_INLINE v_f64 v_load_f64(const double *p) { return _mm256_loadu_pd(p); }
PD_INLINE v_f64 v_load_part_f64(const double *p, size_t n) {
    const __m128d zero = _mm_setzero_pd(), rest = n & 1 ? _mm_load_sd(p + (n & 2)) : zero;
    return n & 2 ? _mm256_set_m128d(rest, _mm_loadu_pd(p)) : _mm256_set_m128d(zero, rest);
}
PD_INLINE void v_store_f64(double *p, v_f64 a) { _mm256_storeu_pd(p, a); }
PD_INLINE void v_store_part_f64(double *p, v_f64 a, size_t n) {
    __m128d rest = _mm256_castpd256_pd128(a);
    if (n & 2) {
        _mm_storeu_pd(p, rest);
        rest = _mm256_extractf128_pd(a, 1);
    }
    if (n & 1) {
        _mm_store_sd(p + (n & 2), rest);
    }
}
PD_INLINE void v_store_masked_f64(double *p, v_mask_f64 m, v_f64 a) {
    _mm256_maskstore_pd(p, m, a);
}
PD_INLINE void v_store_nt_f64(double *p, v_f64 a) { _mm256_stream_pd(p, a); }
PD_INLINE v_f64 v_add_f64(v_f64 a, v_f64 b) {
    PD_OPAQUE(b);
    return _mm256_add_pd(a, b);
}
PD_INLINE v_f64 v_mul_f64(v_f64 a, v_f64 b) { return _mm256_mul_pd(a, b); }
PD_INLINE __m256d v_is_nan_f64(v_f64 a) {
    __m256d is_nan;
    PD_IS_NAN_X86(pd, is_nan, a);
    return is_nan;
}
PD_INLINE v_f64 v_canonical_nan_f64(v_f64 a) {
    return _mm256_blendv_pd(a, _mm256_castsi256_pd(_mm256_set1_epi64x(INT64_C(0x7ff8) << 48)),
                            v_is_nan_f64(a));
}
PD_INLINE v_f64 v_zero_unless_f64(v_mask_f64 m, v_f64 a) {
    return _mm256_and_pd(_mm256_castsi256_pd(m), a);
}
PD_INLINE v_f64 v_select_f64(v_mask_f64 m, v_f64 a, v_f64 b) {
    return _mm256_blendv_pd(b, a, _mm256_castsi256_pd(m));
}

/* u16: memory. A part is moved as eight, four, two and one elements. */
PD_INLINE v_u16 v_zero_u16(void) { return _mm256_setzero_si256(); }
PD_INLINE v_u16 v_load_u16(const v_elem_u16 *p) {
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}
PD_INLINE v_u16 v_load_part_u16(const v_elem_u16 *p, size_t n) {
    const uint16_t *last = p + (n & 12);
    uint64_t rest = n & 1 ? last[n & 2] : 0;
    if (n & 2) {
        rest = rest << 32 | (uint64_t)last[1] << 16 | last[0];
    }
    __m128i low = _mm_cvtsi64_si128((long long)rest), high = _mm_setzero_si128();
    if (n & 4) {
        low =
            _mm_unpacklo_epi64(_mm_loadl_epi64((const __m128i *)(const void *)(p + (n & 8))), low);
    }
    if (n & 8) {
        high = low;
        low = _mm_loadu_si128((const __m128i *)(const void *)p);
    }
    return _mm256_set_m128i(high, low);
}
PD_INLINE void v_store_u16(v_elem_u16 *p, v_u16 a) { _mm256_storeu_si256((__m256i *)(void *)p, a); }
PD_INLINE void v_store_part_u16(v_elem_u16 *p, v_u16 a, size_t n) {
    __m128i rest = _mm256_castsi256_si128(a);
    if (n & 8) {
        _mm_storeu_si128((__m128i *)(void *)p, rest);
        rest = _mm256_extracti128_si256(a, 1);
        p += 8;
    }
    if (n & 4) {
        _mm_storel_epi64((__m128i *)(void *)p, rest);
        rest = _mm_unpackhi_epi64(rest, rest);
        p += 4;
    }
    uint64_t last = (uint64_t)_mm_cvtsi128_si64(rest);
    for (size_t i = 0; i < (n & 3); i++, last >>= 16) {
        p[i] = (uint16_t)last;
    }
}
PD_INLINE void v_store_masked_u16(v_elem_u16 *p, v_mask_u16 m, v_u16 a) {
    uint16_t lane[16];
    v_store_u16(lane, a);
    for (unsigned bits = (unsigned)_mm256_movemask_epi8(m) & 0x55555555; bits != 0;
         bits &= bits - 1) {
        p[pd_ctz32(bits) / 2] = lane[pd_ctz32(bits) / 2];
    }
}
PD_INLINE void v_store_nt_u16(v_elem_u16 *p, v_u16 a) {
    _mm256_stream_si256((__m256i *)(void *)p, a);
}
PD_INLINE v_u16 v_zero_unless_u16(v_mask_u16 m, v_u16 a) { return _mm256_and_si256(m, a); }
PD_INLINE v_u16 v_select_u16(v_mask_u16 m, v_u16 a, v_u16 b) { return _mm256_blendv_epi8(b, a, m); }

/* 16-bit floats. bf16: a the even, b the odd elements. f16: a the lower, b the upper half. */
PD_INLINE __m256i v_round_bf16(v_f32 a) {
    const __m256i bits = _mm256_castps_si256(a),
                  odd = _mm256_and_si256(_mm256_srli_epi32(bits, 16), _mm256_set1_epi32(1));
    return _mm256_add_epi32(bits, _mm256_add_epi32(odd, _mm256_set1_epi32(0x7fff)));
}
PD_INLINE v_pair v_widen_bf16(v_u16 a) {
    return (v_pair){_mm256_castsi256_ps(_mm256_slli_epi32(a, 16)),
                    _mm256_castsi256_ps(_mm256_blend_epi16(_mm256_setzero_si256(), a, 0xaa))};
}
PD_INLINE v_u16 v_narrow_bf16(v_pair a) {
    return _mm256_blend_epi16(_mm256_srli_epi32(v_round_bf16(a.a), 16), v_round_bf16(a.b), 0xaa);
}
PD_INLINE v_pair v_widen_f16(v_u16 a) {
    return (v_pair){_mm256_cvtph_ps(_mm256_castsi256_si128(a)),
                    _mm256_cvtph_ps(_mm256_extracti128_si256(a, 1))};
}
PD_INLINE v_u16 v_narrow_f16(v_pair a) {
    return _mm256_set_m128i(_mm256_cvtps_ph(a.b, _MM_FROUND_TO_NEAREST_INT),
                            _mm256_cvtps_ph(a.a, _MM_FROUND_TO_NEAREST_INT));
}

/* pairs */
PD_INLINE v_f32 v_order64(v_f32 a) { /* 0 2 8 10 | 4 6 12 14 to 0 2 4 6 | 8 10 12 14 */
    return _mm256_castpd_ps(_mm256_permute4x64_pd(_mm256_castps_pd(a), _MM_SHUFFLE(3, 1, 2, 0)));
}
PD_INLINE v_pair v_pair_bf16(v_f32 first, v_f32 second) {
    return (v_pair){v_order64(_mm256_shuffle_ps(first, second, _MM_SHUFFLE(2, 0, 2, 0))),
                    v_order64(_mm256_shuffle_ps(first, second, _MM_SHUFFLE(3, 1, 3, 1)))};
}

/* masks */
PD_INLINE v_mask_u16 v_mask_bits_u16(uint32_t word, size_t first) {
    const __m256i bit = _mm256_setr_epi16(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048, 4096,
                                          8192, 16384, INT16_MIN);
    const __m256i bits = _mm256_set1_epi16((short)(word >> first & 0xffff));
    return _mm256_cmpeq_epi16(_mm256_and_si256(bits, bit), bit);
}
PD_INLINE v_mask_f32 v_mask_bits_f32(uint32_t word, size_t first) {
    const __m256i bit =
        _mm256_slli_epi32(_mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128), (int)first);
    return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32((int)word), bit), bit);
}
PD_INLINE v_mask_f64 v_mask_bits_f64(uint32_t word, size_t first) {
    const __m256i bit = _mm256_slli_epi64(_mm256_setr_epi64x(1, 2, 4, 8), (int)first);
    return _mm256_cmpeq_epi64(_mm256_and_si256(_mm256_set1_epi64x(word), bit), bit);
}
PD_INLINE v_mask_u32 v_nonzero_u32(v_u32 a) {
    return _mm256_xor_si256(_mm256_cmpeq_epi32(a, _mm256_setzero_si256()), _mm256_set1_epi32(-1));
}
PD_INLINE int v_any_u32(v_mask_u32 m) { return !_mm256_testz_si256(m, m); }

/* u32 */
PD_INLINE v_u32 v_set1_u32(uint32_t a) { return _mm256_set1_epi32((int)a); }
PD_INLINE v_u32 v_iota_u32(void) { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }
PD_INLINE v_u32 v_load_u32(const uint32_t *p) {
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}
PD_INLINE void v_store_u32(uint32_t *p, v_u32 a) { _mm256_storeu_si256((__m256i *)(void *)p, a); }
PD_INLINE v_u32 v_add_u32(v_u32 a, v_u32 b) { return _mm256_add_epi32(a, b); }
PD_INLINE v_u32 v_shl3_u32(v_u32 a) { return _mm256_slli_epi32(a, 3); }
PD_INLINE v_u32 v_and_u32(v_u32 a, v_u32 b) { return _mm256_and_si256(a, b); }
PD_INLINE v_u32 v_andnot_u32(v_u32 a, v_u32 b) { return _mm256_andnot_si256(b, a); }
PD_INLINE size_t v_compress_u32(uint32_t *p, v_mask_u32 m, v_u32 a) {
    uint32_t lane[8];
    size_t n = 0;
    v_store_u32(lane, a);
    for (unsigned bits = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(m)); bits != 0;
         bits &= bits - 1) {
        p[n++] = lane[pd_ctz32(bits)];
    }
    return n;
}

/* wide */
PD_INLINE v_wide v_widen_u32(v_u32 a) { return (v_wide){a, _mm256_srli_epi64(a, 32)}; }
PD_INLINE v_u32 v_narrow_u32(v_wide a) {
    return _mm256_blend_epi32(a.even, _mm256_slli_epi64(a.odd, 32), 0xaa);
}
PD_INLINE v_product v_mul_wide(v_wide a, uint32_t k) {
    const __m256i m = _mm256_set1_epi64x(k), even = _mm256_mul_epu32(a.even, m),
                  odd = _mm256_mul_epu32(a.odd, m);
    return (v_product){{even, odd}, {_mm256_srli_epi64(even, 32), _mm256_srli_epi64(odd, 32)}};
}
PD_INLINE v_wide v_xor_wide(v_wide a, v_wide b, v_u32 k) {
    return (v_wide){_mm256_xor_si256(a.even, _mm256_xor_si256(b.even, k)),
                    _mm256_xor_si256(a.odd, _mm256_xor_si256(b.odd, k))};
}

/* normal numbers */
PD_INLINE v_f32 v_cvt_hi24_f32(v_u32 a) { return _mm256_cvtepi32_ps(_mm256_srli_epi32(a, 8)); }
PD_INLINE v_f32 v_sqrt_f32(v_f32 a) { return _mm256_sqrt_ps(a); }
PD_INLINE v_f32 v_replace_zero_f32(v_f32 a, v_f32 b) {
    return _mm256_blendv_ps(a, b, _mm256_cmp_ps(a, _mm256_setzero_ps(), _CMP_EQ_OQ));
}
PD_INLINE v_u32 v_zip_lane_order_u32(void) { return _mm256_setr_epi32(0, 4, 2, 6, 1, 5, 3, 7); }
PD_INLINE v_u32 v_zip_low_u32(v_wide a, v_wide b) {
    return _mm256_blend_epi32(a.even, _mm256_slli_epi64(b.even, 32), 0xaa);
}
PD_INLINE v_u32 v_zip_high_u32(v_wide a, v_wide b) {
    return _mm256_blend_epi32(a.odd, _mm256_slli_epi64(b.odd, 32), 0xaa);
}
PD_INLINE void v_store_zip_f32(float *p, v_f32 a, v_f32 b) {
    _mm256_storeu_ps(p, _mm256_unpacklo_ps(a, b)); /* a0 b0 a1 b1 | a4 b4 a5 b5 */
    _mm256_storeu_ps(p + 8, _mm256_unpackhi_ps(a, b));
}

/* SLEEF's name of a function, in the variant with the same bits on every instruction set */
#define V_SLEEF(function, ulp) Sleef_finz_##function##f8_##ulp##avx2

/* defaults for the other words */
#define V_OWN_PARTS
#define V_OWN_PARTS_U16
#define V_OWN_MASKED
#define V_OWN_NT
#define V_OWN_BF16
#define V_OWN_F16
#define V_OWN_PAIR_BF16
#include "vec_generic.h"

#endif
