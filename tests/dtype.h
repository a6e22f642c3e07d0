/* SPDX-License-Identifier: MIT
 *
 * The element types as the tests see them: formats, single elements of an array, and test functions
 * that run once on each type.
 */
#ifndef PLANEDROP_TESTS_DTYPE_H
#define PLANEDROP_TESTS_DTYPE_H

#include "planedrop/planedrop.h"

#include <stddef.h>
#include <stdint.h>

enum { DTYPE_COUNT = PLANEDROP_F64 + 1, DTYPE_MOST_BYTES = 8 };

/* IEEE 754 and its like: a sign, then exponent_bits, then fraction_bits. */
struct dtype_format {
    const char *name;
    size_t bytes;
    unsigned exponent_bits, fraction_bits;
};

const struct dtype_format *dtype_format(int32_t dtype);
size_t dtype_bytes(int32_t dtype);

/* The i-th element of an array: its bits, and its value. dtype_set wants one that f32 and the type
 * have exactly. */
uint64_t dtype_bits(int32_t dtype, const void *array, size_t i);
void dtype_set_bits(int32_t dtype, void *array, size_t i, uint64_t bits);
double dtype_value(int32_t dtype, const void *array, size_t i);
void dtype_set(int32_t dtype, void *array, size_t i, float value);

struct dtype_test {
    const char *name;
    void (*run)(int32_t dtype);
};

/* Runs every test on every type, as one group of cmocka; returns the number of failures. */
int dtype_run_tests(const char *group, const struct dtype_test *tests, size_t count);

#endif
