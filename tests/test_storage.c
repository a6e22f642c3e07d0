/* SPDX-License-Identifier: MIT
 *
 * Where the tensors of a call lie in memory: overlap, in place, elements that share storage,
 * alignment. Each case gives its status, and an error leaves the memory as it was.
 */
#include "dtype.h"
#include "planedrop/planedrop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const planedrop_rng rng = {0, 0};
static const uint32_t keep[1] = {0x15}; /* of 6 draws */

static planedrop_plan plan_of(const planedrop_desc *desc) {
    planedrop_plan plan;
    assert_int_equal(planedrop_plan_init(&plan, desc), PLANEDROP_OK);
    return plan;
}

static void set3(int64_t *strides, int64_t a, int64_t b, int64_t c) {
    strides[0] = a, strides[1] = b, strides[2] = c;
}

enum { COUNT = 200 };
static _Alignas(DTYPE_MOST_BYTES) unsigned char memory[COUNT * DTYPE_MOST_BYTES];

/* Fills the memory, and what it must still be after an error. */
static void fill(unsigned char before[sizeof memory]) {
    memset(memory, 0x22, sizeof memory);
    memcpy(before, memory, sizeof memory);
}

/* Of an element, in bytes. */
static size_t alignment_of(int32_t dtype) {
    struct alignment_of_f64 {
        char before;
        double f64; /* i686 aligns it to 4 bytes */
    };
    return dtype == PLANEDROP_F64 ? offsetof(struct alignment_of_f64, f64) : dtype_bytes(dtype);
}

/* forward, backward and apply of 2 x 3 x 5, input and output at these bytes of one memory, give
 * `status`; an error leaves the memory as it was. */
static void expect_call_at(const planedrop_desc *desc, size_t input_at, size_t output_at,
                           planedrop_status status) {
    unsigned char before[sizeof memory];
    const void *input = memory + input_at;
    void *output = memory + output_at;
    const planedrop_plan plan = plan_of(desc);
    planedrop_call call = PLANEDROP_CALL_INIT;
    for (size_t i = 0; i < COUNT; i++) {
        dtype_set(desc->dtype, memory, i, (float)i);
    }
    memcpy(before, memory, sizeof memory);
    call.input = input;
    call.output = output;
    assert_int_equal(planedrop_forward(&plan, rng, input, output), status);
    assert_int_equal(planedrop_backward_part(&plan, rng, 0, 2, input, output), status);
    assert_int_equal(planedrop_apply(&plan, keep, input, output), status);
    assert_int_equal(planedrop_run(&plan, &call), status);
    if (status != PLANEDROP_OK) {
        assert_memory_equal(memory, before, sizeof memory);
    }
}

/* The same at these elements. */
static void expect_call(const planedrop_desc *desc, size_t input_at, size_t output_at,
                        planedrop_status status) {
    const size_t bytes = dtype_bytes(desc->dtype);
    expect_call_at(desc, input_at * bytes, output_at * bytes, status);
}

/* Where elements need not be aligned to their size: each of one tensor lies across two of the
 * other. */
static void overlaps_of_parts(const planedrop_desc *desc, size_t input_at, size_t output_at) {
    const size_t bytes = dtype_bytes(desc->dtype), align = alignment_of(desc->dtype);
    for (size_t off = align; off < bytes; off += align) {
        expect_call_at(desc, input_at * bytes, output_at * bytes + off, PLANEDROP_ERR_OVERLAP);
        expect_call_at(desc, output_at * bytes + off, input_at * bytes, PLANEDROP_ERR_OVERLAP);
    }
}

static void overlaps(int32_t dtype) {
    enum { M = 50 };
    const planedrop_desc dense = planedrop_desc_nchw(dtype, 2, 3, 5, 0.5);
    planedrop_desc d = dense;
    expect_call(&d, M, M, PLANEDROP_OK);
    expect_call(&d, M, M + 30, PLANEDROP_OK);
    expect_call(&d, M + 30, M, PLANEDROP_OK);
    expect_call(&d, M, M + 29, PLANEDROP_ERR_OVERLAP);
    expect_call(&d, M + 29, M, PLANEDROP_ERR_OVERLAP);
    expect_call(&d, M, M + 1, PLANEDROP_ERR_OVERLAP);
    overlaps_of_parts(&d, M, M);

    d.flags = PLANEDROP_X_STRIDED;
    set3(d.x_strides, 15, 1, 3); /* one memory, two layouts: not in place */
    expect_call(&d, M, M, PLANEDROP_ERR_OVERLAP);

    d = dense; /* input and output are the two halves of the channels of one 2 x 6 x 5 tensor */
    d.flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    set3(d.x_strides, 30, 5, 1);
    set3(d.y_strides, 30, 5, 1);
    expect_call(&d, M, M + 15, PLANEDROP_OK);
    expect_call(&d, M + 15, M, PLANEDROP_OK);
    expect_call(&d, M, M + 10, PLANEDROP_ERR_OVERLAP);
    expect_call(&d, M, M + 20, PLANEDROP_ERR_OVERLAP);
    expect_call(&d, M, M + 44, PLANEDROP_ERR_OVERLAP);
    expect_call(&d, M, M + 45, PLANEDROP_OK);
    overlaps_of_parts(&d, M, M + 15);
    set3(d.x_strides, -30, 10, 2); /* even and odd elements, backwards along the samples */
    set3(d.y_strides, -30, 10, 2);
    expect_call(&d, M + 50, M + 51, PLANEDROP_OK);
    expect_call(&d, M + 50, M + 52, PLANEDROP_ERR_OVERLAP);
    overlaps_of_parts(&d, M + 50, M + 51);
}

