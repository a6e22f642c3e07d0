/* SPDX-License-Identifier: MIT
 *
 * The test oracle (see reference.h). Everything is done one draw or one element at a time: a linear
 * position is taken apart into indices, the indices give the draw and the addresses, and the value
 * rule is applied to the bits of one element. To add a dtype: its size in element_bytes, and its
 * two conversions in load_f32 and store_f32.
 */
#include "reference.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- Random bits ----------------------------------------------------------------------------- */

void reference_philox4x32(const uint32_t counter[4], const uint32_t key[2], int rounds,
                          uint32_t out[4]) {
    uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3];
    uint32_t k0 = key[0], k1 = key[1];
    for (int round = 0; round < rounds; round++) {
        uint64_t product0 = (uint64_t)0xd2511f53u * c0;
        uint64_t product1 = (uint64_t)0xcd9e8d57u * c2;
        c0 = (uint32_t)(product1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)product1;
        c2 = (uint32_t)(product0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)product0;
        k0 += 0x9e3779b9u;
        k1 += 0xbb67ae85u;
    }
    out[0] = c0;
    out[1] = c1;
    out[2] = c2;
    out[3] = c3;
}

uint64_t reference_threshold(double rate) {
    double scaled = rate * 4294967296.0; /* exact */
    uint64_t whole = (uint64_t)scaled;
    double fraction = scaled - (double)whole;
    if (fraction > 0.5 || (fraction == 0.5 && whole % 2 == 1)) {
        whole++;
    }
    return whole;
}

/* Dropped iff U(k) < T. Bit 31-j of U(k) comes from bit plane j: the first bit, from the top, in
 * which U and T differ decides, and the planes below it are not computed. */
int reference_keeps(planedrop_rng rng, double rate, uint64_t k) {
    uint64_t threshold = reference_threshold(rate);
    uint64_t word = k / 32;
    int bit = (int)(k % 32);
    uint32_t key[2] = {(uint32_t)rng.seed, (uint32_t)(rng.seed >> 32)};
    uint32_t block[4] = {0, 0, 0, 0};

    if (threshold == (uint64_t)1 << 32) {
        return 0; /* above every 32-bit U */
    }
    for (int j = 0; j < 32; j++) {
        if (j % 4 == 0) {
            uint64_t low = 8 * word + (uint64_t)(j / 4);
            uint32_t counter[4] = {(uint32_t)low, (uint32_t)(low >> 32), (uint32_t)rng.offset,
                                   (uint32_t)(rng.offset >> 32)};
            reference_philox4x32(counter, key, 10, block);
        }
        int u_bit = (int)(block[j % 4] >> bit & 1);
        int t_bit = (int)(threshold >> (31 - j) & 1);
        if (u_bit != t_bit) {
            return u_bit > t_bit;
        }
    }
    return 1; /* U == T */
}

/* Box-Muller: words 0 and 1 of a block make its draws 0 and 1, words 2 and 3 the others. The
 * block's counter has its bit 63 set. */
double reference_normal(planedrop_rng rng, uint64_t k) {
    const double pi = 3.14159265358979323846;
    uint32_t key[2] = {(uint32_t)rng.seed, (uint32_t)(rng.seed >> 32)};
    uint32_t counter[4] = {(uint32_t)(k / 4), (uint32_t)(k / 4 >> 32) | 0x80000000u,
                           (uint32_t)rng.offset, (uint32_t)(rng.offset >> 32)};
    uint32_t block[4];
    reference_philox4x32(counter, key, 10, block);
    const uint32_t *words = block + (k % 4 < 2 ? 0 : 2);
    double u1 = ((double)(words[0] >> 8) + 1) / 16777216.0;
    double u2 = (double)(words[1] >> 8) / 16777216.0;
    double r = sqrt(-2 * log(u1));
    return k % 2 == 0 ? r * cos(2 * pi * u2) : r * sin(2 * pi * u2);
}

/* ---- Shapes ---------------------------------------------------------------------------------- */

