/* SPDX-License-Identifier: MIT
 *
 * Every descriptor that is wrong, and the right status for it with nothing written; the legal
 * oddities; plans and their rate. Wrong calls with a plan are in test_calls.c, queries in
 * test_queries.c.
 */
#include "dtype.h"
#include "planedrop/planedrop.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const planedrop_rng rng = {1, 2};

static planedrop_desc good(void) { return planedrop_desc_nchw(PLANEDROP_F32, 2, 3, 5, 0.5); }

static planedrop_desc strided(void) {
    planedrop_desc desc = good();
    desc.flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    for (int a = 0; a < 3; a++) {
        desc.x_strides[a] = desc.y_strides[a] = a == 0 ? 15 : a == 1 ? 5 : 1;
    }
    return desc;
}

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
        assert_int_equal(planedrop_desc_forward(desc, rng, x, y), status);
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
    d = planedrop_desc_nchw_blocked(PLANEDROP_F32, 1, 8, 4, 0, 0.5);
    expect(&d, PLANEDROP_ERR_SHAPE);

    d = planedrop_desc_elementwise(PLANEDROP_F32, UINT64_MAX, 0.5);
    expect(&d, PLANEDROP_ERR_OVERFLOW);
    d = planedrop_desc_nchw(PLANEDROP_F32, UINT64_MAX / 2 + 1, 2, 1, 0.5);
    expect(&d, PLANEDROP_ERR_OVERFLOW);
    d = planedrop_desc_nchw(PLANEDROP_F32, UINT64_C(1) << 40, UINT64_C(1) << 40, 0, 0.5);
    expect(&d, PLANEDROP_ERR_OVERFLOW);

    d = good(), d.rate = (double)NAN, expect(&d, PLANEDROP_ERR_RATE);
    d = good(), d.rate = -0.1, expect(&d, PLANEDROP_ERR_RATE);
    d = good(), d.rate = 1.1, expect(&d, PLANEDROP_ERR_RATE);
    d = good(), d.rate = (double)INFINITY, expect(&d, PLANEDROP_ERR_RATE);
    d = good(), d.rate = -0x1p-1074, expect(&d, PLANEDROP_ERR_RATE);
    d = good(), d.rate = 1 + 0x1p-52, expect(&d, PLANEDROP_ERR_RATE);
    d = good(), d.rate = -0.0, expect(&d, PLANEDROP_OK);
    d = good(), d.rate = 1.0, expect(&d, PLANEDROP_OK);

    d = good(), d.dtype = PLANEDROP_F64 + 1, expect(&d, PLANEDROP_ERR_DTYPE);
    d = good(), d.dtype = -1, expect(&d, PLANEDROP_ERR_DTYPE);
    d = good(), d.dtype = INT32_MIN, expect(&d, PLANEDROP_ERR_DTYPE);
    d = good(), d.dtype = PLANEDROP_BF16, expect(&d, PLANEDROP_OK);
    d = good(), d.dtype = PLANEDROP_F16, expect(&d, PLANEDROP_OK);
    d = good(), d.dtype = PLANEDROP_F64, expect(&d, PLANEDROP_OK);
    d = good(), d.law = PLANEDROP_GAUSSIAN + 1, expect(&d, PLANEDROP_ERR_LAW);
    d = good(), d.law = -1, expect(&d, PLANEDROP_ERR_LAW);
    d = good(), d.stream = PLANEDROP_STREAM_NATIVE + 1, expect(&d, PLANEDROP_ERR_STREAM);
    d = good(), d.stream = -1, expect(&d, PLANEDROP_ERR_STREAM);
    d = good(), d.law = PLANEDROP_GAUSSIAN;
    expect(&d, HAS_GAUSSIAN ? PLANEDROP_OK : PLANEDROP_ERR_UNSUPPORTED);
    d.flags = PLANEDROP_NO_SCALE, expect(&d, PLANEDROP_ERR_COMBINATION);
    d.flags = 0, d.rate = 1, expect(&d, PLANEDROP_ERR_RATE);
    for (int bit = 5; bit < 32; bit++) {
        d = good(), d.flags = UINT32_C(1) << bit | 1, expect(&d, PLANEDROP_ERR_FLAGS);
    }
    d = strided(), d.flags |= 0x7, expect(&d, PLANEDROP_OK);
}

