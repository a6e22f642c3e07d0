/* SPDX-License-Identifier: MIT
 *
 * Every way to call the library wrongly, and the right status for it with nothing written; then the
 * legal oddities (empty tensors, negative strides, interleaved views) and the queries.
 */
#include "dtype.h"
#include "planedrop/planedrop.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const planedrop_rng rng = {1, 2};

static planedrop_desc good(void) { return planedrop_nchw(PLANEDROP_F32, 2, 3, 5, 0.5); }

/* plan_init of desc gives `status`, on every instruction set, and an error leaves the plan as it
 * was. */
static void expect(const planedrop_desc *desc, planedrop_status status) {
    unsigned char before[sizeof(planedrop_plan)];
    memset(before, 0xab, sizeof before);
    for (size_t i = 0; i <= planedrop_isa_count(); i++) {
        planedrop_plan plan;
        memset(&plan, 0xab, sizeof plan);
        if (i < planedrop_isa_count() && !planedrop_isa_usable(i)) {
            continue;
        }
        const planedrop_status got =
            i < planedrop_isa_count() ? planedrop_plan_init_isa(&plan, desc, planedrop_isa_name(i))
                                      : planedrop_plan_init(&plan, desc);
        assert_string_equal(planedrop_status_string(got), planedrop_status_string(status));
        if (status != PLANEDROP_OK) {
            assert_memory_equal(&plan, before, sizeof plan);
        }
    }
    if (status != PLANEDROP_OK) {
        float x[64], y[64];
        memset(x, 0x11, sizeof x);
        memset(y, 0x22, sizeof y);
        assert_int_equal(planedrop_once(desc, rng, x, y), status);
        for (size_t i = 0; i < sizeof y; i++) {
            assert_int_equal(((unsigned char *)y)[i], 0x22);
        }
    }
}

static void bad_descriptors(void **state) {
    (void)state;
    planedrop_desc d = good();
    expect(&d, PLANEDROP_OK);

    d = good(), d.ndim = 0, expect(&d, PLANEDROP_ERR_SHAPE);
    d = good(), d.ndim = 9, expect(&d, PLANEDROP_ERR_SHAPE);
    d = good(), d.ndim = -1, expect(&d, PLANEDROP_ERR_SHAPE);
    d = good(), d.noise[1] = 2, expect(&d, PLANEDROP_ERR_SHAPE);
    d = good(), d.noise[1] = 0, expect(&d, PLANEDROP_ERR_SHAPE);
    d = good(), d.noise[0] = 4, expect(&d, PLANEDROP_ERR_SHAPE);
    d = planedrop_nchw_blocked(PLANEDROP_F32, 1, 8, 4, 0, 0.5), expect(&d, PLANEDROP_ERR_SHAPE);

    d = planedrop_elements(PLANEDROP_F32, SIZE_MAX, 0.5), expect(&d, PLANEDROP_ERR_SHAPE);
    d = planedrop_nchw(PLANEDROP_F32, SIZE_MAX / 2 + 1, 2, 1, 0.5);
    expect(&d, PLANEDROP_ERR_SHAPE);
    d = planedrop_nchw(PLANEDROP_F32, (size_t)1 << 40, (size_t)1 << 40, 0, 0.5);
    expect(&d, PLANEDROP_ERR_SHAPE);

    d = good(), d.rate = (double)NAN, expect(&d, PLANEDROP_ERR_RATE);
    d = good(), d.rate = -0.1, expect(&d, PLANEDROP_ERR_RATE);
    d = good(), d.rate = 1.1, expect(&d, PLANEDROP_ERR_RATE);
    d = good(), d.rate = (double)INFINITY, expect(&d, PLANEDROP_ERR_RATE);
    d = good(), d.rate = -0x1p-1074, expect(&d, PLANEDROP_ERR_RATE);
    d = good(), d.rate = 1 + 0x1p-52, expect(&d, PLANEDROP_ERR_RATE);
    d = good(), d.rate = -0.0, expect(&d, PLANEDROP_OK);
    d = good(), d.rate = 1.0, expect(&d, PLANEDROP_OK);

    d = good(), d.dtype = (planedrop_dtype)4, expect(&d, PLANEDROP_ERR_DTYPE);
    d = good(), d.dtype = (planedrop_dtype)-1, expect(&d, PLANEDROP_ERR_DTYPE);
    d = good(), d.dtype = PLANEDROP_BF16, expect(&d, PLANEDROP_OK);
    d = good(), d.dtype = PLANEDROP_F16, expect(&d, PLANEDROP_OK);
    d = good(), d.dtype = PLANEDROP_F64, expect(&d, PLANEDROP_OK);
    d = good(), d.law = (planedrop_law)2, expect(&d, PLANEDROP_ERR_UNSUPPORTED);
    d = good(), d.law = (planedrop_law)-1, expect(&d, PLANEDROP_ERR_UNSUPPORTED);
    d = good(), d.law = (planedrop_law)2, expect(&d, PLANEDROP_ERR_UNSUPPORTED);
    for (int bit = 3; bit < 32; bit++) {
        d = good(), d.flags = 1u << bit | 1, expect(&d, PLANEDROP_ERR_UNSUPPORTED);
    }
    d = good(), d.flags = 0x7, expect(&d, PLANEDROP_OK);
}