static uint64_t product_of(int ndim, const size_t *shape) {
    uint64_t product = 1;
    for (int a = 0; a < ndim; a++) {
        product *= shape[a];
    }
    return product;
}

/* The indices of the element at a row-major position in shape. */
static void indices_of(int ndim, const size_t *shape, uint64_t position, uint64_t *index) {
    for (int a = ndim - 1; a >= 0; a--) {
        index[a] = position % shape[a];
        position /= shape[a];
    }
}

/* The strides a tensor really has: all zero stands for dense row-major. */
static void strides_of(const planedrop_desc *desc, const ptrdiff_t *given, ptrdiff_t *strides) {
    int all_zero = 1;
    for (int a = 0; a < desc->ndim; a++) {
        strides[a] = given[a];
        all_zero = all_zero && given[a] == 0;
    }
    if (all_zero) {
        ptrdiff_t dense = 1;
        for (int a = desc->ndim - 1; a >= 0; a--) {
            strides[a] = dense;
            dense *= (ptrdiff_t)desc->dims[a];
        }
    }
}

/* How many elements after the first one (before it, if negative) the indices lead to. */
static ptrdiff_t distance_of(int ndim, const uint64_t *index, const ptrdiff_t *strides) {
    ptrdiff_t distance = 0;
    for (int a = 0; a < ndim; a++) {
        distance += (ptrdiff_t)index[a] * strides[a];
    }
    return distance;
}

/* The draw of this tensor's own mask that decides for the element with these indices. */
static uint64_t own_draw_of(const planedrop_desc *desc, const uint64_t *index) {
    uint64_t draw = 0;
    for (int a = 0; a < desc->ndim; a++) {
        draw = draw * desc->noise[a] + (desc->noise[a] == 1 ? 0 : index[a]);
    }
    return draw;
}

/* The number k in the stream of this tensor's own draw: its row-major index in whole. */
static uint64_t stream_draw_of(const planedrop_desc *desc, uint64_t own_draw) {
    uint64_t index[PLANEDROP_MAX_NDIM];
    int is_window = 0;
    uint64_t k = 0;
    indices_of(desc->ndim, desc->noise, own_draw, index);
    for (int a = 0; a < desc->ndim; a++) {
        is_window = is_window || desc->whole[a] != 0;
    }
    for (int a = 0; a < desc->ndim; a++) {
        uint64_t whole = is_window ? desc->whole[a] : desc->noise[a];
        k = k * whole + desc->first[a] + index[a];
    }
    return k;
}

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

static double scale_of(const planedrop_desc *desc) {
    if (desc->flags & PLANEDROP_NO_SCALE) {
        return 1.0;
    }
    return 1.0 / (1.0 - desc->rate);
}

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

