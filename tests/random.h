/* SPDX-License-Identifier: MIT
 *
 * The tests' own random numbers: SplitMix64 (Steele, Lea, Flood 2014). The seed of a run is printed
 * by the test's main; PLANEDROP_TEST_SEED repeats it.
 */
#ifndef PLANEDROP_TESTS_RANDOM_H
#define PLANEDROP_TESTS_RANDOM_H

#include "planedrop/planedrop.h"

#include <stddef.h>
#include <stdint.h>

/* The process's seed: PLANEDROP_TEST_SEED, or the time. */
uint64_t random_seed(void);

struct random {
    uint64_t state;
};

static inline uint64_t random_bits(struct random *random) {
    uint64_t z = random->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* Another generator for each `which`, such as a dtype. */
static inline struct random random_begin(int32_t which) {
    const struct random random = {random_seed() + (uint64_t)which};
    return random;
}

/* 0 ... n-1 */
static inline size_t random_below(struct random *random, size_t n) {
    return (size_t)(random_bits(random) % n);
}

/* Fills p with elements: mostly of about the size of 1, one in eight any bits at all or an extreme
 * (NaN, Inf, subnormal). */
void random_elements(struct random *random, int32_t dtype, void *p, size_t count);

/* How often a random test repeats: PLANEDROP_TEST_CASES, or the default given. */
size_t random_cases(size_t by_default);

#endif
