/* SPDX-License-Identifier: MIT
 *
 * Every way to use a plan wrongly, and the right status for it with nothing written; then the calls
 * that look wrong and are not: no elements, views that interleave, a call of a later version.
 */
#include "dtype.h"
#include "planedrop/planedrop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const planedrop_rng rng = {1, 2};

static planedrop_desc good(void) { return planedrop_desc_nchw(PLANEDROP_F32, 2, 3, 5, 0.5); }

static planedrop_plan plan_of(const planedrop_desc *desc) {
    planedrop_plan plan;
    assert_int_equal(planedrop_plan_init(&plan, desc), PLANEDROP_OK);
    return plan;
}

static void set3(int64_t *strides, int64_t a, int64_t b, int64_t c) {
    strides[0] = a, strides[1] = b, strides[2] = c;
}

/* Two tensors of 2 x 3 x 5 elements, and a mask of their 6 draws, in bits or bytes. */
static float x[30], y[30];
static uint32_t keep[2];

static planedrop_call good_call(void) {
    planedrop_call call = PLANEDROP_CALL_INIT;
    call.rng = rng;
    call.input = x;
    call.output = y;
    return call;
}

static void fill(void) {
    for (int i = 0; i < 30; i++) {
        x[i] = (float)i + 1;
    }
    memset(y, 0x22, sizeof y);
    memset(keep, 0x22, sizeof keep);
}

static void assert_not_written(void) {
    for (size_t i = 0; i < sizeof y; i++) {
        assert_int_equal(((unsigned char *)y)[i], 0x22);
    }
    assert_int_equal(keep[0], 0x22222222);
}

/* planedrop_run gives `status`, and writes nothing if that is an error. */
static void expect_run(const planedrop_plan *plan, const planedrop_call *call,
                       planedrop_status status) {
    fill();
    assert_string_equal(planedrop_status_string(planedrop_run(plan, call)),
                        planedrop_status_string(status));
    if (status != PLANEDROP_OK) {
        assert_not_written();
    }
}

static void bad_calls(void **state) {
    (void)state;
    const planedrop_desc d = good();
    const planedrop_plan plan = plan_of(&d);
    planedrop_call c = good_call();
    expect_run(&plan, &c, PLANEDROP_OK);
    expect_run(&plan, NULL, PLANEDROP_ERR_NULL);
    c = good_call(), c.input = NULL, expect_run(&plan, &c, PLANEDROP_ERR_NULL);
    c = good_call(), c.output = NULL, expect_run(&plan, &c, PLANEDROP_ERR_NULL);
    c = good_call(), c.direction = -1, expect_run(&plan, &c, PLANEDROP_ERR_FORM);
    c = good_call(), c.direction = 2, expect_run(&plan, &c, PLANEDROP_ERR_FORM);
    c = good_call(), c.parts = 0, expect_run(&plan, &c, PLANEDROP_ERR_PART);
    c = good_call(), c.part = 1, expect_run(&plan, &c, PLANEDROP_ERR_PART);
    c = good_call(), c.keep = keep, expect_run(&plan, &c, PLANEDROP_OK);
    c.keep_form = PLANEDROP_MASK_BYTES, expect_run(&plan, &c, PLANEDROP_OK);
    c.keep_form = PLANEDROP_MASK_F32, expect_run(&plan, &c, PLANEDROP_ERR_FORM);
    c.keep_form = PLANEDROP_MASK_DTYPE, expect_run(&plan, &c, PLANEDROP_ERR_FORM);
    c.keep_form = -1, expect_run(&plan, &c, PLANEDROP_ERR_FORM);
    c = good_call(), c.direction = PLANEDROP_BACKWARD, expect_run(&plan, &c, PLANEDROP_OK);
}

/* A call of a later version is longer: that is fine as long as what it has more is 0. */
static void call_versions(void **state) {
    (void)state;
    const planedrop_desc d = good();
    const planedrop_plan plan = plan_of(&d);
    const uint32_t size = sizeof(planedrop_call);
    struct {
        planedrop_call call;
        unsigned char more[24];
    } later;
    float want[30];
    memset(&later, 0, sizeof later);
    later.call = good_call();
    assert_int_equal(later.call.size, size);
    expect_run(&plan, &later.call, PLANEDROP_OK);
    memcpy(want, y, sizeof want);
    for (uint32_t more = 0; more <= sizeof later.more; more++) {
        later.call.size = size + more;
        expect_run(&plan, &later.call, PLANEDROP_OK);
        assert_memory_equal(y, want, sizeof want);
    }
    for (uint32_t at = 0; at < sizeof later.more; at++) {
        later.more[at] = 1;
        later.call.size = size + at;
        expect_run(&plan, &later.call, PLANEDROP_OK); /* it ends before that */
        later.call.size = size + sizeof later.more;
        expect_run(&plan, &later.call, PLANEDROP_ERR_VERSION);
        later.more[at] = 0;
    }
    later.call = good_call();
    later.call.reserved = 1, expect_run(&plan, &later.call, PLANEDROP_ERR_VERSION);
    later.call.reserved = 0;
    later.call.size = size - 1, expect_run(&plan, &later.call, PLANEDROP_ERR_VERSION);
    later.call.size = 4, expect_run(&plan, &later.call, PLANEDROP_ERR_VERSION);
    later.call.size = 0, expect_run(&plan, &later.call, PLANEDROP_ERR_VERSION);
}

