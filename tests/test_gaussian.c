/* SPDX-License-Identifier: MIT
 *
 * The Gaussian law: the golden normals (vectors/native_normal.txt), multipliers against the oracle
 * and between instruction sets, that no multiplier is 0, what the law refuses, and whether the
 * numbers are normal and independent. Tensors of the law are in test_tensor.c.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "mask.h"
#include "random.h"
#include "reference.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static planedrop_desc gaussian(planedrop_desc desc) {
    desc.law = PLANEDROP_GAUSSIAN;
    return desc;
}

static planedrop_plan plan_of(const planedrop_desc *desc, const char *isa) {
    planedrop_plan plan;
    assert_ok(planedrop_plan_init_isa(&plan, desc, isa));
    return plan;
}

/* Draws of the stream from `origin` on, as 1 + z: s is 1 at rate 0.5. */
static void draw(const char *isa, planedrop_rng rng, uint64_t origin, size_t draws, float *to) {
    planedrop_desc desc = gaussian(planedrop_desc_elementwise(PLANEDROP_F32, draws, 0.5));
    desc.window_start[0] = origin;
    desc.global_noise[0] = origin + draws;
    const planedrop_plan plan = plan_of(&desc, isa);
    assert_ok(mask_multipliers(&plan, rng, to));
}

static void golden_normals(void **state) {
    (void)state;
    enum { MOST = 64 };
    FILE *file = fopen(VECTORS_DIR "/native_normal.txt", "r");
    assert_non_null(file);
    char line[4096];
    int cases = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        planedrop_rng rng;
        uint64_t origin;
        size_t draws;
        int at;
        if (line[0] == '#') {
            continue;
        }
        assert_int_equal(sscanf(line, "%" SCNx64 "%" SCNx64 "%" SCNx64 "%zu%n", &rng.seed,
                                &rng.offset, &origin, &draws, &at),
                         4);
        assert_in_range(draws, 1, MOST);
        float got[MOST];
        draw(isa_under_test(), rng, origin, draws, got);
        char *text = line + at;
        for (size_t i = 0; i < draws; i++) {
            const double want = strtod(text, &text), z = (double)got[i] - 1;
            if (!(fabs(z - want) <= 1e-6) ||
                !(fabs(reference_normal(rng, origin + i) - want) <= 1e-8)) {
                fail_msg("%s: golden normal %zu of line: %.60s\n got %.9g, oracle %.9g, want %.9g",
                         isa_under_test(), i, line, z, reference_normal(rng, origin + i), want);
            }
        }
        cases++;
    }
    fclose(file);
    assert_int_equal(cases, 3);
}

static void random_multipliers(void **state) {
    (void)state;
    struct random random = {random_seed()};
    for (size_t i = 0; i < random_cases(2000); i++) {
        planedrop_desc desc = PLANEDROP_DESC_INIT;
        desc.law = PLANEDROP_GAUSSIAN;
        desc.ndim = 1 + (int)random_below(&random, 3);
        desc.rate = (double)(random_bits(&random) >> 11) * 0x1p-53;
        for (int a = 0; a < desc.ndim; a++) {
            desc.dims[a] = 1 + random_below(&random, desc.ndim == 1 ? 3000 : 40);
            desc.noise[a] = random_below(&random, 3) == 0 ? 1 : desc.dims[a];
            desc.window_start[a] = a == 0 ? random_bits(&random) >> (16 + random_below(&random, 48))
                                          : random_below(&random, 100);
            desc.global_noise[a] = desc.window_start[a] + desc.noise[a] + random_below(&random, 4);
        }
        const planedrop_rng rng = {random_bits(&random), random_bits(&random)};
        const planedrop_plan plan = plan_of(&desc, isa_under_test());
        const size_t draws = (size_t)planedrop_plan_draws(&plan);
        struct fence got = fence_make(sizeof(float) * draws, FENCE_AFTER);
        float *want = malloc(sizeof(float) * draws);
        char text[400];
        describe(text, sizeof text, &desc, rng);
        fence_case("%s, test seed %" PRIu64 ": %s", isa_under_test(), random_seed(), text);
        assert_ok(mask_multipliers(&plan, rng, (void *)got.data));
        reference_multipliers(&desc, rng, want);
        const double s = sqrt(desc.rate / (1 - desc.rate));
        for (size_t d = 0; d < draws; d++) {
            const double is = dtype_value(PLANEDROP_F32, got.data, d), error = is - (double)want[d];
            if (!(fabs(error) <= 1e-6 * s + 0x1p-23 * (1 + fabs(is)))) {
                fail_msg("%s\n  multiplier %zu: got %.9g, want %.9g", fence_case_text(), d, is,
                         (double)want[d]);
            }
        }
        assert_true(fence_intact(&got));
        fence_free(&got);
        free(want);
    }
}

