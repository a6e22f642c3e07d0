/* SPDX-License-Identifier: MIT
 *
 * The native Bernoulli stream: the golden masks (vectors/native_bernoulli.txt, which every version
 * must draw for ever), and random windows and rates against the oracle. Then masks as outputs:
 * every form, of any range of draws and broadcast to the elements of any tensor.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "mask.h"
#include "random_desc.h"
#include "reference.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void golden_masks(void **state) {
    (void)state;
    FILE *file = fopen(VECTORS_DIR "/native_bernoulli.txt", "r");
    assert_non_null(file);
    char line[4096];
    int cases = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        planedrop_rng rng;
        uint64_t origin, threshold;
        size_t draws;
        double rate;
        int at;
        if (line[0] == '#') {
            continue;
        }
        assert_int_equal(sscanf(line, "%" SCNx64 "%" SCNx64 "%" SCNx64 "%zu%lf%" SCNx64 "%n",
                                &rng.seed, &rng.offset, &origin, &draws, &rate, &threshold, &at),
                         6);
        fence_case("%s: golden mask, line: %.80s", isa_under_test(), line);
        assert_true(reference_threshold(rate) == threshold);

        uint32_t want[16] = {0}, got[17];
        const size_t words = (draws + 31) / 32;
        assert_true(words <= 16);
        char *text = line + at;
        for (size_t w = 0; w < words; w++) {
            want[w] = (uint32_t)strtoul(text, &text, 16);
        }
        planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, draws, rate);
        desc.window_start[0] = origin;
        desc.global_noise[0] = origin + draws;
        planedrop_plan plan;
        assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
        assert_true(planedrop_plan_draws(&plan) == draws);
        memset(got, 0xee, sizeof got);
        assert_ok(mask_bits(&plan, rng, got));
        assert_words_equal(got, want, words);
        assert_int_equal(got[words], 0xeeeeeeee); /* not a word more */
        reference_mask(&desc, rng, got);
        assert_words_equal(got, want, words);
        cases++;
    }
    fclose(file);
    assert_int_equal(cases, 14);
}

/* The oracle's own generator, against Random123's known answers and the C++26 standard's. */
static void known_answers(void **state) {
    (void)state;
    FILE *file = fopen(VECTORS_DIR "/philox4x32.txt", "r");
    assert_non_null(file);
    char line[256];
    int cases = 0;
    while (fgets(line, sizeof line, file) != NULL) {
        uint32_t c[4], k[2], want[4], got[4];
        int rounds;
        if (line[0] == '#') {
            continue;
        }
        assert_int_equal(sscanf(line,
                                "%d%" SCNx32 "%" SCNx32 "%" SCNx32 "%" SCNx32 "%" SCNx32 "%" SCNx32
                                "%" SCNx32 "%" SCNx32 "%" SCNx32 "%" SCNx32,
                                &rounds, c, c + 1, c + 2, c + 3, k, k + 1, want, want + 1, want + 2,
                                want + 3),
                         11);
        reference_philox4x32(c, k, rounds, got);
        assert_words_equal(got, want, 4);
        cases++;
    }
    fclose(file);
    assert_int_equal(cases, 6);
    const uint32_t counter[4] = {2499, 0, 0, 0}, key[2] = {20111115, 0};
    uint32_t got[4];
    reference_philox4x32(counter, key, 10, got);
    assert_int_equal(got[3], 1955073260);
}

static void random_masks(void **state) {
    (void)state;
    struct random random = {random_seed()};
    static const size_t most[] = {40, 700, 5000, 20000};
    for (size_t i = 0; i < random_cases(1000); i++) {
        const size_t limit = most[random_below(&random, 4)];
        planedrop_desc desc = PLANEDROP_DESC_INIT;
        desc.ndim = 3;
        desc.dims[0] = desc.noise[0] = 1 + random_below(&random, 3);
        desc.dims[1] = 2;
        desc.noise[1] = 1;
        desc.dims[2] = desc.noise[2] = 1 + random_below(&random, limit);
        desc.rate = i % 3 == 0 ? 0.5 : (double)(random_bits(&random) >> 11) * 0x1p-53;
        if (i % 8 == 1) {
            desc.rate = (double)random_below(&random, 257) / 256;
        }
        for (int a = 0; a < 3; a++) {
            desc.window_start[a] =
                random_below(&random, 2) ? 0 : random_bits(&random) >> 40 >> a * 9;
            desc.global_noise[a] = desc.window_start[a] + desc.noise[a] + random_below(&random, 2);
        }
        const planedrop_rng rng = {random_bits(&random), random_bits(&random)};
        char text[400];
        describe(text, sizeof text, &desc, rng);
        fence_case("%s, test seed %" PRIu64 ": mask of %s", isa_under_test(), random_seed(), text);
        planedrop_plan plan;
        assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
        const size_t draws = (size_t)planedrop_plan_draws(&plan), words = (draws + 31) / 32;
        assert_true(draws == reference_draws(&desc));

        struct fence keep = fence_make(4 * words, FENCE_AFTER);
        struct fence factors = fence_make(4 * draws, FENCE_AFTER);
        uint32_t *want = malloc(4 * words);
        float *want_factors = malloc(4 * draws);
        assert_ok(mask_bits(&plan, rng, (void *)keep.data));
        reference_mask(&desc, rng, want);
        assert_words_equal((void *)keep.data, want, words);
        assert_ok(mask_multipliers(&plan, rng, (void *)factors.data));
        reference_multipliers(&desc, rng, want_factors);
        assert_elements_equal(PLANEDROP_F32, factors.data, want_factors, draws);
        assert_true(fence_intact(&keep) && fence_intact(&factors));
        fence_free(&keep);
        fence_free(&factors);
        free(want);
        free(want_factors);
    }
}

