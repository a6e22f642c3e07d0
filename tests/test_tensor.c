/* SPDX-License-Identifier: MIT
 *
 * Whole tensors of every element type against the oracle, byte for byte: every size around a lane,
 * a word, a tile and a cache line, then random shapes, noise shapes, layouts, windows, rates, flags
 * and data. Buffers are fenced, and the gaps between the elements of y must stay as they were.
 * Which path a tensor takes through the caches depends on its size; here small ones are sent along
 * all of them.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random.h"
#include "reference.h"

#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_ELEMENTS = 40000, MOST_SPAN = 400000 };

/* The lowest and highest offset, in elements, that a tensor reaches from its first element. */
static void reach(const planedrop_desc *desc, const ptrdiff_t *strides, ptrdiff_t *low,
                  ptrdiff_t *high) {
    *low = *high = 0;
    for (int a = 0; a < desc->ndim; a++) {
        const ptrdiff_t way = ((ptrdiff_t)desc->dims[a] - 1) * strides[a];
        *(way < 0 ? low : high) += way;
    }
}

struct call {
    planedrop_rng rng;
    const uint32_t *keep; /* NULL: forward or backward; else apply */
    size_t parts;
    int backward, in_place;
};

static planedrop_status run_part(const planedrop_plan *plan, const struct call *call, size_t part,
                                 const void *x, void *y) {
    if (call->keep != NULL) {
        return call->parts == 1 ? planedrop_apply(plan, call->keep, x, y)
                                : planedrop_apply_part(plan, call->keep, part, call->parts, x, y);
    }
    if (call->backward) {
        return call->parts == 1 ? planedrop_backward(plan, call->rng, x, y)
                                : planedrop_backward_part(plan, call->rng, part, call->parts, x, y);
    }
    return call->parts == 1 ? planedrop_forward(plan, call->rng, x, y)
                            : planedrop_forward_part(plan, call->rng, part, call->parts, x, y);
}

/* Another path than the one the plan chose, as far as the tensor allows it. */
static void random_path(struct random *random, planedrop_plan *plan) {
    struct pd_plan *p = (void *)plan;
    const struct pd_view *view = &p->view;
    const ptrdiff_t n = (ptrdiff_t)view->inner.n;
    const int may_be_rows = view->inner.draw == 0 && 2 * n <= PD_TILE_WORDS * PD_WORD_BITS &&
                            view->inner.x == 1 && view->inner.y == 1 && view->mid.x == n &&
                            view->mid.y == n;
    for (int i = 0; i < 2; i++) {
        struct pd_path *path = &p->path[i];
        path->planes_as_rows = may_be_rows && random_below(random, 2);
        path->stream_kept = p->mode != PD_ACCUMULATE && random_below(random, 2);
        path->stream_dropped =
            path->stream_kept || (p->mode != PD_ACCUMULATE && random_below(random, 2));
        path->ahead = (uint8_t)random_below(random, 2);
        path->far_lines = (uint16_t)random_below(random, 100);
        path->near_lines = (uint16_t)random_below(random, 20);
    }
}

/* Runs one case on fenced buffers and compares all of y's buffer with the oracle's. The strides of
 * desc are explicit. */
static void check(struct random *random, const planedrop_desc *desc, const struct call *call) {
    char text[400];
    describe(text, sizeof text, desc, call->rng);
    fence_case("%s, test seed %llu: %s%s%s parts %zu", isa_under_test(),
               (unsigned long long)random_seed(), text, call->keep != NULL ? " apply" : "",
               call->in_place ? " in place" : "", call->parts);

    ptrdiff_t x_low, x_high, y_low, y_high;
    reach(desc, desc->x_strides, &x_low, &x_high);
    reach(desc, desc->y_strides, &y_low, &y_high);
    const size_t x_count = (size_t)(x_high - x_low) + 1, y_count = (size_t)(y_high - y_low) + 1;
    const size_t bytes = dtype_bytes(desc->dtype);
    struct fence x =
        fence_make(bytes * x_count, random_below(random, 2) ? FENCE_AFTER : FENCE_BEFORE);
    struct fence y =
        fence_make(bytes * y_count, random_below(random, 2) ? FENCE_AFTER : FENCE_BEFORE);
    unsigned char *x_copy = malloc(x.bytes), *want = malloc(y.bytes);
    random_elements(random, desc->dtype, x.data, x_count);
    random_elements(random, desc->dtype, y.data, y_count);
    if (call->in_place) {
        memcpy(y.data, x.data, x.bytes);
    }
    memcpy(x_copy, x.data, x.bytes);
    memcpy(want, y.data, y.bytes);

    const ptrdiff_t x_at = -x_low * (ptrdiff_t)bytes, y_at = -y_low * (ptrdiff_t)bytes;
    const void *x_first = (call->in_place ? y.data : x.data) + x_at;
    void *y_first = y.data + y_at;
    planedrop_plan plan;
    assert_ok(planedrop_plan_init_isa(&plan, desc, isa_under_test()));
    if (random_below(random, 4) > 0) {
        random_path(random, &plan);
    }
    for (size_t done = 0, part = random_below(random, call->parts); done < call->parts; done++) {
        assert_ok(run_part(&plan, call, part, x_first, y_first));
        part = (part + 1) % call->parts;
    }
    const void *oracle_x = (call->in_place ? want : x_copy) + x_at;
    if (desc->law == PLANEDROP_GAUSSIAN) {
        float *multipliers = malloc(sizeof(float) * (size_t)reference_draws(desc) + 1);
        assert_ok(planedrop_multipliers(&plan, call->rng, multipliers));
        reference_weigh(desc, multipliers, oracle_x, want + y_at);
        free(multipliers);
    } else if (call->keep != NULL) {
        reference_apply(desc, call->keep, oracle_x, want + y_at);
    } else {
        reference_forward(desc, call->rng, oracle_x, want + y_at);
    }
    assert_elements_equal(desc->dtype, y.data, want, y_count);
    assert_memory_equal(x.data, x_copy, x.bytes);
    if (!fence_intact(&x) || !fence_intact(&y)) {
        fail_msg("%s\n  written outside the buffer", fence_case_text());
    }
    free(x_copy);
    free(want);
    fence_free(&x);
    fence_free(&y);
}

