/* SPDX-License-Identifier: MIT
 *
 * Formats and elements; tests times types.
 */
#include "dtype.h"
#include "reference.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

const struct dtype_format *dtype_format(int32_t dtype) {
    static const struct dtype_format formats[DTYPE_COUNT] = {
        [PLANEDROP_F32] = {"f32", 4, 8, 23},
        [PLANEDROP_BF16] = {"bf16", 2, 8, 7},
        [PLANEDROP_F16] = {"f16", 2, 5, 10},
        [PLANEDROP_F64] = {"f64", 8, 11, 52},
    };
    return &formats[dtype];
}

size_t dtype_bytes(int32_t dtype) { return dtype_format(dtype)->bytes; }

uint64_t dtype_bits(int32_t dtype, const void *array, size_t i) {
    const size_t bytes = dtype_bytes(dtype);
    const unsigned char *p = (const unsigned char *)array + i * bytes;
    uint16_t bits16;
    uint32_t bits32;
    uint64_t bits64;
    switch (bytes) {
    case sizeof bits16:
        memcpy(&bits16, p, sizeof bits16);
        return bits16;
    case sizeof bits32:
        memcpy(&bits32, p, sizeof bits32);
        return bits32;
    default:
        memcpy(&bits64, p, sizeof bits64);
        return bits64;
    }
}

void dtype_set_bits(int32_t dtype, void *array, size_t i, uint64_t bits) {
    const size_t bytes = dtype_bytes(dtype);
    unsigned char *p = (unsigned char *)array + i * bytes;
    const uint16_t bits16 = (uint16_t)bits;
    const uint32_t bits32 = (uint32_t)bits;
    switch (bytes) {
    case sizeof bits16:
        memcpy(p, &bits16, sizeof bits16);
        break;
    case sizeof bits32:
        memcpy(p, &bits32, sizeof bits32);
        break;
    default:
        memcpy(p, &bits, sizeof bits);
        break;
    }
}

double dtype_value(int32_t dtype, const void *array, size_t i) {
    const uint64_t bits = dtype_bits(dtype, array, i);
    uint32_t bits32 = (uint32_t)bits;
    double value;
    float value32;
    switch (dtype) {
    case PLANEDROP_BF16:
        bits32 = reference_f32_of_bf16((uint16_t)bits);
        break;
    case PLANEDROP_F16:
        bits32 = reference_f32_of_f16((uint16_t)bits);
        break;
    case PLANEDROP_F64:
        memcpy(&value, &bits, sizeof value);
        return value;
    case PLANEDROP_F32:
        break;
    }
    memcpy(&value32, &bits32, sizeof value32);
    return (double)value32;
}

void dtype_set(int32_t dtype, void *array, size_t i, float value) {
    const double value64 = (double)value;
    uint32_t bits32;
    uint64_t bits;
    memcpy(&bits32, &value, sizeof bits32);
    bits = bits32;
    switch (dtype) {
    case PLANEDROP_BF16:
        bits = reference_bf16_of_f32(bits32);
        break;
    case PLANEDROP_F16:
        bits = reference_f16_of_f32(bits32);
        break;
    case PLANEDROP_F64:
        memcpy(&bits, &value64, sizeof bits);
        break;
    case PLANEDROP_F32:
        break;
    }
    dtype_set_bits(dtype, array, i, bits);
}

struct typed_test {
    void (*run)(int32_t dtype);
    int32_t dtype;
    char name[64];
};

static void run_typed(void **state) {
    const struct typed_test *test = *state;
    test->run(test->dtype);
}

int dtype_run_tests(const char *group, const struct dtype_test *tests, size_t count) {
    enum { MOST = 64 };
    static struct typed_test typed[MOST];
    struct CMUnitTest units[MOST];
    memset(units, 0, sizeof units); /* cmocka passes over the blank ones */
    for (size_t i = 0; i < count * DTYPE_COUNT && i < MOST; i++) {
        const struct dtype_test *test = &tests[i / DTYPE_COUNT];
        typed[i].run = test->run;
        typed[i].dtype = (int32_t)(i % DTYPE_COUNT);
        snprintf(typed[i].name, sizeof typed[i].name, "%s.%s", test->name,
                 dtype_format(typed[i].dtype)->name);
        units[i].name = typed[i].name;
        units[i].test_func = run_typed;
        units[i].initial_state = &typed[i];
    }
    if (count * DTYPE_COUNT > MOST) {
        fprintf(stderr, "%s: too many tests\n", group);
        return 1;
    }
    return cmocka_run_group_tests_name(group, units, NULL, NULL);
}