/* U(k) of the stream, from the oracle's generator. */
static uint32_t number_of(planedrop_rng rng, uint64_t k) {
    uint32_t number = 0;
    for (uint32_t plane = 0; plane < 32; plane++) {
        const uint64_t low = 8 * (k / 32) + plane / 4;
        const uint32_t counter[4] = {(uint32_t)low, (uint32_t)(low >> 32), (uint32_t)rng.offset,
                                     (uint32_t)(rng.offset >> 32)};
        const uint32_t key[2] = {(uint32_t)rng.seed, (uint32_t)(rng.seed >> 32)};
        uint32_t block[4];
        reference_philox4x32(counter, key, 10, block);
        number = number << 1 | (block[plane % 4] >> k % 32 & 1);
    }
    return number;
}

/* A draw whose U equals the threshold is kept; at a threshold one higher it is dropped. */
static void ties(void **state) {
    (void)state;
    const planedrop_rng rng = {UINT64_C(0x123456789), 77};
    for (uint64_t k = 0; k < 200; k++) {
        const uint32_t number = number_of(rng, k);
        for (uint32_t more = 0; more < 2; more++) {
            uint32_t keep[7];
            const double rate = ((double)number + more) * 0x1p-32;
            const planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, 200, rate);
            planedrop_plan plan;
            fence_case("%s: draw %" PRIu64 " at threshold U + %u", isa_under_test(), k, more);
            assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
            assert_ok(mask_bits(&plan, rng, keep));
            if ((keep[k / 32] >> k % 32 & 1) == more) {
                fail_msg("%s: %s", fence_case_text(), more ? "kept" : "dropped");
            }
        }
    }
}

/* T is rate * 2^32 rounded half to even: at U + 1/2, to U (draw kept) or U + 1 (dropped). */
static void half_even(void **state) {
    (void)state;
    const planedrop_rng rng = {5, 6};
    for (uint64_t k = 0; k < 100; k++) {
        const uint32_t number = number_of(rng, k);
        uint32_t keep[4];
        const planedrop_desc desc =
            planedrop_desc_elementwise(PLANEDROP_F32, 100, ((double)number + 0.5) * 0x1p-32);
        planedrop_plan plan;
        fence_case("%s: draw %" PRIu64 " at threshold U + 1/2", isa_under_test(), k);
        assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
        assert_ok(mask_bits(&plan, rng, keep));
        assert_int_equal(keep[k / 32] >> k % 32 & 1, number % 2 == 0);
    }
}

/* ---- Forms ----------------------------------------------------------------------------------- */

/* All of a mask: bits of the oracle's, or multipliers, which test_gaussian.c compares with it. */
struct whole_mask {
    const planedrop_desc *desc;
    planedrop_plan plan;
    planedrop_rng rng;
    uint64_t draws;
    uint32_t *keep;
    float *multipliers;
};

static struct whole_mask whole_mask(const planedrop_desc *desc, planedrop_rng rng) {
    struct whole_mask mask = {desc, {{0}}, rng, reference_draws(desc), NULL, NULL};
    assert_ok(planedrop_plan_init_isa(&mask.plan, desc, isa_under_test()));
    if (desc->law == PLANEDROP_GAUSSIAN) {
        mask.multipliers = malloc(4 * (size_t)mask.draws + 4);
        assert_ok(mask_multipliers(&mask.plan, rng, mask.multipliers));
    } else {
        mask.keep = malloc((size_t)mask.draws / 8 + 8);
        reference_mask(desc, rng, mask.keep);
    }
    return mask;
}

static void whole_mask_free(struct whole_mask *mask) {
    free(mask->keep);
    free(mask->multipliers);
}

static void check_bits(const struct whole_mask *mask, uint64_t first, uint64_t count) {
    const size_t words = (size_t)(count + 31) / 32;
    struct fence got = fence_make(4 * words, FENCE_AFTER);
    uint32_t *want = calloc(words + 1, 4);
    for (uint64_t i = 0; i < count; i++) {
        const uint64_t draw = first + i;
        want[i / 32] |= (mask->keep[draw / 32] >> draw % 32 & 1) << i % 32;
    }
    assert_ok(planedrop_mask(&mask->plan, mask->rng, PLANEDROP_MASK_BITS, first, count, got.data));
    assert_words_equal((void *)got.data, want, words);
    assert_true(fence_intact(&got));
    fence_free(&got);
    free(want);
}

