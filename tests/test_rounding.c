/* SPDX-License-Identifier: MIT
 *
 * Every bf16 and f16 number through the library, at rates whose scales round in every way (for f32
 * and f64: every upper half, over a random lower one), scaled, copied and accumulated, in each of
 * the ways in which a mask meets a tensor, against the oracle.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random.h"
#include "reference.h"

#include <string.h>

enum { COUNT = 65536 };

static _Alignas(DTYPE_MOST_BYTES) unsigned char x[2 * COUNT * DTYPE_MOST_BYTES], before[sizeof x],
    got[sizeof x], want[sizeof x];
static uint32_t keep[COUNT / 32];

/* x is every number, twice over in two orders (so that every other element is, too); y is random.
 */
static void fill(int32_t dtype) {
    struct random random = random_begin(dtype);
    const size_t upper = 8 * dtype_bytes(dtype) - 16;
    for (uint32_t i = 0; i < 2 * COUNT; i++) {
        const uint64_t number = (i < COUNT ? i : i * UINT32_C(40503) + 1) % COUNT;
        const uint64_t lower = random_bits(&random) & ((UINT64_C(1) << upper) - 1);
        dtype_set_bits(dtype, x, i, number << upper | lower);
        dtype_set_bits(dtype, before, i, random_bits(&random));
    }
    memset(keep, 0xff, sizeof keep);
}

static void check(planedrop_desc desc, const char *what) {
    planedrop_plan plan;
    const uint32_t strided = desc.flags;
    for (uint32_t flags = 0; flags <= (PLANEDROP_NO_SCALE | PLANEDROP_ACCUMULATE); flags++) {
        desc.flags = strided | flags;
        fence_case("%s: %s, rate %.17g, flags %u", isa_under_test(), what, desc.rate,
                   (unsigned)flags);
        memcpy(got, before, sizeof got);
        memcpy(want, before, sizeof want);
        assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
        assert_ok(planedrop_apply(&plan, keep, x, got));
        reference_apply(&desc, keep, x, want);
        assert_elements_equal(desc.dtype, got, want, (size_t)2 * COUNT);
    }
}

static void every_number(int32_t dtype) {
    static const double rates[] = {0, 0.1, 0.2, 0.3, 0.5, 0.9, 1 - 0x1p-20};
    fill(dtype);
    for (size_t i = 0; i < sizeof rates / sizeof rates[0]; i++) {
        check(planedrop_desc_nchw(dtype, 1, 2, COUNT, rates[i]), "two planes");
        check(planedrop_desc_elementwise(dtype, COUNT, rates[i]), "a row");
        planedrop_desc apart = planedrop_desc_elementwise(dtype, COUNT, rates[i]);
        apart.x_strides[0] = apart.y_strides[0] = 2;
        apart.flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
        check(apart, "every other element");
    }
}

int main(int argc, char **argv) {
    static const struct dtype_test tests[] = {{"every_number", every_number}};
    const int code = isa_begin(argc, argv);
    return code != 0 ? code : dtype_run_tests("rounding", tests, 1);
}