static planedrop_rng random_rng(struct random *random) {
    const planedrop_rng rng = {random_bits(random), random_bits(random)};
    return rng;
}

static void dense_strides(planedrop_desc *desc) {
    ptrdiff_t step = 1;
    for (int a = desc->ndim - 1; a >= 0; a--) {
        desc->x_strides[a] = desc->y_strides[a] = step;
        step *= (ptrdiff_t)desc->dims[a];
    }
}

/* Under a law; returns 0 if it cannot be. */
static int set_law(planedrop_desc *desc, planedrop_law law) {
    desc->law = law;
    return law == PLANEDROP_BERNOULLI ||
           (HAS_GAUSSIAN && desc->rate < 1 && !(desc->flags & PLANEDROP_NO_SCALE));
}

static void every_size(planedrop_dtype dtype) {
    struct random random = {random_seed() + dtype};
    static const size_t around[] = {4, 8, 16, 32, 49, 64, 128, 196, 512, 2000, 4096, 8192};
    static const double rates[] = {0.5, 0.1, 0.9};
    size_t sizes[64], count = 0;
    sizes[count++] = 1;
    sizes[count++] = 2;
    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++) {
        sizes[count++] = around[i] - 1;
        sizes[count++] = around[i];
        sizes[count++] = around[i] + 1;
    }
    for (size_t i = 0; i < count; i++) {
        for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
            for (unsigned which = 0; which < 16; which++) { /* flags, law */
                const size_t n = sizes[i], planes = n < 1000 ? 33 : 3;
                planedrop_desc descs[] = {
                    planedrop_elements(dtype, n, rates[r]),
                    planedrop_nchw(dtype, 1, planes, n, rates[r]),
                    planedrop_nhwc(dtype, 2, 3, n, rates[r]),
                };
                for (size_t d = 0; d < sizeof descs / sizeof descs[0]; d++) {
                    const struct call call = {random_rng(&random), NULL, 1, 0,
                                              (int)random_below(&random, 2)};
                    descs[d].flags = which % 8;
                    dense_strides(&descs[d]);
                    if (set_law(&descs[d], which / 8)) {
                        check(&random, &descs[d], &call);
                    }
                }
            }
        }
    }
}

/* Strides that step over all the finer axes, which come in a random order, some of them backwards
 * and some with room to spare. */
static void random_strides(struct random *random, const planedrop_desc *desc, ptrdiff_t *strides) {
    int order[PLANEDROP_MAX_NDIM] = {0};
    const int padded = random_below(random, 3) == 0, backwards = random_below(random, 4) == 0;
    const int shuffled = random_below(random, 2) == 0;
    for (int a = 0; a < desc->ndim; a++) {
        order[a] = a;
    }
    for (int a = desc->ndim - 1; shuffled && a > 0; a--) {
        const size_t b = random_below(random, (size_t)a + 1);
        const int other = order[b];
        order[b] = order[a];
        order[a] = other;
    }
    ptrdiff_t step = padded && random_below(random, 3) == 0 ? 2 : 1;
    for (int a = desc->ndim - 1; a >= 0; a--) {
        const int backward = backwards && random_below(random, 2);
        strides[order[a]] = backward ? -step : step;
        step *= (ptrdiff_t)desc->dims[order[a]];
        step += padded ? (ptrdiff_t)random_below(random, 5) : 0;
    }
}

static double random_rate(struct random *random) {
    static const double rates[] = {0,       1,       0.5,     0.25,        0.75,   0.125,
                                   0.1,     0.2,     0.3,     0.9,         0.999,  1e-3,
                                   0x1p-31, 0x1p-32, 0x1p-33, 1 - 0x1p-32, 1e-300, 1 - 0x1p-53};
    const size_t i = random_below(random, 2 * sizeof rates / sizeof rates[0]);
    return i < sizeof rates / sizeof rates[0] ? rates[i]
                                              : (double)(random_bits(random) >> 11) * 0x1p-53;
}