/* Every function that takes a plan, given none, or bytes that are none. */
static void bad_plans(void **state) {
    (void)state;
    planedrop_plan blank, junk;
    const planedrop_call call = good_call();
    memset(&blank, 0, sizeof blank);
    memset(&junk, 0xab, sizeof junk);
    const planedrop_plan *none[] = {NULL, &blank, &junk};
    fill();
    for (int i = 0; i < 3; i++) {
        const planedrop_plan *p = none[i];
        const planedrop_status want = i == 0 ? PLANEDROP_ERR_NULL : PLANEDROP_ERR_PLAN;
        assert_int_equal(planedrop_run(p, &call), want);
        assert_int_equal(planedrop_forward(p, rng, x, y), want);
        assert_int_equal(planedrop_forward_part(p, rng, 0, 1, x, y), want);
        assert_int_equal(planedrop_backward(p, rng, x, y), want);
        assert_int_equal(planedrop_backward_part(p, rng, 0, 1, x, y), want);
        assert_int_equal(planedrop_apply(p, keep, x, y), want);
        assert_int_equal(planedrop_apply_part(p, keep, 0, 1, x, y), want);
        assert_int_equal(planedrop_mask(p, rng, PLANEDROP_MASK_BITS, 0, 1, keep), want);
        assert_int_equal(planedrop_mask(p, rng, PLANEDROP_MASK_F32, 0, 1, y), want);
        assert_int_equal(planedrop_mask_elements(p, rng, PLANEDROP_MASK_F32, 0, 1, y), want);
        assert_null(planedrop_plan_isa(p));
        assert_int_equal(planedrop_plan_draws(p), 0);
        assert_int_equal(planedrop_plan_parts(p), 0);
        assert_not_written();
    }
}

static void null_tensors(void **state) {
    (void)state;
    const planedrop_desc d = good();
    const planedrop_plan plan = plan_of(&d);
    fill();
    assert_int_equal(planedrop_forward(&plan, rng, NULL, y), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_forward(&plan, rng, x, NULL), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_backward(&plan, rng, NULL, y), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_backward(&plan, rng, x, NULL), PLANEDROP_ERR_NULL);
    assert_int_equal(planedrop_apply(&plan, NULL, x, y), PLANEDROP_ERR_NULL);
    for (int32_t form = PLANEDROP_MASK_BITS; form <= PLANEDROP_MASK_DTYPE; form++) {
        assert_int_equal(planedrop_mask(&plan, rng, form, 0, 6, NULL), PLANEDROP_ERR_NULL);
        assert_int_equal(planedrop_mask(&plan, rng, form, 3, 0, NULL), PLANEDROP_OK);
        if (form != PLANEDROP_MASK_BITS) {
            assert_int_equal(planedrop_mask_elements(&plan, rng, form, 0, 1, NULL),
                             PLANEDROP_ERR_NULL);
        }
    }
    assert_not_written();
}

static void bad_masks(void **state) {
    (void)state;
    const planedrop_desc d = good();
    const planedrop_plan plan = plan_of(&d);
    fill();
    for (int32_t form = PLANEDROP_MASK_BITS - 1; form <= PLANEDROP_MASK_DTYPE + 1; form++) {
        if (form < PLANEDROP_MASK_BITS || form > PLANEDROP_MASK_DTYPE) {
            assert_int_equal(planedrop_mask(&plan, rng, form, 0, 6, y), PLANEDROP_ERR_FORM);
            assert_int_equal(planedrop_mask_elements(&plan, rng, form, 0, 1, y),
                             PLANEDROP_ERR_FORM);
            continue;
        }
        assert_int_equal(planedrop_mask(&plan, rng, form, 0, 7, y), PLANEDROP_ERR_RANGE);
        assert_int_equal(planedrop_mask(&plan, rng, form, 6, 1, y), PLANEDROP_ERR_RANGE);
        assert_int_equal(planedrop_mask(&plan, rng, form, 7, 0, y), PLANEDROP_ERR_RANGE);
        assert_int_equal(planedrop_mask(&plan, rng, form, 1, UINT64_MAX, y), PLANEDROP_ERR_RANGE);
        assert_int_equal(planedrop_mask(&plan, rng, form, UINT64_MAX, 2, y), PLANEDROP_ERR_RANGE);
        assert_int_equal(planedrop_mask(&plan, rng, form, 6, 0, y), PLANEDROP_OK);
        assert_int_equal(planedrop_mask(&plan, rng, form, 0, 0, y), PLANEDROP_OK);
    }
    assert_int_equal(planedrop_mask_elements(&plan, rng, PLANEDROP_MASK_BITS, 0, 1, y),
                     PLANEDROP_ERR_FORM);
    assert_int_equal(planedrop_mask_elements(&plan, rng, PLANEDROP_MASK_F32, 0, 0, y),
                     PLANEDROP_ERR_PART);
    assert_int_equal(planedrop_mask_elements(&plan, rng, PLANEDROP_MASK_F32, 2, 2, y),
                     PLANEDROP_ERR_PART);
    assert_not_written();
}

