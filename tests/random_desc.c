/* SPDX-License-Identifier: MIT
 *
 * One property of a descriptor after the other.
 */
#include "random_desc.h"
#include "compare.h"
#include "fence.h"
#include "isa.h"

#include <string.h>

enum { MOST_ELEMENTS = 40000, MOST_SPAN = 400000 };

planedrop_rng random_rng(struct random *random) {
    const planedrop_rng rng = {random_bits(random), random_bits(random)};
    return rng;
}

double random_rate(struct random *random) {
    static const double rates[] = {0,       1,       0.5,     0.25,        0.75,   0.125,
                                   0.1,     0.2,     0.3,     0.9,         0.999,  1e-3,
                                   0x1p-31, 0x1p-32, 0x1p-33, 1 - 0x1p-32, 1e-300, 1 - 0x1p-53};
    const size_t i = random_below(random, 2 * sizeof rates / sizeof rates[0]);
    return i < sizeof rates / sizeof rates[0] ? rates[i]
                                              : (double)(random_bits(random) >> 11) * 0x1p-53;
}

int desc_set_law(planedrop_desc *desc, int32_t law) {
    desc->law = law;
    return law == PLANEDROP_BERNOULLI ||
           (HAS_GAUSSIAN && desc->rate < 1 && !(desc->flags & PLANEDROP_NO_SCALE));
}

void desc_reach(const planedrop_desc *desc, const int64_t *strides, int64_t *low, int64_t *high) {
    *low = *high = 0;
    for (int a = 0; a < desc->ndim; a++) {
        const int64_t way = ((int64_t)desc->dims[a] - 1) * strides[a];
        *(way < 0 ? low : high) += way;
    }
}

void random_strides(struct random *random, const planedrop_desc *desc, int64_t *strides) {
    int order[PLANEDROP_MAX_NDIM] = {0};
    const int padded = random_below(random, 3) == 0, backwards = random_below(random, 4) == 0;
    const int shuffled = random_below(random, 2) == 0;
    for (int a = 0; a < desc->ndim; a++) {
        order[a] = a;
    }
    for (int a = desc->ndim - 1; shuffled && a > 0; a--) {
        const size_t b = random_below(random, (size_t)a + 1);
        const int other = order[b];
        order[b] = order[a];
        order[a] = other;
    }
    int64_t step = padded && random_below(random, 3) == 0 ? 2 : 1;
    for (int a = desc->ndim - 1; a >= 0; a--) {
        const int backward = backwards && random_below(random, 2);
        strides[order[a]] = backward ? -step : step;
        step *= (int64_t)desc->dims[order[a]];
        step += padded ? (int64_t)random_below(random, 5) : 0;
    }
}

/* The window that this tensor is: sometimes none, sometimes far into a mask of nearly 2^64. */
static void random_window(struct random *random, planedrop_desc *desc) {
    if (random_below(random, 2) == 0) {
        return;
    }
    const int far = random_below(random, 4) == 0;
    for (int a = 0; a < desc->ndim; a++) {
        desc->window_start[a] = random_below(random, 70) * random_below(random, 2);
        if (far && a == 0) {
            desc->window_start[a] = random_bits(random) >> (1 + random_below(random, 40));
        }
        desc->global_noise[a] = desc->window_start[a] + desc->noise[a] + random_below(random, 3);
        if (desc->global_noise[a] == 0) {
            desc->global_noise[a] = 1;
        }
    }
}

/* Whether the mask that the tensor is a window of, if it is one, has 2^64 draws or more. */
static int too_far(const planedrop_desc *desc) {
    uint64_t draws = 1;
    for (int a = 0; a < desc->ndim; a++) {
        const uint64_t global = desc->global_noise[a];
        if (global > UINT64_MAX / draws) {
            return 1;
        }
        draws *= global == 0 ? 1 : global;
    }
    return 0;
}

int random_desc(struct random *random, int32_t dtype, planedrop_desc *desc) {
    static const size_t dims[] = {1,  1,  2,  2,  3,  4,  5,  7,   8,   9,   15,  16,   17,   31,
                                  32, 33, 49, 63, 64, 65, 96, 100, 128, 196, 257, 1024, 4097, 5000};
    static const planedrop_desc blank = PLANEDROP_DESC_INIT;
    *desc = blank;
    desc->dtype = dtype;
    desc->ndim = 1 + (int32_t)random_below(random, PLANEDROP_MAX_NDIM);
    uint64_t elements = 1;
    for (int a = 0; a < desc->ndim; a++) {
        uint64_t dim = dims[random_below(random, sizeof dims / sizeof dims[0])];
        if (random_below(random, 300) == 0) {
            dim = 0;
        }
        desc->dims[a] = dim > MOST_ELEMENTS / elements ? 1 : dim;
        desc->noise[a] = random_below(random, 2) ? desc->dims[a] : 1;
        elements *= desc->dims[a] == 0 ? 1 : desc->dims[a];
    }
    desc->rate = random_rate(random);
    desc->flags = (uint32_t)random_below(random, 8); /* without the flags of strides */
    if (random_below(random, 3) > 0 || !desc_set_law(desc, PLANEDROP_GAUSSIAN)) {
        desc->law = PLANEDROP_BERNOULLI;
    }
    desc->flags |= PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    random_strides(random, desc, desc->y_strides);
    memcpy(desc->x_strides, desc->y_strides, sizeof desc->x_strides);
    if (random_below(random, 3) == 0) {
        random_strides(random, desc, desc->x_strides);
    }
    random_window(random, desc);
    planedrop_plan plan;
    const planedrop_rng rng = {0, 0};
    const int far = too_far(desc);
    char text[400];
    int64_t low, high;
    describe(text, sizeof text, desc, rng);
    fence_case("%s, test seed %llu: a plan of %s", isa_under_test(),
               (unsigned long long)random_seed(), text);
    const planedrop_status status = planedrop_plan_init_isa(&plan, desc, isa_under_test());
    if (far) {
        assert_int_equal(status, PLANEDROP_ERR_OVERFLOW);
    } else {
        assert_ok(status);
    }
    desc_reach(desc, desc->y_strides, &low, &high);
    return !far && high - low < MOST_SPAN;
}
