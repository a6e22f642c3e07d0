/* SPDX-License-Identifier: MIT
 *
 * The vocabulary in plain C: the instruction set with one lane, and the meaning of every word. The
 * other vec.h files hold the same words in the same order; compare two of them with diff.
 *
 *     v_f32          a vector of v_lanes_f32() elements; v_f64, v_u16, v_u32 likewise
 *     v_mask_f32     a flag for every lane
 *     v_pair         the elements of a v_u16 as f32s, shared out in any way
 *     v_wide         32-bit words in whatever form multiplies fastest; v_product: two of them
 *     ..._part       only lanes 0 ... n-1, 0 <= n < lanes; loads give 0 in the others
 */
#ifndef PD_VEC_H
#define PD_VEC_H

#include <stddef.h>
#include <stdint.h>

typedef float v_f32;
typedef double v_f64;
typedef uint16_t v_u16;
typedef uint32_t v_u32;
typedef uint16_t v_mask_u16; /* ~0 or 0 */
typedef uint32_t v_mask_f32, v_mask_u32;
typedef uint64_t v_mask_f64;
typedef uint32_t v_wide;
typedef struct v_pair {
    v_f32 p, q;
} v_pair;
typedef struct v_product {
    v_wide low, high;
} v_product;

/* A floating-point register, for asm. */
#if defined(__x86_64__)
#define V_REGISTER "+x"
#elif defined(__aarch64__)
#define V_REGISTER "+w"
#else
#define V_REGISTER "+m"
#endif

/* lanes of a vector */
static inline size_t v_lanes_u16(void) { return 1; }
static inline size_t v_lanes_u32(void) { return 1; }
static inline size_t v_lanes_f32(void) { return 1; }
static inline size_t v_lanes_f64(void) { return 1; }

/* reinterpretation of bits */
static inline v_u32 v_bits_f32(v_f32 a) {
    v_u32 b;
    __builtin_memcpy(&b, &a, sizeof b);
    return b;
}
static inline v_f32 v_f32_bits(v_u32 a) {
    v_f32 b;
    __builtin_memcpy(&b, &a, sizeof b);
    return b;
}

static inline uint64_t v_bits_f64(v_f64 a) {
    uint64_t b;
    __builtin_memcpy(&b, &a, sizeof b);
    return b;
}
static inline v_f64 v_f64_bits(uint64_t a) {
    v_f64 b;
    __builtin_memcpy(&b, &a, sizeof b);
    return b;
}

/* a / 2^shift to the nearest, ties to even; a is below 2^32 - 2^(shift-1) */
static inline uint32_t v_round_bits(uint32_t a, uint32_t shift) {
    return (a + (UINT32_C(1) << (shift - 1)) - 1 + (a >> shift & 1)) >> shift;
}

/* caches: ask for the line at p, into the first level (near) or the second (far). Never faults. */
static inline void v_prefetch_near(const void *p) { __builtin_prefetch(p, 0, 3); }
static inline void v_prefetch_far(const void *p) { __builtin_prefetch(p, 0, 2); }

/* f32: memory. store_masked writes the lanes of m and nothing else. stream is a store, aligned to
 * the whole vector, that need not bring the line into the cache; stream_end orders such stores
 * before all later ones. */
static inline v_f32 v_zero_f32(void) { return 0; }
static inline v_f32 v_set1_f32(float a) { return a; }
static inline v_f32 v_load_f32(const float *p) { return *p; }
static inline v_f32 v_load_part_f32(const float *p, size_t n) { return n ? *p : 0; }
static inline void v_store_f32(float *p, v_f32 a) { *p = a; }
static inline void v_store_part_f32(float *p, v_f32 a, size_t n) {
    if (n) {
        *p = a;
    }
}
static inline void v_store_masked_f32(float *p, v_mask_f32 m, v_f32 a) {
    if (m) {
        *p = a;
    }
}
static inline void v_stream_f32(float *p, v_f32 a) { *p = a; }
static inline void v_stream_end(void) {}

/* f32: arithmetic. one_nan turns every NaN into 0x7fc00000, new_nan those of a where x is none;
 * keep gives +0 outside m. Flags like -ffast-math change nothing: past an asm the compiler does not
 * know that b is a product, which it could fuse into the sum, or a a sum, which it could take never
 * to be a NaN. */
static inline v_f32 v_add_f32(v_f32 a, v_f32 b) {
    __asm__("" : V_REGISTER(b));
    return a + b;
}
static inline v_f32 v_mul_f32(v_f32 a, v_f32 b) { return a * b; }
static inline v_f32 v_one_nan_f32(v_f32 a) {
    v_u32 bits = v_bits_f32(a);
    __asm__("" : "+r"(bits));
    return (bits & 0x7fffffff) > 0x7f800000 ? v_f32_bits(0x7fc00000) : a;
}
static inline v_f32 v_new_nan_f32(v_f32 a, v_f32 x) {
    return (v_bits_f32(x) & 0x7fffffff) > 0x7f800000 ? a : v_one_nan_f32(a);
}
static inline v_f32 v_keep_f32(v_mask_f32 m, v_f32 a) { return v_f32_bits(m & v_bits_f32(a)); }

