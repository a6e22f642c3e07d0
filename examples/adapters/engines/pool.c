/* SPDX-License-Identifier: MIT
 *
 * Plays pthreadpool and ONNX Runtime: threads take the next task's number until there is none. The
 * tensor is worth more parts than there are threads.
 */
#include "ort_dropout.h"
#include "pool_dropout.h"

#include "check.h"
#include <stdatomic.h>
#include <string.h>

enum { N = 4, C = 9, MAP = 5600, COUNT = N * C * MAP };

struct pthreadpool {
    size_t threads;
};

struct OrtStatus {
    OrtErrorCode code;
    const char *message;
};

struct OrtKernelContext {
    struct pthreadpool pool;
    OrtStatus *trouble; /* what the pool itself reports */
};

struct range {
    atomic_size_t next;
    size_t count;
    void (*task)(void *context, size_t i);
    void *context;
};

static void take_tasks(void *context, size_t thread) {
    struct range *range = context;
    (void)thread;
    for (size_t i; (i = atomic_fetch_add(&range->next, 1)) < range->count;) {
        range->task(range->context, i);
    }
}

void pthreadpool_parallelize_1d(pthreadpool_t pool, pthreadpool_task_1d_t task, void *context,
                                size_t range, uint32_t flags) {
    struct range work = {.count = range, .task = task, .context = context};
    check(flags == 0, "no flags");
    run_threads(pool->threads, take_tasks, &work);
}

static OrtStatus *create_status(OrtErrorCode code, const char *message) {
    static OrtStatus status;
    status.code = code, status.message = message;
    return &status;
}

static OrtStatus *parallel_for(const OrtKernelContext *context, void (*fn)(void *user, size_t i),
                               size_t total, size_t num_batch, void *user) {
    struct range work = {.count = total, .task = fn, .context = user};
    check(num_batch == 0, "the runtime chooses the batches");
    run_threads(context->pool.threads, take_tasks, &work);
    return context->trouble;
}

static const OrtApi api = {create_status, parallel_for};
static const planedrop_rng rng = {11, 13};
static float x[COUNT], y[COUNT + 1], want[COUNT];

static void results(const planedrop_desc *desc, size_t threads) {
    struct pthreadpool pool = {threads};
    OrtKernelContext context = {pool, NULL};
    memset(y, 0xff, sizeof y);
    check(pool_dropout(&pool, desc, rng, x, y) == PLANEDROP_OK, "pthreadpool");
    check_equal(y, want, sizeof want, "pthreadpool's threads give the product with the mask");
    memset(y, 0xff, sizeof y);
    check(ort_dropout(&api, &context, desc, rng, x, y) == NULL, "ONNX Runtime");
    check_equal(y, want, sizeof want, "ONNX Runtime's threads give the product with the mask");
}

static void refused(const planedrop_desc *desc, const float *in, float *out, planedrop_status why) {
    struct pthreadpool pool = {2};
    OrtKernelContext context = {pool, NULL};
    check(pool_dropout(&pool, desc, rng, in, out) == why, "pthreadpool: the status");
    const OrtStatus *status = ort_dropout(&api, &context, desc, rng, in, out);
    check(status != NULL && status->code == ORT_INVALID_ARGUMENT, "ONNX Runtime: the code");
    check(strcmp(status->message, planedrop_status_string(why)) == 0, "ONNX Runtime: the message");
}

static void pool_in_trouble(const planedrop_desc *desc) {
    OrtStatus trouble = {ORT_FAIL, "no threads"};
    OrtKernelContext context = {{2}, &trouble};
    check(ort_dropout(&api, &context, desc, rng, x, y) == &trouble, "the pool's own error");
    check(ort_dropout(&api, &context, desc, rng, y, y + 1) == &trouble, "it comes first");
}

int main(void) {
    static float multipliers[N * C];
    planedrop_desc desc = planedrop_desc_nchw(PLANEDROP_F32, N, C, MAP, 0.4);
    fill(x, COUNT);
    draw(multipliers, &desc, rng);
    drop_by_hand(want, x, multipliers, COUNT, MAP);
    for (size_t threads = 1; threads <= 5; threads++) {
        results(&desc, threads);
    }
    refused(&desc, y, y + 1, PLANEDROP_ERR_OVERLAP);
    pool_in_trouble(&desc);
    desc.rate = -0.1;
    refused(&desc, x, y, PLANEDROP_ERR_RATE);
    return 0;
}