/* A sample that all others share: each writes over what the next one reads. */
static void overlaps_of_broadcast(int32_t dtype) {
    planedrop_desc d = planedrop_desc_nchw(dtype, 2, 3, 5, 0.5);
    planedrop_call call = PLANEDROP_CALL_INIT;
    unsigned char before[sizeof memory];
    fill(before);
    d.flags = PLANEDROP_X_STRIDED;
    set3(d.x_strides, 0, 5, 1);
    const planedrop_plan plan = plan_of(&d);
    call.input = call.output = memory;
    assert_int_equal(planedrop_forward(&plan, rng, memory, memory), PLANEDROP_ERR_OVERLAP);
    assert_int_equal(planedrop_apply(&plan, keep, memory, memory), PLANEDROP_ERR_OVERLAP);
    assert_int_equal(planedrop_run(&plan, &call), PLANEDROP_ERR_OVERLAP);
    assert_int_equal(planedrop_backward(&plan, rng, memory, memory), PLANEDROP_ERR_BROADCAST);
    assert_memory_equal(memory, before, sizeof memory);
}

/* Strides that are given mean what dense ones mean: in place. With a wider x, forward writes a
 * smaller range than backward. */
static void overlaps_of_a_direction(void **state) {
    (void)state;
    planedrop_desc d = planedrop_desc_nchw(PLANEDROP_F32, 2, 3, 5, 0.5);
    float both[100] = {0};
    d.flags = PLANEDROP_X_STRIDED;
    set3(d.x_strides, 15, 5, 1), expect_call(&d, 50, 50, PLANEDROP_OK);
    set3(d.x_strides, 30, 10, 2); /* 59 elements from the first */
    const planedrop_plan plan = plan_of(&d);
    assert_int_equal(planedrop_forward(&plan, rng, both, both + 58), PLANEDROP_ERR_OVERLAP);
    assert_int_equal(planedrop_forward(&plan, rng, both, both + 59), PLANEDROP_OK);
    assert_int_equal(planedrop_forward(&plan, rng, both + 30, both), PLANEDROP_OK);
    assert_int_equal(planedrop_backward(&plan, rng, both + 58, both), PLANEDROP_ERR_OVERLAP);
    assert_int_equal(planedrop_backward(&plan, rng, both + 59, both), PLANEDROP_OK);
    assert_int_equal(planedrop_backward(&plan, rng, both, both + 30), PLANEDROP_OK);
    assert_int_equal(planedrop_backward(&plan, rng, both, both + 29), PLANEDROP_ERR_OVERLAP);
}

static void in_place(int32_t dtype) {
    planedrop_desc d = planedrop_desc_nchw(dtype, 2, 3, 5, 0.5);
    d.flags = PLANEDROP_ACCUMULATE;
    expect_call(&d, 50, 50, PLANEDROP_ERR_IN_PLACE);
    expect_call(&d, 50, 51, PLANEDROP_ERR_OVERLAP);
    expect_call(&d, 50, 80, PLANEDROP_OK);
    d.flags |= PLANEDROP_NO_SCALE;
    expect_call(&d, 50, 50, PLANEDROP_ERR_IN_PLACE);
    d.flags = PLANEDROP_NO_SCALE;
    expect_call(&d, 50, 50, PLANEDROP_OK);
}

