/* SPDX-License-Identifier: MIT
 *
 * Three planedrops in one process: the library, and two copies of the amalgamation under a prefix
 * of their own. What each writes and returns must be equal, byte for byte, for random tensors of
 * every element type. FIRST and SECOND are the copies' tables.
 */
#include "compare.h"
#include "copy.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random.h"

#include <stdlib.h>
#include <string.h>

extern const struct copy library_copy, FIRST, SECOND;
static const struct copy *const copies[] = {&library_copy, &FIRST, &SECOND};
enum { COPIES = 3, MOST = 1 << 14, AXES = 4 };

static planedrop_desc dense_desc(struct random *random, int32_t dtype) {
    static const double rates[] = {0, 0.1, 0.25, 0.5, 0.9, 1};
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    size_t left = MOST;
    desc.dtype = dtype;
    desc.ndim = 1 + (int32_t)random_below(random, AXES);
    for (int a = 0; a < desc.ndim; a++) {
        const size_t most = left < 300 ? left : 300;
        desc.dims[a] = 1 + random_below(random, random_below(random, 2) ? most : (most + 7) / 8);
        desc.noise[a] = random_below(random, 2) ? desc.dims[a] : 1;
        left /= desc.dims[a];
    }
    desc.rate = rates[random_below(random, sizeof rates / sizeof rates[0])];
    desc.flags = (uint32_t)random_below(random, 2) * PLANEDROP_NO_SCALE |
                 (uint32_t)random_below(random, 2) * PLANEDROP_ACCUMULATE |
                 (uint32_t)random_below(random, 2) * PLANEDROP_NO_NT_STORES;
    return desc;
}

static size_t elements_of(const planedrop_desc *desc) {
    size_t count = 1;
    for (int a = 0; a < desc->ndim; a++) {
        count *= desc->dims[a];
    }
    return count;
}

/* One descriptor's data, in buffers that hold the largest element type for each element. */
struct data {
    planedrop_rng rng;
    size_t elements, draws, parts;
    void *x, *y, *bits, *bytes;
};

/* What is compared: calls, and all of the mask in a form, by draws and by elements. */
enum job { FORWARD, BACKWARD, KEEP_BITS, KEEP_BYTES, MASK, MASK_ELEMENTS, JOBS };

static void run_job(const struct copy *copy, const planedrop_plan *plan, const struct data *data,
                    enum job job, int32_t form, void *out) {
    planedrop_call call = PLANEDROP_CALL_INIT;
    call.direction = job == BACKWARD ? PLANEDROP_BACKWARD : PLANEDROP_FORWARD;
    call.rng = data->rng;
    call.parts = data->parts;
    call.input = data->x;
    call.output = out;
    call.keep = job == KEEP_BITS ? data->bits : job == KEEP_BYTES ? data->bytes : NULL;
    call.keep_form = job == KEEP_BYTES ? PLANEDROP_MASK_BYTES : PLANEDROP_MASK_BITS;
    if (job == MASK) {
        assert_ok(copy->mask(plan, data->rng, form, 0, data->draws, out));
        return;
    }
    for (; call.part < call.parts; call.part++) {
        if (job == MASK_ELEMENTS) {
            assert_ok(copy->mask_elements(plan, data->rng, form, call.part, call.parts, out));
        } else {
            assert_ok(copy->run(plan, &call));
        }
    }
}

/* A job in every copy, each on what y holds before. */
static void compare_job(const planedrop_plan plans[COPIES], const struct data *data, enum job job,
                        int32_t dtype, int32_t form) {
    static const char *const names[] = {"forward",    "backward", "keep bits",
                                        "keep bytes", "mask",     "mask elements"};
    const size_t bytes = data->elements * DTYPE_MOST_BYTES;
    void *want = malloc(bytes), *got = malloc(bytes);
    assert_true(want && got);
    memcpy(want, data->y, bytes);
    run_job(&library_copy, &plans[0], data, job, form, want);
    for (int c = 1; c < COPIES; c++) {
        memcpy(got, data->y, bytes);
        run_job(copies[c], &plans[c], data, job, form, got);
        if (memcmp(got, want, bytes) != 0) {
            print_error("copy %d, %s, form %d\n", c, names[job], (int)form);
            assert_elements_equal(dtype, got, want, data->elements);
            assert_memory_equal(got, want, bytes);
        }
    }
    free(want), free(got);
}

static void *allocate(size_t elements) {
    void *p = malloc(elements * DTYPE_MOST_BYTES);
    assert_non_null(p);
    return p;
}