/* f64: memory and arithmetic, as f32's. widen takes as many f32 from memory as there are lanes. */
static inline v_f64 v_zero_f64(void) { return 0; }
static inline v_f64 v_set1_f64(double a) { return a; }
static inline v_f64 v_widen_f64(const float *p) { return (double)*p; }
static inline v_f64 v_load_f64(const double *p) { return *p; }
static inline v_f64 v_load_part_f64(const double *p, size_t n) { return n ? *p : 0; }
static inline void v_store_f64(double *p, v_f64 a) { *p = a; }
static inline void v_store_part_f64(double *p, v_f64 a, size_t n) {
    if (n) {
        *p = a;
    }
}
static inline void v_store_masked_f64(double *p, v_mask_f64 m, v_f64 a) {
    if (m) {
        *p = a;
    }
}
static inline void v_stream_f64(double *p, v_f64 a) { *p = a; }
static inline v_f64 v_add_f64(v_f64 a, v_f64 b) {
    __asm__("" : V_REGISTER(b));
    return a + b;
}
static inline v_f64 v_mul_f64(v_f64 a, v_f64 b) { return a * b; }
static inline v_f64 v_one_nan_f64(v_f64 a) {
    const uint64_t infinity = UINT64_C(0x7ff) << 52;
    uint64_t bits = v_bits_f64(a);
    __asm__("" : "+r"(bits));
    return (bits & ~(UINT64_C(1) << 63)) > infinity ? v_f64_bits(infinity | UINT64_C(1) << 51) : a;
}
static inline v_f64 v_new_nan_f64(v_f64 a, v_f64 x) {
    const int nan = (v_bits_f64(x) & ~(UINT64_C(1) << 63)) > UINT64_C(0x7ff) << 52;
    return nan ? a : v_one_nan_f64(a);
}
static inline v_f64 v_keep_f64(v_mask_f64 m, v_f64 a) { return v_f64_bits(m & v_bits_f64(a)); }

/* u16: memory, as f32's */
static inline v_u16 v_zero_u16(void) { return 0; }
static inline v_u16 v_load_u16(const uint16_t *p) { return *p; }
static inline v_u16 v_load_part_u16(const uint16_t *p, size_t n) { return n ? *p : 0; }
static inline void v_store_u16(uint16_t *p, v_u16 a) { *p = a; }
static inline void v_store_part_u16(uint16_t *p, v_u16 a, size_t n) {
    if (n) {
        *p = a;
    }
}
static inline void v_store_masked_u16(uint16_t *p, v_mask_u16 m, v_u16 a) {
    if (m) {
        *p = a;
    }
}
static inline void v_stream_u16(uint16_t *p, v_u16 a) { *p = a; }
static inline v_u16 v_keep_u16(v_mask_u16 m, v_u16 a) { return (v_u16)(m & a); }

/* 16-bit floats: to f32, exactly, and back: to the nearest, ties to even (also in another rounding
 * mode, except to f16 on NEON); subnormals stay. A NaN keeps its sign and the top of its payload.
 * To and from f16 it becomes quiet; to bf16 it must be, with a lower half of 0: a product of bf16s,
 * or one_nan's. */
static inline v_pair v_widen_bf16(v_u16 a) { return (v_pair){v_f32_bits((uint32_t)a << 16), 0}; }
static inline v_u16 v_narrow_bf16(v_pair a) { return (v_u16)v_round_bits(v_bits_f32(a.p), 16); }
static inline v_pair v_widen_f16(v_u16 a) {
    const uint32_t sign = (uint32_t)(a & 0x8000) << 16, bits = a & 0x7fff;
    if (bits > 0x7c00) {
        return (v_pair){v_f32_bits(sign | 0x7fc00000 | bits << 13), 0};
    }
    if (bits == 0x7c00) {
        return (v_pair){v_f32_bits(sign | 0x7f800000), 0};
    }
    if (bits < 0x0400) { /* a multiple of 2^-24, and normal in f32 */
        return (v_pair){v_f32_bits(sign | v_bits_f32((float)bits * 0x1p-24f)), 0};
    }
    return (v_pair){v_f32_bits(sign | ((bits << 13) + 0x38000000)), 0}; /* bias 15 to 127 */
}
static inline v_u16 v_narrow_f16(v_pair a) {
    const uint32_t word = v_bits_f32(a.p), sign = word >> 16 & 0x8000, bits = word & 0x7fffffff;
    if (bits > 0x7f800000) {
        return (v_u16)(sign | 0x7e00 | (bits >> 13 & 0x3ff));
    }
    if (bits >= 0x47800000) { /* 2^16 */
        return (v_u16)(sign | 0x7c00);
    }
    if (bits >= 0x38800000) { /* 2^-14; what rounds up to 2^16 becomes infinity by itself */
        return (v_u16)(sign | v_round_bits(bits - 0x38000000, 13));
    }
    if (bits < 0x33000000) { /* 2^-25: half of the least, which ties to 0 */
        return (v_u16)sign;
    }
    return (v_u16)(sign | v_round_bits((bits & 0x7fffff) | 0x800000, 126 - (bits >> 23)));
}

