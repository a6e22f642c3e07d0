/* SPDX-License-Identifier: MIT
 *
 * Two threads race on the very first use of the library in the process, then share one tensor by
 * parts. Run under ThreadSanitizer too.
 */
#define _POSIX_C_SOURCE 200809L
#include "planedrop/planedrop.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { THREADS = 2, COUNT = 200000 };

static float x[COUNT], y[COUNT], want[COUNT];
static pthread_barrier_t barrier;
static const planedrop_rng rng = {7, 7};

struct worker {
    size_t index;
    planedrop_plan plan;
    planedrop_status planned, done;
};

static void *work(void *argument) {
    struct worker *worker = argument;
    const planedrop_desc desc = planedrop_desc_nchw(PLANEDROP_F32, 4, 50, COUNT / 200, 0.3);
    pthread_barrier_wait(&barrier);
    worker->planned = planedrop_plan_init(&worker->plan, &desc);
    worker->done = planedrop_forward_part(&worker->plan, rng, worker->index, THREADS, x, y);
    return NULL;
}

static void first_use(void **state) {
    (void)state;
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    for (size_t i = 0; i < COUNT; i++) {
        x[i] = (float)i + 1;
    }
    assert_int_equal(pthread_barrier_init(&barrier, NULL, THREADS), 0);
    for (size_t i = 0; i < THREADS; i++) {
        workers[i].index = i;
        assert_int_equal(pthread_create(&threads[i], NULL, work, &workers[i]), 0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(workers[i].planned, PLANEDROP_OK);
        assert_int_equal(workers[i].done, PLANEDROP_OK);
        assert_string_equal(planedrop_plan_isa(&workers[i].plan),
                            planedrop_plan_isa(&workers[0].plan));
    }
    assert_int_equal(planedrop_forward(&workers[0].plan, rng, x, want), PLANEDROP_OK);
    assert_memory_equal(y, want, sizeof want);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(first_use)};
    return cmocka_run_group_tests_name("threads", tests, NULL, NULL);
}
