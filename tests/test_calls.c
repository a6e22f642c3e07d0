/* SPDX-License-Identifier: MIT
 *
 * Every way to use a plan wrongly, and the right status for it with nothing written; then the calls
 * that look wrong and are not: no elements, a call of a later version. Where tensors lie in memory
 * is test_storage.c's.
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

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bad_calls),     cmocka_unit_test(call_versions),
        cmocka_unit_test(bad_plans),     cmocka_unit_test(null_tensors),
        cmocka_unit_test(bad_masks),     cmocka_unit_test(parts_out_of_range),
        cmocka_unit_test(empty_tensors),
    };
    return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
