/* SPDX-License-Identifier: MIT
 *
 * Every generator of a backend's tables, called directly: random keys, thresholds and places in the
 * stream, those around the carries of a counter among them, against the scalar backend and of bits
 * against the oracle. What is written ends at an inaccessible page.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random.h"
#include "reference.h"

#include "backend.h"
#include "dispatch.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CELLS = 700, MOST_ROOM = MOST_CELLS + PD_GROUP_FACTORS };

static const struct pd_generator *generator_of(const struct pd_backend *backend,
                                               enum pd_generator_id id) {
    return &backend->generators[id];
}

static size_t draws_of_a_cell(enum pd_generator_id id) {
    return id == PD_BIT_PLANES ? PD_CELL_BITS : 1;
}

static uint64_t random_word(struct random *random) {
    const uint64_t words[] = {
        0, 1, ~UINT64_C(0), UINT64_C(1) << 63, random_bits(random), random_bits(random)};
    return words[random_below(random, sizeof words / sizeof words[0])];
}

static struct pd_key random_key(struct random *random) {
    static const double variances[] = {1, 1 / 9.0, 9, 1e-30, 999, 1e15};
    const uint64_t one = 1, any = random_bits(random) >> 32;
    const uint64_t thresholds[] = {0,
                                   1,
                                   2,
                                   one << 31,
                                   one << 30,
                                   one * 3 << 30,
                                   one << 28,
                                   one << 27,
                                   one << 24,
                                   one << 23,
                                   any | 1,
                                   any | 1,
                                   any & ~one,
                                   any << 16 & 0xffffffff,
                                   any << 8 & 0xffffffff,
                                   (one << 32) - 1,
                                   one << 32};
    const struct pd_key key = {
        random_word(random), thresholds[random_below(random, sizeof thresholds / sizeof any)],
        random_word(random), variances[random_below(random, sizeof variances / sizeof(double))],
        pd_cpu_has_fma()};
    return key;
}

/* A draw from which `draws` more can be numbered: anywhere, or where a word of a counter carries (8
 * counters for 32 draws, or 1 for 4). */
static uint64_t random_draw(struct random *random, uint64_t draws) {
    const uint64_t carry = UINT64_C(1) << (32 + 2);
    const uint64_t around[] = {0,
                               carry,
                               carry * (1 + random_below(random, 1 << 29)),
                               random_bits(random),
                               random_bits(random) >> random_below(random, 64),
                               ~UINT64_C(0)};
    const uint64_t draw = around[random_below(random, sizeof around / sizeof around[0])];
    const uint64_t back = random_below(random, 3 * PD_TILE_WORDS * PD_CELL_BITS);
    const uint64_t from = draw > back ? draw - back : draw;
    return from > ~UINT64_C(0) - draws ? ~UINT64_C(0) - draws : from;
}

static int oracle_keeps(const struct pd_key *key, uint64_t draw) {
    const planedrop_rng rng = {key->seed, key->offset};
    return reference_keeps(rng, (double)key->threshold * 0x1p-32, draw);
}

/* ---- fill ------------------------------------------------------------------------------------ */

/* Counts what is announced, and keeps what was there when it was. */
struct counting_yield {
    struct pd_yield yield; /* first, so that it leads here */
    const uint32_t *out;
    size_t draws, room, draws_of_a_cell;
    uint32_t seen[MOST_ROOM];
};

static void count_draws(struct pd_yield *yield, size_t draws) {
    struct counting_yield *counting = (struct counting_yield *)yield;
    const size_t before = counting->draws / counting->draws_of_a_cell;
    counting->draws += draws;
    const size_t now = counting->draws / counting->draws_of_a_cell;
    assert_true(draws > 0);
    assert_in_range(now, before, counting->room);
    memcpy(counting->seen + before, counting->out + before, (now - before) * PD_CELL_BYTES);
}