static void parts_out_of_range(void **state) {
    (void)state;
    const planedrop_desc d = good();
    const planedrop_plan plan = plan_of(&d);
    fill();
    assert_int_equal(planedrop_forward_part(&plan, rng, 0, 0, x, y), PLANEDROP_ERR_PART);
    assert_int_equal(planedrop_forward_part(&plan, rng, 1, 1, x, y), PLANEDROP_ERR_PART);
    assert_int_equal(planedrop_backward_part(&plan, rng, 3, 2, x, y), PLANEDROP_ERR_PART);
    assert_int_equal(planedrop_apply_part(&plan, keep, 2, 2, x, y), PLANEDROP_ERR_PART);
    assert_int_equal(planedrop_forward_part(&plan, rng, SIZE_MAX - 1, SIZE_MAX, x, y),
                     PLANEDROP_OK); /* which has nothing to do */
    assert_not_written();
}

static void empty_tensors(void **state) {
    (void)state;
    for (int axis = 0; axis < 3; axis++) {
        uint32_t got[1] = {0xee}, want[1];
        planedrop_desc d = good();
        d.dims[axis] = 0;
        d.noise[axis] = axis == 2 ? 1 : 0;
        planedrop_plan plan = plan_of(&d);
        planedrop_call call = PLANEDROP_CALL_INIT;
        assert_int_equal(planedrop_plan_draws(&plan), axis == 2 ? 6 : 0);
        assert_int_equal(planedrop_forward(&plan, rng, NULL, NULL), PLANEDROP_OK);
        assert_int_equal(planedrop_backward(&plan, rng, NULL, NULL), PLANEDROP_OK);
        assert_int_equal(planedrop_run(&plan, &call), PLANEDROP_OK);
        assert_int_equal(planedrop_apply(&plan, axis == 2 ? keep : NULL, NULL, NULL), PLANEDROP_OK);
        assert_int_equal(planedrop_mask_elements(&plan, rng, PLANEDROP_MASK_F32, 0, 1, NULL),
                         PLANEDROP_OK);
        if (axis == 2) { /* no elements, but a mask */
            const planedrop_desc full = good();
            assert_int_equal(planedrop_mask(&plan, rng, PLANEDROP_MASK_BITS, 0, 6, got),
                             PLANEDROP_OK);
            plan = plan_of(&full);
            assert_int_equal(planedrop_mask(&plan, rng, PLANEDROP_MASK_BITS, 0, 6, want),
                             PLANEDROP_OK);
            assert_int_equal(got[0], want[0]);
        } else {
            assert_int_equal(planedrop_mask(&plan, rng, PLANEDROP_MASK_BITS, 0, 0, NULL),
                             PLANEDROP_OK);
        }
    }
}

/* ---- Memory of two tensors ------------------------------------------------------------------- */

enum { COUNT = 200 };
static _Alignas(DTYPE_MOST_BYTES) unsigned char memory[COUNT * DTYPE_MOST_BYTES];

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
    const uint32_t some = 0x15;
    planedrop_call call = good_call();
    for (size_t i = 0; i < COUNT; i++) {
        dtype_set(desc->dtype, memory, i, (float)i);
    }
    memcpy(before, memory, sizeof memory);
    call.input = input;
    call.output = output;
    assert_int_equal(planedrop_forward(&plan, rng, input, output), status);
    assert_int_equal(planedrop_backward_part(&plan, rng, 0, 2, input, output), status);
    assert_int_equal(planedrop_apply(&plan, &some, input, output), status);
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
    planedrop_call call = good_call();
    unsigned char before[sizeof memory];
    memset(memory, 0x22, sizeof memory);
    memcpy(before, memory, sizeof memory);
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
    planedrop_desc d = good();
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
        planedrop_call call = good_call();
        unsigned char before[sizeof memory];
        memset(memory, 0x22, sizeof memory);
        memcpy(before, memory, sizeof memory);
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
    memset(memory, 0x22, sizeof memory);
    memcpy(before, memory, sizeof memory);
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
        planedrop_call call = good_call();
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
        planedrop_call call = good_call();
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
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_calls),     cmocka_unit_test(call_versions),
        cmocka_unit_test(bad_plans),     cmocka_unit_test(null_tensors),
        cmocka_unit_test(bad_masks),     cmocka_unit_test(parts_out_of_range),
        cmocka_unit_test(empty_tensors), cmocka_unit_test(overlaps_of_a_direction),
    };
    static const struct dtype_test typed_tests[] = {
        {"overlaps", overlaps},     {"overlaps_of_broadcast", overlaps_of_broadcast},
        {"in_place", in_place},     {"broadcast", broadcast},
        {"misaligned", misaligned},
    };
    return cmocka_run_group_tests_name("calls", tests, NULL, NULL) +
           dtype_run_tests("calls of each dtype", typed_tests,
                           sizeof typed_tests / sizeof typed_tests[0]);
}
