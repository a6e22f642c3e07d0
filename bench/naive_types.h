/* SPDX-License-Identifier: MIT
 *
 * The element types of naive.c: what lies in memory, what is computed with, and the ways there and
 * back, to the nearest, ties to even. The 16-bit types are converted in integer arithmetic without
 * branches, so that compilers can vectorise it.
 */
#ifndef PLANEDROP_BENCH_NAIVE_TYPES_H
#define PLANEDROP_BENCH_NAIVE_TYPES_H

#include <stdint.h>
#include <string.h>

typedef float element_f32, compute_f32, compute_bf16, compute_f16;
typedef double element_f64, compute_f64;
typedef uint16_t element_bf16, element_f16;

static inline uint32_t bits_of(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline float float_of(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline float widen_f32(float x) { return x; }
static inline float narrow_f32(float x) { return x; }

static inline double widen_f64(double x) { return x; }
static inline double narrow_f64(double x) { return x; }

static inline float widen_bf16(uint16_t x) { return float_of((uint32_t)x << 16); }
static inline uint16_t narrow_bf16(float x) {
    const uint32_t bits = bits_of(x), nearest = bits + 0x7fff + (bits >> 16 & 1);
    const int is_nan = (bits & 0x7fffffff) > 0x7f800000;
    return (uint16_t)((is_nan ? bits | 0x400000 : nearest) >> 16);
}

static inline float widen_f16(uint16_t x) {
    const uint32_t sign = (x & 0x8000u) << 16, bits = (x & 0x7fffu) << 13;
    const uint32_t finite = bits_of(float_of(bits) * 0x1p112f); /* bias 15 to 127 */
    return float_of(sign | finite | (bits < 0x0f800000 ? 0 : 0x7f800000));
}
/* The sum with 2^13 times the power of two below rounds to what f16 has a bit for. */
static inline uint16_t narrow_f16(float x) {
    const uint32_t sign = bits_of(x) >> 16 & 0x8000, bits = bits_of(x) & 0x7fffffff;
    const uint32_t finite = bits < 0x47800000 ? bits : 0x47800000;  /* 2^16: infinity */
    const uint32_t power = finite & 0x7f800000, least = 0x38800000; /* 2^-14 */
    const uint32_t above = power > least ? power - least : 0, large = above + least + (13u << 23);
    const uint32_t fraction = bits_of(float_of(finite) + float_of(large)) - large;
    return (uint16_t)(sign | ((above >> 13) + fraction) | (bits > 0x7f800000 ? 0x200 : 0));
}

#endif
