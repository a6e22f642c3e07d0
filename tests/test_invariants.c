/* SPDX-License-Identifier: MIT
 *
 * What must be equal to what, whatever the oracle says: parts and the whole, windows and the whole,
 * layouts of one tensor, in place and out of place, backward and forward, a plan whose rate was
 * changed and a new one.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "mask.h"
#include "random_desc.h"

#include <stdlib.h>
#include <string.h>

enum { N = 3, C = 40, HW = 37, COUNT = N * C * HW };

static const planedrop_rng rng = {0x5eed, 12};

static planedrop_plan plan_of(const planedrop_desc *desc) {
    planedrop_plan plan;
    assert_ok(planedrop_plan_init_isa(&plan, desc, isa_under_test()));
    return plan;
}

static void forward(const planedrop_desc *desc, const void *x, void *y) {
    const planedrop_plan plan = plan_of(desc);
    assert_ok(planedrop_forward(&plan, rng, x, y));
}

static _Alignas(DTYPE_MOST_BYTES) unsigned char x[DTYPE_MOST_BYTES * COUNT],
    y[DTYPE_MOST_BYTES * COUNT], z[DTYPE_MOST_BYTES * COUNT];

/* Fresh x; y and z are filled with a value that no result has. */
static void fill(int32_t dtype) {
    struct random random = {random_seed()};
    random_elements(&random, dtype, x, COUNT);
    memset(y, 0x77, sizeof y);
    memset(z, 0x77, sizeof z);
}

static void parts_are_the_whole(int32_t dtype) {
    enum { BIG = 50000 };
    const size_t bytes = BIG * dtype_bytes(dtype);
    void *in = malloc(bytes), *want = malloc(bytes), *got = malloc(bytes);
    struct random random = {random_seed()};
    random_elements(&random, dtype, in, BIG);
    const planedrop_desc descs[] = {
        planedrop_desc_nchw(dtype, 2, 5, BIG / 10, 0.5),
        planedrop_desc_nchw(dtype, 10, 100, BIG / 1000, 0.5),
        planedrop_desc_nhwc(dtype, 2, BIG / 100, 50, 0.5),
        planedrop_desc_nchw_blocked(dtype, 2, 80, BIG / 160, 16, 0.5),
        planedrop_desc_elementwise(dtype, BIG - 1, 0.1),
    };
    for (size_t d = 0; d < sizeof descs / sizeof descs[0]; d++) {
        for (uint32_t flags = 0; flags <= PLANEDROP_ACCUMULATE; flags += PLANEDROP_ACCUMULATE) {
            planedrop_desc desc = descs[d]; /* in place, or accumulating */
            desc.flags = flags;
            const planedrop_plan plan = plan_of(&desc);
            memcpy(want, in, bytes);
            assert_ok(planedrop_forward(&plan, rng, flags ? in : want, want));
            for (size_t parts = 1; parts < 500; parts += 1 + parts / 4) {
                fence_case("%s: desc %zu in %zu parts", isa_under_test(), d, parts);
                memcpy(got, in, bytes);
                for (size_t part = parts; part-- > 0;) {
                    assert_ok(
                        planedrop_forward_part(&plan, rng, part, parts, flags ? in : got, got));
                }
                assert_elements_equal(dtype, got, want, BIG);
            }
        }
    }
    free(in);
    free(want);
    free(got);
}

/* Shares of one call are nearly equal: no thread waits for another's. */
static void parts_are_fair(int32_t dtype) {
    enum { BIG = 1 << 20, PARTS = 7 };
    const size_t bytes = dtype_bytes(dtype);
    unsigned char *in = calloc(BIG, bytes), *out = malloc(BIG * bytes);
    const planedrop_desc descs[] = {
        planedrop_desc_drop_path(dtype, 2, BIG / 2, 0.5), /* fewer draws than parts */
        planedrop_desc_nhwc(dtype, 1, BIG / 64, 64, 0.5),
        planedrop_desc_elementwise(dtype, BIG, 0.5),
    };
    for (size_t d = 0; d < sizeof descs / sizeof descs[0]; d++) {
        const planedrop_plan plan = plan_of(&descs[d]);
        for (size_t part = 0; part < PARTS; part++) {
            size_t written = 0;
            memset(out, 0x77, BIG * bytes);
            assert_ok(planedrop_forward_part(&plan, rng, part, PARTS, in, out));
            for (size_t i = 0; i < BIG; i++) {
                written += out[i * bytes] == 0;
            }
            assert_in_range(written, BIG / PARTS - 1024, BIG / PARTS + 1024);
        }
    }
    free(in);
    free(out);
}