/* Fills over a pattern, with or without a yield. */
static void fill(const struct pd_generator *generator, const struct pd_key *key, uint64_t first,
                 size_t cells, size_t room, int pattern, uint32_t *out,
                 struct counting_yield *counting) {
    memset(out, pattern, room * PD_CELL_BYTES);
    if (counting != NULL) {
        counting->yield.resume = count_draws;
        counting->out = out;
        counting->draws = 0;
        counting->room = room;
    }
    generator->fill(key, first, cells, out, counting != NULL ? &counting->yield : NULL);
}

static void check_fill(struct random *random, enum pd_generator_id id) {
    const struct pd_backend *backend = pd_backend_named(isa_under_test());
    const struct pd_generator *generator = generator_of(backend, id);
    const size_t group = generator->group_cells, per_cell = draws_of_a_cell(id);
    const size_t cells = 1 + random_below(random, random_below(random, 2) ? 40 : MOST_CELLS);
    const size_t room = (cells + group - 1) / group * group;
    const struct pd_key key = random_key(random);
    const uint64_t first = random_draw(random, room * per_cell) / per_cell / group * group;
    static struct counting_yield yields[2];
    uint32_t want[MOST_ROOM];
    fence_case("%s, test seed %" PRIu64 ": fill %d, %zu cells from %" PRIu64 ", seed %" PRIx64
               " offset %" PRIx64 " threshold %" PRIx64 " variance %g",
               isa_under_test(), random_seed(), (int)id, cells, first, key.seed, key.offset,
               key.threshold, key.variance);
    struct fence out =
        fence_make(room * PD_CELL_BYTES, random_below(random, 2) ? FENCE_AFTER : FENCE_BEFORE);
    uint32_t *made = (uint32_t *)(void *)out.data;
    fill(generator_of(pd_backend_last(), id), &key, first, cells, room, 0, want, NULL);
    for (int ones = 0; ones < 2; ones++) {
        fill(generator, &key, first, cells, room, ones ? 0xff : 0, made, NULL);
        assert_words_equal(made, want, cells);
        yields[ones].draws_of_a_cell = per_cell;
        fill(generator, &key, first, cells, room, ones ? 0xff : 0, made, &yields[ones]);
        assert_words_equal(made, want, cells);
    }
    /* What was announced had been written: it did not depend on the pattern. A generator of bits
     * announces all groups, if there was anything to generate; one of factors none. */
    const size_t announced = yields[0].draws;
    assert_int_equal(announced, yields[1].draws);
    assert_words_equal(yields[0].seen, yields[1].seen, announced / per_cell);
    if (id == PD_BOX_MULLER) {
        assert_int_equal(announced, 0);
    } else if (key.threshold != 0 && key.threshold >> 32 == 0) {
        assert_in_range(announced, cells / group * group * per_cell, room * per_cell);
    }
    if (id == PD_BIT_PLANES) {
        for (size_t i = 0; i < 5; i++) {
            const size_t draw = random_below(random, cells * per_cell);
            assert_int_equal(want[draw / PD_CELL_BITS] >> draw % PD_CELL_BITS & 1,
                             oracle_keeps(&key, first * per_cell + draw));
        }
    }
    assert_true(fence_intact(&out));
    fence_free(&out);
}

/* ---- gather ---------------------------------------------------------------------------------- */

/* Draw `at`, taken from a group that is filled. */
static uint32_t draw_by_fill(const struct pd_generator *generator, enum pd_generator_id id,
                             const struct pd_key *key, uint64_t at) {
    uint32_t cells[PD_GROUP_FACTORS];
    const size_t group = generator->group_cells, per_cell = draws_of_a_cell(id);
    const uint64_t first = at / per_cell / group * group;
    const uint32_t cell =
        (generator->fill(key, first, group, cells, NULL), cells[at / per_cell - first]);
    return id == PD_BIT_PLANES ? cell >> at % PD_CELL_BITS & 1 : cell;
}