static void set3(ptrdiff_t *strides, ptrdiff_t a, ptrdiff_t b, ptrdiff_t c) {
    strides[0] = a, strides[1] = b, strides[2] = c;
}

static void bad_strides(void **state) {
    (void)state;
    planedrop_desc d = good(); /* 2 x 3 x 5 */
    set3(d.y_strides, 15, 5, 0), expect(&d, PLANEDROP_ERR_STRIDE);
    set3(d.y_strides, 15, 4, 1), expect(&d, PLANEDROP_ERR_STRIDE);
    set3(d.y_strides, 14, 5, 1), expect(&d, PLANEDROP_ERR_STRIDE);
    set3(d.y_strides, 0, 5, 1), expect(&d, PLANEDROP_ERR_STRIDE);
    set3(d.y_strides, 5, -5, 1), expect(&d, PLANEDROP_ERR_STRIDE);
    set3(d.y_strides, 15, PTRDIFF_MAX / 8, 1), expect(&d, PLANEDROP_ERR_STRIDE);
    set3(d.y_strides, PTRDIFF_MIN, 5, 1), expect(&d, PLANEDROP_ERR_STRIDE);
    set3(d.y_strides, 1, 2, 6), expect(&d, PLANEDROP_OK);
    set3(d.y_strides, 15, -5, -1), expect(&d, PLANEDROP_OK);
    set3(d.y_strides, 100, 30, 2), expect(&d, PLANEDROP_OK);
    d = good();
    set3(d.x_strides, 0, 0, 1), expect(&d, PLANEDROP_OK);
    set3(d.x_strides, 1, 1, 1), expect(&d, PLANEDROP_OK); /* x may share its elements */
    set3(d.x_strides, PTRDIFF_MAX / 4, 1, 1), expect(&d, PLANEDROP_ERR_STRIDE);
    d = planedrop_nchw(PLANEDROP_F32, 1, 3, 5, 0.5); /* the stride of an axis of 1 is never used */
    set3(d.y_strides, 0, 5, 1), expect(&d, PLANEDROP_OK);
    set3(d.y_strides, PTRDIFF_MIN, 5, 1), expect(&d, PLANEDROP_OK);
}