/* A window of every axis, at starts that are no multiple of 32, drawn on its own. */
static void windows_are_the_whole(int32_t dtype) {
    static const int noises[][3] = {{1, 1, 0}, {1, 0, 1}, {1, 1, 1}, {0, 1, 0}, {1, 0, 0}};
    const size_t bytes = dtype_bytes(dtype);
    struct random random = {random_seed()};
    fill(dtype);
    for (size_t i = 0; i < random_cases(400); i++) {
        const int *drawn = noises[random_below(&random, 5)];
        const uint64_t dims[3] = {N, C, HW};
        planedrop_desc whole = PLANEDROP_DESC_INIT;
        whole.dtype = dtype;
        whole.ndim = 3;
        whole.rate = i % 2 ? 0.5 : 0.3;
        for (int a = 0; a < 3; a++) {
            whole.dims[a] = dims[a];
            whole.noise[a] = drawn[a] ? dims[a] : 1;
        }
        forward(&whole, x, y);

        planedrop_desc window = whole;
        window.flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
        size_t at = 0; /* in bytes */
        const int64_t strides[3] = {C * HW, HW, 1};
        for (int a = 0; a < 3; a++) {
            const size_t first = random_below(&random, dims[a]);
            window.dims[a] = 1 + random_below(&random, dims[a] - first);
            window.noise[a] = drawn[a] ? window.dims[a] : 1;
            window.global_noise[a] = whole.noise[a];
            window.window_start[a] = drawn[a] ? first : 0;
            window.x_strides[a] = window.y_strides[a] = strides[a];
            at += first * (size_t)strides[a] * bytes;
        }
        memset(z, 0x77, sizeof z);
        fence_case("%s: window %zu", isa_under_test(), i);
        forward(&window, x + at, z + at);
        for (size_t n = 0; n < window.dims[0]; n++) {
            for (size_t c = 0; c < window.dims[1]; c++) {
                const size_t row = at + (n * C + c) * HW * bytes;
                assert_elements_equal(dtype, z + row, y + row, window.dims[2]);
            }
        }
    }
}

static size_t nchw(size_t n, size_t c, size_t s) { return (n * C + c) * HW + s; }
static size_t nhwc(size_t n, size_t c, size_t s) { return (n * HW + s) * C + c; }
static size_t blocked(size_t n, size_t c, size_t s) {
    return ((n * C / 8 + c / 8) * HW + s) * 8 + c % 8;
}

static void permute(int32_t dtype, void *to, const void *from,
                    size_t (*at)(size_t, size_t, size_t)) {
    for (size_t n = 0; n < N; n++) {
        for (size_t c = 0; c < C; c++) {
            for (size_t s = 0; s < HW; s++) {
                dtype_set_bits(dtype, to, at(n, c, s), dtype_bits(dtype, from, nchw(n, c, s)));
            }
        }
    }
}

static void layouts_share_the_mask(int32_t dtype) {
    static _Alignas(DTYPE_MOST_BYTES) unsigned char moved[sizeof x], want[sizeof x];
    fill(dtype);
    const planedrop_desc desc = planedrop_desc_nchw(dtype, N, C, HW, 0.5);
    forward(&desc, x, y);

    fence_case("%s: NHWC", isa_under_test());
    const planedrop_desc last = planedrop_desc_nhwc(dtype, N, HW, C, 0.5);
    permute(dtype, moved, x, nhwc);
    permute(dtype, want, y, nhwc);
    forward(&last, moved, z);
    assert_elements_equal(dtype, z, want, COUNT);

    fence_case("%s: N,C,HW dims at channels-last strides", isa_under_test());
    planedrop_desc logical = desc;
    logical.flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    const int64_t strides[3] = {C * HW, 1, C};
    memcpy(logical.x_strides, strides, sizeof strides);
    memcpy(logical.y_strides, strides, sizeof strides);
    forward(&logical, moved, moved);
    assert_elements_equal(dtype, moved, want, COUNT);

    fence_case("%s: NCHW in, NHWC out", isa_under_test());
    memset(logical.x_strides, 0, sizeof logical.x_strides);
    logical.flags = PLANEDROP_Y_STRIDED;
    forward(&logical, x, z);
    assert_elements_equal(dtype, z, want, COUNT);

    fence_case("%s: blocks of 8 channels", isa_under_test());
    const planedrop_desc blocks = planedrop_desc_nchw_blocked(dtype, N, C, HW, 8, 0.5);
    permute(dtype, moved, x, blocked);
    permute(dtype, want, y, blocked);
    forward(&blocks, moved, z);
    assert_elements_equal(dtype, z, want, COUNT);
}

