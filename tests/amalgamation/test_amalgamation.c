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

static planedrop_desc random_desc(struct random *random, planedrop_dtype dtype) {
    static const double rates[] = {0, 0.1, 0.25, 0.5, 0.9, 1};
    planedrop_desc desc = {0};
    size_t left = MOST;
    desc.dtype = dtype;
    desc.ndim = 1 + (int)random_below(random, AXES);
    for (int a = 0; a < desc.ndim; a++) {
        const size_t most = left < 300 ? left : 300;
        desc.dims[a] = 1 + random_below(random, random_below(random, 2) ? most : (most + 7) / 8);
        desc.noise[a] = random_below(random, 2) ? desc.dims[a] : 1;
        left /= desc.dims[a];
    }
    desc.rate = rates[random_below(random, sizeof rates / sizeof rates[0])];
    desc.flags = (unsigned)random_below(random, 8);
    return desc;
}

static size_t elements_of(const planedrop_desc *desc) {
    size_t count = 1;
    for (int a = 0; a < desc->ndim; a++) {
        count *= desc->dims[a];
    }
    return count;
}

/* What a call is given, and the ways to write y. */
struct job {
    planedrop_rng rng;
    const unsigned char *x;
    const uint32_t *keep;
    size_t parts;
};
enum job_kind { FORWARD, FORWARD_PARTS, BACKWARD_PARTS, APPLY, APPLY_PARTS, JOB_KINDS };

static void run_job(const struct copy *copy, const planedrop_plan *plan, const struct job *job,
                    enum job_kind kind, void *y) {
    if (kind == FORWARD) {
        assert_ok(copy->forward(plan, job->rng, job->x, y));
    } else if (kind == APPLY) {
        assert_ok(copy->apply(plan, job->keep, job->x, y));
    }
    for (size_t part = 0; part < job->parts; part++) {
        if (kind == FORWARD_PARTS) {
            assert_ok(copy->forward_part(plan, job->rng, part, job->parts, job->x, y));
        } else if (kind == BACKWARD_PARTS) {
            assert_ok(copy->backward_part(plan, job->rng, part, job->parts, job->x, y));
        } else if (kind == APPLY_PARTS) {
            assert_ok(copy->apply_part(plan, job->keep, part, job->parts, job->x, y));
        }
    }
}

/* Runs all jobs of one descriptor in every copy, and compares. */
static void compare_copies(struct random *random, const planedrop_desc *desc) {
    static const char *const kinds[] = {"forward", "forward_part", "backward_part", "apply",
                                        "apply_part"};
    const planedrop_dtype dtype = desc->dtype;
    const size_t count = elements_of(desc), bytes = count * dtype_bytes(dtype);
    const planedrop_rng rng = {random_bits(random), random_bits(random)};
    planedrop_plan plans[COPIES];
    char text[300];
    describe(text, sizeof text, desc, rng);
    fence_case("%s: %s", isa_under_test(), text);
    for (int c = 0; c < COPIES; c++) {
        assert_ok(copies[c]->plan_init_isa(&plans[c], desc, isa_under_test()));
        assert_string_equal(copies[c]->plan_isa(&plans[c]), isa_under_test());
    }
    const size_t draws = (size_t)library_copy.plan_draws(&plans[0]), words = (draws + 31) / 32;
    unsigned char *x = malloc(bytes), *y = malloc(bytes), *want = malloc(bytes);
    unsigned char *got = malloc(bytes);
    uint32_t *mask = malloc(2 * words * sizeof *mask);
    float *factors = malloc(2 * draws * sizeof *factors);
    assert_true(x && y && want && got && mask && factors);
    random_elements(random, dtype, x, count);
    random_elements(random, dtype, y, count);
    assert_ok(library_copy.mask(&plans[0], rng, mask));
    assert_ok(library_copy.multipliers(&plans[0], rng, factors));
    const struct job job = {rng, x, mask, 1 + random_below(random, 5)};
    for (int kind = 0; kind < JOB_KINDS; kind++) {
        memcpy(want, y, bytes);
        run_job(&library_copy, &plans[0], &job, (enum job_kind)kind, want);
        for (int c = 1; c < COPIES; c++) {
            fence_case("%s: copy %d, %s of %s", isa_under_test(), c, kinds[kind], text);
            memcpy(got, y, bytes);
            run_job(copies[c], &plans[c], &job, (enum job_kind)kind, got);
            assert_elements_equal(dtype, got, want, count);
        }
    }
    for (int c = 1; c < COPIES; c++) {
        fence_case("%s: copy %d, mask of %s", isa_under_test(), c, text);
        assert_ok(copies[c]->mask(&plans[c], rng, mask + words));
        assert_words_equal(mask + words, mask, words);
        assert_ok(copies[c]->multipliers(&plans[c], rng, factors + draws));
        assert_elements_equal(PLANEDROP_F32, factors + draws, factors, draws);
    }
    free(x), free(y), free(want), free(got), free(mask), free(factors);
}