static size_t element_bytes(planedrop_dtype dtype) {
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

static uint32_t load_f32(planedrop_dtype dtype, const unsigned char *from) {
    uint16_t bits16;
    uint32_t bits;
    if (dtype == PLANEDROP_F32) {
        memcpy(&bits, from, sizeof bits);
        return bits;
    }
    memcpy(&bits16, from, sizeof bits16);
    return dtype == PLANEDROP_BF16 ? reference_f32_of_bf16(bits16) : reference_f32_of_f16(bits16);
}

static void store_f32(planedrop_dtype dtype, unsigned char *to, uint32_t bits) {
    if (dtype == PLANEDROP_F32) {
        memcpy(to, &bits, sizeof bits);
    } else {
        uint16_t bits16 =
            dtype == PLANEDROP_BF16 ? reference_bf16_of_f32(bits) : reference_f16_of_f32(bits);
        memcpy(to, &bits16, sizeof bits16);
    }
}

/* Stores x * factor, or y + x * factor, at y. y is read only to accumulate. */
static void store_product(const planedrop_desc *desc, double factor, const unsigned char *x,
                          unsigned char *y) {
    int accumulate = (desc->flags & PLANEDROP_ACCUMULATE) != 0;
    if (!accumulate && (desc->rate == 0.0 || (desc->flags & PLANEDROP_NO_SCALE))) {
        memmove(y, x, element_bytes(desc->dtype)); /* a signalling NaN stays one */
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

/* ---- The operations -------------------------------------------------------------------------- */

uint64_t reference_draws(const planedrop_desc *desc) { return product_of(desc->ndim, desc->noise); }

void reference_mask(const planedrop_desc *desc, planedrop_rng rng, uint32_t *keep) {
    uint64_t draws = reference_draws(desc);
    for (uint64_t draw = 0; draw < draws; draw++) {
        if (draw % 32 == 0) {
            keep[draw / 32] = 0;
        }
        if (reference_keeps(rng, desc->rate, stream_draw_of(desc, draw))) {
            keep[draw / 32] |= (uint32_t)1 << draw % 32;
        }
    }
}

/* Every element under a mask, if there is one, and times its draw's multiplier or the scale. */
static void each_element(const planedrop_desc *desc, const uint32_t *keep, const float *multipliers,
                         const void *x, void *y) {
    uint64_t elements = product_of(desc->ndim, desc->dims);
    ptrdiff_t bytes = (ptrdiff_t)element_bytes(desc->dtype);
    ptrdiff_t x_strides[PLANEDROP_MAX_NDIM], y_strides[PLANEDROP_MAX_NDIM];
    if (elements == 0) {
        return; /* x, y and keep may be NULL, and the other dims too large for dense strides */
    }
    strides_of(desc, desc->x_strides, x_strides);
    strides_of(desc, desc->y_strides, y_strides);
    /* rate 1 has no finite scale: it drops all, even what a caller's mask keeps */
    int drops_all = desc->rate == 1.0 && !(desc->flags & PLANEDROP_NO_SCALE);

    for (uint64_t element = 0; element < elements; element++) {
        uint64_t index[PLANEDROP_MAX_NDIM];
        indices_of(desc->ndim, desc->dims, element, index);
        uint64_t draw = own_draw_of(desc, index);
        const unsigned char *from =
            (const unsigned char *)x + distance_of(desc->ndim, index, x_strides) * bytes;
        unsigned char *to = (unsigned char *)y + distance_of(desc->ndim, index, y_strides) * bytes;

        if (multipliers != NULL) {
            store_product(desc, (double)multipliers[draw], from, to);
        } else if (!drops_all && (keep[draw / 32] >> draw % 32 & 1)) {
            store_product(desc, scale_of(desc), from, to);
        } else if (!(desc->flags & PLANEDROP_ACCUMULATE)) {
            memset(to, 0, (size_t)bytes); /* +0 in every dtype */
        }
    }
}

void reference_apply(const planedrop_desc *desc, const uint32_t *keep, const void *x, void *y) {
    each_element(desc, keep, NULL, x, y);
}

void reference_weigh(const planedrop_desc *desc, const float *multipliers, const void *x, void *y) {
    each_element(desc, NULL, multipliers, x, y);
}

void reference_forward(const planedrop_desc *desc, planedrop_rng rng, const void *x, void *y) {
    if (product_of(desc->ndim, desc->dims) == 0) {
        return; /* the mask may be larger than memory: noise (1, 2^40) over dims (0, 2^40) */
    }
    size_t words = (size_t)((reference_draws(desc) + 31) / 32);
    uint32_t *keep = (uint32_t *)calloc(words, sizeof *keep);
    if (keep == NULL) {
        abort();
    }
    reference_mask(desc, rng, keep);
    reference_apply(desc, keep, x, y);
    free(keep);
}

void reference_multipliers(const planedrop_desc *desc, planedrop_rng rng, float *multipliers) {
    uint64_t draws = reference_draws(desc);
    double s = sqrt(desc->rate / (1.0 - desc->rate));
    for (uint64_t draw = 0; draw < draws; draw++) {
        uint64_t k = stream_draw_of(desc, draw);
        if (desc->law == PLANEDROP_GAUSSIAN) {
            multipliers[draw] = (float)(1 + s * reference_normal(rng, k));
            continue;
        }
        int keeps = reference_keeps(rng, desc->rate, k);
        multipliers[draw] = keeps ? (float)scale_of(desc) : 0.0f;
    }
}
