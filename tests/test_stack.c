/* SPDX-License-Identifier: MIT
 *
 * No call needs more than 8 KiB of stack, as the header says. Each kind of call runs on a thread
 * whose stack was filled with a pattern: what is overwritten below the caller's frame is the
 * call's. Then it runs on a thread of 16 KiB, which ends at an inaccessible page.
 */
#define _DEFAULT_SOURCE
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random.h"

#include "plan.h"

#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    STACK = 256 << 10,
    SMALL_STACK = PTHREAD_STACK_MIN > 16 << 10 ? PTHREAD_STACK_MIN : 16 << 10,
    LIMIT = 8 << 10,
    PATTERN = 0x5a,
    COUNT = 60000
};

static _Alignas(64) unsigned char x[COUNT * DTYPE_MOST_BYTES], y[sizeof x];
static uint32_t keep[COUNT / 32 + 1];

/* One call: of a plan, or that makes one, or of neither. */
enum kind {
    FORWARD,
    BACKWARD,
    PART,
    APPLY,
    APPLY_BYTES,
    MASK,
    ELEMENTS,
    INIT,
    INIT_ISA,
    SET_RATE,
    ONCE,
    QUERIES,
    KINDS
};
static const char *const kind_names[KINDS] = {
    "forward",       "backward",  "forward_part",  "apply",         "apply bytes",  "mask",
    "mask_elements", "plan_init", "plan_init_isa", "plan_set_rate", "desc_forward", "queries"};

struct job {
    enum kind kind;
    int32_t form;
    planedrop_desc desc;
    planedrop_plan plan;
    unsigned char *stack;
    uintptr_t frame;
    planedrop_status status;
    size_t used; /* bytes */
};

static planedrop_status queries(struct job *job) {
    const size_t isas = planedrop_isa_count(), features = planedrop_cpu_feature_count();
    const int32_t dtype = job->desc.dtype;
    size_t sum = planedrop_plan_parts(&job->plan) + planedrop_cpu_cache_bytes();
    for (size_t i = 0; i < isas; i++) {
        sum += planedrop_isa_name(i) != NULL && planedrop_isa_usable(i);
    }
    for (size_t i = 0; i < features; i++) {
        sum += planedrop_cpu_feature_name(i) != NULL && planedrop_cpu_feature_present(i);
    }
    sum += planedrop_supports(PLANEDROP_BERNOULLI, PLANEDROP_STREAM_NATIVE, dtype) != 0;
    sum += planedrop_desc_nchw_blocked(dtype, 1, 2, 3, 8, 0.5).dims[0];
    return sum > 0 && planedrop_plan_isa(&job->plan) != NULL &&
                   planedrop_status_string(PLANEDROP_OK) != NULL
               ? PLANEDROP_OK
               : PLANEDROP_ERR_PLAN;
}

/* Remembers where the frame of a function that its caller calls begins. */
__attribute__((noinline)) static void mark_frame(struct job *job) {
    unsigned char here;
    job->frame = (uintptr_t)&here; /* NOLINT: a number, never followed */
}

/* Not by tail calls, so that the callee's frame begins where that of mark_frame did. */
static void call(struct job *job) {
    const planedrop_rng rng = {3, 4};
    planedrop_call apply = PLANEDROP_CALL_INIT;
    planedrop_status status = PLANEDROP_ERR_PLAN;
    apply.input = x;
    apply.output = y;
    apply.keep = job->kind == APPLY ? (const void *)keep : x;
    apply.keep_form = job->kind == APPLY ? PLANEDROP_MASK_BITS : PLANEDROP_MASK_BYTES;
    mark_frame(job);
    switch (job->kind) {
    case FORWARD:
        status = planedrop_forward(&job->plan, rng, x, y);
        break;
    case BACKWARD:
        status = planedrop_backward(&job->plan, rng, x, y);
        break;
    case PART:
        status = planedrop_forward_part(&job->plan, rng, 1, 3, x, y);
        break;
    case APPLY:
    case APPLY_BYTES:
        status = planedrop_run(&job->plan, &apply);
        break;
    case MASK:
        status = planedrop_mask(&job->plan, rng, job->form, 0, planedrop_plan_draws(&job->plan), y);
        break;
    case ELEMENTS:
        status = planedrop_mask_elements(&job->plan, rng, job->form, 0, 1, y);
        break;
    case INIT:
        status = planedrop_plan_init(&job->plan, &job->desc);
        break;
    case INIT_ISA:
        status = planedrop_plan_init_isa(&job->plan, &job->desc, isa_under_test());
        break;
    case SET_RATE:
        status = planedrop_plan_set_rate(&job->plan, 0.25);
        break;
    case ONCE:
        status = planedrop_desc_forward(&job->desc, rng, x, y);
        break;
    case QUERIES:
        status = queries(job);
        break;
    case KINDS:
        break;
    }
    job->status = status;
}