static void same_result_every_way(int32_t dtype) {
    fill(dtype);
    const planedrop_desc desc = planedrop_desc_nchw(dtype, N, C, HW, 0.25);
    const planedrop_plan plan = plan_of(&desc), copy = plan;
    uint32_t keep[(N * C + 31) / 32];
    float factors[N * C];
    assert_ok(planedrop_forward(&plan, rng, x, y));

    fence_case("%s: in place", isa_under_test());
    memcpy(z, x, sizeof z);
    assert_ok(planedrop_forward(&copy, rng, z, z));
    assert_elements_equal(dtype, z, y, COUNT);

    fence_case("%s: backward", isa_under_test());
    memset(z, 0x77, sizeof z);
    assert_ok(planedrop_backward(&plan, rng, x, z));
    assert_elements_equal(dtype, z, y, COUNT);

    fence_case("%s: mask and apply", isa_under_test());
    memset(z, 0x77, sizeof z);
    assert_ok(mask_bits(&plan, rng, keep));
    assert_ok(planedrop_apply(&plan, keep, x, z));
    assert_elements_equal(dtype, z, y, COUNT);

    fence_case("%s: multipliers", isa_under_test());
    assert_ok(mask_multipliers(&plan, rng, factors));
    size_t kept = 0;
    for (size_t d = 0; d < N * C; d++) {
        kept += keep[d / 32] >> d % 32 & 1;
        assert_true(factors[d] == ((keep[d / 32] >> d % 32 & 1) ? (float)(1 / 0.75) : 0.0f));
    }
    assert_in_range(kept, N * C / 2, N * C - 1);

    fence_case("%s: another offset, another mask", isa_under_test());
    const planedrop_rng other = {rng.seed, rng.offset + 1};
    assert_ok(planedrop_forward(&plan, other, x, z));
    assert_true(memcmp(z, y, sizeof z) != 0);
}

static void extreme_rates(int32_t dtype) {
    static const unsigned char zeros[sizeof x];
    const size_t bytes = dtype_bytes(dtype);
    fill(dtype);
    const planedrop_desc none = planedrop_desc_elementwise(dtype, COUNT, 0);
    forward(&none, x, y);
    assert_elements_equal(dtype, y, x, COUNT); /* signalling NaNs and all */
    const planedrop_desc all = planedrop_desc_nhwc(dtype, N, HW, C, 1);
    forward(&all, x, y);
    assert_elements_equal(dtype, y, zeros, COUNT);
    planedrop_desc copy = planedrop_desc_elementwise(dtype, COUNT, 0.5);
    copy.flags = PLANEDROP_NO_SCALE;
    forward(&copy, x, y);
    size_t kept = 0;
    for (size_t i = 0; i < COUNT; i++) {
        if (memcmp(y + i * bytes, zeros, bytes) != 0) {
            assert_elements_equal(dtype, y + i * bytes, x + i * bytes, 1);
            kept++;
        }
    }
    assert_in_range(kept, COUNT / 3, COUNT * 2 / 3);
}

/* K masks over one input that is stored once: the recipe for Monte-Carlo dropout. */
static void broadcast_input(int32_t dtype) {
    enum { K = N };
    const size_t bytes = dtype_bytes(dtype) * C * HW; /* of one input */
    planedrop_desc desc = planedrop_desc_nchw(dtype, K, C, HW, 0.5);
    const int64_t strides[3] = {0, HW, 1};
    fill(dtype);
    for (size_t k = 1; k < K; k++) {
        memcpy(x + k * bytes, x, bytes);
    }
    forward(&desc, x, y);
    memcpy(desc.x_strides, strides, sizeof strides);
    desc.flags = PLANEDROP_X_STRIDED;
    fence_case("%s: x stride of 0", isa_under_test());
    forward(&desc, x, z);
    assert_elements_equal(dtype, z, y, COUNT);
    assert_true(memcmp(y, y + bytes, bytes) != 0);
}

