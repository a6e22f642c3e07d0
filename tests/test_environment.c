/* SPDX-License-Identifier: MIT
 *
 * Which instruction set is chosen: by the CPU (against the compiler's own detection, or the name in
 * argv[1], for an emulated CPU), and by PLANEDROP_ISA: each name gives that instruction set or an
 * error, never another one. The first plan that succeeds fixes the choice, so every case gets its
 * own process.
 */
#define _POSIX_C_SOURCE 200809L
#include "planedrop/planedrop.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

static int has_isa(const planedrop_plan *plan, const char *isa) {
    const char *name = planedrop_plan_isa(plan);
    return name != NULL && isa != NULL && strcmp(name, isa) == 0;
}

/* The exit code: 0 if a first and a second plan have `isa`, 1 if both are an error, else 2. */
static int plan_twice(const char *isa) {
    const planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, 10, 0.5);
    planedrop_plan first, second;
    const planedrop_status a = planedrop_plan_init(&first, &desc);
    const planedrop_status b = planedrop_plan_init(&second, &desc);
    if (a == PLANEDROP_ERR_ISA && b == PLANEDROP_ERR_ISA) {
        return 1;
    }
    return a == PLANEDROP_OK && b == PLANEDROP_OK && has_isa(&first, isa) && has_isa(&second, isa)
               ? 0
               : 2;
}

/* The exit code of a child that calls run(isa) with PLANEDROP_ISA set to variable, if that is not
 * NULL. */
static int in_child(int (*run)(const char *isa), const char *variable, const char *isa) {
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (variable != NULL) {
            setenv("PLANEDROP_ISA", variable, 1);
        } else {
            unsetenv("PLANEDROP_ISA");
        }
        _exit(run(isa));
    }
    int status;
    assert_true(waitpid(child, &status, 0) == child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static void each_name(void **state) {
    (void)state;
    const char *best = NULL;
    for (size_t i = 0; i < planedrop_isa_count(); i++) {
        const char *name = planedrop_isa_name(i);
        const int usable = planedrop_isa_usable(i);
        best = best == NULL && usable ? name : best;
        assert_int_equal(in_child(plan_twice, name, name), usable ? 0 : 1);
    }
    assert_int_equal(in_child(plan_twice, NULL, best), 0);
    assert_int_equal(in_child(plan_twice, "", best), 0);
    assert_int_equal(in_child(plan_twice, "fastest", best), 1);
    assert_int_equal(in_child(plan_twice, "SCALAR", best), 1);
}

/* A plan that fails, for whatever reason, does not fix the choice: the next one reads the variable
 * again. The one that succeeds does, whatever the variable is set to afterwards. */
static int fail_then_plan(const char *isa) {
    const planedrop_desc good = planedrop_desc_elementwise(PLANEDROP_F32, 10, 0.5);
    planedrop_desc bad = good;
    planedrop_plan plan, named;
    bad.rate = 2;
    int right = planedrop_plan_init(&plan, &bad) == PLANEDROP_ERR_RATE; /* of the best one */
    setenv("PLANEDROP_ISA", "fastest", 1);
    right = right && planedrop_plan_init(&plan, &good) == PLANEDROP_ERR_ISA;
    right = right && planedrop_plan_init_isa(&named, &good, isa) == PLANEDROP_OK;
    setenv("PLANEDROP_ISA", "scalar", 1); /* plans of a named one do not fix it either */
    right = right && planedrop_plan_init(&plan, &good) == PLANEDROP_OK && has_isa(&plan, "scalar");
    setenv("PLANEDROP_ISA", isa, 1);
    right = right && planedrop_plan_init(&plan, &good) == PLANEDROP_OK && has_isa(&plan, "scalar");
    setenv("PLANEDROP_ISA", "fastest", 1);
    right = right && planedrop_plan_init(&plan, &good) == PLANEDROP_OK && has_isa(&plan, "scalar");
    return !right;
}

static void the_first_success_decides(void **state) {
    (void)state;
    for (size_t i = 0; i < planedrop_isa_count(); i++) {
        if (planedrop_isa_usable(i)) {
            assert_int_equal(in_child(fail_then_plan, NULL, planedrop_isa_name(i)), 0);
        }
    }
}

static const char *expected = NULL;

static void best_of_this_cpu(void **state) {
    (void)state;
    const char *want = expected;
#if defined(__x86_64__)
    if (want == NULL) {
        __builtin_cpu_init();
        want = __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
                       __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
                   ? "avx512"
               : __builtin_cpu_supports("avx2") ? "avx2"
                                                : "scalar";
    }
#elif defined(__aarch64__)
    want = "neon";
#endif
    assert_int_equal(in_child(plan_twice, NULL, want), 0);
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(best_of_this_cpu),
                                       cmocka_unit_test(each_name),
                                       cmocka_unit_test(the_first_success_decides)};
    expected = argc > 1 ? argv[1] : NULL;
    return cmocka_run_group_tests_name("environment", tests, NULL, NULL);
}