/* The last instruction set is scalar, which every CPU has: but without the fused multiply-add that
 * all others use (no other is usable then) its last bits are its own. */
static void every_isa_draws_the_same(void **state) {
    (void)state;
    enum { MOST = 200000 };
    static float got[MOST], want[MOST];
    struct random random = {random_seed()};
    for (size_t i = 0; i < 1 + random_cases(1000) / 50; i++) {
        const planedrop_rng rng = {random_bits(&random), random_bits(&random)};
        const size_t draws = 1 + random_below(&random, i % 2 ? 200 : MOST);
        const uint64_t origin = random_bits(&random) >> (1 + random_below(&random, 60));
        fence_case("%s: %zu draws from %" PRIu64, isa_under_test(), draws, origin);
        draw(isa_under_test(), rng, origin, draws, got);
        draw(planedrop_isa_name(planedrop_isa_count() - 1), rng, origin, draws, want);
        assert_elements_equal(PLANEDROP_F32, got, want, draws);
    }
}

/* The same on x86 and ARM: a hash (FNV-1a) of what SLEEF 3.5.1 gives wherever there is a fused
 * multiply-add. If it fails alone, SLEEF's functions have changed in their last bits. */
static void every_architecture_draws_the_same(void **state) {
    (void)state;
    enum { COUNT = 100000 };
    static float factors[COUNT];
    const planedrop_rng rng = {UINT64_C(0x6861736865646269), 3};
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    if (!planedrop_isa_usable(planedrop_isa_count() - 2)) {
        printf("SKIPPED: this CPU runs scalar alone\n");
        skip();
    }
    draw(isa_under_test(), rng, 12345, COUNT, factors);
    for (size_t i = 0; i < COUNT; i++) {
        hash = (hash ^ dtype_bits(PLANEDROP_F32, factors, i)) * UINT64_C(0x100000001b3);
    }
    if (hash != UINT64_C(0x9900b409d89c3d37)) {
        fail_msg("%s: the factors' hash is %016" PRIx64, isa_under_test(), hash);
    }
}

/* What stands in the place of a multiplier of 0. */
#define LEAST 0x1p-126f

/* A number k and a rate such that draw k's 1 + s*z is exactly 0. */
static double rate_of_zero(planedrop_rng rng, size_t draws, size_t *k) {
    float multipliers[64];
    draw(isa_under_test(), rng, 0, draws, multipliers);
    for (*k = 0; *k < draws; ++*k) {
        const float z = multipliers[*k] - 1;
        float s = z < -0.5f && z > -1.5f ? -1 / z : 0;
        for (int i = 0; i < 9 && s != 0; i++) {
            const double rate = (double)s * (double)s / (1 + (double)s * (double)s);
            const planedrop_desc desc =
                gaussian(planedrop_desc_elementwise(PLANEDROP_F32, draws, rate));
            const planedrop_plan plan = plan_of(&desc, isa_under_test());
            float tried[64];
            assert_ok(mask_multipliers(&plan, rng, tried));
            if (tried[*k] == LEAST) {
                return rate;
            }
            assert_true(tried[*k] != 0);
            s = nextafterf(s, i % 2 ? 0 : 10); /* to and fro */
            s = i % 2 ? s : nextafterf(s, 10);
        }
    }
    fail_msg("%s: no 1 + s*z of 0 was found", isa_under_test());
    return 0;
}