/* A descriptor of another version of the library, or of none. */
static void bad_versions(void **state) {
    (void)state;
    planedrop_desc d = good();
    const uint32_t size = d.size;
    assert_int_equal(size, sizeof d);
    d.size = size - 8, expect(&d, PLANEDROP_ERR_VERSION);
    d.size = size + 8, expect(&d, PLANEDROP_ERR_VERSION);
    d.size = 0, expect(&d, PLANEDROP_ERR_VERSION);
    memset(&d, 0, sizeof d), expect(&d, PLANEDROP_ERR_VERSION);
    for (size_t i = 0; i < sizeof d.reserved / sizeof d.reserved[0]; i++) {
        d = good(), d.reserved[i] = UINT64_C(1) << 4 * i, expect(&d, PLANEDROP_ERR_VERSION);
    }
}

static void set3(int64_t *strides, int64_t a, int64_t b, int64_t c) {
    strides[0] = a, strides[1] = b, strides[2] = c;
}

static void bad_strides(void **state) {
    (void)state;
    planedrop_desc d = strided(); /* 2 x 3 x 5 */
    expect(&d, PLANEDROP_OK);
    set3(d.y_strides, 15, 5, 0), expect(&d, PLANEDROP_ERR_Y_SHARED);
    set3(d.y_strides, 0, 5, 1), expect(&d, PLANEDROP_ERR_Y_SHARED);
    set3(d.y_strides, 0, 0, 0), expect(&d, PLANEDROP_ERR_Y_SHARED);
    set3(d.y_strides, 15, 4, 1), expect(&d, PLANEDROP_ERR_Y_NESTING);
    set3(d.y_strides, 14, 5, 1), expect(&d, PLANEDROP_ERR_Y_NESTING);
    set3(d.y_strides, 5, -5, 1), expect(&d, PLANEDROP_ERR_Y_NESTING);
    set3(d.y_strides, 15, INT64_MAX / 8, 1), expect(&d, PLANEDROP_ERR_OVERFLOW);
    set3(d.y_strides, INT64_MIN, 5, 1), expect(&d, PLANEDROP_ERR_OVERFLOW);
    set3(d.y_strides, 1, 2, 6), expect(&d, PLANEDROP_OK);
    set3(d.y_strides, 15, -5, -1), expect(&d, PLANEDROP_OK);
    set3(d.y_strides, 100, 30, 2), expect(&d, PLANEDROP_OK);
    d = strided();
    set3(d.x_strides, 0, 0, 1), expect(&d, PLANEDROP_OK);
    set3(d.x_strides, 0, 0, 0), expect(&d, PLANEDROP_OK);
    set3(d.x_strides, 1, 1, 1), expect(&d, PLANEDROP_OK); /* x may share its elements */
    set3(d.x_strides, INT64_MAX / 4, 1, 1), expect(&d, PLANEDROP_ERR_OVERFLOW);
    d = strided(); /* the stride of an axis of 1 is never used */
    d.dims[0] = d.noise[0] = 1;
    set3(d.y_strides, 0, 5, 1), expect(&d, PLANEDROP_OK);
    set3(d.y_strides, INT64_MIN, 5, 1), expect(&d, PLANEDROP_OK);
}

static void strides_without_their_flag(void **state) {
    (void)state;
    for (int a = 0; a < PLANEDROP_MAX_NDIM; a++) {
        const planedrop_status status = a < 3 ? PLANEDROP_ERR_FLAGS : PLANEDROP_OK;
        planedrop_desc d = good();
        d.x_strides[a] = 1, expect(&d, status);
        d.flags = PLANEDROP_Y_STRIDED;
        set3(d.y_strides, 15, 5, 1), expect(&d, status);
        d = good();
        d.y_strides[a] = -1, expect(&d, status);
        d.flags = PLANEDROP_X_STRIDED, expect(&d, status);
    }
}

