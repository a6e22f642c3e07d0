/* SPDX-License-Identifier: MIT
 *
 * The far end of what the contract addresses. Windows of every layout in masks of up to 2^64 draws,
 * around the draws where one of these numbers needs a bit more than a type has; and shapes that are
 * just not too large, or just too large, also where a product wraps around to a small one.
 *
 *     draw k     word k/32     Philox counter 8*(k/32) + block, as two words of 32 bits
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "mask.h"
#include "random.h"
#include "reference.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define POWER(n) (UINT64_C(1) << (n))

/* ---- Windows --------------------------------------------------------------------------------- */

enum { SAMPLES = 3, CHANNELS = 72, BLOCK = 8, LONG_ROW = 5000, LEAST_ROW = 13, MANY_SAMPLES = 70 };

/* A layout: which of its axes are samples and channels, and how many draws one index of the latter
 * is. A row of a mask is all channels of a sample. */
static const struct layout {
    const char *name;
    planedrop_desc desc;
    int n, c;
    size_t block;
} * layouts(size_t *count) {
    static struct layout list[6];
    const int32_t f32 = PLANEDROP_F32;
    const struct layout made[6] = {
        {"planes", planedrop_desc_nchw(f32, SAMPLES, CHANNELS, 70, 0), 0, 1, 1},
        {"small planes", planedrop_desc_nchw(f32, SAMPLES, CHANNELS, 3, 0), 0, 1, 1},
        {"planes a row of draws apart", planedrop_desc_nchw(f32, MANY_SAMPLES, 1, 5, 0), 0, 1, 1},
        {"rows", planedrop_desc_nhwc(f32, SAMPLES, 5, CHANNELS, 0), 0, 2, 1},
        {"blocks", planedrop_desc_nchw_blocked(f32, SAMPLES, CHANNELS, 5, BLOCK, 0), 0, 1, BLOCK},
        {"elements", planedrop_desc_nchw(f32, SAMPLES, LONG_ROW, 1, 0), 0, 1, 1},
    };
    memcpy(list, made, sizeof made);
    *count = 6;
    return list;
}

/* A window in a mask whose rows are 2^width to 2^(width+1) draws, with its middle row's draws on
 * either side of draw `at`; UINT64_MAX stands for the last window of the largest mask. */
static planedrop_desc window_of(const struct layout *layout, struct random *random, uint64_t at,
                                unsigned width) {
    planedrop_desc desc = layout->desc;
    const uint64_t n = desc.noise[layout->n], draws = desc.noise[layout->c] * layout->block;
    uint64_t row, line, first;
    do {
        row = (POWER(width) + random_bits(random) % POWER(width)) / layout->block * layout->block;
        line = at == UINT64_MAX ? at / row - n : at / row - n / 2;
        first = at == UINT64_MAX ? row - draws : at % row - draws / 2;
        first = first / layout->block * layout->block;
    } while (first > row - draws); /* it would not lie in one row; or it is negative */
    for (int a = 0; a < desc.ndim; a++) {
        desc.global_noise[a] = desc.noise[a];
    }
    desc.window_start[layout->n] = line;
    desc.global_noise[layout->n] = line + n;
    desc.window_start[layout->c] = first / layout->block;
    desc.global_noise[layout->c] = row / layout->block;
    return desc;
}

static void check_window(const planedrop_desc *desc, struct random *random, size_t parts) {
    const planedrop_rng rng = {random_bits(random), random_bits(random)};
    planedrop_plan plan;
    size_t elements = 1;
    for (int a = 0; a < desc->ndim; a++) {
        elements *= (size_t)desc->dims[a];
    }
    const size_t draws = (size_t)reference_draws(desc), words = (draws + 31) / 32;
    const size_t room = DTYPE_MOST_BYTES * elements; /* for floats, too */
    unsigned char *x = malloc(room), *got = malloc(room), *want = malloc(room);
    uint32_t *keep = malloc(8 * words), *want_keep = keep + words;
    assert_ok(planedrop_plan_init_isa(&plan, desc, isa_under_test()));
    assert_true(planedrop_plan_draws(&plan) == draws);

    assert_ok(mask_bits(&plan, rng, keep));
    reference_mask(desc, rng, want_keep);
    assert_words_equal(keep, want_keep, words);

    assert_ok(mask_multipliers(&plan, rng, (void *)got)); /* at most one an element */
    reference_multipliers(desc, rng, (void *)want);
    assert_elements_equal(PLANEDROP_F32, got, want, draws);

    random_elements(random, desc->dtype, x, elements);
    for (size_t part = 0; part < parts; part++) {
        assert_ok(planedrop_forward_part(&plan, rng, part, parts, x, got));
    }
    reference_forward(desc, rng, x, want);
    assert_elements_equal(desc->dtype, got, want, elements);
    free(x);
    free(got);
    free(want);
    free(keep);
}