/* A multiplier is never 0, so that Inf times it is Inf, in every kind of tensor. */
static void no_multiplier_is_zero(int32_t dtype) {
    enum { DRAWS = 50, REPEAT = 70 };
    static _Alignas(DTYPE_MOST_BYTES) unsigned char x[DRAWS * REPEAT * DTYPE_MOST_BYTES],
        got[sizeof x], want[sizeof x];
    const planedrop_rng rng = {7, 8};
    size_t k;
    const double rate = rate_of_zero(rng, DRAWS, &k);
    planedrop_desc descs[] = {planedrop_desc_drop_path(dtype, DRAWS, REPEAT, rate),
                              planedrop_desc_nhwc(dtype, 1, REPEAT, DRAWS, rate),
                              planedrop_desc_drop_path(dtype, DRAWS, 3, rate),
                              planedrop_desc_drop_path(dtype, DRAWS, REPEAT, rate),
                              planedrop_desc_nhwc(dtype, 1, REPEAT / 2, DRAWS, rate)};
    for (int a = 0; a < 3; a++) { /* the last two with every other element only */
        descs[3].x_strides[a] = descs[3].y_strides[a] = a == 0 ? 2 * REPEAT : 2;
        descs[4].x_strides[a] = descs[4].y_strides[a] = a == 1 ? 2 * DRAWS : 2;
    }
    descs[3].dims[0] = descs[3].noise[0] = DRAWS / 2;
    for (size_t d = 0; d < sizeof descs / sizeof descs[0]; d++) {
        const uint32_t strided = d < 3 ? 0 : PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
        for (uint32_t flags = 0; flags <= PLANEDROP_ACCUMULATE; flags += PLANEDROP_ACCUMULATE) {
            struct random random = {random_seed()};
            float multipliers[DRAWS];
            descs[d].law = PLANEDROP_GAUSSIAN;
            descs[d].flags = flags | strided;
            random_elements(&random, dtype, x, DRAWS * REPEAT);
            for (size_t i = 0; i < DRAWS * REPEAT; i += 3) {
                dtype_set(dtype, x, i, i % 2 ? INFINITY : -INFINITY);
            }
            memcpy(got, x, sizeof x);
            memcpy(want, x, sizeof x);
            const planedrop_plan plan = plan_of(&descs[d], isa_under_test());
            assert_ok(mask_multipliers(&plan, rng, multipliers));
            fence_case("%s: the least multiplier, desc %zu, flags %u", isa_under_test(), d,
                       (unsigned)flags);
            assert_true(d == 3 || multipliers[k] == LEAST);
            assert_ok(planedrop_forward(&plan, rng, x, got));
            reference_weigh(&descs[d], multipliers, x, want);
            assert_elements_equal(dtype, got, want, DRAWS * REPEAT);
        }
    }
}

