/* SPDX-License-Identifier: MIT
 *
 * What differs, and where.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

void assert_elements_equal(int32_t dtype, const void *got, const void *want, size_t count) {
    const int hex = 2 * (int)dtype_bytes(dtype), decimal = dtype == PLANEDROP_F64 ? 17 : 9;
    if (memcmp(got, want, count * dtype_bytes(dtype)) == 0) {
        return;
    }
    for (size_t i = 0; i < count; i++) {
        const uint64_t got_bits = dtype_bits(dtype, got, i), want_bits = dtype_bits(dtype, want, i);
        if (got_bits != want_bits) {
            fail_msg("%s\n  %s element %zu of %zu in memory: got %.*g (0x%0*" PRIx64
                     "), want %.*g (0x%0*" PRIx64 ")",
                     fence_case_text(), dtype_format(dtype)->name, i, count, decimal,
                     dtype_value(dtype, got, i), hex, got_bits, decimal,
                     dtype_value(dtype, want, i), hex, want_bits);
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
    uint64_t x[PLANEDROP_MAX_NDIM], y[PLANEDROP_MAX_NDIM];
    for (int a = 0; a < desc->ndim; a++) {
        x[a] = (uint64_t)desc->x_strides[a];
        y[a] = (uint64_t)desc->y_strides[a];
    }
    size_t at = (size_t)snprintf(text, size,
                                 "%s law %d rate %.17g flags 0x%x seed %" PRIx64 " offset %" PRIx64,
                                 dtype_format(desc->dtype)->name, (int)desc->law, desc->rate,
                                 (unsigned)desc->flags, rng.seed, rng.offset);
    at = add_list(text, size, at, "dims", desc->dims, desc->ndim);
    at = add_list(text, size, at, "noise", desc->noise, desc->ndim);
    at = add_list(text, size, at, "x", x, desc->ndim);
    at = add_list(text, size, at, "y", y, desc->ndim);
    at = add_list(text, size, at, "global", desc->global_noise, desc->ndim);
    add_list(text, size, at, "start", desc->window_start, desc->ndim);
}