/* Backward writes x's elements, which must be distinct. */
static void broadcast(int32_t dtype) {
    static const struct {
        int64_t strides[3];
        int distinct;
    } cases[] = {{{0, 5, 1}, 0}, {{15, 0, 1}, 0},   {{15, 5, 0}, 0}, {{0, 0, 0}, 0},
                 {{1, 1, 1}, 0}, {{15, 4, 1}, 0},   {{5, -5, 1}, 0}, {{15, 5, 1}, 1},
                 {{1, 2, 6}, 1}, {{-15, 5, -1}, 1}, {{99, 9, 1}, 1}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const planedrop_status want = cases[i].distinct ? PLANEDROP_OK : PLANEDROP_ERR_BROADCAST;
        planedrop_desc d = planedrop_desc_nchw(dtype, 2, 3, 5, 0.5);
        planedrop_call call = PLANEDROP_CALL_INIT;
        unsigned char before[sizeof memory];
        fill(before);
        d.flags = PLANEDROP_X_STRIDED;
        memcpy(d.x_strides, cases[i].strides, sizeof cases[i].strides);
        planedrop_plan plan = plan_of(&d);
        call.direction = PLANEDROP_BACKWARD;
        call.input = memory;
        call.output = memory + 60 * dtype_bytes(dtype);
        assert_int_equal(planedrop_run(&plan, &call), want);
        assert_int_equal(planedrop_backward(&plan, rng, call.input, call.output), want);
        assert_int_equal(planedrop_backward_part(&plan, rng, 1, 2, call.input, call.output), want);
        if (want != PLANEDROP_OK) {
            assert_memory_equal(memory, before, sizeof memory);
        }
        assert_int_equal(planedrop_forward(&plan, rng, call.output, memory), PLANEDROP_OK);
        for (int a = 0; a < 3; a++) { /* nothing is broadcast along an axis of 1, or of none */
            d.dims[a] = 1;
            d.noise[a] = 1;
        }
        plan = plan_of(&d);
        assert_int_equal(planedrop_backward(&plan, rng, call.input, call.output), PLANEDROP_OK);
        d.dims[1] = d.noise[1] = 0;
        plan = plan_of(&d);
        assert_int_equal(planedrop_backward(&plan, rng, NULL, NULL), PLANEDROP_OK);
    }
}

/* No multiple of the element's alignment; any form of mask, likewise. */
static void misaligned(int32_t dtype) {
    const size_t bytes = dtype_bytes(dtype), align = alignment_of(dtype);
    const planedrop_desc d = planedrop_desc_nchw(dtype, 2, 3, 5, 0.5);
    const planedrop_plan plan = plan_of(&d);
    unsigned char *in = memory, *out = memory + 100 * bytes, before[sizeof memory];
    fill(before);
    for (size_t off = 1; off < align; off++) {
        const planedrop_status bad = PLANEDROP_ERR_ALIGN;
        assert_int_equal(planedrop_forward(&plan, rng, in + off, out), bad);
        assert_int_equal(planedrop_forward(&plan, rng, in, out + off), bad);
        assert_int_equal(planedrop_backward(&plan, rng, in + off, out), bad);
        assert_int_equal(planedrop_backward(&plan, rng, in, out + off), bad);
        assert_int_equal(planedrop_apply(&plan, keep, in + off, out), bad);
        assert_int_equal(planedrop_mask(&plan, rng, PLANEDROP_MASK_DTYPE, 0, 6, out + off), bad);
        assert_int_equal(planedrop_mask_elements(&plan, rng, PLANEDROP_MASK_DTYPE, 0, 1, out + off),
                         bad);
    }
    for (size_t off = 1; off < 4; off++) {
        planedrop_call call = PLANEDROP_CALL_INIT;
        const void *mask = out + off;
        call.input = in;
        call.output = memory + 50 * bytes;
        call.keep = mask;
        assert_int_equal(planedrop_run(&plan, &call), PLANEDROP_ERR_ALIGN);
        assert_int_equal(planedrop_apply(&plan, mask, in, call.output), PLANEDROP_ERR_ALIGN);
        assert_int_equal(planedrop_mask(&plan, rng, PLANEDROP_MASK_BITS, 0, 6, out + off),
                         PLANEDROP_ERR_ALIGN);
        assert_int_equal(planedrop_mask(&plan, rng, PLANEDROP_MASK_F32, 0, 6, out + off),
                         PLANEDROP_ERR_ALIGN);
        assert_int_equal(planedrop_mask_elements(&plan, rng, PLANEDROP_MASK_F32, 0, 1, out + off),
                         PLANEDROP_ERR_ALIGN);
    }
    assert_memory_equal(memory, before, sizeof memory);
    for (size_t off = 1; off < 4; off++) { /* bytes lie anywhere, and an element where it may */
        planedrop_call call = PLANEDROP_CALL_INIT;
        call.input = in;
        call.output = memory + 50 * bytes;
        call.keep = out + off;
        call.keep_form = PLANEDROP_MASK_BYTES;
        assert_int_equal(planedrop_run(&plan, &call), PLANEDROP_OK);
        assert_int_equal(planedrop_mask(&plan, rng, PLANEDROP_MASK_BYTES, 0, 6, out + off),
                         PLANEDROP_OK);
        assert_int_equal(planedrop_mask_elements(&plan, rng, PLANEDROP_MASK_BYTES, 0, 1, out + off),
                         PLANEDROP_OK);
        assert_int_equal(planedrop_forward(&plan, rng, in + off * bytes, out + off * bytes),
                         PLANEDROP_OK);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(overlaps_of_a_direction)};
    static const struct dtype_test typed_tests[] = {
        {"overlaps", overlaps},     {"overlaps_of_broadcast", overlaps_of_broadcast},
        {"in_place", in_place},     {"broadcast", broadcast},
        {"misaligned", misaligned},
    };
    return cmocka_run_group_tests_name("storage", tests, NULL, NULL) +
           dtype_run_tests("storage of each dtype", typed_tests,
                           sizeof typed_tests / sizeof typed_tests[0]);
}