static void far_windows(int32_t dtype) {
    static const unsigned powers[] = {31, 32, 33, 34, 36, 37, 61, 63, 64};
    struct random random = random_begin(dtype);
    const size_t cases = random_cases(2000) / DTYPE_COUNT;
    size_t count;
    const struct layout *list = layouts(&count);
    /* even few cases meet every layout and power, on one type or another */
    for (size_t i = (size_t)dtype * cases; i < (size_t)(dtype + 1) * cases; i++) {
        const struct layout *layout = &list[i % count];
        const unsigned power = powers[i / count % (sizeof powers / sizeof powers[0])];
        const uint64_t at = power == 64 ? UINT64_MAX : POWER(power);
        const unsigned width = LEAST_ROW + (unsigned)random_below(&random, power - 7 - LEAST_ROW);
        const planedrop_rng rng = {0, 0};
        char text[400];
        planedrop_desc desc = window_of(layout, &random, at, width);
        desc.dtype = dtype;
        desc.rate = random_below(&random, 2) ? 0.5 : 0.3;
        describe(text, sizeof text, &desc, rng);
        fence_case("%s, test seed %llu: %s around draw 2^%u: %s", isa_under_test(),
                   (unsigned long long)random_seed(), layout->name, power, text);
        check_window(&desc, &random, 1 + random_below(&random, 4));
    }
}

/* ---- Shapes ---------------------------------------------------------------------------------- */

static void expect(const planedrop_desc *desc, planedrop_status status) {
    planedrop_plan plan;
    char text[400];
    const planedrop_rng rng = {0, 0};
    describe(text, sizeof text, desc, rng);
    fence_case("%s: %s", isa_under_test(), text);
    const planedrop_status got = planedrop_plan_init_isa(&plan, desc, isa_under_test());
    if (got != status) {
        fail_msg("%s\n  got: %s\n  want: %s", fence_case_text(), planedrop_status_string(got),
                 planedrop_status_string(status));
    }
    if (status == PLANEDROP_OK) {
        assert_true(planedrop_plan_draws(&plan) == reference_draws(desc));
    }
}

/* n x c x 1 elements, each with its draw. */
static planedrop_desc pairs(int32_t dtype, uint64_t n, uint64_t c) {
    return planedrop_desc_nchw(dtype, n, c, 1, 0.5);
}

static void largest_shapes(int32_t dtype) {
    const uint64_t most = (uint64_t)PTRDIFF_MAX / dtype_bytes(dtype); /* elements */
    planedrop_desc desc;
    desc = planedrop_desc_elementwise(dtype, most, 0.5), expect(&desc, PLANEDROP_OK);
    desc = planedrop_desc_elementwise(dtype, most + 1, 0.5);
    expect(&desc, PLANEDROP_ERR_OVERFLOW);
    desc = pairs(dtype, 3, most / 3), expect(&desc, PLANEDROP_OK);
    desc = pairs(dtype, most / 2, 2), expect(&desc, PLANEDROP_OK);
    desc = planedrop_desc_drop_path(dtype, 2, most / 2, 0.5), expect(&desc, PLANEDROP_OK);
    desc = pairs(dtype, 2, most / 2 + 1), expect(&desc, PLANEDROP_ERR_OVERFLOW);
    desc = pairs(dtype, most / 2 + 1, 2), expect(&desc, PLANEDROP_ERR_OVERFLOW);
    desc = pairs(dtype, most + 1, 0), expect(&desc, PLANEDROP_ERR_OVERFLOW);
    desc = pairs(dtype, most, 0), expect(&desc, PLANEDROP_OK);
    /* products that are 0, 1, 2 and 4 modulo 2^64 */
    desc = pairs(dtype, POWER(32), POWER(32)), expect(&desc, PLANEDROP_ERR_OVERFLOW);
    desc = pairs(dtype, UINT64_MAX, UINT64_MAX), expect(&desc, PLANEDROP_ERR_OVERFLOW);
    desc = pairs(dtype, POWER(63) + 1, 2), expect(&desc, PLANEDROP_ERR_OVERFLOW);
    desc = pairs(dtype, POWER(62) + 1, 4), expect(&desc, PLANEDROP_ERR_OVERFLOW);
    const int most_bits = (int)sizeof(size_t); /* an axis: 8 of them make all bits of a size */
    for (int bits = most_bits - 1; bits <= most_bits; bits++) {
        desc.ndim = PLANEDROP_MAX_NDIM;
        for (int a = 0; a < desc.ndim; a++) {
            desc.dims[a] = desc.noise[a] = POWER(bits);
        }
        expect(&desc, bits < most_bits ? PLANEDROP_OK : PLANEDROP_ERR_OVERFLOW);
    }
}

