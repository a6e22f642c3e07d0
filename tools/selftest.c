/* SPDX-License-Identifier: MIT
 *
 * planedrop selftest: is this library, on this CPU, the one that its tests passed? Each usable
 * instruction set must draw the golden masks, apply them, and give the bytes of the plainest one on
 * tensors of every kind. The bytes of all these tensors together have a golden hash for each
 * element type, so the plainest instruction set is tested too.
 */
#include "arguments.h"
#include "commands.h"
#include "dtypes.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* Of tests/vectors/native_bernoulli.txt: a dyadic rate, a third block, an end within a word, draws
 * past 2^32 and 2^61, starts within a word. */
enum { GOLDEN_WORDS = 4 };
static const struct golden {
    planedrop_rng rng;
    uint64_t first; /* index of the first draw */
    size_t draws;
    double rate;
    uint32_t keep[GOLDEN_WORDS];
} GOLDEN[] = {
    {{0, 0}, 0, 64, 0.5, {0x6627e8d5, 0x3fc6a964}},
    {{1, 0}, 0, 96, 0.1, {0xf7fa2eff, 0xffffffbf, 0xffffffff}},
    {{UINT64_C(0x0123456789abcdef), 8}, 0, 70, 0.25, {0x95fccfdf, 0xbbf35f5f, 0x3e}},
    {{0x2a, UINT64_C(0xfedcba9876543210)}, 0, 33, 0.9, {0x8000, 0}},
    {{7, 3}, UINT64_C(0x3ffffffec), 64, 0.3, {0xefbdf795, 0x3dffaffe}},
    {{5, 1}, 5, 100, 0.2, {0xdf9ffef3, 0xbff6efbb, 0xbffff7fd, 9}},
    {{UINT64_MAX, UINT64_MAX}, UINT64_C(0x2000000000000011), 50, 0.6, {0x629f792c, 0x20012}},
};
enum { GOLDEN_COUNT = sizeof GOLDEN / sizeof GOLDEN[0], MOST_GOLDEN_DRAWS = 32 * GOLDEN_WORDS };

static const struct tensor {
    int ndim;
    uint64_t dims[4], noise[4];
    uint64_t global_noise[4], window_start[4]; /* all 0: the tensor is the whole */
} TENSORS[] = {
    {1, {4099}, {4099}, {0}, {0}},
    {3, {3, 37, 49}, {3, 37, 1}, {0}, {0}},
    {3, {2, 3, 1111}, {2, 3, 1}, {0}, {0}},
    {3, {40, 30, 4}, {40, 30, 1}, {0}, {0}},
    {3, {2, 61, 33}, {2, 1, 33}, {0}, {0}},
    {3, {1, 1000, 3}, {1, 1, 3}, {0}, {0}},
    {4, {2, 4, 25, 8}, {2, 4, 1, 8}, {0}, {0}},
    {2, {7, 577}, {7, 1}, {0}, {0}},
    {3, {5, 40, 13}, {1, 40, 1}, {0}, {0}},
    {3, {3, 50, 20}, {3, 50, 1}, {100, 1000, 1}, {41, 333, 0}},
};
enum { TENSOR_COUNT = sizeof TENSORS / sizeof TENSORS[0], MOST_ELEMENTS = 8192 };

static const double RATES[] = {0, 0.1, 0.5, 0.8125, 1};
static const struct {
    const char *name;
    uint32_t flags;
} MODES[] = {{"forward", 0},
             {"forward without scale", PLANEDROP_NO_SCALE},
             {"accumulate", PLANEDROP_ACCUMULATE}};
enum { RATE_COUNT = sizeof RATES / sizeof RATES[0], MODE_COUNT = sizeof MODES / sizeof MODES[0] };

/* The hash of what dtype_passes writes, for each row of DTYPES. Every version of the library gives
 * these bytes. */
static const uint64_t GOLDEN_HASHES[DTYPE_COUNT] = {
    UINT64_C(0x85bbd5acffc44a22), UINT64_C(0xea3631e084b6d7f6), UINT64_C(0xa4517a6757c5fc6e),
    UINT64_C(0x4a430654265f1811)};

/* The place of a difference, for one line. */
struct failure {
    char text[160];
};

static planedrop_desc golden_desc(const struct golden *golden) {
    planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, golden->draws, golden->rate);
    desc.window_start[0] = golden->first;
    desc.global_noise[0] = golden->first + golden->draws;
    return desc;
}

/* The mask itself, and ones under it. */
static int golden_passes(const struct golden *golden, const char *isa) {
    const planedrop_desc desc = golden_desc(golden);
    const float scale = (float)(1 / (1 - golden->rate));
    float x[MOST_GOLDEN_DRAWS], y[MOST_GOLDEN_DRAWS];
    uint32_t keep[GOLDEN_WORDS] = {0};
    planedrop_plan plan;
    for (size_t i = 0; i < golden->draws; i++) {
        x[i] = 1;
        y[i] = -1;
    }
    if (planedrop_plan_init_isa(&plan, &desc, isa) != PLANEDROP_OK ||
        planedrop_mask(&plan, golden->rng, PLANEDROP_MASK_BITS, 0, golden->draws, keep) !=
            PLANEDROP_OK ||
        memcmp(keep, golden->keep, sizeof keep) != 0 ||
        planedrop_forward(&plan, golden->rng, x, y) != PLANEDROP_OK) {
        return 0;
    }
    for (size_t i = 0; i < golden->draws; i++) {
        const float want = keep[i / 32] >> i % 32 & 1 ? scale : 0;
        if (memcmp(&y[i], &want, sizeof want) != 0) {
            return 0;
        }
    }
    return 1;
}