static void what_it_refuses(void **state) {
    (void)state;
    const planedrop_rng rng = {1, 2};
    const int32_t bits = PLANEDROP_MASK_BITS, bytes = PLANEDROP_MASK_BYTES;
    planedrop_desc desc = gaussian(planedrop_desc_elementwise(PLANEDROP_F32, 10, 1));
    planedrop_plan plan;
    assert_int_equal(planedrop_plan_init(&plan, &desc), PLANEDROP_ERR_RATE);
    desc.rate = -0.1;
    assert_int_equal(planedrop_plan_init(&plan, &desc), PLANEDROP_ERR_RATE);
    desc.rate = 0.5;
    desc.flags = PLANEDROP_NO_SCALE;
    assert_int_equal(planedrop_plan_init(&plan, &desc), PLANEDROP_ERR_COMBINATION);
    for (int zero = 0; zero < 2; zero++) { /* rate 0 is of the law, too */
        uint32_t keep = 0x77777777;
        float x[10] = {0}, y[10], copy[10];
        planedrop_call call = PLANEDROP_CALL_INIT;
        memset(y, 0x77, sizeof y);
        memcpy(copy, y, sizeof y);
        desc.flags = 0;
        desc.rate = zero ? 0 : 0.5;
        plan = plan_of(&desc, isa_under_test());
        assert_int_equal(planedrop_mask(&plan, rng, bits, 0, 10, &keep), PLANEDROP_ERR_COMBINATION);
        assert_int_equal(planedrop_mask(&plan, rng, bytes, 0, 4, &keep), PLANEDROP_ERR_COMBINATION);
        assert_int_equal(planedrop_mask_elements(&plan, rng, bytes, 0, 1, y),
                         PLANEDROP_ERR_COMBINATION);
        assert_int_equal(planedrop_apply(&plan, NULL, x, y), PLANEDROP_ERR_NULL);
        assert_int_equal(planedrop_apply(&plan, &keep, x, y), PLANEDROP_ERR_COMBINATION);
        assert_int_equal(planedrop_apply_part(&plan, &keep, 0, 1, x, y), PLANEDROP_ERR_COMBINATION);
        call.input = x;
        call.output = y;
        call.keep = &keep;
        for (call.keep_form = bits; call.keep_form <= bytes; call.keep_form++) {
            assert_int_equal(planedrop_run(&plan, &call), PLANEDROP_ERR_COMBINATION);
        }
        assert_int_equal(mask_multipliers(&plan, rng, NULL), PLANEDROP_ERR_NULL);
        assert_true(keep == 0x77777777);
        assert_memory_equal(y, copy, sizeof y);
        assert_int_equal(planedrop_plan_set_rate(&plan, 1), PLANEDROP_ERR_RATE);
    }
}

static void rate_zero_copies(int32_t dtype) {
    enum { COUNT = 1000 };
    static _Alignas(DTYPE_MOST_BYTES) unsigned char x[COUNT * DTYPE_MOST_BYTES], y[sizeof x];
    static float multipliers[COUNT];
    const planedrop_rng rng = {3, 4};
    struct random random = {random_seed()};
    random_elements(&random, dtype, x, COUNT);
    const planedrop_desc desc = gaussian(planedrop_desc_elementwise(dtype, COUNT, 0));
    const planedrop_plan plan = plan_of(&desc, isa_under_test());
    fence_case("%s: rate 0", isa_under_test());
    assert_ok(planedrop_forward(&plan, rng, x, y));
    assert_elements_equal(dtype, y, x, COUNT);
    assert_ok(mask_multipliers(&plan, rng, multipliers));
    for (size_t i = 0; i < COUNT; i++) {
        assert_true(multipliers[i] == 1);
    }
}

/* ---- Statistics ------------------------------------------------------------------------------
 * The seed is fixed, so a bound that is passed is passed for ever. All are at four or five standard
 * deviations of what truly normal numbers would give. */

enum { CELLS = 1 << 16, LAGS = 5 };

static void expect_near(const char *what, double got, double want, double deviation) {
    if (!(fabs(got - want) <= 4.5 * deviation)) {
        fail_msg("%s: %s is %.8g, %.1f deviations from %.8g", isa_under_test(), what, got,
                 (got - want) / deviation, want);
    }
}

/* Kolmogorov and Smirnov's distance to the normal distribution, taken at the cells' edges. */
static double distance_of(const float *factors, size_t count) {
    static uint64_t cell[CELLS];
    memset(cell, 0, sizeof cell);
    for (size_t i = 0; i < count; i++) {
        const double at = 0.5 * erfc(-((double)factors[i] - 1) / sqrt(2));
        cell[at < 1 ? (size_t)(at * CELLS) : CELLS - 1]++;
    }
    double most = 0, below = 0;
    for (size_t i = 0; i < CELLS; i++) {
        below += (double)cell[i];
        most = fmax(most, fabs(below / (double)count - (double)(i + 1) / CELLS));
    }
    return most;
}

