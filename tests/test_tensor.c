/* SPDX-License-Identifier: MIT
 *
 * Whole tensors of every element type against the oracle, byte for byte: every size around a lane,
 * a word, a tile and a cache line, then random shapes, noise shapes, layouts, windows, rates, flags
 * and data. Buffers are fenced, and the gaps between the elements of y must stay as they were.
 * The cache policy of a tensor depends on its size; here small ones are done under all of them.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "mask.h"
#include "random_desc.h"
#include "reference.h"

#include "plan.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct call {
    planedrop_rng rng;
    const uint32_t *keep; /* NULL: drawn */
    const void *bytes;    /* the same mask in bytes; NULL: it is given in bits */
    size_t parts;
    int backward, in_place;
};

/* By one of the wrappers. */
static planedrop_status run_wrapper(const planedrop_plan *plan, const struct call *call,
                                    size_t part, const void *x, void *y) {
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

static planedrop_status run_part(const planedrop_plan *plan, const struct call *call, size_t part,
                                 const void *x, void *y) {
    if (call->bytes == NULL && (call->keep == NULL || !call->backward)) {
        return run_wrapper(plan, call, part, x, y);
    }
    planedrop_call run = PLANEDROP_CALL_INIT;
    run.direction = call->backward ? PLANEDROP_BACKWARD : PLANEDROP_FORWARD;
    run.part = part;
    run.parts = call->parts;
    run.input = x;
    run.output = y;
    run.keep = call->bytes != NULL ? call->bytes : call->keep;
    run.keep_form = call->bytes != NULL ? PLANEDROP_MASK_BYTES : PLANEDROP_MASK_BITS;
    return planedrop_run(plan, &run);
}

/* Whether planes are short and lie end to end in every tensor. */
static int may_be_rows(const struct pd_plan *plan) {
    const struct pd_view *view = &plan->view;
    const size_t tile_draws =
        plan->op[0].kind == PD_BITS ? PD_TILE_WORDS * PD_CELL_BITS : PD_TILE_FACTORS;
    int adjoin = view->inner.draw_stride == 0 && 2 * view->inner.n <= tile_draws;
    for (int r = 0; r < PD_ROLES; r++) {
        adjoin = adjoin && view->inner.stride[r] == 1 &&
                 view->outer.stride[r] == (ptrdiff_t)view->inner.n;
    }
    return adjoin;
}

/* Another policy than the one the plan chose, as far as the tensor allows it. */
static void random_policy(struct random *random, planedrop_plan *plan) {
    struct pd_plan *p = (void *)plan;
    const int rows = may_be_rows(p), nt = !(p->op[0].form & PD_ACCUMULATE);
    for (int i = 0; i < 2; i++) {
        struct pd_cache_policy *policy = &p->policy[i];
        policy->planes_as_rows = rows && random_below(random, 2);
        policy->nt_kept = nt && random_below(random, 2);
        policy->nt_dropped = policy->nt_kept || (nt && random_below(random, 2));
        policy->prefetch = (uint8_t)random_below(random, 2);
        policy->prefetch_l2_lines = (uint16_t)random_below(random, 100);
        policy->prefetch_l1_lines = (uint16_t)random_below(random, 20);
    }
}

/* Runs one case on fenced buffers and compares all of the output's buffer with the oracle's. The
 * strides of desc are given. Backward reads at y's strides and writes at x's: x and y here are what
 * the call reads and writes. */
static void check(struct random *random, const planedrop_desc *planned, const struct call *call) {
    char text[400];
    describe(text, sizeof text, planned, call->rng);
    fence_case("%s, test seed %llu: %s%s%s%s parts %zu", isa_under_test(),
               (unsigned long long)random_seed(), text,
               call->bytes != NULL  ? " apply bytes"
               : call->keep != NULL ? " apply"
                                    : "",
               call->backward ? " backward" : "", call->in_place ? " in place" : "", call->parts);

    const planedrop_desc effect = call->backward ? reference_gradient(planned) : *planned;
    const planedrop_desc *desc = &effect;
    int64_t x_low, x_high, y_low, y_high;
    desc_reach(desc, desc->x_strides, &x_low, &x_high);
    desc_reach(desc, desc->y_strides, &y_low, &y_high);
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

    const int64_t x_at = -x_low * (int64_t)bytes, y_at = -y_low * (int64_t)bytes;
    const void *x_first = (call->in_place ? y.data : x.data) + x_at;
    void *y_first = y.data + y_at;
    planedrop_plan plan;
    assert_ok(planedrop_plan_init_isa(&plan, planned, isa_under_test()));
    if (random_below(random, 4) > 0) {
        random_policy(random, &plan);
    }
    for (size_t done = 0, part = random_below(random, call->parts); done < call->parts; done++) {
        assert_ok(run_part(&plan, call, part, x_first, y_first));
        part = (part + 1) % call->parts;
    }
    const void *oracle_x = (call->in_place ? want : x_copy) + x_at;
    if (desc->law == PLANEDROP_GAUSSIAN) {
        float *multipliers = malloc(sizeof(float) * (size_t)reference_draws(desc) + 1);
        assert_ok(mask_multipliers(&plan, call->rng, multipliers));
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

static void dense_strides(planedrop_desc *desc) {
    int64_t step = 1;
    for (int a = desc->ndim - 1; a >= 0; a--) {
        desc->x_strides[a] = desc->y_strides[a] = step;
        step *= (int64_t)desc->dims[a];
    }
    desc->flags |= PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
}

static void every_size(int32_t dtype) {
    struct random random = random_begin(dtype);
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
            for (uint32_t which = 0; which < 16; which++) { /* flags, law */
                const size_t n = sizes[i], planes = n < 1000 ? 33 : 3;
                planedrop_desc descs[] = {
                    planedrop_desc_elementwise(dtype, n, rates[r]),
                    planedrop_desc_nchw(dtype, 1, planes, n, rates[r]),
                    planedrop_desc_nhwc(dtype, 2, 3, n, rates[r]),
                };
                for (size_t d = 0; d < sizeof descs / sizeof descs[0]; d++) {
                    struct call call = {random_rng(&random), NULL, NULL, 1, 0, 0};
                    descs[d].flags = which % 8;
                    dense_strides(&descs[d]);
                    call.in_place =
                        !(which & PLANEDROP_ACCUMULATE) && random_below(&random, 2) == 0;
                    if (desc_set_law(&descs[d], (int32_t)which / 8)) {
                        check(&random, &descs[d], &call);
                    }
                }
            }
        }
    }
}

/* A mask of the caller's, in bits, and in bytes of which any but 0 keeps. */
static void random_mask(struct random *random, size_t draws, uint32_t *keep, uint8_t *bytes) {
    memset(keep, 0, (draws + 31) / 32 * 4);
    for (size_t i = 0; i < draws; i++) {
        bytes[i] = random_below(random, 2) ? (uint8_t)random_bits(random) : 0;
        keep[i / 32] |= (uint32_t)(bytes[i] != 0) << i % 32;
    }
}

/* The input broadcast along an axis, or expanded from a scalar. */
static void broadcast(struct random *random, planedrop_desc *desc) {
    if (random_below(random, 4) == 0) {
        memset(desc->x_strides, 0, sizeof desc->x_strides);
    }
    desc->x_strides[random_below(random, (size_t)desc->ndim)] = 0;
}

static void random_tensors(int32_t dtype) {
    struct random random = random_begin(dtype);
    const size_t cases = random_cases(1000);
    size_t run = 0;
    for (size_t i = 0; i < cases; i++) {
        planedrop_desc desc;
        if (!random_desc(&random, dtype, &desc)) {
            continue;
        }
        run++;
        struct call call = {random_rng(&random), NULL, NULL, 1, 0, 0};
        call.backward = (int)random_below(&random, 2);
        call.parts = random_below(&random, 3) ? 1 : 1 + random_below(&random, 9);
        call.in_place = memcmp(desc.x_strides, desc.y_strides, sizeof desc.x_strides) == 0 &&
                        !(desc.flags & PLANEDROP_ACCUMULATE) && random_below(&random, 2);
        if (!call.in_place && !call.backward && random_below(&random, 3) == 0) {
            broadcast(&random, &desc);
        }
        const size_t draws = (size_t)reference_draws(&desc);
        struct fence keep = fence_make((draws + 31) / 32 * 4, FENCE_AFTER);
        struct fence bytes = fence_make(draws, FENCE_AFTER);
        if (desc.law == PLANEDROP_BERNOULLI && random_below(&random, 3) == 0) {
            random_mask(&random, draws, (void *)keep.data, bytes.data);
            call.keep = (void *)keep.data;
            call.bytes = random_below(&random, 2) ? bytes.data : NULL;
        }
        check(&random, &desc, &call);
        fence_free(&keep);
        fence_free(&bytes);
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
