/* SPDX-License-Identifier: MIT
 *
 * The adapter in the real pthreadpool: NCHW, NHWC and elements, on no pool and on pools of 1 to 4
 * threads, in place too; masks of bytes; errors; the time beside a call without a pool.
 */
#include "pool_dropout.h"

#include "check.h"
#include <string.h>
#include <time.h>

enum { N = 32, C = 64, MAP = 28 * 28, COUNT = N * C * MAP, MAX_THREADS = 4, TIMES = 20 };

static const planedrop_rng rng = {11, 13};
static float x[COUNT], y[COUNT + 1], want[COUNT];
static unsigned char mask[COUNT], wanted_mask[COUNT];

static double now(void) {
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* The draw of element i: in memory order, (n, c, p) of NCHW or (n, p, c) of NHWC. */
static size_t draw_of(int kind, size_t i) {
    const size_t n = i / (C * MAP);
    return kind == 0 ? i / MAP : kind == 1 ? n * C + i % C : i;
}

static void expect(int kind, const planedrop_desc *desc) {
    static float multipliers[COUNT];
    draw(multipliers, desc, rng);
    for (size_t i = 0; i < COUNT; i++) {
        const float m = multipliers[draw_of(kind, i)];
        want[i] = m == 0 ? 0 : x[i] * m;
        wanted_mask[i] = m != 0;
    }
}

static void results(pthreadpool_t pool, const planedrop_desc *desc) {
    memset(y, 0xff, sizeof y), memset(mask, 0xff, sizeof mask);
    check(pool_dropout(pool, desc, rng, x, y, mask) == PLANEDROP_OK, "out of place");
    check_equal(y, want, sizeof want, "the product with the mask");
    check_equal(mask, wanted_mask, sizeof mask, "the mask of the elements");
    memcpy(y, x, sizeof x);
    check(pool_dropout(pool, desc, rng, y, y, NULL) == PLANEDROP_OK, "in place");
    check_equal(y, want, sizeof want, "in place the same");
}

static void refused(pthreadpool_t pool, const planedrop_desc *desc) {
    planedrop_desc bad = *desc;
    bad.rate = 1.5;
    memcpy(y, x, sizeof x);
    check(pool_dropout(pool, desc, rng, y, y + 1, NULL) == PLANEDROP_ERR_OVERLAP, "an overlap");
    check(pool_dropout(pool, &bad, rng, x, y, NULL) == PLANEDROP_ERR_RATE, "a rate of 1.5");
    check_equal(y, x, sizeof x, "nothing is written on an error");
}

/* Prints the shortest of several, in turn with the call without a pool. */
static void time_it(pthreadpool_t pool, const planedrop_desc *desc) {
    double pooled = 1e9, direct = 1e9;
    for (int i = 0; i < TIMES; i++) {
        const double start = now();
        check(planedrop_desc_forward(desc, rng, x, y) == PLANEDROP_OK, "direct");
        const double middle = now();
        check(pool_dropout(pool, desc, rng, x, y, NULL) == PLANEDROP_OK, "pooled");
        const double end = now();
        direct = middle - start < direct ? middle - start : direct;
        pooled = end - middle < pooled ? end - middle : pooled;
    }
    printf("; %.3f ms, direct %.3f ms", pooled, direct);
}

int main(void) {
    const char *const names[] = {"NCHW", "NHWC", "elements"};
    const planedrop_desc descs[] = {planedrop_desc_nchw(PLANEDROP_F32, N, C, MAP, 0.4),
                                    planedrop_desc_nhwc(PLANEDROP_F32, N, MAP, C, 0.4),
                                    planedrop_desc_elementwise(PLANEDROP_F32, COUNT, 0.4)};
    pthreadpool_t default_pool = pthreadpool_create(0);
    const size_t cpus = pthreadpool_get_threads_count(default_pool);
    pthreadpool_destroy(default_pool);
    printf("pthreadpool; %zu CPUs; planedrop %s; %dx%dx%d f32\n", cpus, planedrop_version(), N, C,
           MAP);
    fill(x, COUNT);
    for (int kind = 0; kind < 3; kind++) {
        expect(kind, &descs[kind]);
        for (size_t threads = 0; threads <= MAX_THREADS; threads++) { /* 0: no pool */
            pthreadpool_t pool = threads > 0 ? pthreadpool_create(threads) : NULL;
            check(threads == 0 || pool != NULL, "a pool");
            results(pool, &descs[kind]);
            refused(pool, &descs[kind]);
            printf("right  %-9s %zu threads: results, masks, in place, errors", names[kind],
                   threads);
            if (threads <= cpus) { /* else a thread would wait for a CPU */
                time_it(pool, &descs[kind]);
            }
            puts("");
            pthreadpool_destroy(pool);
        }
    }
    return 0;
}
