/* SPDX-License-Identifier: MIT
 *
 * A dropped element has no effect: not even a floating-point exception flag comes from it, though
 * it be a signalling NaN, nor a trap. Here all that is dropped is of that kind, and what is kept is
 * exactly 1, at a rate whose scale is 2: nothing may be raised at all, x86's flag for subnormal
 * operands included. That a kept one raises its flags and traps shows that the test sees them.
 */
#define _GNU_SOURCE /* feenableexcept */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random_desc.h"
#include "reference.h"

#include "plan.h"

#include <fenv.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#if defined(__x86_64__)
enum { ALL_FLAGS = 0x3f, INVALID = 0x01, OVERFLOW = 0x08, INEXACT = 0x20 };
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
enum { ALL_FLAGS = 0x9f, INVALID = 0x01, OVERFLOW = 0x04, INEXACT = 0x10 };
static uint64_t flags_get(void) {
    uint64_t word;
    __asm__ volatile("mrs %0, fpsr" : "=r"(word));
    return word;
}
static void flags_set(uint64_t flags) { __asm__ volatile("msr fpsr, %0" : : "r"(flags)); }
#else
enum {
    ALL_FLAGS = FE_ALL_EXCEPT,
    INVALID = FE_INVALID,
    OVERFLOW = FE_OVERFLOW,
    INEXACT = FE_INEXACT
};
static uint64_t flags_get(void) { return (uint64_t)fetestexcept(FE_ALL_EXCEPT); }
static void flags_set(uint64_t flags) {
    feclearexcept(FE_ALL_EXCEPT);
    feraiseexcept((int)flags & FE_ALL_EXCEPT);
}
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

/* Sometimes the policy of a tensor in memory, or of larger planes. */
static void random_policy(struct random *random, planedrop_plan *plan) {
    struct pd_plan *p = (void *)plan;
    const uint8_t nt = p->backend->has_nt_stores && !(p->op[0].form & PD_ACCUMULATE);
    const uint8_t in_memory = random_below(random, 2) == 0, planes = random_below(random, 2) == 0;
    for (int in_place = 0; in_place < 2; in_place++) {
        struct pd_cache_policy *policy = &p->policy[in_place];
        policy->nt_kept = in_memory && nt && !in_place;
        policy->nt_dropped = in_memory && nt;
        policy->planes_as_rows = policy->planes_as_rows && !planes;
        policy->prefetch = in_memory && !policy->planes_as_rows;
    }
}

/* A call on a random tensor in which all that is dropped raises something. */
struct harmless_call {
    planedrop_desc desc;
    planedrop_plan plan;
    planedrop_call call;
    uint32_t *keep;
    struct tensor x, y;
};

static int harmless_make(struct random *random, int32_t dtype, struct harmless_call *made) {
    static const planedrop_call blank = PLANEDROP_CALL_INIT;
    planedrop_desc *desc = &made->desc;
    planedrop_call *call = &made->call;
    char text[400];
    if (!random_desc(random, dtype, desc)) {
        return 0;
    }
    desc->law = PLANEDROP_BERNOULLI;
    desc->rate = 0.5;
    made->keep = malloc((size_t)reference_draws(desc) / 8 + 8);
    *call = blank;
    call->rng = random_rng(random);
    call->keep = random_below(random, 2) ? made->keep : NULL;
    call->direction = random_below(random, 2) ? PLANEDROP_FORWARD : PLANEDROP_BACKWARD;
    call->parts = random_below(random, 3) ? 1 : 1 + random_below(random, 4);
    reference_mask(desc, call->rng, made->keep);
    const planedrop_desc swapped = reference_gradient(desc);
    made->x = tensor_make(random, &swapped, made->keep);
    made->y = tensor_make(random, desc, made->keep);
    call->input = call->direction == PLANEDROP_FORWARD ? made->x.first : made->y.first;
    call->output = call->direction == PLANEDROP_FORWARD ? made->y.first : made->x.first;
    describe(text, sizeof text, desc, call->rng);
    fence_case("%s, test seed %llu: %s, direction %d parts %zu%s", isa_under_test(),
               (unsigned long long)random_seed(), text, (int)call->direction, call->parts,
               call->keep != NULL ? " apply" : "");
    assert_ok(planedrop_plan_init_isa(&made->plan, desc, isa_under_test()));
    random_policy(random, &made->plan);
    return 1;
}

static void harmless_free(struct harmless_call *made) {
    free(made->keep);
    free(made->x.memory);
    free(made->y.memory);
}

