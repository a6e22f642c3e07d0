/* SPDX-License-Identifier: MIT
 *
 * Plays pthreadpool: threads take the next task's number until there is none. The tensor is worth
 * more parts than there are threads.
 */
#include "pool_dropout.h"

#include "check.h"
#include <stdatomic.h>
#include <string.h>

enum { N = 4, C = 9, MAP = 5600, COUNT = N * C * MAP };

struct pthreadpool {
    size_t threads;
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

static const planedrop_rng rng = {11, 13};
static float x[COUNT], y[COUNT + 1], want[COUNT], multipliers[N * C];
static unsigned char mask[COUNT];

static void results(const planedrop_desc *desc, size_t threads) {
    struct pthreadpool pool = {threads};
    memset(y, 0xff, sizeof y);
    check(pool_dropout(&pool, desc, rng, x, y, NULL) == PLANEDROP_OK, "pthreadpool");
    check_equal(y, want, sizeof want, "the threads give the product with the mask");
    memset(y, 0xff, sizeof y), memset(mask, 0xff, sizeof mask);
    check(pool_dropout(&pool, desc, rng, x, y, mask) == PLANEDROP_OK, "pthreadpool, with a mask");
    check_equal(y, want, sizeof want, "a mask changes nothing");
    for (size_t i = 0; i < COUNT; i++) {
        check(mask[i] == (multipliers[i / MAP] != 0), "a byte of the mask of elements");
    }
}

static void refused(const planedrop_desc *desc, const float *in, float *out, planedrop_status why) {
    struct pthreadpool pool = {2};
    memset(mask, 0xff, sizeof mask);
    check(pool_dropout(&pool, desc, rng, in, out, mask) == why, "the status");
    check(mask[0] == 0xff && mask[COUNT - 1] == 0xff, "no mask is written");
}

int main(void) {
    planedrop_desc desc = planedrop_desc_nchw(PLANEDROP_F32, N, C, MAP, 0.4);
    fill(x, COUNT);
    draw(multipliers, &desc, rng);
    drop_by_hand(want, x, multipliers, COUNT, MAP);
    for (size_t threads = 1; threads <= 5; threads++) {
        results(&desc, threads);
    }
    refused(&desc, y, y + 1, PLANEDROP_ERR_OVERLAP);
    desc.rate = -0.1;
    refused(&desc, x, y, PLANEDROP_ERR_RATE);
    return 0;
}
