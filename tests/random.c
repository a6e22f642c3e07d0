/* SPDX-License-Identifier: MIT
 *
 * Values and seeds.
 */
#define _POSIX_C_SOURCE 200809L
#include "random.h"
#include "dtype.h"

#include <stdlib.h>
#include <time.h>

/* The ends of the ranges, and NaNs of both kinds. */
static uint64_t extreme(struct random *random, const struct dtype_format *format) {
    const uint64_t least_normal = UINT64_C(1) << format->fraction_bits;
    const uint64_t sign = least_normal << format->exponent_bits;
    const uint64_t infinity = sign - least_normal, quiet = least_normal / 2;
    const uint64_t bits[] = {0,
                             1,
                             least_normal - 1,
                             least_normal,
                             infinity - 1,
                             infinity,
                             infinity + 1,
                             infinity + quiet - 1,
                             infinity + quiet,
                             infinity + quiet + 0x12,
                             infinity + least_normal - 1};
    const uint64_t either = random_below(random, 2) ? sign : 0;
    return either | bits[random_below(random, sizeof bits / sizeof bits[0])];
}

/* Exponents of 2^-10 to 2^9, any sign and fraction. */
static uint64_t ordinary(struct random *random, const struct dtype_format *format) {
    const uint64_t one = (UINT64_C(1) << (format->exponent_bits - 1)) - 1; /* 1's exponent */
    const uint64_t exponent = one - 10 + random_below(random, 20);
    const uint64_t mask = ((UINT64_C(1) << format->exponent_bits) - 1) << format->fraction_bits;
    return (random_bits(random) & ~mask) | exponent << format->fraction_bits;
}

void random_elements(struct random *random, int32_t dtype, void *p, size_t count) {
    const struct dtype_format *format = dtype_format(dtype);
    for (size_t i = 0; i < count; i++) {
        const size_t kind = random_below(random, 16);
        const uint64_t bits = kind == 0   ? random_bits(random)
                              : kind == 1 ? extreme(random, format)
                                          : ordinary(random, format);
        dtype_set_bits(dtype, p, i, bits);
    }
}

uint64_t random_seed(void) {
    static uint64_t seed = 0;
    if (seed == 0) {
        const char *text = getenv("PLANEDROP_TEST_SEED");
        struct timespec now;
        clock_gettime(CLOCK_REALTIME, &now);
        seed =
            text != NULL ? strtoull(text, NULL, 0) : (uint64_t)now.tv_sec ^ (uint64_t)now.tv_nsec;
        seed = seed == 0 ? 1 : seed;
    }
    return seed;
}

size_t random_cases(size_t by_default) {
    const char *text = getenv("PLANEDROP_TEST_CASES");
    return text != NULL ? (size_t)strtoull(text, NULL, 0) : by_default;
}