static void dropped_raise_nothing(int32_t dtype) {
    struct random random = random_begin(dtype);
    struct harmless_call made;
    const size_t cases = random_cases(1000) / 2;
    size_t run = 0;
    for (size_t i = 0; i < cases; i++) {
        if (!harmless_make(&random, dtype, &made)) {
            continue;
        }
        run++;
        for (; made.call.part < made.call.parts; made.call.part++) {
            const unsigned raised = raised_by(&made.plan, &made.call);
            if (raised != 0) {
                fail_msg("%s\n  raised: 0x%x", fence_case_text(), raised);
            }
        }
        harmless_free(&made);
    }
    assert_true(run > cases / 2);
}

/* ---- What is kept ---------------------------------------------------------------------------- */

enum { COUNT = 300, PLACE = 130 };

/* Rows, planes, and small planes. */
static planedrop_desc desc_of(int32_t dtype, size_t i) {
    const planedrop_desc descs[] = {
        planedrop_desc_elementwise(dtype, COUNT, 0.5),
        planedrop_desc_nchw(dtype, 1, 3, COUNT / 3, 0.5),
        planedrop_desc_nchw(dtype, 1, COUNT / 3, 3, 0.5),
    };
    return descs[i];
}
enum { DESCS = 3 };

/* A call that keeps x_bits, and adds them to y_bits if flags say so, among ones. */
static planedrop_call kept_call(const planedrop_desc *desc, uint64_t x_bits, uint64_t y_bits) {
    static _Alignas(DTYPE_MOST_BYTES) unsigned char x[COUNT * DTYPE_MOST_BYTES], y[sizeof x];
    static uint32_t keep[COUNT / 32 + 1];
    planedrop_call call = PLANEDROP_CALL_INIT;
    memset(keep, 0xff, sizeof keep);
    for (size_t i = 0; i < COUNT; i++) {
        dtype_set(desc->dtype, x, i, 1);
        dtype_set(desc->dtype, y, i, 1);
    }
    dtype_set_bits(desc->dtype, x, PLACE, x_bits);
    dtype_set_bits(desc->dtype, y, PLACE, y_bits);
    call.input = x;
    call.output = y;
    call.keep = keep;
    return call;
}

static unsigned raised_by_kept(const planedrop_desc *desc, uint64_t x_bits, uint64_t y_bits) {
    const planedrop_call call = kept_call(desc, x_bits, y_bits);
    planedrop_plan plan;
    assert_ok(planedrop_plan_init_isa(&plan, desc, isa_under_test()));
    return raised_by(&plan, &call);
}

/* Inf - Inf; a signalling NaN and the largest number times 2. Scalar converts f16 by integer
 * arithmetic, which raises nothing: there a number that overflows in f32 does not exist. */
static void kept_raise_their_flags(int32_t dtype) {
    const uint64_t least_normal = UINT64_C(1) << dtype_format(dtype)->fraction_bits;
    const uint64_t sign = least_normal << dtype_format(dtype)->exponent_bits;
    const uint64_t infinity = sign - least_normal;
    const int by_integers = dtype == PLANEDROP_F16 && strcmp(isa_under_test(), "scalar") == 0;
    for (size_t d = 0; d < DESCS; d++) {
        planedrop_desc desc = desc_of(dtype, d);
        fence_case("%s: kept, desc %zu", isa_under_test(), d);
        assert_int_equal(raised_by_kept(&desc, 0, 0), 0);
        assert_true(by_integers || raised_by_kept(&desc, infinity + 1, 0) & INVALID);
        assert_true(by_integers || raised_by_kept(&desc, infinity - 1, 0) & OVERFLOW);
        desc.flags = PLANEDROP_NO_SCALE; /* a copy */
        assert_int_equal(raised_by_kept(&desc, infinity + 1, 0), 0);
        assert_int_equal(raised_by_kept(&desc, infinity - 1, 0), 0);
        desc.flags = PLANEDROP_ACCUMULATE;
        assert_true(raised_by_kept(&desc, infinity, infinity | sign) & INVALID);
    }
}

