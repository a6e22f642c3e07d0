/* SPDX-License-Identifier: MIT
 *
 * What differs, and where.
 */
#include "compare.h"
#include "fence.h"
#include "isa.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void assert_f32_equal(const void *got, const void *want, size_t count) {
    const unsigned char *g = got, *w = want;
    for (size_t i = 0; i < count; i++) {
        if (memcmp(g + 4 * i, w + 4 * i, 4) != 0) {
            float got_value, want_value;
            uint32_t got_bits, want_bits;
            memcpy(&got_value, g + 4 * i, 4);
            memcpy(&want_value, w + 4 * i, 4);
            memcpy(&got_bits, g + 4 * i, 4);
            memcpy(&want_bits, w + 4 * i, 4);
            fail_msg("%s\n  element %zu of %zu in memory: got %.9g (0x%08" PRIx32
                     "), want %.9g (0x%08" PRIx32 ")",
                     fence_case_text(), i, count, (double)got_value, got_bits, (double)want_value,
                     want_bits);
        }
    }
}

void assert_words_equal(const uint32_t *got, const uint32_t *want, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (got[i] != want[i]) {
            fail_msg("%s\n  mask word %zu of %zu: got %08" PRIx32 ", want %08" PRIx32,
                     fence_case_text(), i, count, got[i], want[i]);
        }
    }
}

void assert_ok(planedrop_status status) {
    if (status != PLANEDROP_OK) {
        fail_msg("%s\n  status: %s", fence_case_text(), planedrop_status_string(status));
    }
}

static size_t add_list(char *text, size_t size, size_t at, const char *name, const uint64_t *list,
                       int count) {
    at += (size_t)snprintf(text + at, at < size ? size - at : 0, " %s", name);
    for (int i = 0; i < count && at < size; i++) {
        at += (size_t)snprintf(text + at, size - at, "%c%" PRId64, i == 0 ? '(' : ',',
                               (int64_t)list[i]);
    }
    return at < size ? at + (size_t)snprintf(text + at, size - at, ")") : size;
}

void describe(char *text, size_t size, const planedrop_desc *desc, planedrop_rng rng) {
    uint64_t dims[PLANEDROP_MAX_NDIM], noise[PLANEDROP_MAX_NDIM];
    uint64_t x[PLANEDROP_MAX_NDIM], y[PLANEDROP_MAX_NDIM];
    for (int a = 0; a < desc->ndim; a++) {
        dims[a] = desc->dims[a];
        noise[a] = desc->noise[a];
        x[a] = (uint64_t)desc->x_strides[a];
        y[a] = (uint64_t)desc->y_strides[a];
    }
    size_t at =
        (size_t)snprintf(text, size, "f32 rate %.17g flags %u seed %" PRIx64 " offset %" PRIx64,
                         desc->rate, desc->flags, rng.seed, rng.offset);
    at = add_list(text, size, at, "dims", dims, desc->ndim);
    at = add_list(text, size, at, "noise", noise, desc->ndim);
    at = add_list(text, size, at, "x", x, desc->ndim);
    at = add_list(text, size, at, "y", y, desc->ndim);
    at = add_list(text, size, at, "whole", desc->whole, desc->ndim);
    add_list(text, size, at, "first", desc->first, desc->ndim);
}