static void bad_windows(void **state) {
    (void)state;
    planedrop_desc d = good(); /* noise 2 x 3 x 1 */
    d.first[0] = 1, expect(&d, PLANEDROP_ERR_SHAPE);
    d = good(), d.whole[0] = 9, expect(&d, PLANEDROP_ERR_SHAPE); /* whole is 0 on the others */
    d = good(), d.whole[0] = 2, d.whole[1] = 3, d.whole[2] = 1, expect(&d, PLANEDROP_OK);
    d.first[1] = 1, expect(&d, PLANEDROP_ERR_SHAPE);
    d.whole[1] = 4, expect(&d, PLANEDROP_OK);
    d.first[1] = UINT64_MAX, expect(&d, PLANEDROP_ERR_SHAPE);
    d.first[1] = 0, d.whole[1] = 2, expect(&d, PLANEDROP_ERR_SHAPE);
    d.whole[1] = UINT64_MAX / 2, expect(&d, PLANEDROP_OK);
    d.whole[1] = UINT64_MAX / 2 + 1, expect(&d, PLANEDROP_ERR_SHAPE); /* 2^64 draws */
}

/* A size in bytes must fit ptrdiff_t, whatever the element. */
static void sizes_in_bytes(planedrop_dtype dtype) {
    const ptrdiff_t most = PTRDIFF_MAX / (ptrdiff_t)dtype_bytes(dtype);
    planedrop_desc d = planedrop_elements(dtype, (size_t)most + 1, 0.5);
    expect(&d, PLANEDROP_ERR_SHAPE);
    d = planedrop_elements(dtype, (size_t)most, 0.5), expect(&d, PLANEDROP_OK);
    d = planedrop_nchw(dtype, 1, 1, 2, 0.5);
    set3(d.x_strides, 1, 1, most), expect(&d, PLANEDROP_ERR_STRIDE);
    set3(d.x_strides, 1, 1, most / 2), expect(&d, PLANEDROP_OK);
}

static void null_pointers(void **state) {
    (void)state;
    const planedrop_desc d = good();
    planedrop_plan plan, blank;
    float x[30], y[30];
    uint32_t keep[1];
    memset(&blank, 0, sizeof blank);
    memset(x, 0, sizeof x);
    memset(y, 0, sizeof y);
    assert_int_equal(planedrop_plan_init(NULL, &d), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_plan_init(&plan, NULL), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_plan_init_isa(&plan, &d, NULL), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_once(NULL, rng, x, y), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_plan_init(&plan, &d), PLANEDROP_OK);
    const planedrop_plan *none[] = {NULL, &blank};
    for (int i = 0; i < 2; i++) {
        assert_int_equal(planedrop_forward(none[i], rng, x, y), PLANEDROP_ERR_NULL);
        assert_int_equal(planedrop_backward_part(none[i], rng, 0, 1, x, y), PLANEDROP_ERR_NULL);
        assert_int_equal(planedrop_mask(none[i], rng, keep), PLANEDROP_ERR_NULL);
        assert_int_equal(planedrop_multipliers(none[i], rng, x), PLANEDROP_ERR_NULL);
        assert_int_equal(planedrop_apply(none[i], keep, x, y), PLANEDROP_ERR_NULL);
        assert_null(planedrop_plan_isa(none[i]));
        assert_int_equal(planedrop_plan_draws(none[i]), 0);
    }
    assert_int_equal(planedrop_forward(&plan, rng, NULL, y), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_forward(&plan, rng, x, NULL), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_mask(&plan, rng, NULL), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_multipliers(&plan, rng, NULL), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_apply(&plan, NULL, x, y), PLANEDROP_ERR_NULL);
}

static void unknown_isa(void **state) {
    (void)state;
    const planedrop_desc d = good();
    planedrop_plan plan;
    assert_int_equal(planedrop_plan_init_isa(&plan, &d, "mmx"), PLANEDROP_ERR_ISA);
    assert_int_equal(planedrop_plan_init_isa(&plan, &d, ""), PLANEDROP_ERR_ISA);
    for (size_t i = 0; i < planedrop_isa_count(); i++) {
        const planedrop_status want = planedrop_isa_usable(i) ? PLANEDROP_OK : PLANEDROP_ERR_ISA;
        assert_int_equal(planedrop_plan_init_isa(&plan, &d, planedrop_isa_name(i)), want);
    }
}

/* forward and apply of 2 x 3 x 5, x and y at these elements of one memory, give `status`; an error
 * leaves the memory as it was. */