static int golden_all_pass(const char *isa, struct failure *failure) {
    for (int i = 0; i < GOLDEN_COUNT; i++) {
        if (!golden_passes(&GOLDEN[i], isa)) {
            snprintf(failure->text, sizeof failure->text, "golden mask %d, rate %g", i,
                     GOLDEN[i].rate);
            return 0;
        }
    }
    return 1;
}

/* Any bits at all, so infinities, NaNs and subnormals too (splitmix64, Steele et al. 2014). */
static void fill(unsigned char *bytes, size_t count, uint64_t seed) {
    for (size_t i = 0; i < count; i++) {
        uint64_t z = seed += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
        bytes[i] = (unsigned char)(z ^ z >> 31);
    }
}

enum { BUFFER_BYTES = (MOST_ELEMENTS + 1) * DTYPE_MOST_BYTES };
struct buffers {
    _Alignas(64) unsigned char x[BUFFER_BYTES], before[BUFFER_BYTES];
    _Alignas(64) unsigned char got[BUFFER_BYTES], want[BUFFER_BYTES];
};

static planedrop_desc tensor_desc(const struct tensor *tensor, const struct dtype *dtype,
                                  double rate, uint32_t flags) {
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    desc.dtype = (int32_t)dtype->dtype;
    desc.ndim = tensor->ndim;
    desc.rate = rate;
    desc.flags = flags;
    memcpy(desc.dims, tensor->dims, sizeof tensor->dims);
    memcpy(desc.noise, tensor->noise, sizeof tensor->noise);
    memcpy(desc.global_noise, tensor->global_noise, sizeof tensor->global_noise);
    memcpy(desc.window_start, tensor->window_start, sizeof tensor->window_start);
    return desc;
}

/* Runs one instruction set over a fresh y. Tensors start one element into the buffers, so that
 * vectors meet both aligned and odd addresses. */
static int run(const planedrop_desc *desc, const char *isa, const struct buffers *b, size_t offset,
               unsigned char *y) {
    const planedrop_rng rng = {2014, 1411};
    planedrop_plan plan;
    memcpy(y, b->before, BUFFER_BYTES);
    return planedrop_plan_init_isa(&plan, desc, isa) == PLANEDROP_OK &&
           planedrop_forward(&plan, rng, b->x, y + offset) == PLANEDROP_OK;
}

static int tensor_passes(const planedrop_desc *desc, size_t elem_bytes, const char *isa,
                         struct buffers *b) {
    const char *plainest = planedrop_isa_name(planedrop_isa_count() - 1);
    return run(desc, plainest, b, elem_bytes, b->want) && run(desc, isa, b, elem_bytes, b->got) &&
           memcmp(b->got, b->want, BUFFER_BYTES) == 0;
}

/* FNV-1a (Fowler, Noll, Vo), a word of 8 bytes at a time. */
static uint64_t hash(uint64_t hash, const unsigned char *bytes, size_t count) {
    for (size_t i = 0; i < count; i += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, bytes + i, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x100000001b3);
        hash ^= hash >> 32;
    }
    return hash;
}

static int dtype_passes(const struct dtype *dtype, const char *isa, struct buffers *b,
                        struct failure *failure) {
    uint64_t outputs = UINT64_C(0xcbf29ce484222325);
    for (int i = 0; i < TENSOR_COUNT * RATE_COUNT * MODE_COUNT; i++) {
        const int mode = i % MODE_COUNT, rate = i / MODE_COUNT % RATE_COUNT;
        const int tensor = i / MODE_COUNT / RATE_COUNT;
        const planedrop_desc desc =
            tensor_desc(&TENSORS[tensor], dtype, RATES[rate], MODES[mode].flags);
        if (!tensor_passes(&desc, dtype->bytes, isa, b)) {
            snprintf(failure->text, sizeof failure->text, "%s, %s, tensor %d, rate %g", dtype->name,
                     MODES[mode].name, tensor, RATES[rate]);
            return 0;
        }
        outputs = hash(outputs, b->got, BUFFER_BYTES);
    }
    if (outputs != GOLDEN_HASHES[dtype - DTYPES]) {
        snprintf(failure->text, sizeof failure->text, "%s, golden hash of all outputs: %" PRIx64,
                 dtype->name, outputs);
        return 0;
    }
    return 1;
}

static int isa_passes(const char *isa, struct failure *failure) {
    static struct buffers b;
    fill(b.x, BUFFER_BYTES, 1);
    fill(b.before, BUFFER_BYTES, 2);
    if (!golden_all_pass(isa, failure)) {
        return 0;
    }
    for (int i = 0; i < DTYPE_COUNT; i++) {
        if (dtype_supported(&DTYPES[i]) && !dtype_passes(&DTYPES[i], isa, &b, failure)) {
            return 0;
        }
    }
    return 1;
}

int command_selftest(int argc, char **argv) {
    int code = EXIT_DONE;
    if (!arguments_read(argc, argv, NULL, 0, NULL, 0)) {
        return EXIT_REFUSED;
    }
    for (size_t i = 0; i < planedrop_isa_count(); i++) {
        const char *isa = planedrop_isa_name(i);
        struct failure failure;
        printf("%-8s ", isa);
        if (!planedrop_isa_usable(i)) {
            puts("not usable here");
        } else if (isa_passes(isa, &failure)) {
            puts("ok");
        } else {
            printf("FAILED: %s\n", failure.text);
            code = EXIT_BROKEN;
        }
    }
    return code;
}