static void is_normal(const float *factors, size_t count) {
    const double n = (double)count;
    double sum[5] = {0}, beyond3 = 0, beyond4 = 0;
    for (size_t i = 0; i < count; i++) {
        const double z = (double)factors[i] - 1, square = z * z;
        sum[1] += z;
        sum[2] += square;
        sum[3] += z * square;
        sum[4] += square * square;
        beyond3 += fabs(z) > 3;
        beyond4 += fabs(z) > 4;
    }
    const double tail3 = erfc(3 / sqrt(2)), tail4 = erfc(4 / sqrt(2));
    expect_near("the mean", sum[1] / n, 0, sqrt(1 / n));
    expect_near("the variance", sum[2] / n, 1, sqrt(2 / n));
    expect_near("the third moment", sum[3] / n, 0, sqrt(15 / n));
    expect_near("the fourth moment", sum[4] / n, 3, sqrt(96 / n));
    expect_near("the share beyond 3", beyond3 / n, tail3, sqrt(tail3 / n));
    expect_near("the share beyond 4", beyond4 / n, tail4, sqrt(tail4 / n));
    const double distance = distance_of(factors, count);
    if (!(distance * sqrt(n) < 1.95)) { /* the chance is 0.001 */
        fail_msg("%s: Kolmogorov and Smirnov's distance is %g", isa_under_test(), distance);
    }
}

/* Neighbours, and their squares: Box-Muller's pairs have a radius in common. */
static void is_independent(const float *factors, size_t count) {
    for (size_t lag = 1; lag <= LAGS; lag++) {
        double product = 0, squares = 0;
        for (size_t i = lag; i < count; i++) {
            const double a = (double)factors[i] - 1, b = (double)factors[i - lag] - 1;
            product += a * b;
            squares += (a * a - 1) * (b * b - 1);
        }
        const double n = (double)(count - lag);
        expect_near("the correlation of neighbours", product / n, 0, sqrt(1 / n));
        expect_near("the correlation of neighbours' squares", squares / n, 0, sqrt(4 / n));
    }
}

static void statistics(void **state) {
    (void)state;
    const size_t count = random_cases(1000) < 1000 ? 100000 : 10000000; /* fewer under emulation */
    const planedrop_rng rng = {UINT64_C(0x6761757373), 1};
    float *factors = malloc(count * sizeof *factors);
    draw(isa_under_test(), rng, 0, count, factors);
    is_normal(factors, count);
    is_independent(factors, count);
    printf("%zu normals: Kolmogorov-Smirnov %.2g\n", count, distance_of(factors, count));

    /* another offset, other numbers, as independent as neighbours */
    float *others = malloc(count * sizeof *others);
    const planedrop_rng next = {rng.seed, rng.offset + 1};
    draw(isa_under_test(), next, 0, count, others);
    double product = 0;
    for (size_t i = 0; i < count; i++) {
        product += ((double)factors[i] - 1) * ((double)others[i] - 1);
    }
    expect_near("the correlation of offsets", product / (double)count, 0, sqrt(1 / (double)count));
    free(others);
    free(factors);
}

/* A build has the law or refuses it; this one as CMake was told. */
static int has_law(void) {
    const planedrop_desc desc = gaussian(planedrop_desc_elementwise(PLANEDROP_F32, 10, 0.5));
    planedrop_plan plan;
    return planedrop_plan_init_isa(&plan, &desc, isa_under_test()) != PLANEDROP_ERR_UNSUPPORTED;
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_normals),
        cmocka_unit_test(random_multipliers),
        cmocka_unit_test(every_isa_draws_the_same),
        cmocka_unit_test(every_architecture_draws_the_same),
        cmocka_unit_test(what_it_refuses),
        cmocka_unit_test(statistics),
    };
    static const struct dtype_test typed_tests[] = {
        {"no_multiplier_is_zero", no_multiplier_is_zero},
        {"rate_zero_copies", rate_zero_copies},
    };
    const int code = isa_begin(argc, argv);
    if (code != 0) {
        return code;
    }
    if (has_law() != HAS_GAUSSIAN) {
        printf("the build was %s SLEEF\n", HAS_GAUSSIAN ? "with" : "without");
        return 1;
    }
    if (!HAS_GAUSSIAN) {
        printf("SKIPPED: built without SLEEF; the law is refused\n");
        return EXIT_SKIP;
    }
    return cmocka_run_group_tests_name("gaussian", tests, NULL, NULL) +
           dtype_run_tests("gaussian of each dtype", typed_tests,
                           sizeof typed_tests / sizeof typed_tests[0]);
}
