/* SPDX-License-Identifier: MIT
 *
 * The choice of a cache policy, rule by rule on both sides of each threshold. The policy is a
 * function of its input alone: no instruction set takes part. The thresholds of policy.c are
 * repeated here, so that one is changed on purpose.
 */
#include "isa.h"

#include "policy.h"

#include <string.h>

enum {
    KIB = 1 << 10,
    MIB = 1 << 20,
    CACHE = 16 * MIB,
    NT_BYTES = 12 * MIB, /* of input and output together: three quarters of CACHE */
    L2_LINES = 1024,
    L1_LINES = 32
};

/* A tensor of planes that lie end to end; of rows where plane is 0. */
struct input {
    struct pd_view view;
    struct pd_op op;
    struct pd_policy_input policy;
};

static void input_make(struct input *input, size_t elements, size_t elem_bytes, size_t plane) {
    memset(input, 0, sizeof *input);
    input->view.elements = elements;
    input->view.inner.n = plane == 0 ? elements : plane;
    input->view.inner.draw_stride = plane == 0;
    input->view.outer.n = plane == 0 ? 1 : elements / plane;
    input->view.outer.draw_stride = plane != 0;
    for (int r = 0; r < PD_ROLES; r++) {
        input->view.inner.stride[r] = 1;
        input->view.outer.stride[r] = (ptrdiff_t)input->view.inner.n;
    }
    input->op.form = PD_MUL;
    input->op.kind = PD_BITS;
    input->policy.view = &input->view;
    input->policy.op = &input->op;
    input->policy.elem_bytes = elem_bytes;
    input->policy.lanes = 8;
    input->policy.cache_bytes = CACHE;
    input->policy.rate = 0.5;
    input->policy.has_nt_stores = 1;
}

static void assert_nt(const struct input *input, int kept, int dropped) {
    const struct pd_cache_policy policy = pd_policy_choose(&input->policy);
    assert_int_equal(policy.nt_kept, kept);
    assert_int_equal(policy.nt_dropped, dropped);
}

/* Of planes: done as rows, or one by one, and then prefetched or not. */
static void assert_planes(const struct input *input, int as_rows, int prefetch) {
    const struct pd_cache_policy policy = pd_policy_choose(&input->policy);
    assert_int_equal(policy.planes_as_rows, as_rows);
    assert_int_equal(policy.prefetch, prefetch);
    assert_int_equal(policy.prefetch_l2_lines, L2_LINES);
    assert_int_equal(policy.prefetch_l1_lines, L1_LINES);
}

/* Non-temporal stores from beyond three quarters of the cache on, of each element size, for rows
 * and for planes of any size. */
static void nt_by_size(void **state) {
    static const size_t planes[] = {0, 1, 16, 512, 1 << 20};
    (void)state;
    for (size_t bytes = 2; bytes <= 8; bytes *= 2) {
        for (size_t p = 0; p < sizeof planes / sizeof planes[0]; p++) {
            struct input input;
            input_make(&input, NT_BYTES / 2 / bytes, bytes, planes[p]);
            assert_nt(&input, 0, 0);
            input_make(&input, NT_BYTES / 2 / bytes + 4, bytes, planes[p]);
            assert_nt(&input, 1, 1);
        }
    }
}

/* In place there is one tensor, and its kept values are in the cache already. */
static void nt_in_place(void **state) {
    struct input input;
    (void)state;
    input_make(&input, NT_BYTES / 4, 4, 0);
    input.policy.in_place = 1;
    assert_nt(&input, 0, 0);
    input_make(&input, NT_BYTES / 4 + 4, 4, 0);
    input.policy.in_place = 1;
    assert_nt(&input, 0, 1);
    input.policy.in_place = 0;
    assert_nt(&input, 1, 1);
}

/* No non-temporal stores of any kind where the output is read as well, where the caller wants it in
 * the cache, and where there are none. Planes are prefetched nevertheless. */
static void nt_forbidden(void **state) {
    (void)state;
    for (int in_place = 0; in_place < 2; in_place++) {
        struct input input, forbidden;
        input_make(&input, 64 * MIB, 4, 1024);
        input.policy.in_place = in_place;
        assert_nt(&input, !in_place, 1);
        forbidden = input;
        forbidden.policy.op = &forbidden.op;
        forbidden.op.form = PD_MUL | PD_ACCUMULATE;
        assert_nt(&forbidden, 0, 0);
        assert_planes(&forbidden, 0, 1);
        forbidden.op.form = PD_ACCUMULATE;
        assert_nt(&forbidden, 0, 0);
        forbidden = input;
        forbidden.policy.no_nt_stores = 1;
        assert_nt(&forbidden, 0, 0);
        assert_planes(&forbidden, 0, 1);
        forbidden = input;
        forbidden.policy.has_nt_stores = 0;
        assert_nt(&forbidden, 0, 0);
        assert_planes(&forbidden, 0, 1);
    }
}

/* A cache of unknown size is taken to have 32 MiB. */
static void cache_unknown(void **state) {
    struct input input;
    (void)state;
    input_make(&input, 3 * MIB, 4, 1024); /* twice 12 MiB */
    input.policy.cache_bytes = 0;
    assert_nt(&input, 0, 0);
    assert_planes(&input, 0, 0);
    input.view.elements += 4;
    assert_nt(&input, 1, 1);
    assert_planes(&input, 0, 1);
    input.policy.cache_bytes = 33 * MIB;
    assert_nt(&input, 0, 0);
    input.policy.cache_bytes = 31 * MIB;
    input.view.elements -= 4;
    assert_nt(&input, 1, 1);
}