static void check_gather(struct random *random, enum pd_generator_id id) {
    const struct pd_generator *scalar = generator_of(pd_backend_last(), id);
    const struct pd_generator *generator = generator_of(pd_backend_named(isa_under_test()), id);
    const size_t count = 1 + random_below(random, random_below(random, 2) ? 40 : MOST_CELLS);
    const uint64_t any = random_bits(random) >> random_below(random, 64);
    const uint64_t steps[] = {1 + random_below(random, 200), 1 + any / count};
    const uint64_t step = steps[random_below(random, 2)];
    const uint64_t at = random_draw(random, (count - 1) * step);
    const struct pd_key key = random_key(random);
    const int bits = id == PD_BIT_PLANES;
    const size_t cells = bits ? (count + PD_CELL_BITS - 1) / PD_CELL_BITS : count;
    fence_case("%s, test seed %" PRIu64 ": gather %d, %zu draws from %" PRIu64 " step %" PRIu64
               ", seed %" PRIx64 " offset %" PRIx64 " threshold %" PRIx64 " variance %g",
               isa_under_test(), random_seed(), (int)id, count, at, step, key.seed, key.offset,
               key.threshold, key.variance);
    uint32_t want[MOST_CELLS];
    struct fence out =
        fence_make(cells * PD_CELL_BYTES, random_below(random, 2) ? FENCE_AFTER : FENCE_BEFORE);
    uint32_t *made = (uint32_t *)(void *)out.data;
    scalar->gather(&key, at, step, count, want);
    generator->gather(&key, at, step, count, made);
    if (bits && count % PD_CELL_BITS != 0) { /* the bits after the last may be anything */
        const uint32_t used = (UINT32_C(1) << count % PD_CELL_BITS) - 1;
        want[cells - 1] &= used;
        made[cells - 1] &= used;
    }
    assert_words_equal(made, want, cells);
    for (size_t n = 0; n < 5; n++) {
        const size_t i = random_below(random, count);
        const uint64_t draw = at + i * step;
        const uint32_t got = bits ? made[i / PD_CELL_BITS] >> i % PD_CELL_BITS & 1 : made[i];
        assert_int_equal(got, draw_by_fill(generator, id, &key, draw));
        if (bits) {
            assert_int_equal(got, oracle_keeps(&key, draw));
        }
    }
    assert_true(fence_intact(&out));
    fence_free(&out);
}

/* ---- Tests ----------------------------------------------------------------------------------- */

static void check(void (*function)(struct random *random, enum pd_generator_id id),
                  enum pd_generator_id id) {
    struct random random = random_begin((int32_t)id);
    for (size_t i = 0, cases = 2 * random_cases(1000); i < cases; i++) {
        function(&random, id);
    }
}

static void fill_bits(void **state) {
    (void)state;
    check(check_fill, PD_BIT_PLANES);
}

static void gather_bits(void **state) {
    (void)state;
    check(check_gather, PD_BIT_PLANES);
}

static void fill_factors(void **state) {
    (void)state;
    check(check_fill, PD_BOX_MULLER);
}

static void gather_factors(void **state) {
    (void)state;
    check(check_gather, PD_BOX_MULLER);
}

static void tables(void **state) {
    (void)state;
    for (int id = 0; id < PD_GENERATORS; id++) {
        const struct pd_generator *generator =
            generator_of(pd_backend_named(isa_under_test()), (enum pd_generator_id)id);
        const size_t group = generator->group_cells;
        assert_true(group > 0 && (group & (group - 1)) == 0);
        assert_int_equal(group,
                         generator_of(pd_backend_last(), (enum pd_generator_id)id)->group_cells);
        assert_true(generator->few_cells < group);
        assert_true((generator->fill != NULL) == (id == PD_BIT_PLANES || HAS_GAUSSIAN));
        assert_true((generator->gather != NULL) == (generator->fill != NULL));
    }
}

int main(int argc, char **argv) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables),
        cmocka_unit_test(fill_bits),
        cmocka_unit_test(gather_bits),
#if HAS_GAUSSIAN
        cmocka_unit_test(fill_factors),
        cmocka_unit_test(gather_factors),
#endif
    };
    const int code = isa_begin(argc, argv);
#if !HAS_GAUSSIAN
    (void)fill_factors;
    (void)gather_factors;
#endif
    return code != 0 ? code : cmocka_run_group_tests_name("generators", tests, NULL, NULL);
}
