/* SPDX-License-Identifier: MIT
 *
 * The test oracle (see reference.h). Everything is done one draw or one element at a time: a linear
 * position is taken apart into indices, the indices give the draw and the addresses, and
 * reference_elements.c applies the value rule to the bits of one element.
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

static uint64_t product_of(int ndim, const uint64_t *shape) {
    uint64_t product = 1;
    for (int a = 0; a < ndim; a++) {
        product *= shape[a];
    }
    return product;
}

/* The indices of the element at a row-major position in shape. */
static void indices_of(int ndim, const uint64_t *shape, uint64_t position, uint64_t *index) {
    for (int a = ndim - 1; a >= 0; a--) {
        index[a] = position % shape[a];
        position /= shape[a];
    }
}

/* The strides a tensor really has: the given ones, or those of a dense row-major tensor. */
static void strides_of(const planedrop_desc *desc, uint32_t flag, const int64_t *given,
                       int64_t *strides) {
    int64_t dense = 1;
    for (int a = desc->ndim - 1; a >= 0; a--) {
        strides[a] = desc->flags & flag ? given[a] : dense;
        dense *= (int64_t)desc->dims[a];
    }
}

static void x_strides_of(const planedrop_desc *desc, int64_t *strides) {
    strides_of(desc, PLANEDROP_X_STRIDED, desc->x_strides, strides);
}

static void y_strides_of(const planedrop_desc *desc, int64_t *strides) {
    strides_of(desc, PLANEDROP_Y_STRIDED, desc->y_strides, strides);
}