static void equal_bytes(void **state) {
    (void)state;
    struct random random = {random_seed()};
    const size_t cases = random_cases(300);
    for (int dtype = 0; dtype < DTYPE_COUNT; dtype++) {
        for (size_t i = 0; i < cases; i++) {
            const planedrop_desc desc = random_desc(&random, (planedrop_dtype)dtype);
            compare_copies(&random, &desc);
        }
    }
}

/* Copies without SLEEF refuse the law, whether or not the library does. */
static void equal_gaussian(void **state) {
    (void)state;
    struct random random = {random_seed()};
    static unsigned char x[MOST * DTYPE_MOST_BYTES], want[sizeof x], got[sizeof x];
    static float factors[MOST], copied[MOST];
    for (size_t i = 0; i < random_cases(300); i++) {
        const planedrop_dtype dtype = (planedrop_dtype)(i % DTYPE_COUNT);
        const planedrop_rng rng = {random_bits(&random), random_bits(&random)};
        planedrop_desc desc = random_desc(&random, dtype);
        planedrop_plan plan, copy;
        desc.law = PLANEDROP_GAUSSIAN;
        desc.flags &= ~PLANEDROP_NO_SCALE;
        desc.rate = desc.rate == 1 ? 0.3 : desc.rate;
        for (int c = 1; c < COPIES; c++) {
            const planedrop_status status =
                copies[c]->plan_init_isa(&copy, &desc, isa_under_test());
#if defined(COPIES_HAVE_GAUSSIAN)
            const size_t count = elements_of(&desc);
            char text[300];
            describe(text, sizeof text, &desc, rng);
            fence_case("%s: copy %d, %s", isa_under_test(), c, text);
            assert_ok(status);
            assert_ok(library_copy.plan_init_isa(&plan, &desc, isa_under_test()));
            random_elements(&random, dtype, x, count);
            memcpy(want, x, sizeof x);
            memcpy(got, x, sizeof x);
            assert_ok(library_copy.forward(&plan, rng, x, want));
            assert_ok(copies[c]->forward(&copy, rng, x, got));
            assert_elements_equal(dtype, got, want, count);
            assert_ok(library_copy.multipliers(&plan, rng, factors));
            assert_ok(copies[c]->multipliers(&copy, rng, copied));
            assert_elements_equal(PLANEDROP_F32, copied, factors,
                                  (size_t)library_copy.plan_draws(&plan));
#else
            (void)rng, (void)plan, (void)x, (void)want, (void)got, (void)factors, (void)copied;
            assert_int_equal(status, PLANEDROP_ERR_UNSUPPORTED);
#endif
        }
    }
}

/* Past any cache: streaming stores, and prefetch along kept planes. */
static void equal_in_memory(void **state) {
    (void)state;
    struct random random = {random_seed()};
    const planedrop_desc planes = planedrop_nchw(PLANEDROP_F32, 4, 400, 3137, 0.5);
    const planedrop_desc rows = planedrop_elements(PLANEDROP_F32, (5 << 20) + 5, 0.1);
    compare_copies(&random, &planes);
    compare_copies(&random, &rows);
}

static void equal_errors(void **state) {
    (void)state;
    const double zero = 0;
    const double rates[] = {-0.5, 1.5, -zero, zero / atof("0"), atof("inf")};
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        const planedrop_desc desc = planedrop_elements(PLANEDROP_F32, 1, rates[i]);
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
    const planedrop_desc desc = planedrop_elements(PLANEDROP_F32, 4, 0.5);
    const planedrop_rng rng = {1, 2};
    const float x[4] = {1, 2, 3, 4};
    for (int c = 1; c < COPIES; c++) {
        float want[4], got[4];
        assert_string_equal(copies[c]->version(), library_copy.version());
        assert_int_equal(copies[c]->isa_count(), library_copy.isa_count());
        for (size_t i = 0; i < library_copy.isa_count(); i++) {
            assert_string_equal(copies[c]->isa_name(i), library_copy.isa_name(i));
            assert_int_equal(copies[c]->isa_usable(i), library_copy.isa_usable(i));
        }
        assert_ok(library_copy.once(&desc, rng, x, want));
        assert_ok(copies[c]->once(&desc, rng, x, got));
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