static void bad_windows(void **state) {
    (void)state;
    planedrop_desc d = good(); /* noise 2 x 3 x 1 */
    d.window_start[0] = 1, expect(&d, PLANEDROP_ERR_SHAPE);
    d = good(), d.global_noise[0] = 9, expect(&d, PLANEDROP_ERR_SHAPE); /* 0 on the others */
    d.global_noise[0] = 2, d.global_noise[1] = 3, d.global_noise[2] = 1;
    expect(&d, PLANEDROP_OK);
    d.window_start[1] = 1, expect(&d, PLANEDROP_ERR_SHAPE);
    d.global_noise[1] = 4, expect(&d, PLANEDROP_OK);
    d.window_start[1] = UINT64_MAX, expect(&d, PLANEDROP_ERR_SHAPE);
    d.window_start[1] = 0, d.global_noise[1] = 2, expect(&d, PLANEDROP_ERR_SHAPE);
    d.global_noise[1] = UINT64_MAX / 2, expect(&d, PLANEDROP_OK);
    d.global_noise[1] = UINT64_MAX / 2 + 1, expect(&d, PLANEDROP_ERR_OVERFLOW); /* 2^64 draws */
}

/* Entries of arrays from ndim on are ignored. */
static void spare_entries(void **state) {
    (void)state;
    planedrop_desc d = good();
    for (int a = 3; a < PLANEDROP_MAX_NDIM; a++) {
        d.dims[a] = d.noise[a] = UINT64_MAX - 3;
        d.x_strides[a] = d.y_strides[a] = INT64_MIN;
        d.global_noise[a] = 3;
        d.window_start[a] = UINT64_MAX;
    }
    expect(&d, PLANEDROP_OK);
}

/* A size in bytes must fit ptrdiff_t, whatever the element. */
static void sizes_in_bytes(int32_t dtype) {
    const int64_t most = PTRDIFF_MAX / (int64_t)dtype_bytes(dtype);
    planedrop_desc d = planedrop_desc_elementwise(dtype, (uint64_t)most + 1, 0.5);
    expect(&d, PLANEDROP_ERR_OVERFLOW);
    d = planedrop_desc_elementwise(dtype, (uint64_t)most, 0.5), expect(&d, PLANEDROP_OK);
    d = planedrop_desc_nchw(dtype, 1, 1, 2, 0.5);
    d.flags = PLANEDROP_X_STRIDED;
    set3(d.x_strides, 1, 1, most), expect(&d, PLANEDROP_ERR_OVERFLOW);
    set3(d.x_strides, 1, 1, most / 2), expect(&d, PLANEDROP_OK);
}

/* Every maker: the fields that it sets, and all others as PLANEDROP_DESC_INIT has them. */
static void expect_desc(planedrop_desc desc, int32_t ndim, const uint64_t *dims,
                        const uint64_t *noise) {
    planedrop_desc want = PLANEDROP_DESC_INIT;
    want.dtype = PLANEDROP_F16;
    want.rate = 0.25;
    want.ndim = ndim;
    for (int a = 0; a < ndim; a++) {
        want.dims[a] = dims[a];
        want.noise[a] = noise[a];
    }
    assert_memory_equal(&desc, &want, sizeof want);
}

static void makers(void **state) {
    (void)state;
    const int32_t f16 = PLANEDROP_F16;
    const uint64_t n = 2, c = 10, s = 49;
    expect_desc(planedrop_desc_nchw(f16, n, c, s, 0.25), 3, (const uint64_t[]){n, c, s},
                (const uint64_t[]){n, c, 1});
    expect_desc(planedrop_desc_nhwc(f16, n, s, c, 0.25), 3, (const uint64_t[]){n, s, c},
                (const uint64_t[]){n, 1, c});
    expect_desc(planedrop_desc_nchw_blocked(f16, n, c, s, 8, 0.25), 4,
                (const uint64_t[]){n, 2, s, 8}, (const uint64_t[]){n, 2, 1, 8});
    expect_desc(planedrop_desc_nchw_blocked(f16, n, c, s, 5, 0.25), 4,
                (const uint64_t[]){n, 2, s, 5}, (const uint64_t[]){n, 2, 1, 5});
    expect_desc(planedrop_desc_elementwise(f16, s, 0.25), 1, (const uint64_t[]){s},
                (const uint64_t[]){s});
    expect_desc(planedrop_desc_drop_path(f16, n, s, 0.25), 2, (const uint64_t[]){n, s},
                (const uint64_t[]){n, 1});
}