/* A window of 2 x 3 draws at (n, c) of a mask of rows x row draws. */
static void expect_window(uint64_t rows, uint64_t row, uint64_t n, uint64_t c,
                          planedrop_status status) {
    planedrop_desc desc = planedrop_desc_nchw(PLANEDROP_F32, 2, 3, 5, 0.5);
    desc.global_noise[0] = rows, desc.global_noise[1] = row, desc.global_noise[2] = 1;
    desc.window_start[0] = n, desc.window_start[1] = c;
    expect(&desc, status);
}

static void largest_masks(void **state) {
    (void)state;
    const uint64_t most = UINT64_MAX; /* draws: 3 * (2^64-1)/3, (2^32-1) * (2^32+1) */
    expect_window(2, most / 2, 0, most / 2 - 3, PLANEDROP_OK);
    expect_window(most / 3, 3, most / 3 - 2, 0, PLANEDROP_OK);
    expect_window(3, most / 3, 1, most / 3 - 3, PLANEDROP_OK);
    expect_window(POWER(32) - 1, POWER(32) + 1, POWER(32) - 3, POWER(32) - 2, PLANEDROP_OK);
    expect_window(2, most / 2 + 1, 0, 0, PLANEDROP_ERR_OVERFLOW);
    expect_window(most / 3 + 1, 3, 0, 0, PLANEDROP_ERR_OVERFLOW);
    expect_window(3, most / 3 + 1, 0, 0, PLANEDROP_ERR_OVERFLOW);
    expect_window(POWER(32), POWER(32), 0, 0, PLANEDROP_ERR_OVERFLOW);
    expect_window(most, most, 0, 0, PLANEDROP_ERR_OVERFLOW); /* 1 modulo 2^64 */
    /* beyond the end of a row */
    expect_window(3, most / 3, 2, 0, PLANEDROP_ERR_SHAPE);
    expect_window(3, most / 3, 1, most / 3 - 2, PLANEDROP_ERR_SHAPE);
    expect_window(3, most / 3, 0, most - 1, PLANEDROP_ERR_SHAPE);
    /* first + noise is 1 modulo 2^64 */
    planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, 3, 0.5);
    desc.global_noise[0] = most;
    desc.window_start[0] = most - 3, expect(&desc, PLANEDROP_OK);
    desc.window_start[0] = most - 1, expect(&desc, PLANEDROP_ERR_SHAPE);
}

/* Strides whose reach, or its product or sum, does not fit. */
static void largest_strides(int32_t dtype) {
    const int64_t most = PTRDIFF_MAX / (int64_t)dtype_bytes(dtype);
    for (int64_t sign = -1; sign <= 1; sign += 2) {
        for (int of_x = 0; of_x < 2; of_x++) {
            planedrop_desc desc = planedrop_desc_drop_path(dtype, 2, 5, 0.5);
            int64_t *stride = of_x ? desc.x_strides : desc.y_strides;
            desc.flags = of_x ? PLANEDROP_X_STRIDED : PLANEDROP_Y_STRIDED;
            stride[1] = 1;
            stride[0] = sign * (most / 2 - 5), expect(&desc, PLANEDROP_OK);
            stride[0] = sign * most, expect(&desc, PLANEDROP_ERR_OVERFLOW);
            stride[0] = sign * INT64_MAX, expect(&desc, PLANEDROP_ERR_OVERFLOW);
            stride[0] = INT64_MIN, expect(&desc, PLANEDROP_ERR_OVERFLOW);
            desc.dims[0] = desc.noise[0] = 64; /* times the stride: 0 modulo the largest size */
            stride[0] = sign * (INT64_MAX / 32 + 1), expect(&desc, PLANEDROP_ERR_OVERFLOW);
            desc.dims[0] = desc.noise[0] = 2; /* either axis would do */
            stride[0] = sign * (most / 4 * 3), stride[1] = sign * (most / 12);
            expect(&desc, PLANEDROP_ERR_OVERFLOW);
        }
    }
}

int main(int argc, char **argv) {
    static const struct dtype_test typed_tests[] = {
        {"far_windows", far_windows},
        {"largest_shapes", largest_shapes},
        {"largest_strides", largest_strides},
    };
    const struct CMUnitTest tests[] = {cmocka_unit_test(largest_masks)};
    const int code = isa_begin(argc, argv);
    return code != 0 ? code
                     : cmocka_run_group_tests_name("far masks", tests, NULL, NULL) +
                           dtype_run_tests("far", typed_tests,
                                           sizeof typed_tests / sizeof typed_tests[0]);
}
