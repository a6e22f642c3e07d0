/* SPDX-License-Identifier: MIT
 *
 * A dropped element has no effect: not even a floating-point exception flag comes from it, though
 * it be a signalling NaN. Here all that is dropped is of that kind, and what is kept is exactly 1,
 * at a rate whose scale is 2: nothing may be raised at all, x86's flag for subnormal operands
 * included. That a kept one raises its flags shows that the test sees them.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random_desc.h"
#include "reference.h"

#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
enum { ALL_FLAGS = 0x3f, INVALID = 0x01 };
static uint64_t flags_get(void) {
    uint32_t word;
    __asm__ volatile("stmxcsr %0" : "=m"(word));
    return word;
}
static void flags_set(uint64_t flags) {
    const uint32_t word = (uint32_t)flags;
    __asm__ volatile("ldmxcsr %0" : : "m"(word));
}
#elif defined(__aarch64__)
enum { ALL_FLAGS = 0x9f, INVALID = 0x01 };
static uint64_t flags_get(void) {
    uint64_t word;
    __asm__ volatile("mrs %0, fpsr" : "=r"(word));
    return word;
}
static void flags_set(uint64_t flags) { __asm__ volatile("msr fpsr, %0" : : "r"(flags)); }
#endif

/* A number that raises something, whatever is done with it. */
static uint64_t raising(struct random *random, int32_t dtype) {
    const struct dtype_format *format = dtype_format(dtype);
    const uint64_t least_normal = UINT64_C(1) << format->fraction_bits;
    const uint64_t sign = least_normal << format->exponent_bits, infinity = sign - least_normal;
    const uint64_t bits[] = {
        infinity + 1, infinity + least_normal / 2 - 1, infinity - 1, infinity, least_normal - 1, 1};
    return bits[random_below(random, sizeof bits / sizeof bits[0])] |
           (random_below(random, 2) ? sign : 0);
}

/* A tensor that is 1 where the mask keeps and raises everywhere else, with y's strides of desc. */
struct tensor {
    unsigned char *memory, *first;
};

static struct tensor tensor_make(struct random *random, const planedrop_desc *desc,
                                 const uint32_t *keep) {
    struct tensor tensor;
    int64_t low, high;
    desc_reach(desc, desc->y_strides, &low, &high);
    const size_t count = (size_t)(high - low) + 1, bytes = dtype_bytes(desc->dtype);
    unsigned char *kept = calloc(count, 1);
    reference_mask_elements(desc, keep, NULL, PLANEDROP_MASK_BYTES, kept - low);
    tensor.memory = malloc(count * bytes);
    tensor.first = tensor.memory - low * (int64_t)bytes;
    for (size_t i = 0; i < count; i++) {
        if (kept[i]) {
            dtype_set(desc->dtype, tensor.memory, i, 1);
        } else {
            dtype_set_bits(desc->dtype, tensor.memory, i, raising(random, desc->dtype));
        }
    }
    free(kept);
    return tensor;
}

/* The flags that a call raises. */
static unsigned raised_by(const planedrop_plan *plan, const planedrop_call *call) {
    const uint64_t before = flags_get();
    flags_set(before & ~(uint64_t)ALL_FLAGS);
    const planedrop_status status = planedrop_run(plan, call);
    const uint64_t after = flags_get();
    flags_set(before);
    assert_ok(status);
    return (unsigned)(after & ALL_FLAGS);
}

static void dropped_raise_nothing(int32_t dtype) {
    struct random random = random_begin(dtype);
    for (size_t i = 0; i < random_cases(1000) / 2; i++) {
        planedrop_desc desc;
        char text[400];
        planedrop_call call = PLANEDROP_CALL_INIT;
        if (!random_desc(&random, dtype, &desc) || desc.rate == 1) {
            continue;
        }
        desc.law = PLANEDROP_BERNOULLI;
        desc.rate = 0.5;
        uint32_t *keep = malloc((size_t)reference_draws(&desc) / 8 + 8);
        call.rng = random_rng(&random);
        call.keep = random_below(&random, 2) ? keep : NULL;
        call.direction = random_below(&random, 2) ? PLANEDROP_FORWARD : PLANEDROP_BACKWARD;
        reference_mask(&desc, call.rng, keep);
        const planedrop_desc swapped = reference_gradient(&desc);
        const struct tensor x = tensor_make(&random, &swapped, keep);
        const struct tensor y = tensor_make(&random, &desc, keep);
        call.input = call.direction == PLANEDROP_FORWARD ? x.first : y.first;
        call.output = call.direction == PLANEDROP_FORWARD ? y.first : x.first;
        planedrop_plan plan;
        describe(text, sizeof text, &desc, call.rng);
        fence_case("%s, test seed %llu: flags raised by %s", isa_under_test(),
                   (unsigned long long)random_seed(), text);
        assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
        const unsigned raised = raised_by(&plan, &call);
        if (raised != 0) {
            fail_msg("%s\n  raised: 0x%x", fence_case_text(), raised);
        }
        free(keep);
        free(x.memory);
        free(y.memory);
    }
}

static void kept_raise_their_flags(int32_t dtype) {
    enum { COUNT = 300 };
    static _Alignas(DTYPE_MOST_BYTES) unsigned char x[COUNT * DTYPE_MOST_BYTES], y[sizeof x];
    const planedrop_desc descs[] = {
        planedrop_desc_elementwise(dtype, COUNT, 0.5),
        planedrop_desc_nchw(dtype, 1, 3, COUNT / 3, 0.5),
        planedrop_desc_nchw(dtype, 1, COUNT / 3, 3, 0.5),
    };
    const uint64_t least_normal = UINT64_C(1) << dtype_format(dtype)->fraction_bits;
    const uint64_t sign = least_normal << dtype_format(dtype)->exponent_bits;
    const uint64_t infinity = sign - least_normal;
    uint32_t keep[COUNT / 32 + 1];
    memset(keep, 0xff, sizeof keep);
    for (size_t d = 0; d < sizeof descs / sizeof descs[0]; d++) {
        planedrop_desc desc = descs[d];
        planedrop_plan plan;
        planedrop_call call = PLANEDROP_CALL_INIT;
        desc.flags = PLANEDROP_ACCUMULATE;
        call.input = x;
        call.output = y;
        call.keep = keep;
        fence_case("%s: Inf - Inf, desc %zu", isa_under_test(), d);
        assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
        for (size_t i = 0; i < COUNT; i++) {
            dtype_set(dtype, x, i, 1);
            dtype_set(dtype, y, i, 1);
        }
        dtype_set_bits(dtype, x, 130, infinity);
        dtype_set_bits(dtype, y, 130, infinity | sign);
        assert_true(raised_by(&plan, &call) & INVALID);
    }
}

int main(int argc, char **argv) {
    static const struct dtype_test tests[] = {
        {"dropped_raise_nothing", dropped_raise_nothing},
        {"kept_raise_their_flags", kept_raise_their_flags},
    };
    const int code = isa_begin(argc, argv);
    return code != 0 ? code : dtype_run_tests("exceptions", tests, sizeof tests / sizeof tests[0]);
}