/* An input expanded from one element. */
static void scalar_input(int32_t dtype) {
    planedrop_desc desc = planedrop_desc_nhwc(dtype, N, HW, C, 0.5);
    fill(dtype);
    for (size_t i = 0; i < COUNT; i++) {
        dtype_set(dtype, x, i, 3);
    }
    fence_case("%s: x strides of 0", isa_under_test());
    forward(&desc, x, y);
    desc.flags = PLANEDROP_X_STRIDED;
    forward(&desc, x, z);
    assert_elements_equal(dtype, z, y, COUNT);
}

/* Two plans of COUNT elements do the same. */
static void assert_same_plans(const planedrop_plan *a, const planedrop_plan *b, int32_t dtype) {
    const size_t draws = (size_t)planedrop_plan_draws(a);
    assert_true(planedrop_plan_draws(b) == draws);
    assert_true(planedrop_plan_parts(b) == planedrop_plan_parts(a));
    memcpy(y, x, sizeof y);
    memcpy(z, x, sizeof z);
    assert_ok(planedrop_forward(a, rng, x, y));
    assert_ok(planedrop_forward(b, rng, x, z));
    assert_elements_equal(dtype, z, y, COUNT);
    assert_ok(planedrop_backward(a, rng, x, y));
    assert_ok(planedrop_backward(b, rng, x, z));
    assert_elements_equal(dtype, z, y, COUNT);
    assert_ok(planedrop_mask(a, rng, PLANEDROP_MASK_DTYPE, 0, draws, y));
    assert_ok(planedrop_mask(b, rng, PLANEDROP_MASK_DTYPE, 0, draws, z));
    assert_elements_equal(dtype, z, y, draws);
    assert_ok(planedrop_mask_elements(a, rng, PLANEDROP_MASK_DTYPE, 0, 1, y));
    assert_ok(planedrop_mask_elements(b, rng, PLANEDROP_MASK_DTYPE, 0, 1, z));
    assert_elements_equal(dtype, z, y, COUNT);
}

static void set_rate_is_a_new_plan(int32_t dtype) {
    struct random random = random_begin(dtype);
    const planedrop_desc descs[] = {
        planedrop_desc_nchw(dtype, N, C, HW, 0.5),
        planedrop_desc_nhwc(dtype, N, HW, C, 0.5),
        planedrop_desc_elementwise(dtype, COUNT, 0.5),
    };
    fill(dtype);
    for (size_t i = 0; i < 100; i++) {
        planedrop_desc desc = descs[i % 3];
        desc.flags = (uint32_t)random_below(&random, 8);
        desc.rate = random_rate(&random);
        if (!desc_set_law(&desc, i % 2 ? PLANEDROP_GAUSSIAN : PLANEDROP_BERNOULLI)) {
            desc.law = PLANEDROP_BERNOULLI;
        }
        planedrop_plan changed = plan_of(&desc);
        for (int repeat = 0; repeat < 3; repeat++) {
            const double before = desc.rate;
            desc.rate = random_rate(&random);
            fence_case("%s, test seed %llu: rate %.17g, then %.17g, law %d, flags %u, desc %zu",
                       isa_under_test(), (unsigned long long)random_seed(), before, desc.rate,
                       (int)desc.law, (unsigned)desc.flags, i % 3);
            if (desc.law == PLANEDROP_GAUSSIAN && desc.rate == 1) {
                assert_int_equal(planedrop_plan_set_rate(&changed, 1), PLANEDROP_ERR_RATE);
                desc.rate = before;
            } else {
                assert_ok(planedrop_plan_set_rate(&changed, desc.rate));
            }
            const planedrop_plan fresh = plan_of(&desc);
            assert_same_plans(&changed, &fresh, dtype);
        }
    }
}

int main(int argc, char **argv) {
    static const struct dtype_test tests[] = {
        {"parts_are_the_whole", parts_are_the_whole},
        {"parts_are_fair", parts_are_fair},
        {"windows_are_the_whole", windows_are_the_whole},
        {"layouts_share_the_mask", layouts_share_the_mask},
        {"same_result_every_way", same_result_every_way},
        {"extreme_rates", extreme_rates},
        {"broadcast_input", broadcast_input},
        {"scalar_input", scalar_input},
        {"set_rate_is_a_new_plan", set_rate_is_a_new_plan},
    };
    const int code = isa_begin(argc, argv);
    return code != 0 ? code : dtype_run_tests("invariants", tests, sizeof tests / sizeof tests[0]);
}
