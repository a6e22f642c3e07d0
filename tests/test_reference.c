/* SPDX-License-Identifier: MIT
 *
 * The oracle's conversions themselves: known values, then every bf16 and f16 number and every point
 * at which rounding to them changes its result, by another way (sums of doubles, all exact).
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "reference.h"

#include <string.h>

static void known_values(void **state) {
    (void)state;
    static const struct {
        uint32_t f32;
        uint16_t bf16, f16;
    } known[] = {
        {0x00000000, 0x0000, 0x0000}, /* 0 */
        {0x80000000, 0x8000, 0x8000}, /* -0 */
        {0x3f800000, 0x3f80, 0x3c00}, /* 1 */
        {0xc0000000, 0xc000, 0xc000}, /* -2 */
        {0x3eaaaaab, 0x3eab, 0x3555}, /* 1/3 */
        {0x3f808000, 0x3f80, 0x3c04}, /* 1 + 2^-8: a tie in bf16, to even, downwards */
        {0x3f818000, 0x3f82, 0x3c0c}, /* 1 + 3 * 2^-8: upwards */
        {0x3f801000, 0x3f80, 0x3c00}, /* 1 + 2^-11: a tie in f16, downwards */
        {0x3f803000, 0x3f80, 0x3c02}, /* 1 + 3 * 2^-11: upwards */
        {0x477fe000, 0x4780, 0x7bff}, /* 65504, f16's largest */
        {0x477fefff, 0x4780, 0x7bff}, /* just below 65520 */
        {0x477ff000, 0x4780, 0x7c00}, /* 65520 overflows */
        {0xff7fffff, 0xff80, 0xfc00}, /* f32's largest overflows in both */
        {0x7f7f7fff, 0x7f7f, 0x7c00}, /* just below bf16's overflow */
        {0x38800000, 0x3880, 0x0400}, /* 2^-14, f16's least normal number */
        {0x387fe000, 0x3880, 0x0400}, /* 1023.5 * 2^-24: a tie, to the even 1024 */
        {0x387fc000, 0x3880, 0x03ff}, /* 1023 * 2^-24 */
        {0xb3800000, 0xb380, 0x8001}, /* -2^-24, f16's least */
        {0x33000001, 0x3300, 0x0001}, /* just above half of it */
        {0x33000000, 0x3300, 0x0000}, /* half of it: a tie, to 0 */
        {0x00018000, 0x0002, 0x0000}, /* f32's subnormals are bf16's */
        {0x80008000, 0x8000, 0x8000}, {0x7f800000, 0x7f80, 0x7c00}, /* infinity */
        {0x7f800001, 0x7fc0, 0x7e00}, /* NaNs: quiet, with the top of the payload */
        {0xffbfffff, 0xffff, 0xffff}, {0x7fc12345, 0x7fc1, 0x7e09},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        fence_case("f32 bits %08x", (unsigned)known[i].f32);
        assert_int_equal(reference_bf16_of_f32(known[i].f32), known[i].bf16);
        assert_int_equal(reference_f16_of_f32(known[i].f32), known[i].f16);
    }
    assert_int_equal(reference_f32_of_f16(0x7c01), 0x7fc02000); /* becomes quiet */
    assert_int_equal(reference_f32_of_f16(0xfdff), 0xffffe000);
    assert_int_equal(reference_f32_of_bf16(0x7f81), 0x7f810000); /* stays signalling */
}

/* The bits of a double that f32 has exactly. */
static uint32_t bits_of(double value) {
    const float value32 = (float)value;
    uint32_t bits;
    assert_true((double)value32 == value);
    memcpy(&bits, &value32, sizeof bits);
    return bits;
}

/* Numbers 0, 1, 2, ... are a unit apart, which doubles with every exponent but the first. `least`
 * is the first unit. */
static void every_number(int32_t dtype, double least, uint32_t (*widen)(uint16_t),
                         uint16_t (*narrow)(uint32_t)) {
    const unsigned fraction_bits = dtype_format(dtype)->fraction_bits;
    const unsigned infinity = 0x7fffu >> fraction_bits << fraction_bits;
    double value = 0, unit = least;
    for (unsigned number = 0; number < infinity; number++) {
        if (number >> fraction_bits > 1 && number % (1u << fraction_bits) == 0) {
            unit *= 2;
        }
        const uint32_t exact = bits_of(value), tie = bits_of(value + unit / 2);
        const uint32_t signs[] = {0, 0x80000000};
        for (int i = 0; i < 2; i++) {
            const uint32_t sign = signs[i], sign16 = sign >> 16;
            assert_int_equal(widen((uint16_t)(number | sign16)), exact | sign);
            assert_int_equal(narrow(exact | sign), number | sign16);
            assert_int_equal(narrow((tie - 1) | sign), number | sign16);
            assert_int_equal(narrow(tie | sign), (number + number % 2) | sign16);
            assert_int_equal(narrow((tie + 1) | sign), (number + 1) | sign16);
        }
        value += unit;
    }
    const unsigned quiet = 1u << (fraction_bits - 1);
    for (unsigned nan = infinity + 1; nan <= 0x7fff; nan++) {
        assert_int_equal(narrow(widen((uint16_t)nan)), nan | quiet);
        assert_int_equal(narrow(widen((uint16_t)(nan | 0x8000))), nan | quiet | 0x8000);
    }
}

static void every_bf16(void **state) {
    (void)state;
    every_number(PLANEDROP_BF16, 0x1p-133, reference_f32_of_bf16, reference_bf16_of_f32);
}

static void every_f16(void **state) {
    (void)state;
    every_number(PLANEDROP_F16, 0x1p-24, reference_f32_of_f16, reference_f16_of_f32);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values),
        cmocka_unit_test(every_bf16),
        cmocka_unit_test(every_f16),
    };
    return cmocka_run_group_tests_name("reference", tests, NULL, NULL);
}
