/* SPDX-License-Identifier: MIT
 *
 * The oracle's elements: conversions, and the value rule on the bits of one (see
 * reference_elements.h). To add a dtype: its size, and its two conversions in load_f32 and
 * store_f32.
 */
#include "reference_elements.h"

#include <stdlib.h>
#include <string.h>

/* ---- Conversions ----------------------------------------------------------------------------- */

/* value / 2^shift, to nearest, ties to even; value < 2^31, shift > 0. */
static uint32_t shift_right(uint32_t value, uint32_t shift) {
    if (shift > 31) {
        return 0; /* less than a half */
    }
    uint32_t whole = value >> shift;
    uint32_t rest = value - (whole << shift);
    uint32_t half = (uint32_t)1 << (shift - 1);
    return whole + (rest > half || (rest == half && whole % 2 == 1));
}

uint32_t reference_f32_of_bf16(uint16_t bits) { return (uint32_t)bits << 16; }

uint16_t reference_bf16_of_f32(uint32_t bits) {
    uint32_t sign = bits >> 31 << 15;
    uint32_t magnitude = bits & 0x7fffffffu;
    if (magnitude > 0x7f800000u) {
        return (uint16_t)(bits >> 16 | 0x0040u);
    }
    return (uint16_t)(sign | shift_right(magnitude, 16)); /* a carry goes to the exponent */
}

uint32_t reference_f32_of_f16(uint16_t bits) {
    uint32_t sign = (uint32_t)bits >> 15 << 31;
    uint32_t exponent = (uint32_t)bits >> 10 & 0x1fu;
    uint32_t fraction = bits & 0x3ffu;
    if (exponent == 31) {
        uint32_t quiet = fraction == 0 ? 0 : 0x00400000u;
        return sign | 0x7f800000u | quiet | fraction << 13;
    }
    if (exponent > 0) {
        return sign | (exponent + 112) << 23 | fraction << 13; /* biases: 127 - 15 = 112 */
    }
    if (fraction == 0) {
        return sign;
    }
    exponent = 113; /* of 2^-14: shift until the leading 1 is where f32 hides it */
    while ((fraction & 0x400u) == 0) {
        fraction <<= 1;
        exponent--;
    }
    return sign | exponent << 23 | (fraction & 0x3ffu) << 13;
}

uint16_t reference_f16_of_f32(uint32_t bits) {
    uint32_t sign = bits >> 31 << 15;
    uint32_t magnitude = bits & 0x7fffffffu;
    uint32_t exponent = magnitude >> 23;
    uint32_t rounded;
    if (magnitude > 0x7f800000u) {
        rounded = 0x7e00u | (magnitude >> 13 & 0x3ffu);
    } else if (exponent < 113) { /* below 2^-14: in units of 2^-24, f16's least */
        rounded = shift_right((magnitude & 0x007fffffu) | 0x00800000u, 126 - exponent);
    } else {
        rounded = shift_right(magnitude - ((uint32_t)112 << 23), 13);
        rounded = rounded > 0x7c00u ? 0x7c00u : rounded;
    }
    return (uint16_t)(sign | rounded);
}

/* ---- Values ---------------------------------------------------------------------------------- */

static uint32_t bits_of_f32(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static float f32_of_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint64_t bits_of_f64(double value) {
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double f64_of_bits(uint64_t bits) {
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static int is_nan_f32(uint32_t bits) { return (bits & 0x7fffffffu) > 0x7f800000u; }

static int is_nan_f64(uint64_t bits) {
    return (bits & UINT64_C(0x7fffffffffffffff)) > UINT64_C(0x7ff0000000000000);
}

/* A result of arithmetic: one NaN for all. */
static uint32_t result_f32(float value) {
    uint32_t bits = bits_of_f32(value);
    return is_nan_f32(bits) ? 0x7fc00000u : bits;
}

static uint64_t result_f64(double value) {
    uint64_t bits = bits_of_f64(value);
    return is_nan_f64(bits) ? UINT64_C(0x7ff8000000000000) : bits;
}

/* x * factor. A NaN gives what IEEE multiplication gives: the same NaN, made quiet. */
static uint32_t product_f32(uint32_t x, float factor) {
    return is_nan_f32(x) ? x | 0x00400000u : result_f32(f32_of_bits(x) * factor);
}

static uint64_t product_f64(uint64_t x, double factor) {
    return is_nan_f64(x) ? x | UINT64_C(0x0008000000000000) : result_f64(f64_of_bits(x) * factor);
}

static uint32_t sum_f32(uint32_t a, uint32_t b) {
    return result_f32(f32_of_bits(a) + f32_of_bits(b));
}

static uint64_t sum_f64(uint64_t a, uint64_t b) {
    return result_f64(f64_of_bits(a) + f64_of_bits(b));
}

size_t reference_element_bytes(int32_t dtype) {
    switch (dtype) {
    case PLANEDROP_BF16:
    case PLANEDROP_F16:
        return 2;
    case PLANEDROP_F32:
        return 4;
    case PLANEDROP_F64:
        return 8;
    default:
        abort();
    }
}

static uint32_t load_f32(int32_t dtype, const unsigned char *from) {
    uint16_t bits16;
    uint32_t bits;
    if (dtype == PLANEDROP_F32) {
        memcpy(&bits, from, sizeof bits);
        return bits;
    }
    memcpy(&bits16, from, sizeof bits16);
    return dtype == PLANEDROP_BF16 ? reference_f32_of_bf16(bits16) : reference_f32_of_f16(bits16);
}

static void store_f32(int32_t dtype, unsigned char *to, uint32_t bits) {
    if (dtype == PLANEDROP_F32) {
        memcpy(to, &bits, sizeof bits);
    } else {
        uint16_t bits16 =
            dtype == PLANEDROP_BF16 ? reference_bf16_of_f32(bits) : reference_f16_of_f32(bits);
        memcpy(to, &bits16, sizeof bits16);
    }
}

void reference_store_product(const planedrop_desc *desc, double factor, const unsigned char *x,
                             unsigned char *y) {
    int accumulate = (desc->flags & PLANEDROP_ACCUMULATE) != 0;
    if (!accumulate && (desc->rate == 0.0 || (desc->flags & PLANEDROP_NO_SCALE))) {
        memmove(y, x, reference_element_bytes(desc->dtype)); /* a signalling NaN stays one */
    } else if (desc->dtype == PLANEDROP_F64) {
        uint64_t value, old;
        memcpy(&value, x, sizeof value);
        value = product_f64(value, factor);
        if (accumulate) {
            memcpy(&old, y, sizeof old);
            value = sum_f64(old, value);
        }
        memcpy(y, &value, sizeof value);
    } else {
        uint32_t value = product_f32(load_f32(desc->dtype, x), (float)factor);
        if (accumulate) {
            value = sum_f32(load_f32(desc->dtype, y), value);
        }
        store_f32(desc->dtype, y, value);
    }
}

void reference_store_number(int32_t dtype, double number, unsigned char *to) {
    if (dtype == PLANEDROP_F64) {
        memcpy(to, &number, sizeof number);
    } else {
        store_f32(dtype, to, bits_of_f32((float)number));
    }
}