/* Runs all jobs of one descriptor in every copy, and compares. */
static void compare_copies(struct random *random, const planedrop_desc *desc) {
    planedrop_plan plans[COPIES];
    char text[300];
    struct data data = {{random_bits(random), random_bits(random)},
                        elements_of(desc),
                        0,
                        1 + random_below(random, 5),
                        NULL,
                        NULL,
                        NULL,
                        NULL};
    describe(text, sizeof text, desc, data.rng);
    fence_case("%s: %s", isa_under_test(), text);
    for (int c = 0; c < COPIES; c++) {
        assert_ok(copies[c]->plan_init_isa(&plans[c], desc, isa_under_test()));
        assert_string_equal(copies[c]->plan_isa(&plans[c]), isa_under_test());
    }
    data.draws = (size_t)library_copy.plan_draws(&plans[0]);
    data.x = allocate(data.elements);
    data.y = allocate(data.elements);
    data.bits = allocate(data.elements);
    data.bytes = allocate(data.elements);
    random_elements(random, desc->dtype, data.x, data.elements);
    memset(data.y, 0, data.elements * DTYPE_MOST_BYTES);
    random_elements(random, desc->dtype, data.y, data.elements);
    if (desc->law == PLANEDROP_BERNOULLI) { /* has bits */
        run_job(&library_copy, &plans[0], &data, MASK, PLANEDROP_MASK_BITS, data.bits);
        run_job(&library_copy, &plans[0], &data, MASK, PLANEDROP_MASK_BYTES, data.bytes);
        compare_job(plans, &data, KEEP_BITS, desc->dtype, 0);
        compare_job(plans, &data, KEEP_BYTES, desc->dtype, 0);
        compare_job(plans, &data, MASK, desc->dtype, PLANEDROP_MASK_BITS);
        compare_job(plans, &data, MASK, desc->dtype, PLANEDROP_MASK_BYTES);
        compare_job(plans, &data, MASK_ELEMENTS, desc->dtype, PLANEDROP_MASK_BYTES);
    }
    compare_job(plans, &data, FORWARD, desc->dtype, 0);
    compare_job(plans, &data, BACKWARD, desc->dtype, 0);
    compare_job(plans, &data, MASK, PLANEDROP_F32, PLANEDROP_MASK_F32);
    compare_job(plans, &data, MASK, desc->dtype, PLANEDROP_MASK_DTYPE);
    compare_job(plans, &data, MASK_ELEMENTS, desc->dtype, PLANEDROP_MASK_DTYPE);
    free(data.x), free(data.y), free(data.bits), free(data.bytes);
}

static void equal_bytes(void **state) {
    (void)state;
    struct random random = {random_seed()};
    for (size_t i = 0; i < DTYPE_COUNT * random_cases(300); i++) {
        const planedrop_desc desc = dense_desc(&random, (int32_t)(i % DTYPE_COUNT));
        compare_copies(&random, &desc);
    }
}

/* Copies without SLEEF refuse the law, whether or not the library does. */
static void equal_gaussian(void **state) {
    (void)state;
    struct random random = {random_seed()};
    for (size_t i = 0; i < random_cases(300); i++) {
        planedrop_desc desc = dense_desc(&random, (int32_t)(i % DTYPE_COUNT));
        desc.law = PLANEDROP_GAUSSIAN;
        desc.flags &= ~PLANEDROP_NO_SCALE;
        desc.rate = desc.rate == 1 ? 0.3 : desc.rate;
#if defined(COPIES_HAVE_GAUSSIAN)
        compare_copies(&random, &desc);
#else
        for (int c = 1; c < COPIES; c++) {
            planedrop_plan plan;
            assert_int_equal(copies[c]->plan_init_isa(&plan, &desc, isa_under_test()),
                             PLANEDROP_ERR_UNSUPPORTED);
        }
#endif
    }
}

/* Past any cache: non-temporal stores, and prefetch along kept planes. */
static void equal_in_memory(void **state) {
    (void)state;
    struct random random = {random_seed()};
    const planedrop_desc planes = planedrop_desc_nchw(PLANEDROP_F32, 4, 400, 3137, 0.5);
    const planedrop_desc rows = planedrop_desc_elementwise(PLANEDROP_F32, (5 << 20) + 5, 0.1);
    compare_copies(&random, &planes);
    compare_copies(&random, &rows);
}

static void equal_errors(void **state) {
    (void)state;
    const double zero = 0;
    const double rates[] = {-0.5, 1.5, -zero, zero / atof("0"), atof("inf")};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        const planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, 1, rates[i]);
        planedrop_plan plan;
        const planedrop_status want = library_copy.plan_init(&plan, &desc);
        for (int c = 1; c < COPIES; c++) {
            assert_int_equal(copies[c]->plan_init(&plan, &desc), want);
            assert_string_equal(copies[c]->status_string(want), library_copy.status_string(want));
        }
    }
}

static void equal_queries(void **state) {
    (void)state;
    const planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, 4, 0.5);
    const planedrop_rng rng = {1, 2};
    const float x[4] = {1, 2, 3, 4};
    for (int c = 1; c < COPIES; c++) {
        float want[4], got[4];
        assert_string_equal(copies[c]->version(), library_copy.version());
        assert_int_equal(copies[c]->cpu_cache_bytes(), library_copy.cpu_cache_bytes());
        assert_int_equal(copies[c]->isa_count(), library_copy.isa_count());
        for (size_t i = 0; i < library_copy.isa_count(); i++) {
            assert_string_equal(copies[c]->isa_name(i), library_copy.isa_name(i));
            assert_int_equal(copies[c]->isa_usable(i), library_copy.isa_usable(i));
        }
        assert_ok(library_copy.desc_forward(&desc, rng, x, want));
        assert_ok(copies[c]->desc_forward(&desc, rng, x, got));
        assert_memory_equal(got, want, sizeof want);
        assert_true(copies[c]->forward != library_copy.forward);
    }
    assert_true(FIRST.forward != SECOND.forward);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_queries),   cmocka_unit_test(equal_errors),
        cmocka_unit_test(equal_bytes),     cmocka_unit_test(equal_gaussian),
        cmocka_unit_test(equal_in_memory),
    };
    const int code = isa_begin(argc, argv);
    return code != 0 ? code : cmocka_run_group_tests_name("amalgamation", tests, NULL, NULL);
}