static void *work(void *argument) {
    struct job *job = argument;
    unsigned char *low = job->stack;
    call(job);
    while (*low == PATTERN) {
        low++;
    }
    job->used = (size_t)(job->frame - (uintptr_t)low);
    return NULL;
}

static void run_on(struct job *job, unsigned char *stack, size_t bytes) {
    pthread_attr_t attributes;
    pthread_t thread;
    job->stack = stack;
    memset(stack, PATTERN, bytes);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, stack, bytes), 0);
    assert_int_equal(pthread_create(&thread, &attributes, work, job), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(pthread_attr_destroy(&attributes), 0);
    assert_ok(job->status);
}

/* Rows of all lengths, planes one by one and as rows, short rows that are joined, one draw for
 * much, blocks, windows, strided and transposed tensors, a broadcast input. */
static size_t descs_of(int32_t dtype, planedrop_desc *descs) {
    planedrop_desc made[] = {
        planedrop_desc_elementwise(dtype, COUNT, 0.3),
        planedrop_desc_nchw(dtype, 2, 300, 100, 0.3),
        planedrop_desc_nchw(dtype, 2, 10000, 3, 0.3),
        planedrop_desc_nhwc(dtype, 2, 10000, 3, 0.3),
        planedrop_desc_nhwc(dtype, 2, 100, 300, 0.3),
        planedrop_desc_drop_path(dtype, 3, 20000, 0.3),
        planedrop_desc_nchw_blocked(dtype, 2, 40, 300, 16, 0.3),
        planedrop_desc_elementwise(dtype, 37, 0.5),
        planedrop_desc_elementwise(dtype, COUNT / 2, 0.3),
        planedrop_desc_nchw(dtype, 700, 1, 5, 0.3),
        planedrop_desc_nchw(dtype, 10, 100, 60, 0.3),
        planedrop_desc_elementwise(dtype, COUNT, 0.3),
        planedrop_desc_nhwc(dtype, 40, 30, 48, 0.5),
        planedrop_desc_drop_path(dtype, 10, 6000, 0.3),
    };
    const size_t count = sizeof made / sizeof made[0];
    made[8].flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    made[8].x_strides[0] = made[8].y_strides[0] = 2;
    made[9].global_noise[0] = 700, made[9].global_noise[1] = 100000, made[9].global_noise[2] = 1;
    made[10].flags = PLANEDROP_Y_STRIDED; /* channels last */
    made[10].y_strides[0] = 6000, made[10].y_strides[1] = 1, made[10].y_strides[2] = 100;
    made[11].global_noise[0] = 2 * COUNT, made[11].window_start[0] = 13;
    made[12].global_noise[0] = 100, made[12].global_noise[1] = 1, made[12].global_noise[2] = 64;
    made[12].window_start[0] = 7, made[12].window_start[2] = 9;
    made[13].flags = PLANEDROP_X_STRIDED; /* samples of one input */
    made[13].x_strides[1] = 1;
    memcpy(descs, made, sizeof made);
    return count;
}

/* The policy of a tensor in memory, which these tensors are too small for. */
static void set_policy(planedrop_plan *plan) {
    struct pd_plan *p = (void *)plan;
    for (int in_place = 0; in_place < 2; in_place++) {
        /* NOLINTNEXTLINE: the analyzer does not know that an initialised plan has a backend */
        const uint8_t nt = p->backend->has_nt_stores && !(p->op[0].form & PD_ACCUMULATE);
        p->policy[in_place].nt_kept = nt && !in_place;
        p->policy[in_place].nt_dropped = nt;
        p->policy[in_place].prefetch = !p->policy[in_place].planes_as_rows;
    }
}