static void null_pointers(void **state) {
    (void)state;
    const planedrop_desc d = good();
    planedrop_plan plan;
    float x[30], y[30];
    memset(x, 0, sizeof x);
    memset(y, 0, sizeof y);
    assert_int_equal(planedrop_plan_init(NULL, &d), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_plan_init(&plan, NULL), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_plan_init_isa(NULL, &d, "scalar"), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_plan_init_isa(&plan, NULL, "scalar"), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_plan_init_isa(&plan, &d, NULL), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_desc_forward(NULL, rng, x, y), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_desc_forward(&d, rng, NULL, y), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_desc_forward(&d, rng, x, NULL), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_desc_forward(&d, rng, x, y), PLANEDROP_OK);
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
        if (want == PLANEDROP_OK) {
            assert_string_equal(planedrop_plan_isa(&plan), planedrop_isa_name(i));
        }
    }
}

/* A rate that is refused leaves the plan as it was; what another rate does is in
 * test_invariants.c. */
static void bad_rates_of_a_plan(void **state) {
    (void)state;
    static const double rates[] = {-0.1, 1.1, (double)NAN, (double)INFINITY, -0x1p-1074};
    planedrop_plan plan, before, blank;
    planedrop_desc d = good();
    memset(&blank, 0, sizeof blank);
    memset(&plan, 0, sizeof plan);
    assert_int_equal(planedrop_plan_set_rate(NULL, 0.5), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_plan_set_rate(&blank, 0.5), PLANEDROP_ERR_PLAN);
    for (int32_t law = 0; law <= HAS_GAUSSIAN; law++) {
        d.law = law;
        assert_int_equal(planedrop_plan_init(&plan, &d), PLANEDROP_OK);
        before = plan;
        for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
            assert_int_equal(planedrop_plan_set_rate(&plan, rates[i]), PLANEDROP_ERR_RATE);
            assert_memory_equal(&plan, &before, sizeof plan);
        }
        if (law == PLANEDROP_GAUSSIAN) {
            assert_int_equal(planedrop_plan_set_rate(&plan, 1), PLANEDROP_ERR_RATE);
            assert_memory_equal(&plan, &before, sizeof plan);
        } else {
            assert_int_equal(planedrop_plan_set_rate(&plan, 1), PLANEDROP_OK);
        }
    }
}

/* One part for each begun 64 KiB of y; with no elements one, which does nothing. */
static void parts_worth_while(int32_t dtype) {
    const uint64_t full = 65536 / dtype_bytes(dtype);
    const uint64_t counts[][2] = {
        {0, 1},        {1, 1},        {full - 1, 1},     {full, 1},
        {full + 1, 2}, {2 * full, 2}, {2 * full + 1, 3}, {100 * full, 100}};
    planedrop_plan plan, blank;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        const planedrop_desc d = planedrop_desc_elementwise(dtype, counts[i][0], 0.5);
        assert_int_equal(planedrop_plan_init(&plan, &d), PLANEDROP_OK);
        assert_int_equal(planedrop_plan_parts(&plan), counts[i][1]);
    }
    memset(&blank, 0, sizeof blank);
    assert_int_equal(planedrop_plan_parts(NULL), 0);
    assert_int_equal(planedrop_plan_parts(&blank), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_descriptors), cmocka_unit_test(bad_versions),
        cmocka_unit_test(bad_strides),     cmocka_unit_test(strides_without_their_flag),
        cmocka_unit_test(bad_windows),     cmocka_unit_test(spare_entries),
        cmocka_unit_test(makers),          cmocka_unit_test(null_pointers),
        cmocka_unit_test(unknown_isa),     cmocka_unit_test(bad_rates_of_a_plan),
    };
    static const struct dtype_test typed_tests[] = {
        {"sizes_in_bytes", sizes_in_bytes},
        {"parts_worth_while", parts_worth_while},
    };
    return cmocka_run_group_tests_name("api", tests, NULL, NULL) +
           dtype_run_tests("api of each dtype", typed_tests,
                           sizeof typed_tests / sizeof typed_tests[0]);
}
