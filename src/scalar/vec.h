/* SPDX-License-Identifier: MIT
 *
 * The vocabulary in plain C: the instruction set with one lane, and the meaning of every word. The
 * other vec.h files hold the same words in the same order; compare two of them with diff.
 *
 *     v_f32, v_u32   vectors of v_lanes() elements
 *     v_mask         a flag for every lane
 *     v_wide         32-bit words in whatever form multiplies fastest; v_product: two of them
 *     ..._part       only lanes 0 ... n-1, 0 <= n < v_lanes(); loads give 0 in the others
 */
#ifndef PD_VEC_H
#define PD_VEC_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

typedef float v_f32;
typedef uint32_t v_u32;
typedef uint32_t v_mask; /* ~0 or 0 */
typedef uint32_t v_wide;
typedef struct v_product {
    v_wide low, high;
} v_product;

static inline size_t v_lanes(void) { return 1; }

/* reinterpretation of bits */
static inline v_u32 v_bits_f32(v_f32 a) {
    v_u32 b;
    memcpy(&b, &a, sizeof b);
    return b;
}
static inline v_f32 v_f32_bits(v_u32 a) {
    v_f32 b;
    memcpy(&b, &a, sizeof b);
    return b;
}

/* caches: ask for the line at p, into the first level (near) or the second (far). Never faults. */
static inline void v_prefetch_near(const void *p) { __builtin_prefetch(p, 0, 3); }
static inline void v_prefetch_far(const void *p) { __builtin_prefetch(p, 0, 2); }

/* f32: memory. store_masked writes the lanes of m and nothing else. stream is a store, aligned to
 * the whole vector, that need not bring the line into the cache; stream_end orders such stores
 * before all later ones. */
static inline v_f32 v_set1_f32(float a) { return a; }
static inline v_f32 v_load_f32(const float *p) { return *p; }
static inline v_f32 v_load_part_f32(const float *p, size_t n) { return n ? *p : 0; }
static inline void v_store_f32(float *p, v_f32 a) { *p = a; }
static inline void v_store_part_f32(float *p, v_f32 a, size_t n) {
    if (n) {
        *p = a;
    }
}
static inline void v_store_masked_f32(float *p, v_mask m, v_f32 a) {
    if (m) {
        *p = a;
    }
}
static inline void v_stream_f32(float *p, v_f32 a) { *p = a; }
static inline void v_stream_end(void) {}

/* f32: arithmetic. one_nan turns every NaN into 0x7fc00000; keep gives +0 outside m. */
static inline v_f32 v_add_f32(v_f32 a, v_f32 b) { return a + b; }
static inline v_f32 v_mul_f32(v_f32 a, v_f32 b) { return a * b; }
static inline v_f32 v_one_nan_f32(v_f32 a) {
    return (v_bits_f32(a) & 0x7fffffff) > 0x7f800000 ? v_f32_bits(0x7fc00000) : a;
}
static inline v_f32 v_keep_f32(v_mask m, v_f32 a) { return v_f32_bits(m & v_bits_f32(a)); }

/* masks: bits takes lane i from bit first + i of a word. */
static inline v_mask v_mask_bits(uint32_t word, size_t first) { return 0 - (word >> first & 1); }
static inline v_mask v_nonzero_u32(v_u32 a) { return a != 0 ? ~UINT32_C(0) : 0; }
static inline int v_any(v_mask m) { return m != 0; }

/* u32. andnot is a & ~b; compress stores the lanes of m side by side (and may write junk up to
 * v_lanes() after them) and returns how many there are. */
static inline v_u32 v_set1_u32(uint32_t a) { return a; }
static inline v_u32 v_iota_u32(void) { return 0; }
static inline v_u32 v_load_u32(const uint32_t *p) { return *p; }
static inline void v_store_u32(uint32_t *p, v_u32 a) { *p = a; }
static inline v_u32 v_add_u32(v_u32 a, v_u32 b) { return a + b; }
static inline v_u32 v_times8_u32(v_u32 a) { return a << 3; }
static inline v_u32 v_and_u32(v_u32 a, v_u32 b) { return a & b; }
static inline v_u32 v_andnot_u32(v_u32 a, v_u32 b) { return a & ~b; }
static inline size_t v_compress_u32(uint32_t *p, v_mask m, v_u32 a) {
    *p = a;
    return m & 1;
}

/* the generator: whether it is called (1) or inlined (0) beside the kernels: see bits.inl */
static inline int v_draws_apart(void) { return 0; }

/* wide: Philox's words. mul gives both halves of the products; xor is a ^ b ^ k, where
 * all lanes of k are alike. */
static inline v_wide v_widen_u32(v_u32 a) { return a; }
static inline v_u32 v_narrow_u32(v_wide a) { return a; }
static inline v_product v_mul_wide(v_wide a, uint32_t k) {
    uint64_t p = (uint64_t)a * k;
    return (v_product){(uint32_t)p, (uint32_t)(p >> 32)};
}
static inline v_wide v_xor_wide(v_wide a, v_wide b, v_u32 k) { return a ^ b ^ k; }

#endif