/* The call of a kind that needed most. */
struct worst {
    size_t used;
    char text[256];
};

static struct fence stack, small_stack;

static void check(const struct job *planned, enum kind kind, int32_t form, struct worst *worst) {
    struct job job = *planned;
    job.kind = kind;
    job.form = form;
    fence_case("%s: %s, form %d, law %d, flags %u, dims %d %d, %s", isa_under_test(),
               kind_names[kind], (int)form, (int)job.desc.law, (unsigned)job.desc.flags,
               (int)job.desc.dims[0], (int)job.desc.dims[1], dtype_format(job.desc.dtype)->name);
    call(&job);
    assert_ok(job.status);
    job.plan = planned->plan;
    run_on(&job, stack.data, STACK);
    if (job.used > worst[kind].used) {
        worst[kind].used = job.used;
        snprintf(worst[kind].text, sizeof worst[kind].text, "%s", fence_case_text());
    }
    if (job.used == 0 || job.used > LIMIT) {
        fail_msg("%s\n  %zu bytes of stack", fence_case_text(), job.used);
    }
    job.plan = planned->plan;
    run_on(&job, small_stack.data, SMALL_STACK);
}

/* All kinds of calls, and forms of masks, that go with the descriptor. */
static void check_calls(const struct job *job, struct worst *worst) {
    const planedrop_desc *desc = &job->desc;
    const int has_bits = desc->law == PLANEDROP_BERNOULLI;
    const int broadcast = desc->flags & PLANEDROP_X_STRIDED && desc->x_strides[0] == 0;
    for (enum kind kind = 0; kind < KINDS; kind++) {
        const int32_t first = kind == ELEMENTS ? PLANEDROP_MASK_BYTES : PLANEDROP_MASK_BITS;
        if (kind == MASK || kind == ELEMENTS) {
            for (int32_t form = first; form <= PLANEDROP_MASK_DTYPE; form++) {
                if (has_bits || form >= PLANEDROP_MASK_F32) {
                    check(job, kind, form, worst);
                }
            }
        } else if ((has_bits || (kind != APPLY && kind != APPLY_BYTES)) &&
                   !(kind == BACKWARD && broadcast)) {
            check(job, kind, 0, worst);
        }
    }
}

static void every_call(int32_t dtype) {
    static const struct {
        int32_t law;
        uint32_t flags;
    } variants[] = {{PLANEDROP_BERNOULLI, 0},
                    {PLANEDROP_BERNOULLI, PLANEDROP_NO_SCALE},
                    {PLANEDROP_BERNOULLI, PLANEDROP_ACCUMULATE},
                    {PLANEDROP_GAUSSIAN, 0},
                    {PLANEDROP_GAUSSIAN, PLANEDROP_ACCUMULATE}};
    planedrop_desc descs[16];
    struct random random = random_begin(dtype);
    struct job job;
    struct worst worst[KINDS];
    const size_t count = descs_of(dtype, descs);
    memset(&job, 0, sizeof job);
    memset(worst, 0, sizeof worst);
    stack = fence_make(STACK, FENCE_BEFORE);
    small_stack = fence_make(SMALL_STACK, FENCE_BEFORE);
    random_elements(&random, dtype, x, COUNT);
    for (size_t v = 0; v < sizeof variants / sizeof variants[0]; v++) {
        for (size_t d = 0; d < count && variants[v].law <= HAS_GAUSSIAN; d++) {
            job.desc = descs[d];
            job.desc.law = variants[v].law;
            job.desc.flags |= variants[v].flags;
            assert_ok(planedrop_plan_init_isa(&job.plan, &job.desc, isa_under_test()));
            check_calls(&job, worst);
            set_policy(&job.plan);
            check(&job, FORWARD, 0, worst);
            check(&job, PART, 0, worst);
        }
    }
    fence_free(&stack);
    fence_free(&small_stack);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        print_message("%zu bytes: %s\n", worst[kind].used, worst[kind].text);
    }
}

int main(int argc, char **argv) {
    static const struct dtype_test tests[] = {{"every_call", every_call}};
    const int code = isa_begin(argc, argv);
    if (code != 0) {
        return code;
    }
    setenv("PLANEDROP_ISA", isa_under_test(), 1); /* of calls that name none */
    return dtype_run_tests("stack", tests, 1);
}
