/* SPDX-License-Identifier: MIT */
#define _GNU_SOURCE /* feenableexcept */
#include "check.h"

#include <fenv.h>
#include <pthread.h>
#include <string.h>

enum { MAX_TASKS = 64 };

/* Every program is a host that traps floating-point exceptions, before its threads start. (Emulated
 * CPUs need not have traps.) */
#if defined(__GLIBC__) && defined(__x86_64__)
__attribute__((constructor)) static void trap_exceptions(void) {
    check(feenableexcept(FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW) != -1, "traps");
}
#endif

void check_equal(const void *got, const void *want, size_t bytes, const char *what) {
    check(memcmp(got, want, bytes) == 0, what);
}

void fill(float *x, size_t count) {
    for (size_t i = 0; i < count; i++) {
        x[i] = (float)(i % 251 + 1) * (i % 2 == 0 ? 0.37f : -0.37f);
    }
}

void draw(float *multipliers, const planedrop_desc *desc, planedrop_rng rng) {
    planedrop_plan plan;
    check(planedrop_plan_init(&plan, desc) == PLANEDROP_OK, "the plan of the expected mask");
    uint64_t dropped = 0;
    const uint64_t draws = planedrop_plan_draws(&plan);
    check(planedrop_mask(&plan, rng, PLANEDROP_MASK_F32, 0, draws, multipliers) == PLANEDROP_OK,
          "the expected mask");
    for (uint64_t i = 0; i < draws; i++) {
        dropped += multipliers[i] == 0;
    }
    check(dropped > 0 && dropped < draws, "the expected mask drops some and keeps some");
}

void drop_by_hand(float *y, const float *x, const float *multipliers, size_t count, size_t each) {
    for (size_t i = 0; i < count; i++) {
        const float m = multipliers[i / each];
        y[i] = m == 0 ? 0 : x[i] * m;
    }
}

void add_by_hand(float *y, const float *x, const float *multipliers, size_t count, size_t each) {
    for (size_t i = 0; i < count; i++) {
        const float m = multipliers[i / each];
        y[i] = m == 0 ? y[i] : y[i] + x[i] * m;
    }
}

struct thread {
    pthread_t id;
    size_t i;
    void (*task)(void *context, size_t i);
    void *context;
};

static void *start(void *argument) {
    const struct thread *thread = argument;
    thread->task(thread->context, thread->i);
    return NULL;
}

void run_threads(size_t tasks, void (*task)(void *context, size_t i), void *context) {
    struct thread threads[MAX_TASKS];
    check(tasks <= MAX_TASKS, "too many tasks");
    for (size_t i = 0; i < tasks; i++) {
        threads[i] = (struct thread){.i = i, .task = task, .context = context};
        check(pthread_create(&threads[i].id, NULL, start, &threads[i]) == 0, "a thread starts");
    }
    for (size_t i = 0; i < tasks; i++) {
        check(pthread_join(threads[i].id, NULL) == 0, "a thread ends");
    }
}