/* The Gaussian law's own arithmetic, on numbers from 1 to 2. */
static void gaussian_raises_nothing(int32_t dtype) {
    enum { DRAWS = 40000 };
    static _Alignas(DTYPE_MOST_BYTES) unsigned char x[DRAWS * DTYPE_MOST_BYTES], y[sizeof x];
    struct random random = random_begin(dtype);
    const planedrop_desc descs[] = {
        planedrop_desc_elementwise(dtype, DRAWS, 0.1), planedrop_desc_elementwise(dtype, 37, 0.1),
        planedrop_desc_nchw(dtype, 20, 20, 100, 0.1),  planedrop_desc_nchw(dtype, 40, 100, 10, 0.1),
        planedrop_desc_nhwc(dtype, 4, 100, 100, 0.1),
    };
    for (size_t i = 0; i < DRAWS; i++) {
        dtype_set(dtype, x, i, 1 + (float)random_below(&random, 64) / 64);
        dtype_set(dtype, y, i, 1);
    }
    for (size_t d = 0; d < 2 * sizeof descs / sizeof descs[0]; d++) {
        planedrop_desc desc = descs[d / 2];
        planedrop_plan plan;
        planedrop_call call = PLANEDROP_CALL_INIT;
        desc.law = PLANEDROP_GAUSSIAN;
        desc.flags = d % 2 ? PLANEDROP_ACCUMULATE : 0;
        call.rng.seed = 3;
        call.input = x;
        call.output = y;
        fence_case("%s: Gaussian, desc %zu", isa_under_test(), d);
        if (HAS_GAUSSIAN) {
            assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
            assert_int_equal(raised_by(&plan, &call) & ~(unsigned)INEXACT, 0);
        }
    }
}

/* ---- Traps ----------------------------------------------------------------------------------- */

/* Only x86 must have traps, if it is not emulated. (Under qemu-aarch64 a process with traps neither
 * dies nor goes on.) */
#if defined(__GLIBC__) && (defined(__x86_64__) || defined(__i386__))
enum { MAY_TRAP = 1 };
static int enable_traps(void) {
    const int traps = FE_INVALID | FE_DIVBYZERO | FE_OVERFLOW | FE_UNDERFLOW;
    feclearexcept(FE_ALL_EXCEPT);
    return feenableexcept(traps) != -1 && fegetexcept() == traps;
}
static void disable_traps(void) {
    fedisableexcept(FE_ALL_EXCEPT);
    feclearexcept(FE_ALL_EXCEPT);
}
#else
enum { MAY_TRAP = 0 };
static int enable_traps(void) { return 0; }
static void disable_traps(void) {}
#endif

/* Whether a process with traps dies of a signalling NaN that is kept. (The child must not fail by
 * cmocka's means, which would go on with the tests in it.) */
static int traps_work(void) {
    const planedrop_desc desc = desc_of(PLANEDROP_F32, 0);
    const planedrop_call call = kept_call(&desc, 0x7f800001, 0);
    planedrop_plan plan;
    int status = 0;
    assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
    fflush(NULL);
    const pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        signal(SIGFPE, SIG_DFL);
        _exit(enable_traps() && planedrop_run(&plan, &call) != PLANEDROP_OK);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_false(WIFEXITED(status) && WEXITSTATUS(status) != 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGFPE;
}

static void dropped_do_not_trap(int32_t dtype) {
    struct random random = random_begin(dtype);
    struct harmless_call made;
    const size_t cases = random_cases(1000) / 4;
    size_t run = 0;
    fence_case("%s: traps", isa_under_test());
    if (!MAY_TRAP || !traps_work()) {
        if (MAY_TRAP && getenv("PLANEDROP_TEST_EMULATED") == NULL) {
            fail_msg("%s\n  what is kept does not trap on this CPU", fence_case_text());
        }
        print_message("SKIPPED: no traps on this CPU or C library\n");
        skip();
    }
    for (size_t i = 0; i < cases; i++) {
        planedrop_status status = PLANEDROP_OK;
        if (!harmless_make(&random, dtype, &made)) {
            continue;
        }
        run++;
        assert_true(enable_traps());
        for (; made.call.part < made.call.parts && status == PLANEDROP_OK; made.call.part++) {
            status = planedrop_run(&made.plan, &made.call);
        }
        disable_traps();
        assert_ok(status);
        harmless_free(&made);
    }
    assert_true(run > cases / 2);
}

int main(int argc, char **argv) {
    static const struct dtype_test tests[] = {
        {"dropped_raise_nothing", dropped_raise_nothing},
        {"kept_raise_their_flags", kept_raise_their_flags},
        {"gaussian_raises_nothing", gaussian_raises_nothing},
        {"dropped_do_not_trap", dropped_do_not_trap},
    };
    const int code = isa_begin(argc, argv);
    return code != 0 ? code : dtype_run_tests("exceptions", tests, sizeof tests / sizeof tests[0]);
}
