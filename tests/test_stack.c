/* SPDX-License-Identifier: MIT
 *
 * No call needs more than 8 KiB of stack, as the header says. Each kind of call runs on a thread
 * whose stack was filled with a pattern: what is overwritten below the caller's frame is the
 * call's.
 */
#define _DEFAULT_SOURCE
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum { STACK = 256 << 10, LIMIT = 8 << 10, PATTERN = 0x5a, COUNT = 60000 };

static _Alignas(64) unsigned char x[COUNT * DTYPE_MOST_BYTES], y[sizeof x];
static uint32_t keep[COUNT / 32 + 1];

/* One call: of a plan, or that makes one. */
enum kind { FORWARD, BACKWARD, APPLY, APPLY_BYTES, MASK, ELEMENTS, INIT, SET_RATE, ONCE, KINDS };

struct job {
    enum kind kind;
    int32_t form;
    planedrop_desc desc;
    planedrop_plan plan;
    unsigned char *stack;
    planedrop_status status;
    size_t used; /* bytes */
};

static planedrop_status call(struct job *job) {
    const planedrop_rng rng = {3, 4};
    planedrop_call apply = PLANEDROP_CALL_INIT;
    apply.input = x;
    apply.output = y;
    apply.keep = keep;
    apply.keep_form = job->kind == APPLY ? PLANEDROP_MASK_BITS : PLANEDROP_MASK_BYTES;
    switch (job->kind) {
    case FORWARD:
        return planedrop_forward(&job->plan, rng, x, y);
    case BACKWARD:
        return planedrop_backward(&job->plan, rng, x, y);
    case APPLY:
    case APPLY_BYTES:
        apply.keep = job->kind == APPLY ? (const void *)keep : x;
        return planedrop_run(&job->plan, &apply);
    case MASK:
        return planedrop_mask(&job->plan, rng, job->form, 0, planedrop_plan_draws(&job->plan), y);
    case ELEMENTS:
        return planedrop_mask_elements(&job->plan, rng, job->form, 0, 1, y);
    case INIT:
        return planedrop_plan_init_isa(&job->plan, &job->desc, isa_under_test());
    case SET_RATE:
        return planedrop_plan_set_rate(&job->plan, 0.25);
    case ONCE:
        return planedrop_desc_forward(&job->desc, rng, x, y);
    case KINDS:
        break;
    }
    return PLANEDROP_ERR_PLAN;
}

/* Not inlined into what fills the stack: its frame is the caller's. */
static void *work(void *argument) {
    struct job *job = argument;
    unsigned char here;
    unsigned char *frame = &here, *low = job->stack;
    job->status = call(job);
    while (*low == PATTERN) {
        low++;
    }
    job->used = (size_t)(frame - low);
    return NULL;
}