static void expect_call(const planedrop_desc *desc, size_t x_at, size_t y_at,
                        planedrop_status status) {
    enum { COUNT = 200 };
    static _Alignas(DTYPE_MOST_BYTES) unsigned char memory[COUNT * DTYPE_MOST_BYTES];
    unsigned char before[sizeof memory];
    const void *x = memory + x_at * dtype_bytes(desc->dtype);
    void *y = memory + y_at * dtype_bytes(desc->dtype);
    planedrop_plan plan;
    const uint32_t keep = 0x15;
    for (size_t i = 0; i < COUNT; i++) {
        dtype_set(desc->dtype, memory, i, (float)i);
    }
    memcpy(before, memory, sizeof memory);
    assert_int_equal(planedrop_plan_init(&plan, desc), PLANEDROP_OK);
    assert_int_equal(planedrop_forward(&plan, rng, x, y), status);
    assert_int_equal(planedrop_backward_part(&plan, rng, 0, 2, x, y), status);
    assert_int_equal(planedrop_apply(&plan, &keep, x, y), status);
    if (status != PLANEDROP_OK) {
        assert_memory_equal(memory, before, sizeof memory);
    }
}

static void overlaps(planedrop_dtype dtype) {
    enum { M = 50 };
    const planedrop_desc dense = planedrop_nchw(dtype, 2, 3, 5, 0.5);
    planedrop_desc d = dense;
    expect_call(&d, M, M, PLANEDROP_OK);
    expect_call(&d, M, M + 30, PLANEDROP_OK);
    expect_call(&d, M + 30, M, PLANEDROP_OK);
    expect_call(&d, M, M + 29, PLANEDROP_ERR_OVERLAP);
    expect_call(&d, M + 29, M, PLANEDROP_ERR_OVERLAP);
    expect_call(&d, M, M + 1, PLANEDROP_ERR_OVERLAP);

    set3(d.x_strides, 15, 1, 3); /* one memory, two layouts: not in place */
    expect_call(&d, M, M, PLANEDROP_ERR_OVERLAP);
    set3(d.x_strides, 0, 5, 1);
    expect_call(&d, M, M, PLANEDROP_ERR_OVERLAP);

    d = dense; /* x and y are the two halves of the channels of one 2 x 6 x 5 tensor */
    set3(d.x_strides, 30, 5, 1);
    set3(d.y_strides, 30, 5, 1);
    expect_call(&d, M, M + 15, PLANEDROP_OK);
    expect_call(&d, M + 15, M, PLANEDROP_OK);
    expect_call(&d, M, M + 10, PLANEDROP_ERR_OVERLAP);
    expect_call(&d, M, M + 20, PLANEDROP_ERR_OVERLAP);
    expect_call(&d, M, M + 44, PLANEDROP_ERR_OVERLAP);
    expect_call(&d, M, M + 45, PLANEDROP_OK);
    set3(d.x_strides, -30, 10, 2); /* even and odd elements, backwards along the samples */
    set3(d.y_strides, -30, 10, 2);
    expect_call(&d, M + 50, M + 51, PLANEDROP_OK);
    expect_call(&d, M + 50, M + 52, PLANEDROP_ERR_OVERLAP);

    /* The even and the odd elements, but a byte off: every element of x reaches into one of y. */
    static _Alignas(DTYPE_MOST_BYTES) unsigned char memory[200 * DTYPE_MOST_BYTES];
    unsigned char *y = memory + 100 * dtype_bytes(dtype);
    planedrop_plan plan;
    assert_int_equal(planedrop_plan_init(&plan, &d), PLANEDROP_OK);
    assert_int_equal(planedrop_forward(&plan, rng, y + dtype_bytes(dtype) + 1, y),
                     PLANEDROP_ERR_OVERLAP);
}

