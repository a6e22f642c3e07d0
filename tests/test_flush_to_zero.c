/* SPDX-License-Identifier: MIT
 *
 * A host linked with -Ofast runs the whole process with subnormals flushed to zero. Masks are
 * integers and must not change; products must be equal on every instruction set under equal
 * settings, so each is compared with the scalar one in the same mode. The library must leave the
 * settings as they are.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "mask.h"
#include "random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#if defined(__x86_64__)
enum { FLUSH = 0x8040 }; /* MXCSR: flush to zero, denormals are zero */
static uint64_t mode_get(void) {
    uint32_t mode;
    __asm__ volatile("stmxcsr %0" : "=m"(mode));
    return mode & 0xffc0; /* without the sticky exception flags */
}
static void mode_set(uint64_t mode) {
    const uint32_t word = (uint32_t)mode;
    __asm__ volatile("ldmxcsr %0" : : "m"(word));
}
#elif defined(__aarch64__)
enum { FLUSH = 1 << 24 }; /* FPCR.FZ */
static uint64_t mode_get(void) {
    uint64_t mode;
    __asm__ volatile("mrs %0, fpcr" : "=r"(mode));
    return mode;
}
static void mode_set(uint64_t mode) { __asm__ volatile("msr fpcr, %0" : : "r"(mode)); }
#else
enum { FLUSH = 0 }; /* no such mode, or no way here to set it */
static uint64_t mode_get(void) { return 0; }
static void mode_set(uint64_t mode) { (void)mode; }
#endif

enum { COUNT = 30000 };

static _Alignas(DTYPE_MOST_BYTES) unsigned char x[DTYPE_MOST_BYTES * COUNT], normal[sizeof x],
    flushed[sizeof x], scalar[sizeof x];
static uint32_t mask[COUNT / 32 + 1], flushed_mask[COUNT / 32 + 1];

static void flush_to_zero(int32_t dtype) {
    if (dtype == PLANEDROP_F16 && getenv("PLANEDROP_TEST_EMULATED") != NULL) {
        printf("SKIPPED: qemu flushes f16 in x86's conversions (seen in 7.2), which no CPU does\n");
        skip();
    }
    const struct dtype_format *format = dtype_format(dtype);
    const uint64_t fraction = (UINT64_C(1) << format->fraction_bits) - 1;
    struct random random = {random_seed()};
    const planedrop_rng rng = {random_bits(&random), 1};
    random_elements(&random, dtype, x, COUNT);
    for (size_t i = 0; i < COUNT; i += 7) {
        dtype_set_bits(dtype, x, i, random_bits(&random) & fraction); /* subnormal */
    }
    for (uint32_t flags = 0; flags <= PLANEDROP_ACCUMULATE; flags++) {
        planedrop_desc desc = planedrop_desc_nhwc(dtype, 1, COUNT / 100, 100, 0.3);
        desc.flags = flags;
        planedrop_plan plan, scalar_plan;
        fence_case("%s: flush to zero, flags %u", isa_under_test(), (unsigned)flags);
        assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
        assert_ok(planedrop_plan_init_isa(&scalar_plan, &desc, "scalar"));
        memcpy(normal, x, sizeof x);
        memcpy(flushed, x, sizeof x);
        memcpy(scalar, x, sizeof x);
        assert_ok(planedrop_forward(&plan, rng, x, normal));
        assert_ok(mask_bits(&plan, rng, mask));

        const uint64_t before = mode_get();
        mode_set(before | FLUSH);
        const uint64_t set = mode_get();
        const planedrop_status a = planedrop_forward(&plan, rng, x, flushed);
        const planedrop_status b = planedrop_forward(&scalar_plan, rng, x, scalar);
        const planedrop_status c = mask_bits(&plan, rng, flushed_mask);
        const uint64_t after = mode_get();
        mode_set(before);

        assert_ok(a);
        assert_ok(b);
        assert_ok(c);
        assert_true(after == set);
        assert_elements_equal(dtype, flushed, scalar, COUNT);
        assert_words_equal(flushed_mask, mask, 4);
        if (flags == PLANEDROP_NO_SCALE || dtype == PLANEDROP_F16) {
            /* copies are not arithmetic; f16's subnormals are normal numbers of f32 */
            assert_elements_equal(dtype, flushed, normal, COUNT);
        } else {
            assert_true(memcmp(flushed, normal, sizeof normal) != 0); /* the mode was really on */
        }
    }
}

int main(int argc, char **argv) {
    static const struct dtype_test tests[] = {{"flush_to_zero", flush_to_zero}};
    const int code = isa_begin(argc, argv);
    if (code == 0 && FLUSH == 0) {
        printf("SKIPPED: no mode that flushes subnormals to zero\n");
        return EXIT_SKIP;
    }
    return code != 0 ? code : dtype_run_tests("flush_to_zero", tests, 1);
}