/* How the bytes of a form are shown in a failure; there is no dtype of one byte. */
static void assert_form_equal(const planedrop_desc *desc, int32_t form, const unsigned char *got,
                              const unsigned char *want, size_t count) {
    if (form != PLANEDROP_MASK_BYTES) {
        assert_elements_equal(form == PLANEDROP_MASK_F32 ? PLANEDROP_F32 : desc->dtype, got, want,
                              count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (got[i] != want[i]) {
            fail_msg("%s\n  byte %zu of %zu in memory: got %d, want %d", fence_case_text(), i,
                     count, got[i], want[i]);
        }
    }
}

static void check_draws(const struct whole_mask *mask, int32_t form, uint64_t first,
                        uint64_t count) {
    const size_t bytes = (size_t)count * reference_mask_bytes(mask->desc, form);
    struct fence got = fence_make(bytes, FENCE_AFTER);
    unsigned char *want = malloc(bytes + 1);
    reference_mask_draws(mask->desc, mask->keep, mask->multipliers, form, first, count, want);
    assert_ok(planedrop_mask(&mask->plan, mask->rng, form, first, count, got.data));
    assert_form_equal(mask->desc, form, got.data, want, (size_t)count);
    assert_true(fence_intact(&got));
    fence_free(&got);
    free(want);
}

/* Gaps between elements, too, must be as they were. */
static void check_elements(const struct whole_mask *mask, struct random *random, int32_t form,
                           size_t parts) {
    const planedrop_desc *desc = mask->desc;
    const size_t bytes = reference_mask_bytes(desc, form);
    int64_t low, high;
    desc_reach(desc, desc->y_strides, &low, &high);
    const size_t count = (size_t)(high - low) + 1;
    struct fence got =
        fence_make(count * bytes, random_below(random, 2) ? FENCE_AFTER : FENCE_BEFORE);
    unsigned char *want = malloc(count * bytes);
    const int64_t at = -low * (int64_t)bytes;
    memset(got.data, 0x77, count * bytes);
    memset(want, 0x77, count * bytes);
    reference_mask_elements(desc, mask->keep, mask->multipliers, form, want + at);
    for (size_t part = parts; part-- > 0;) {
        assert_ok(
            planedrop_mask_elements(&mask->plan, mask->rng, form, part, parts, got.data + at));
    }
    assert_form_equal(desc, form, got.data, want, count);
    assert_true(fence_intact(&got));
    fence_free(&got);
    free(want);
}

static void random_forms(int32_t dtype) {
    struct random random = random_begin(dtype);
    const size_t cases = random_cases(1000) / 2;
    size_t run = 0;
    for (size_t i = 0; i < cases; i++) {
        planedrop_desc desc;
        char text[400];
        if (!random_desc(&random, dtype, &desc)) {
            continue;
        }
        run++;
        if (i % 3 == 0) { /* where y's strides are not given they are dense */
            desc.flags &= ~PLANEDROP_Y_STRIDED;
            memset(desc.y_strides, 0, sizeof desc.y_strides);
        }
        struct whole_mask mask = whole_mask(&desc, random_rng(&random));
        const uint64_t first =
            random_below(&random, 3) ? random_bits(&random) % (mask.draws + 1) : 0;
        const uint64_t count = random_below(&random, 3)
                                   ? random_bits(&random) % (mask.draws - first + 1)
                                   : mask.draws - first;
        const size_t parts = random_below(&random, 2) ? 1 : 1 + random_below(&random, 9);
        desc = reference_gradient(&desc), desc = reference_gradient(&desc); /* all strides given */
        describe(text, sizeof text, &desc, mask.rng);
        for (int32_t form = PLANEDROP_MASK_BITS; form <= PLANEDROP_MASK_DTYPE; form++) {
            fence_case("%s, test seed %" PRIu64 ": mask in form %d, draws from %" PRIu64
                       " on: %" PRIu64 ", or in %zu parts, of %s",
                       isa_under_test(), random_seed(), (int)form, first, count, parts, text);
            if (desc.law == PLANEDROP_GAUSSIAN && form <= PLANEDROP_MASK_BYTES) {
                continue; /* refused: test_gaussian.c */
            }
            if (form == PLANEDROP_MASK_BITS) {
                check_bits(&mask, first, count);
            } else {
                check_draws(&mask, form, first, count);
                check_elements(&mask, &random, form, parts);
            }
        }
        whole_mask_free(&mask);
    }
    assert_true(run > cases / 2);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_answers), cmocka_unit_test(golden_masks), cmocka_unit_test(ties),
        cmocka_unit_test(half_even),     cmocka_unit_test(random_masks),
    };
    static const struct dtype_test typed_tests[] = {{"random_forms", random_forms}};
    const int code = isa_begin(argc, argv);
    return code != 0 ? code
                     : cmocka_run_group_tests_name("mask", tests, NULL, NULL) +
                           dtype_run_tests("forms of masks", typed_tests, 1);
}