static void run(struct job *job) {
    pthread_attr_t attributes;
    pthread_t thread;
    assert_ok(call(job)); /* symbols are bound now */
    memset(job->stack, PATTERN, STACK);
    assert_int_equal(pthread_attr_init(&attributes), 0);
    assert_int_equal(pthread_attr_setstack(&attributes, job->stack, STACK), 0);
    assert_int_equal(pthread_create(&thread, &attributes, work, job), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_int_equal(pthread_attr_destroy(&attributes), 0);
    assert_ok(job->status);
    assert_true(job->used > 0);
}

/* Rows of all lengths, planes one by one and as rows, short rows that are joined, a strided and a
 * far apart tensor. */
static size_t descs_of(int32_t dtype, planedrop_desc *descs) {
    planedrop_desc made[] = {
        planedrop_desc_elementwise(dtype, COUNT, 0.3),
        planedrop_desc_nchw(dtype, 2, 300, 100, 0.3),
        planedrop_desc_nchw(dtype, 2, 10000, 3, 0.3),
        planedrop_desc_nhwc(dtype, 2, 10000, 3, 0.3),
        planedrop_desc_nhwc(dtype, 2, 100, 300, 0.3),
        planedrop_desc_drop_path(dtype, 3, 20000, 0.3),
        planedrop_desc_elementwise(dtype, COUNT / 2, 0.3),
        planedrop_desc_nchw(dtype, 700, 1, 5, 0.3),
        planedrop_desc_nchw(dtype, 10, 100, 60, 0.3),
    };
    const size_t count = sizeof made / sizeof made[0];
    made[6].flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    made[6].x_strides[0] = made[6].y_strides[0] = 2;
    made[7].global_noise[0] = 700, made[7].global_noise[1] = 100000, made[7].global_noise[2] = 1;
    made[8].flags = PLANEDROP_Y_STRIDED; /* channels last */
    made[8].y_strides[0] = 6000, made[8].y_strides[1] = 1, made[8].y_strides[2] = 100;
    memcpy(descs, made, sizeof made);
    return count;
}

/* The call of a kind that needed most. */
struct worst {
    size_t used;
    char text[256];
};

static void check(struct job *job, enum kind kind, int32_t form, struct worst *worst) {
    static const char *const names[KINDS] = {"forward",       "backward",      "apply",
                                             "apply bytes",   "mask",          "mask_elements",
                                             "plan_init_isa", "plan_set_rate", "desc_forward"};
    job->kind = kind;
    job->form = form;
    fence_case("%s: %s, form %d, law %d, flags %u, dims %d %d, %s", isa_under_test(), names[kind],
               (int)form, (int)job->desc.law, (unsigned)job->desc.flags, (int)job->desc.dims[0],
               (int)job->desc.dims[1], dtype_format(job->desc.dtype)->name);
    run(job);
    if (job->used > worst[kind].used) {
        worst[kind].used = job->used;
        snprintf(worst[kind].text, sizeof worst[kind].text, "%s", fence_case_text());
    }
}

static void every_call(int32_t dtype) {
    planedrop_desc descs[16];
    struct random random = random_begin(dtype);
    struct job job;
    const size_t count = descs_of(dtype, descs);
    struct worst worst[KINDS];
    memset(&job, 0, sizeof job);
    memset(worst, 0, sizeof worst);
    job.stack = mmap(NULL, STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(job.stack != MAP_FAILED);
    random_elements(&random, dtype, x, COUNT);
    for (size_t d = 0; d < count; d++) {
        for (uint32_t which = 0; which < 4; which++) { /* law and flags */
            job.desc = descs[d];
            job.desc.law = which / 2 ? PLANEDROP_GAUSSIAN : PLANEDROP_BERNOULLI;
            job.desc.flags |= which % 2 ? PLANEDROP_ACCUMULATE : 0;
            if (job.desc.law > HAS_GAUSSIAN) {
                continue;
            }
            assert_ok(planedrop_plan_init_isa(&job.plan, &job.desc, isa_under_test()));
            for (enum kind kind = 0; kind < KINDS; kind++) {
                const int has_form = kind == MASK || kind == ELEMENTS;
                const int bits = kind == APPLY || kind == APPLY_BYTES;
                const int32_t first = kind == ELEMENTS ? PLANEDROP_MASK_BYTES : PLANEDROP_MASK_BITS;
                if (!has_form && !(bits && job.desc.law == PLANEDROP_GAUSSIAN)) {
                    check(&job, kind, 0, worst);
                }
                for (int32_t form = first; has_form && form <= PLANEDROP_MASK_DTYPE; form++) {
                    if (form >= PLANEDROP_MASK_F32 || job.desc.law == PLANEDROP_BERNOULLI) {
                        check(&job, kind, form, worst);
                    }
                }
            }
        }
    }
    munmap(job.stack, STACK);
    for (enum kind kind = 0; kind < KINDS; kind++) {
        print_message("%zu bytes: %s\n", worst[kind].used, worst[kind].text);
    }
    for (enum kind kind = 0; kind < KINDS; kind++) {
        assert_in_range(worst[kind].used, 1, LIMIT);
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