/* In the cache: planes below 256 bytes are done as rows, whatever the rate. */
static void planes_in_the_cache(void **state) {
    static const double rates[] = {0, 0.1, 0.5, 0.95, 1};
    (void)state;
    for (size_t bytes = 2; bytes <= 8; bytes *= 2) {
        for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
            struct input input;
            input_make(&input, 64 * KIB, bytes, 256 / bytes - 1);
            input.policy.rate = rates[r];
            assert_planes(&input, 1, 0);
            input_make(&input, 64 * KIB, bytes, 256 / bytes);
            input.policy.rate = rates[r];
            assert_planes(&input, 0, 0);
            input_make(&input, 64 * KIB, bytes, 1);
            input.policy.rate = rates[r];
            assert_planes(&input, 1, 0);
        }
    }
}

/* In memory: planes below (1 - rate) * 2560 bytes are done as rows, and all below 256 bytes. The
 * others are prefetched. */
static void planes_in_memory(void **state) {
    static const struct {
        double rate;
        size_t one_by_one; /* bytes of the smallest plane that is done by itself */
    } cases[] = {{0, 2560}, {0.25, 1920}, {0.5, 1280}, {0.75, 640}, {0.90625, 256}, {1, 256}};
    (void)state;
    for (size_t bytes = 2; bytes <= 8; bytes *= 2) {
        for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
            struct input input;
            input_make(&input, 64 * MIB, bytes, cases[c].one_by_one / bytes);
            input.policy.rate = cases[c].rate;
            assert_planes(&input, 0, 1);
            input_make(&input, 64 * MIB, bytes, cases[c].one_by_one / bytes - 1);
            input.policy.rate = cases[c].rate;
            assert_planes(&input, 1, 0);
        }
    }
}

/* With one lane planes are done one by one, however small. */
static void planes_with_one_lane(void **state) {
    struct input input;
    (void)state;
    input_make(&input, 64 * KIB, 4, 4);
    input.policy.lanes = 1;
    assert_planes(&input, 0, 0);
    input.view.elements = 64 * MIB;
    assert_planes(&input, 0, 1);
    input.policy.lanes = 2;
    assert_planes(&input, 1, 0);
}

/* A row is made of planes that lie end to end in both tensors. */
static void planes_apart(void **state) {
    (void)state;
    for (int r = 0; r < PD_ROLES; r++) {
        for (int shift = -1; shift <= 1; shift += 2) {
            struct input input;
            input_make(&input, 64 * KIB, 4, 49);
            assert_planes(&input, 1, 0);
            input.view.outer.stride[r] += shift;
            assert_planes(&input, 0, 0);
            input_make(&input, 64 * MIB, 4, 49);
            input.view.outer.stride[r] += shift;
            assert_planes(&input, 0, 1);
            input_make(&input, 64 * KIB, 4, 49);
            input.view.inner.stride[r] += shift;
            assert_planes(&input, 0, 0);
            input_make(&input, 64 * KIB, 4, 49);
            input.view.outer.stride[r] *= -1;
            assert_planes(&input, 0, 0);
            input_make(&input, 64 * KIB, 4, 1);
            input.view.inner.stride[r] = -1;
            assert_planes(&input, 0, 0);
        }
    }
}

/* A row has two planes in a tile at least; of factors sixteen in the cache. */
static void planes_and_tiles(void **state) {
    const size_t most_bits = PD_TILE_WORDS * PD_CELL_BITS / 2, most_factors = PD_TILE_FACTORS / 2;
    struct input input;
    (void)state;
    input_make(&input, 64 * MIB, 2, most_factors); /* 256 bytes */
    input.op.kind = PD_FACTORS;
    assert_planes(&input, 1, 0);
    input_make(&input, 64 * MIB, 2, most_factors + 1);
    assert_planes(&input, 1, 0);
    input.op.kind = PD_FACTORS;
    assert_planes(&input, 0, 1);
    input_make(&input, 64 * KIB, 4, PD_TILE_FACTORS / 16);
    input.op.kind = PD_FACTORS;
    assert_planes(&input, 1, 0);
    input_make(&input, 64 * KIB, 4, PD_TILE_FACTORS / 16 + 1);
    assert_planes(&input, 1, 0);
    input.op.kind = PD_FACTORS;
    assert_planes(&input, 0, 0);
    input_make(&input, 64 * MIB, 1, most_bits); /* no element is so small yet */
    input.policy.rate = 0;
    assert_planes(&input, 1, 0);
    input_make(&input, 64 * MIB, 1, most_bits + 1);
    input.policy.rate = 0;
    assert_planes(&input, 0, 1);
}

/* Planes are prefetched from where they do not fit the cache; rows never. */
static void prefetch(void **state) {
    struct input input;
    (void)state;
    input_make(&input, NT_BYTES / 8, 4, 1024);
    assert_planes(&input, 0, 0);
    input.view.elements += 4;
    assert_planes(&input, 0, 1);
    input.policy.in_place = 1;
    assert_planes(&input, 0, 0);
    input.view.elements *= 2;
    assert_planes(&input, 0, 1);
    input_make(&input, 64 * MIB, 4, 0);
    const struct pd_cache_policy policy = pd_policy_choose(&input.policy);
    assert_int_equal(policy.planes_as_rows, 0);
    assert_int_equal(policy.prefetch, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nt_by_size),           cmocka_unit_test(nt_in_place),
        cmocka_unit_test(nt_forbidden),         cmocka_unit_test(cache_unknown),
        cmocka_unit_test(planes_in_the_cache),  cmocka_unit_test(planes_in_memory),
        cmocka_unit_test(planes_with_one_lane), cmocka_unit_test(planes_apart),
        cmocka_unit_test(planes_and_tiles),     cmocka_unit_test(prefetch),
    };
    return cmocka_run_group_tests_name("policy", tests, NULL, NULL);
}
