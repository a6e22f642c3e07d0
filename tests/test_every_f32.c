/* SPDX-License-Identifier: MIT
 *
 * All 2^32 f32s, narrowed to bf16 and to f16 by the vocabulary, against the oracle. The
 * public functions reach only few of them: x * scale with an x of 16 bits.
 */
#include "compare.h"
#include "every_f32.h"
#include "fence.h"
#include "isa.h"
#include "reference.h"

#include <string.h>

/* Rounding is monotone, in the bits of one sign (NaNs included, but for the quiet bit, which is the
 * same all over a block): a block with equal ends is equal all through. */
static void expected(uint32_t first, uint16_t (*narrow)(uint32_t), uint16_t *want) {
    const uint16_t one_end = narrow(first), other_end = narrow(first + EVERY_F32_BLOCK - 1);
    for (uint32_t i = 0; i < EVERY_F32_BLOCK; i++) {
        want[i] = one_end;
    }
    if (one_end != other_end) {
        for (uint32_t i = 0; i < EVERY_F32_BLOCK; i++) {
            want[i] = narrow(first + i);
        }
    }
}

static void check(int32_t dtype, void (*narrow_block)(uint32_t, uint16_t *),
                  uint16_t (*narrow)(uint32_t)) {
    uint16_t got[EVERY_F32_BLOCK], want[EVERY_F32_BLOCK];
    uint32_t first = 0;
    do {
        expected(first, narrow, want);
        narrow_block(first, got);
        if (memcmp(got, want, sizeof got) != 0) {
            fence_case("%s: f32s from bits %08x on", isa_under_test(), (unsigned)first);
            assert_elements_equal(dtype, got, want, EVERY_F32_BLOCK);
        }
        first += EVERY_F32_BLOCK;
    } while (first != 0);
}

static void to_bf16(void **state) {
    (void)state;
    check(PLANEDROP_BF16, every_f32_to_bf16, reference_bf16_of_f32);
}

static void to_f16(void **state) {
    (void)state;
    check(PLANEDROP_F16, every_f32_to_f16, reference_f16_of_f32);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(to_bf16), cmocka_unit_test(to_f16)};
    const int code = isa_begin(argc, argv);
    return code != 0 ? code : cmocka_run_group_tests_name("every f32", tests, NULL, NULL);
}