/* The window that this tensor is: sometimes none, sometimes far into a mask of nearly 2^64. */
static void random_window(struct random *random, planedrop_desc *desc) {
    if (random_below(random, 2) == 0) {
        return;
    }
    const int far = random_below(random, 4) == 0;
    for (int a = 0; a < desc->ndim; a++) {
        desc->first[a] = random_below(random, 70) * random_below(random, 2);
        if (far && a == 0) {
            desc->first[a] = random_bits(random) >> (1 + random_below(random, 40));
        }
        desc->whole[a] = desc->first[a] + desc->noise[a] + random_below(random, 3);
        if (desc->whole[a] == 0) {
            desc->whole[a] = 1;
        }
    }
}

static int random_desc(struct random *random, planedrop_dtype dtype, planedrop_desc *desc) {
    static const size_t dims[] = {1,  1,  2,  2,  3,  4,  5,  7,   8,   9,   15,  16,   17,   31,
                                  32, 33, 49, 63, 64, 65, 96, 100, 128, 196, 257, 1024, 4097, 5000};
    memset(desc, 0, sizeof *desc);
    desc->dtype = dtype;
    desc->ndim = 1 + (int)random_below(random, PLANEDROP_MAX_NDIM);
    size_t elements = 1;
    for (int a = 0; a < desc->ndim; a++) {
        size_t dim = dims[random_below(random, sizeof dims / sizeof dims[0])];
        if (random_below(random, 300) == 0) {
            dim = 0;
        }
        desc->dims[a] = dim > MOST_ELEMENTS / elements ? 1 : dim;
        desc->noise[a] = random_below(random, 2) ? desc->dims[a] : 1;
        elements *= desc->dims[a] == 0 ? 1 : desc->dims[a];
    }
    desc->rate = random_rate(random);
    desc->flags = (unsigned)random_below(random, 8);
    if (!set_law(desc, random_below(random, 3) == 0 ? PLANEDROP_GAUSSIAN : PLANEDROP_BERNOULLI)) {
        desc->law = PLANEDROP_BERNOULLI;
    }
    random_strides(random, desc, desc->y_strides);
    memcpy(desc->x_strides, desc->y_strides, sizeof desc->x_strides);
    if (random_below(random, 3) == 0) {
        random_strides(random, desc, desc->x_strides);
    }
    random_window(random, desc);
    planedrop_plan plan;
    ptrdiff_t low, high;
    reach(desc, desc->y_strides, &low, &high);
    /* A far window may overflow the draw index: that is an error, tested elsewhere. */
    return high - low < MOST_SPAN && elements * (size_t)desc->ndim > 0 &&
           planedrop_plan_init_isa(&plan, desc, isa_under_test()) == PLANEDROP_OK;
}

static void random_tensors(planedrop_dtype dtype) {
    struct random random = {random_seed() + dtype};
    const size_t cases = random_cases(1000);
    size_t run = 0;
    for (size_t i = 0; i < cases; i++) {
        planedrop_desc desc;
        if (!random_desc(&random, dtype, &desc)) {
            continue;
        }
        run++;
        struct call call = {random_rng(&random), NULL, 1, 0, 0};
        call.backward = (int)random_below(&random, 2);
        call.parts = random_below(&random, 3) ? 1 : 1 + random_below(&random, 9);
        call.in_place = memcmp(desc.x_strides, desc.y_strides, sizeof desc.x_strides) == 0 &&
                        random_below(&random, 2);
        if (!call.in_place && random_below(&random, 4) == 0) {
            desc.x_strides[random_below(&random, (size_t)desc.ndim)] = 0; /* broadcast the input */
        }
        uint32_t *keep = NULL;
        if (desc.law == PLANEDROP_BERNOULLI && random_below(&random, 4) == 0) {
            const size_t words = (size_t)(reference_draws(&desc) + 31) / 32;
            keep = malloc(4 * words + 4);
            for (size_t w = 0; w < words; w++) {
                keep[w] = (uint32_t)random_bits(&random);
            }
            call.keep = keep;
        }
        int all_zero = 1; /* all strides 0 would mean dense: not what was drawn */
        for (int a = 0; a < desc.ndim; a++) {
            all_zero = all_zero && desc.x_strides[a] == 0;
        }
        if (!all_zero) {
            check(&random, &desc, &call);
        }
        free(keep);
    }
    printf("%zu random tensors of %s\n", run, dtype_format(dtype)->name);
    assert_true(run > cases / 2);
}

int main(int argc, char **argv) {
    static const struct dtype_test tests[] = {
        {"every_size", every_size},
        {"random_tensors", random_tensors},
    };
    const int code = isa_begin(argc, argv);
    return code != 0 ? code : dtype_run_tests("tensor", tests, sizeof tests / sizeof tests[0]);
}
