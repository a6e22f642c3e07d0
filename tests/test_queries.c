/* SPDX-License-Identifier: MIT
 *
 * What the library says of itself and of the CPU: instruction sets, features, what is supported,
 * texts and the version.
 */
#include "dtype.h"
#include "planedrop/planedrop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void isas(void **state) {
    (void)state;
    assert_in_range(planedrop_isa_count(), 1, 16);
    const size_t last = planedrop_isa_count() - 1;
    assert_string_equal(planedrop_isa_name(last), "scalar");
    assert_int_equal(planedrop_isa_usable(last), 1);
    assert_null(planedrop_isa_name(last + 1));
    assert_int_equal(planedrop_isa_usable(last + 1), 0);
}

/* An instruction set is usable where all the features are that it needs. */
static void cpu_features(void **state) {
    (void)state;
    const size_t features = planedrop_cpu_feature_count(), last = planedrop_isa_count() - 1;
    assert_in_range(features, 1, 32);
    for (size_t f = 0; f < features; f++) {
        assert_non_null(planedrop_cpu_feature_name(f));
        for (size_t other = 0; other < f; other++) {
            assert_string_not_equal(planedrop_cpu_feature_name(f),
                                    planedrop_cpu_feature_name(other));
        }
        assert_in_range(planedrop_cpu_feature_present(f), 0, 1);
        assert_int_equal(planedrop_isa_needs(last, f), 0);
        assert_int_equal(planedrop_isa_needs(last + 1, f), 0);
    }
    assert_null(planedrop_cpu_feature_name(features));
    assert_int_equal(planedrop_cpu_feature_present(features), 0);
    for (size_t i = 0; i <= last; i++) {
        int usable = 1, needs = 0;
        for (size_t f = 0; f < features; f++) {
            const int need = planedrop_isa_needs(i, f);
            assert_in_range(need, 0, 1);
            needs += need;
            usable = usable && (!need || planedrop_cpu_feature_present(f));
        }
        assert_int_equal(planedrop_isa_usable(i), usable);
        assert_int_equal(planedrop_isa_needs(i, features), 0);
        assert_int_equal(planedrop_isa_needs(i, SIZE_MAX), 0);
#if defined(__x86_64__)
        assert_true((needs > 0) == (i < last));
#endif
    }
    assert_true(planedrop_cpu_cache_bytes() == planedrop_cpu_cache_bytes());
}

/* What is supported can be planned, and what is not cannot. */
static void supports(void **state) {
    (void)state;
    int supported = 0;
    for (int32_t law = -1; law <= PLANEDROP_GAUSSIAN + 1; law++) {
        for (int32_t stream = -1; stream <= PLANEDROP_STREAM_NATIVE + 1; stream++) {
            for (int32_t dtype = -1; dtype <= PLANEDROP_F64 + 1; dtype++) {
                planedrop_plan plan;
                planedrop_desc d = planedrop_desc_nchw(PLANEDROP_F32, 2, 3, 5, 0.5);
                d.law = law;
                d.stream = stream;
                d.dtype = dtype;
                const int ok = planedrop_plan_init(&plan, &d) == PLANEDROP_OK;
                assert_int_equal(planedrop_supports(law, stream, dtype), ok);
                supported += ok;
            }
        }
    }
    assert_int_equal(supported, DTYPE_COUNT * (1 + HAS_GAUSSIAN));
}

static void texts(void **state) {
    (void)state;
    for (int status = PLANEDROP_OK; status <= PLANEDROP_ERR_RANGE; status++) {
        const char *text = planedrop_status_string((planedrop_status)status);
        assert_string_not_equal(text, "unknown status");
        assert_null(strchr(text, '\n'));
        for (int other = PLANEDROP_OK; other < status; other++) {
            assert_string_not_equal(text, planedrop_status_string((planedrop_status)other));
        }
    }
    assert_string_equal(planedrop_status_string((planedrop_status)(PLANEDROP_ERR_RANGE + 1)),
                        "unknown status");
    assert_string_equal(planedrop_status_string((planedrop_status)99), "unknown status");
    assert_string_equal(planedrop_status_string((planedrop_status)-1), "unknown status");
    const unsigned number = planedrop_version_number();
    char dotted[32];
    assert_string_equal(planedrop_version(), VERSION);
    snprintf(dotted, sizeof dotted, "%u.%u.%u", number / 10000, number / 100 % 100, number % 100);
    assert_string_equal(dotted, VERSION);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(isas),
        cmocka_unit_test(cpu_features),
        cmocka_unit_test(supports),
        cmocka_unit_test(texts),
    };
    return cmocka_run_group_tests_name("queries", tests, NULL, NULL);
}