/* How many elements after the first one (before it, if negative) the indices lead to. */
static int64_t distance_of(int ndim, const uint64_t *index, const int64_t *strides) {
    int64_t distance = 0;
    for (int a = 0; a < ndim; a++) {
        distance += (int64_t)index[a] * strides[a];
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

/* The number k in the stream of this tensor's own draw: its row-major index in the mask of
 * the larger tensor, if this one is a window. */
static uint64_t stream_draw_of(const planedrop_desc *desc, uint64_t own_draw) {
    uint64_t index[PLANEDROP_MAX_NDIM];
    int is_window = 0;
    uint64_t k = 0;
    indices_of(desc->ndim, desc->noise, own_draw, index);
    for (int a = 0; a < desc->ndim; a++) {
        is_window = is_window || desc->global_noise[a] != 0;
    }
    for (int a = 0; a < desc->ndim; a++) {
        uint64_t global = is_window ? desc->global_noise[a] : desc->noise[a];
        k = k * global + desc->window_start[a] + index[a];
    }
    return k;
}

/* ---- The operations -------------------------------------------------------------------------- */

static double scale_of(const planedrop_desc *desc) {
    if (desc->flags & PLANEDROP_NO_SCALE) {
        return 1.0;
    }
    return 1.0 / (1.0 - desc->rate);
}

/* Rate 1 has no finite scale: everything is dropped, even what a caller's mask keeps. */
static int keeps_nothing(const planedrop_desc *desc) {
    return desc->rate == 1.0 && !(desc->flags & PLANEDROP_NO_SCALE);
}

/* A mask: bits, or a multiplier for each draw. */
struct mask {
    const uint32_t *keep; /* NULL: multipliers */
    const float *multipliers;
};

/* Whether a draw keeps its elements, and what then multiplies them. */
static int multiplier_of(const planedrop_desc *desc, const struct mask *mask, uint64_t draw,
                         double *multiplier) {
    if (mask->keep == NULL) {
        *multiplier = (double)mask->multipliers[draw];
        return 1;
    }
    *multiplier = scale_of(desc);
    return !keeps_nothing(desc) && (mask->keep[draw / 32] >> draw % 32 & 1);
}

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

static void each_element(const planedrop_desc *desc, const struct mask *mask, const void *x,
                         void *y) {
    uint64_t elements = product_of(desc->ndim, desc->dims);
    int64_t bytes = (int64_t)reference_element_bytes(desc->dtype);
    int64_t x_strides[PLANEDROP_MAX_NDIM], y_strides[PLANEDROP_MAX_NDIM];
    if (elements == 0) {
        return; /* x, y and the mask may be NULL, and the other dims too large for dense strides */
    }
    x_strides_of(desc, x_strides);
    y_strides_of(desc, y_strides);

    for (uint64_t element = 0; element < elements; element++) {
        uint64_t index[PLANEDROP_MAX_NDIM];
        double multiplier;
        indices_of(desc->ndim, desc->dims, element, index);
        const unsigned char *from =
            (const unsigned char *)x + distance_of(desc->ndim, index, x_strides) * bytes;
        unsigned char *to = (unsigned char *)y + distance_of(desc->ndim, index, y_strides) * bytes;

        if (multiplier_of(desc, mask, own_draw_of(desc, index), &multiplier)) {
            reference_store_product(desc, multiplier, from, to);
        } else if (!(desc->flags & PLANEDROP_ACCUMULATE)) {
            memset(to, 0, (size_t)bytes); /* +0 in every dtype */
        }
    }
}

void reference_apply(const planedrop_desc *desc, const uint32_t *keep, const void *x, void *y) {
    struct mask mask = {keep, NULL};
    each_element(desc, &mask, x, y);
}

void reference_weigh(const planedrop_desc *desc, const float *multipliers, const void *x, void *y) {
    struct mask mask = {NULL, multipliers};
    each_element(desc, &mask, x, y);
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

planedrop_desc reference_gradient(const planedrop_desc *desc) {
    planedrop_desc gradient = *desc;
    memset(gradient.x_strides, 0, sizeof gradient.x_strides);
    memset(gradient.y_strides, 0, sizeof gradient.y_strides);
    x_strides_of(desc, gradient.y_strides);
    y_strides_of(desc, gradient.x_strides);
    gradient.flags |= PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    return gradient;
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

size_t reference_mask_bytes(const planedrop_desc *desc, int32_t form) {
    return form == PLANEDROP_MASK_BYTES ? 1
           : form == PLANEDROP_MASK_F32 ? sizeof(float)
                                        : reference_element_bytes(desc->dtype);
}

static void store_draw(const planedrop_desc *desc, const struct mask *mask, uint64_t draw,
                       int32_t form, unsigned char *to) {
    double multiplier;
    int kept = multiplier_of(desc, mask, draw, &multiplier);
    if (form == PLANEDROP_MASK_BYTES) {
        *to = (unsigned char)kept;
    } else {
        int32_t dtype = form == PLANEDROP_MASK_F32 ? PLANEDROP_F32 : desc->dtype;
        reference_store_number(dtype, kept ? multiplier : 0.0, to);
    }
}

void reference_mask_draws(const planedrop_desc *desc, const uint32_t *keep,
                          const float *multipliers, int32_t form, uint64_t first, uint64_t count,
                          void *to) {
    struct mask mask = {keep, multipliers};
    size_t bytes = reference_mask_bytes(desc, form);
    for (uint64_t i = 0; i < count; i++) {
        store_draw(desc, &mask, first + i, form, (unsigned char *)to + i * bytes);
    }
}

void reference_mask_elements(const planedrop_desc *desc, const uint32_t *keep,
                             const float *multipliers, int32_t form, void *to) {
    struct mask mask = {keep, multipliers};
    uint64_t elements = product_of(desc->ndim, desc->dims);
    int64_t bytes = (int64_t)reference_mask_bytes(desc, form), strides[PLANEDROP_MAX_NDIM];
    y_strides_of(desc, strides);
    for (uint64_t element = 0; element < elements; element++) {
        uint64_t index[PLANEDROP_MAX_NDIM];
        indices_of(desc->ndim, desc->dims, element, index);
        store_draw(desc, &mask, own_draw_of(desc, index), form,
                   (unsigned char *)to + distance_of(desc->ndim, index, strides) * bytes);
    }
}
