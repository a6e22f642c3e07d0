/* SPDX-License-Identifier: MIT
 *
 * The vocabulary in AVX2: 8 lanes, masks as vectors of ~0 and 0. What each word means stands in
 * src/scalar/vec.h. A wide is two registers, the even and the odd words, each in the low half of a
 * 64-bit lane; the high halves are junk. Multiplies take and give that form without a shuffle:
 *
 *     even: [w0 .][w2 .][w4 .][w6 .]   times k   [low high][low high][low high][low high]
 *     odd:  [w1 .][w3 .][w5 .][w7 .]             low: as it stands; high: shifted right by 32
 */
#ifndef PD_VEC_H
#define PD_VEC_H

#include <immintrin.h>
#include <stddef.h>
#include <stdint.h>

typedef __m256 v_f32;
typedef __m256i v_u32;
typedef __m256i v_mask;
typedef struct v_wide {
    __m256i even, odd;
} v_wide;
typedef struct v_product {
    v_wide low, high;
} v_product;

static inline size_t v_lanes(void) { return 8; }

/* n < 4 floats, by halves and singles: masked loads are slow where they cross into a bad page */
static inline __m128 v_load_part4(const float *p, size_t n) {
    const __m128 single = n & 1 ? _mm_load_ss(p + (n & 2)) : _mm_setzero_ps();
    return n & 2 ? _mm_movelh_ps(
                       _mm_castsi128_ps(_mm_loadl_epi64((const __m128i *)(const void *)p)), single)
                 : single;
}
static inline void v_store_part4(float *p, __m128 a, size_t n) {
    if (n & 2) {
        _mm_storel_epi64((__m128i *)(void *)p, _mm_castps_si128(a));
        a = _mm_movehl_ps(a, a);
    }
    if (n & 1) {
        _mm_store_ss(p + (n & 2), a);
    }
}

/* caches */
static inline void v_prefetch_near(const void *p) { _mm_prefetch(p, _MM_HINT_T0); }
static inline void v_prefetch_far(const void *p) { _mm_prefetch(p, _MM_HINT_T1); }

/* f32: memory */
static inline v_f32 v_set1_f32(float a) { return _mm256_set1_ps(a); }
static inline v_f32 v_load_f32(const float *p) { return _mm256_loadu_ps(p); }
static inline v_f32 v_load_part_f32(const float *p, size_t n) {
    const __m128 rest = v_load_part4(p + (n & 4), n & 3), zero = _mm_setzero_ps();
    return n & 4 ? _mm256_set_m128(rest, _mm_loadu_ps(p)) : _mm256_set_m128(zero, rest);
}
static inline void v_store_f32(float *p, v_f32 a) { _mm256_storeu_ps(p, a); }
static inline void v_store_part_f32(float *p, v_f32 a, size_t n) {
    __m128 rest = _mm256_castps256_ps128(a);
    if (n & 4) {
        _mm_storeu_ps(p, rest);
        rest = _mm256_extractf128_ps(a, 1);
    }
    v_store_part4(p + (n & 4), rest, n & 3);
}
static inline void v_store_masked_f32(float *p, v_mask m, v_f32 a) { _mm256_maskstore_ps(p, m, a); }
static inline void v_stream_f32(float *p, v_f32 a) { _mm256_stream_ps(p, a); }
static inline void v_stream_end(void) { _mm_sfence(); }

/* f32: arithmetic */
static inline v_f32 v_add_f32(v_f32 a, v_f32 b) { return _mm256_add_ps(a, b); }
static inline v_f32 v_mul_f32(v_f32 a, v_f32 b) { return _mm256_mul_ps(a, b); }
static inline v_f32 v_one_nan_f32(v_f32 a) {
    return _mm256_blendv_ps(a, _mm256_castsi256_ps(_mm256_set1_epi32(0x7fc00000)),
                            _mm256_cmp_ps(a, a, _CMP_UNORD_Q));
}
static inline v_f32 v_keep_f32(v_mask m, v_f32 a) {
    return _mm256_and_ps(_mm256_castsi256_ps(m), a);
}

/* masks */
static inline v_mask v_mask_bits(uint32_t word, size_t first) {
    const __m256i bit =
        _mm256_slli_epi32(_mm256_setr_epi32(1, 2, 4, 8, 16, 32, 64, 128), (int)first);
    return _mm256_cmpeq_epi32(_mm256_and_si256(_mm256_set1_epi32((int)word), bit), bit);
}
static inline v_mask v_nonzero_u32(v_u32 a) {
    return _mm256_xor_si256(_mm256_cmpeq_epi32(a, _mm256_setzero_si256()), _mm256_set1_epi32(-1));
}
static inline int v_any(v_mask m) { return !_mm256_testz_si256(m, m); }

/* u32 */
static inline v_u32 v_set1_u32(uint32_t a) { return _mm256_set1_epi32((int)a); }
static inline v_u32 v_iota_u32(void) { return _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7); }
static inline v_u32 v_load_u32(const uint32_t *p) {
    return _mm256_loadu_si256((const __m256i *)(const void *)p);
}
static inline void v_store_u32(uint32_t *p, v_u32 a) {
    _mm256_storeu_si256((__m256i *)(void *)p, a);
}
static inline v_u32 v_add_u32(v_u32 a, v_u32 b) { return _mm256_add_epi32(a, b); }
static inline v_u32 v_times8_u32(v_u32 a) { return _mm256_slli_epi32(a, 3); }
static inline v_u32 v_and_u32(v_u32 a, v_u32 b) { return _mm256_and_si256(a, b); }
static inline v_u32 v_andnot_u32(v_u32 a, v_u32 b) { return _mm256_andnot_si256(b, a); }
static inline size_t v_compress_u32(uint32_t *p, v_mask m, v_u32 a) {
    uint32_t lane[8];
    size_t n = 0;
    v_store_u32(lane, a);
    for (unsigned bits = (unsigned)_mm256_movemask_ps(_mm256_castsi256_ps(m)); bits != 0;
         bits &= bits - 1) {
        p[n++] = lane[__builtin_ctz(bits)];
    }
    return n;
}

/* the generator */
static inline int v_draws_apart(void) { return 0; }

/* wide */
static inline v_wide v_widen_u32(v_u32 a) { return (v_wide){a, _mm256_srli_epi64(a, 32)}; }
static inline v_u32 v_narrow_u32(v_wide a) {
    return _mm256_blend_epi32(a.even, _mm256_slli_epi64(a.odd, 32), 0xaa);
}
static inline v_product v_mul_wide(v_wide a, uint32_t k) {
    const __m256i m = _mm256_set1_epi64x(k), even = _mm256_mul_epu32(a.even, m),
                  odd = _mm256_mul_epu32(a.odd, m);
    return (v_product){{even, odd}, {_mm256_srli_epi64(even, 32), _mm256_srli_epi64(odd, 32)}};
}
static inline v_wide v_xor_wide(v_wide a, v_wide b, v_u32 k) {
    return (v_wide){_mm256_xor_si256(a.even, _mm256_xor_si256(b.even, k)),
                    _mm256_xor_si256(a.odd, _mm256_xor_si256(b.odd, k))};
}

#endif