static void parts_out_of_range(void **state) {
    (void)state;
    const planedrop_desc d = good();
    planedrop_plan plan;
    float x[30], y[30];
    const uint32_t keep = 0;
    memset(x, 0, sizeof x);
    memset(y, 0x22, sizeof y);
    assert_int_equal(planedrop_plan_init(&plan, &d), PLANEDROP_OK);
    assert_int_equal(planedrop_forward_part(&plan, rng, 0, 0, x, y), PLANEDROP_ERR_PART);
    assert_int_equal(planedrop_forward_part(&plan, rng, 1, 1, x, y), PLANEDROP_ERR_PART);
    assert_int_equal(planedrop_backward_part(&plan, rng, 3, 2, x, y), PLANEDROP_ERR_PART);
    assert_int_equal(planedrop_apply_part(&plan, &keep, 2, 2, x, y), PLANEDROP_ERR_PART);
    for (size_t i = 0; i < sizeof y; i++) {
        assert_int_equal(((unsigned char *)y)[i], 0x22);
    }
    assert_int_equal(planedrop_forward_part(&plan, rng, SIZE_MAX - 1, SIZE_MAX, x, y),
                     PLANEDROP_OK);
}

static void empty_tensors(void **state) {
    (void)state;
    uint32_t keep[1] = {0xee};
    for (int axis = 0; axis < 3; axis++) {
        planedrop_desc d = good();
        planedrop_plan plan;
        d.dims[axis] = 0;
        d.noise[axis] = axis == 2 ? 1 : 0;
        assert_int_equal(planedrop_plan_init(&plan, &d), PLANEDROP_OK);
        assert_int_equal(planedrop_plan_draws(&plan), axis == 2 ? 6 : 0);
        assert_int_equal(planedrop_forward(&plan, rng, NULL, NULL), PLANEDROP_OK);
        assert_int_equal(planedrop_apply(&plan, NULL, NULL, NULL), PLANEDROP_OK);
        if (axis == 2) { /* no elements, but a mask */
            uint32_t want[1];
            const planedrop_desc full = good();
            assert_int_equal(planedrop_mask(&plan, rng, keep), PLANEDROP_OK);
            assert_int_equal(planedrop_plan_init(&plan, &full), PLANEDROP_OK);
            assert_int_equal(planedrop_mask(&plan, rng, want), PLANEDROP_OK);
            assert_int_equal(keep[0], want[0]);
        } else {
            assert_int_equal(planedrop_mask(&plan, rng, NULL), PLANEDROP_OK);
        }
    }
}

static void queries(void **state) {
    (void)state;
    assert_in_range(planedrop_isa_count(), 1, 16);
    const size_t last = planedrop_isa_count() - 1;
    assert_string_equal(planedrop_isa_name(last), "scalar");
    assert_int_equal(planedrop_isa_usable(last), 1);
    assert_null(planedrop_isa_name(last + 1));
    assert_int_equal(planedrop_isa_usable(last + 1), 0);
    for (int status = PLANEDROP_OK; status <= PLANEDROP_ERR_UNSUPPORTED; status++) {
        for (int other = PLANEDROP_OK; other < status; other++) {
            assert_string_not_equal(planedrop_status_string((planedrop_status)status),
                                    planedrop_status_string((planedrop_status)other));
        }
    }
    assert_string_equal(planedrop_status_string((planedrop_status)99), "unknown status");
    assert_string_equal(planedrop_status_string((planedrop_status)-1), "unknown status");
    assert_string_equal(planedrop_version(), VERSION);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_descriptors), cmocka_unit_test(bad_strides),
        cmocka_unit_test(bad_windows),     cmocka_unit_test(null_pointers),
        cmocka_unit_test(unknown_isa),     cmocka_unit_test(parts_out_of_range),
        cmocka_unit_test(empty_tensors),   cmocka_unit_test(queries),
    };
    static const struct dtype_test typed_tests[] = {
        {"sizes_in_bytes", sizes_in_bytes},
        {"overlaps", overlaps},
    };
    return cmocka_run_group_tests_name("api", tests, NULL, NULL) +
           dtype_run_tests("api of each dtype", typed_tests,
                           sizeof typed_tests / sizeof typed_tests[0]);
}