/* pairs of elements that are f32 already, in the order in which widen gives them */
static inline v_pair v_pair_bf16(v_f32 first, v_f32 second) { return (v_pair){first, second}; }
static inline v_pair v_pair_f16(v_f32 first, v_f32 second) { return (v_pair){first, second}; }

/* masks: bits takes lane i from bit first + i of a word; first is a multiple of the lanes. */
static inline v_mask_u16 v_mask_bits_u16(uint32_t word, size_t first) {
    return (v_mask_u16)(0 - (word >> first & 1));
}
static inline v_mask_f32 v_mask_bits_f32(uint32_t word, size_t first) {
    return 0 - (word >> first & 1);
}
static inline v_mask_f64 v_mask_bits_f64(uint32_t word, size_t first) {
    return 0 - (uint64_t)(word >> first & 1);
}
static inline v_mask_u32 v_nonzero_u32(v_u32 a) { return a != 0 ? ~UINT32_C(0) : 0; }
static inline int v_any_u32(v_mask_u32 m) { return m != 0; }

/* u32. andnot is a & ~b; compress stores the lanes of m side by side (and may write junk up to
 * v_lanes_u32() after them) and returns how many there are. */
static inline v_u32 v_set1_u32(uint32_t a) { return a; }
static inline v_u32 v_iota_u32(void) { return 0; }
static inline v_u32 v_load_u32(const uint32_t *p) { return *p; }
static inline void v_store_u32(uint32_t *p, v_u32 a) { *p = a; }
static inline v_u32 v_add_u32(v_u32 a, v_u32 b) { return a + b; }
static inline v_u32 v_times8_u32(v_u32 a) { return a << 3; }
static inline v_u32 v_and_u32(v_u32 a, v_u32 b) { return a & b; }
static inline v_u32 v_andnot_u32(v_u32 a, v_u32 b) { return a & ~b; }
static inline size_t v_compress_u32(uint32_t *p, v_mask_u32 m, v_u32 a) {
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

/* normal numbers. top24: the upper 24 bits of a word, as a number. zip_low and zip_high interleave
 * words a and b: a0 b0 a1 b1 and so on, half of them each; store_zip interleaves likewise what is
 * made of such halves. It comes to lie in order if lane i has the words of block order_zip(i). */
static inline v_f32 v_top24_f32(v_u32 a) { return (float)(a >> 8); }
static inline v_f32 v_sqrt_f32(v_f32 a) { return __builtin_sqrtf(a); }
static inline v_u32 v_order_zip_u32(void) { return 0; }
static inline v_u32 v_zip_low_u32(v_wide a, v_wide b) { return (void)b, a; }
static inline v_u32 v_zip_high_u32(v_wide a, v_wide b) { return (void)a, b; }
static inline void v_store_zip_f32(float *p, v_f32 a, v_f32 b) {
    p[0] = a;
    p[1] = b;
}

#if defined(PLANEDROP_WITH_SLEEF)
/* SLEEF's functions, of the kind that gives the same bits on every instruction set; that takes a
 * fused multiply-add, and fma says whether this CPU has one (a vector instruction set always has).
 * They are declared here since sleef.h declares them only if the compiler's flags allow for them.
 * sincospi: p = sin(pi * a), q = cos(pi * a). */
float Sleef_finz_logf1_u10purecfma(float a);
float Sleef_cinz_logf1_u10purec(float a);
v_pair Sleef_finz_sincospif1_u05purecfma(float a);
v_pair Sleef_cinz_sincospif1_u05purec(float a);
static inline v_f32 v_log_f32(v_f32 a, int fma) {
    return fma ? Sleef_finz_logf1_u10purecfma(a) : Sleef_cinz_logf1_u10purec(a);
}
static inline v_pair v_sincospi_f32(v_f32 a, int fma) {
    return fma ? Sleef_finz_sincospif1_u05purecfma(a) : Sleef_cinz_sincospif1_u05purec(a);
}
#endif

#endif
