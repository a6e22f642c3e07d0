/* SPDX-License-Identifier: MIT
 *
 * Values and seeds.
 */
#define _POSIX_C_SOURCE 200809L
#include "random.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

void random_f32(struct random *random, void *p, size_t count) {
    static const uint32_t special[] = {
        0x00000000, 0x80000000, 0x00000001, 0x807fffff, 0x00800000, 0x7f7fffff, 0xff7fffff,
        0x7f800000, 0xff800000, 0x7f800001, 0xffbfffff, 0x7fc00000, 0xffc12345,
    };
    unsigned char *bytes = p;
    for (size_t i = 0; i < count; i++) {
        const uint64_t bits = random_bits(random);
        uint32_t value = (uint32_t)(bits >> 32);
        switch (bits % 16) {
        case 0:
            break;
        case 1:
            value = special[value % (sizeof special / sizeof special[0])];
            break;
        default:
            value = (value & 0x807fffff) | (uint32_t)(117 + bits / 16 % 20) << 23;
            break;
        }
        memcpy(bytes + 4 * i, &value, 4);
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
    return text != NULL ? strtoull(text, NULL, 0) : by_default;
}
