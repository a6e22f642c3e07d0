/* SPDX-License-Identifier: MIT
 *
 * More than 2^32 elements, draws and bytes, in a few MiB of memory. y is 16 GiB of addresses that
 * nearly all lead to the same 2 MiB of memory, written again and again, and x reads as zero; only
 * around the places where an index outgrows a type is there memory of its own, and what stands
 * there is compared with the oracle:
 *
 *     bytes    0      2^28   2^29      2^32       2^33         2^34 end
 *     y        [own]..[own]..[own].....[own]......[own]........[own |]
 *
 * A call on a whole tensor takes a second; the same tensors are also done in shares, of which only
 * those around the places are called.
 */
#define _GNU_SOURCE
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "mask.h"
#include "random.h"
#include "reference.h"
#include "sparse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum {
    CHUNK = 2 << 20,  /* bytes: few enough to stay in a cache */
    BEFORE = 1024,    /* elements before a place that are checked */
    AREA = 12288,     /* and from there on, more than there are at the end */
    TAIL = 9294,      /* elements beyond the last place: twice an odd number */
    SHARE = 2048,     /* elements of a share, about */
    MANY_CASES = 1000 /* fewer are asked for under emulation */
};

#define POWER(n) (UINT64_C(1) << (n))

/* Where there is memory of its own, in bytes. */
static const uint64_t places[] = {0, POWER(28), POWER(29), POWER(32), POWER(33), POWER(34)};
enum { PLACES = sizeof places / sizeof places[0] };

#define SPAN (POWER(34) + CHUNK) /* bytes of x and of y */
static unsigned char *x, *y;
static uint32_t *mask; /* of a caller's */

static size_t elements_of(size_t elem_bytes) { return (size_t)POWER(34) / elem_bytes + TAIL; }

static int whole_calls(void) { return random_cases(MANY_CASES) >= MANY_CASES; }

/* What is cut into tiles before it comes to a kernel need be shown on one instruction set only. */
static int is_best(void) {
    size_t best = 0;
    while (!planedrop_isa_usable(best)) {
        best++;
    }
    return strcmp(isa_under_test(), planedrop_isa_name(best)) == 0;
}

static void skip_unless(int condition, const char *why) {
    if (!condition) {
        puts(why);
        skip();
    }
}

/* ---- Memory ---------------------------------------------------------------------------------- */

static int has_own_memory(size_t chunk) {
    for (size_t i = 0; i < PLACES; i++) {
        const size_t at = (size_t)(places[i] / CHUNK);
        if (chunk == at || chunk + 1 == at) {
            return 1;
        }
    }
    return 0;
}

/* Maps every chunk of y; at once, since page faults would cost more than all the writing. Returns 0
 * if that cannot be had. */
static int map_y(void) {
    const int file = memfd_create("planedrop test", MFD_CLOEXEC);
    if (file < 0 || ftruncate(file, CHUNK) != 0) {
        perror("SKIPPED: memfd_create");
        return 0;
    }
    y = sparse_map(SPAN + CHUNK);
    if (y == NULL) {
        return 0;
    }
    y += CHUNK - (uintptr_t)y % CHUNK;
    for (size_t chunk = 0; chunk < SPAN / CHUNK; chunk++) {
        const int own = has_own_memory(chunk), now = whole_calls() ? MAP_POPULATE : 0;
        void *at = mmap(y + chunk * CHUNK, CHUNK, PROT_READ | PROT_WRITE,
                        MAP_FIXED | (own ? MAP_PRIVATE | MAP_ANONYMOUS : MAP_SHARED | now),
                        own ? -1 : file, 0);
        if (at == MAP_FAILED) {
            perror("SKIPPED: mmap of a chunk");
            return 0;
        }
    }
    close(file);
    return 1;
}

static int map_all(void) {
    x = sparse_map(SPAN);
    mask = (uint32_t *)(void *)sparse_map(SPAN / 8);
    if (x == NULL || mask == NULL) {
        return 0;
    }
    (void)madvise(x, (size_t)SPAN, MADV_HUGEPAGE); /* zeros, for the most part: one page */
    return map_y();
}

/* ---- Large tensors --------------------------------------------------------------------------- */

struct large {
    const char *name;
    planedrop_desc desc; /* two dense axes */
    planedrop_rng rng;
    const uint32_t *keep; /* NULL: forward; else apply */
};

static planedrop_desc two_axes(int32_t dtype, size_t outer, int outer_drawn, size_t inner,
                               int inner_drawn) {
    planedrop_desc desc = planedrop_desc_drop_path(dtype, outer, inner, 0.25);
    desc.noise[0] = outer_drawn ? outer : 1;
    desc.noise[1] = inner_drawn ? inner : 1;
    return desc;
}

/* Every way for two axes to be more than 2^34 bytes. */
enum large_kind { ELEMENTS, TWO_ROWS, ROWS_OF_TWO, PLANES_OF_TWO, TWO_PLANES, ONE_PLANE, KINDS };

static struct large make_large(enum large_kind kind, int32_t dtype) {
    const size_t all = elements_of(dtype_bytes(dtype)), half = all / 2;
    const struct large kinds[KINDS] = {
        [ELEMENTS] = {"elements", two_axes(dtype, 1, 0, all, 1), {0, 0}, NULL},
        [TWO_ROWS] = {"two rows", two_axes(dtype, 2, 0, half, 1), {0, 0}, NULL},
        [ROWS_OF_TWO] = {"rows of two", two_axes(dtype, half, 0, 2, 1), {0, 0}, NULL},
        [PLANES_OF_TWO] = {"planes of two", two_axes(dtype, half, 1, 2, 0), {0, 0}, NULL},
        [TWO_PLANES] = {"two planes", two_axes(dtype, 2, 1, half, 0), {0, 0}, NULL},
        [ONE_PLANE] = {"one plane", two_axes(dtype, 1, 0, all, 0), {0, 0}, NULL},
    };
    return kinds[kind];
}

/* The first element of the area around a place, and in *count how many of its AREA elements are the
 * tensor's. */
static size_t area_at(const struct large *large, size_t place, size_t *count) {
    const size_t all = elements_of(dtype_bytes(large->desc.dtype));
    const size_t at = (size_t)places[place] / dtype_bytes(large->desc.dtype);
    const size_t first = at < BEFORE ? 0 : at - BEFORE;
    *count = all - first < AREA ? all - first : AREA;
    return first;
}

/* What the oracle makes of the elements first ... first+count-1: line by line, each a window. */
static void oracle(const struct large *large, size_t first, size_t count, unsigned char *want) {
    const planedrop_desc *desc = &large->desc;
    const size_t bytes = dtype_bytes(large->desc.dtype), length = (size_t)desc->dims[1];
    for (size_t n, end = first + count; first < end; first += n, want += n * bytes) {
        const size_t line = first / length, from = first % length;
        planedrop_desc window = *desc;
        n = length - from < end - first ? length - from : end - first;
        window.dims[0] = window.noise[0] = 1;
        window.dims[1] = n;
        window.noise[1] = desc->noise[1] == 1 ? 1 : n;
        for (int a = 0; a < 2; a++) {
            window.global_noise[a] = desc->noise[a];
            window.window_start[a] = desc->noise[a] == 1 ? 0 : a == 0 ? line : from;
        }
        if (large->keep == NULL) {
            reference_forward(&window, large->rng, x + first * bytes, want);
        } else { /* elements: bits of a mask are theirs */
            reference_apply(&window, large->keep + first / 32, x + first * bytes, want);
        }
    }
}

static void call_part(const struct large *large, const planedrop_plan *plan, size_t part,
                      size_t parts) {
    assert_ok(large->keep == NULL ? planedrop_forward_part(plan, large->rng, part, parts, x, y)
                                  : planedrop_apply_part(plan, large->keep, part, parts, x, y));
}

/* The shares that hold an area. As the tensor is little more than a power of two of shares, the
 * p-th begins little after element p * SHARE; if it did not, the comparison would fail. */
static void call_shares(const struct large *large, const planedrop_plan *plan) {
    const size_t parts = elements_of(dtype_bytes(large->desc.dtype)) / SHARE;
    for (size_t i = 0; i < PLACES; i++) {
        size_t count;
        const size_t first = area_at(large, i, &count) / SHARE;
        for (size_t part = first < 2 ? 0 : first - 2; part <= first + AREA / SHARE; part++) {
            if (part < parts) {
                call_part(large, plan, part, parts);
            }
        }
    }
}

enum extent { SHARES, WHOLE };

/* Runs one case on x and y and compares the areas with the oracle's; what they hold beyond the
 * tensor's end must stay. */
static void check(const struct large *large, struct random *random, enum extent extent) {
    const size_t bytes = dtype_bytes(large->desc.dtype), room = AREA * bytes;
    unsigned char *want = malloc(PLACES * room);
    char text[400];
    size_t count;
    describe(text, sizeof text, &large->desc, large->rng);
    fence_case("%s, test seed %llu: %s, %s of it: %s", isa_under_test(),
               (unsigned long long)random_seed(), large->name, extent == WHOLE ? "all" : "shares",
               text);
    for (size_t i = 0; i < PLACES; i++) {
        const size_t at = area_at(large, i, &count) * bytes;
        random_elements(random, large->desc.dtype, x + at, AREA);
        random_elements(random, large->desc.dtype, y + at, AREA);
        memcpy(want + i * room, y + at, room);
    }
    planedrop_plan plan;
    assert_ok(planedrop_plan_init_isa(&plan, &large->desc, isa_under_test()));
    if (extent == WHOLE) {
        call_part(large, &plan, 0, 1);
    } else {
        call_shares(large, &plan);
    }
    for (size_t i = 0; i < PLACES; i++) {
        const size_t first = area_at(large, i, &count);
        oracle(large, first, count, want + i * room);
        for (size_t j = 0; j < AREA; j++) {
            if (memcmp(y + (first + j) * bytes, want + i * room + j * bytes, bytes) != 0) {
                fail_msg("%s\n  element %zu is wrong", fence_case_text(), first + j);
            }
        }
    }
    free(want);
}

static planedrop_rng random_rng(struct random *random) {
    const planedrop_rng rng = {random_bits(random), random_bits(random)};
    return rng;
}

/* An rng that keeps, or drops, the draw. */
static planedrop_rng rng_that(struct random *random, int keeps, double rate, uint64_t draw) {
    planedrop_rng rng = random_rng(random);
    while (reference_keeps(rng, rate, draw) != keeps) {
        rng.offset++;
    }
    return rng;
}

/* Bits for the elements around the places. */
static const uint32_t *fill_mask(const struct large *elements, struct random *random) {
    for (size_t i = 0; i < PLACES; i++) {
        size_t count;
        const size_t first = area_at(elements, i, &count);
        for (size_t w = first / 32; w < (first + count + 31) / 32; w++) {
            mask[w] = (uint32_t)random_bits(random);
        }
    }
    return mask;
}

static void shares(int32_t dtype) {
    struct random random = random_begin(dtype);
    for (enum large_kind kind = 0; kind < KINDS; kind++) {
        /* accumulating shows what two shares do */
        for (unsigned flags = 0; flags <= PLANEDROP_ACCUMULATE; flags += PLANEDROP_ACCUMULATE) {
            struct large large = make_large(kind, dtype);
            const uint64_t last = reference_draws(&large.desc) - 1;
            large.desc.flags = flags;
            large.rng = rng_that(&random, 1, large.desc.rate, last);
            check(&large, &random, SHARES);
        }
    }
    struct large large = make_large(ELEMENTS, dtype);
    large.keep = fill_mask(&large, &random);
    check(&large, &random, SHARES);
}

/* A kernel is given all of a plane at once. */
static void whole_planes(void **state) {
    (void)state;
    struct random random = {random_seed()};
    skip_unless(whole_calls(), "fewer cases: no calls on whole tensors");
    for (int kept = 0; kept < 2; kept++) {
        struct large large = make_large(ONE_PLANE, PLANEDROP_F32);
        large.rng = rng_that(&random, kept, large.desc.rate, 0);
        check(&large, &random, WHOLE);
    }
}

static void whole_tensors(void **state) {
    (void)state;
    struct random random = {random_seed()};
    skip_unless(whole_calls(), "fewer cases: no calls on whole tensors");
    skip_unless(is_best(), "left to the best instruction set");
    for (enum large_kind kind = ELEMENTS; kind <= PLANES_OF_TWO; kind++) {
        struct large large = make_large(kind, PLANEDROP_F32);
        large.rng = rng_that(&random, 1, large.desc.rate, 0);
        check(&large, &random, WHOLE);
    }
    struct large large = make_large(ELEMENTS, PLANEDROP_F32);
    large.keep = fill_mask(&large, &random);
    check(&large, &random, WHOLE);
    large = make_large(PLANES_OF_TWO, PLANEDROP_BF16); /* more than 2^32 planes */
    large.rng = rng_that(&random, 1, large.desc.rate, 0);
    check(&large, &random, WHOLE);
}

/* A window of two rows in a mask of three, all of more than 2^31 draws. */
static planedrop_desc large_window(void) {
    const size_t all = elements_of(4);
    planedrop_desc desc = two_axes(PLANEDROP_F32, 2, 1, all / 2, 1);
    desc.global_noise[0] = 3, desc.global_noise[1] = all;
    desc.window_start[0] = 1, desc.window_start[1] = 5;
    return desc;
}

static int window_keeps(const planedrop_desc *desc, planedrop_rng rng, uint64_t draw) {
    const uint64_t row = desc->window_start[0] + draw / desc->noise[1];
    return reference_keeps(rng, desc->rate,
                           row * desc->global_noise[1] + desc->window_start[1] +
                               draw % desc->noise[1]);
}

static void whole_mask(void **state) {
    (void)state;
    const planedrop_desc desc = large_window();
    const planedrop_rng rng = {random_seed(), 4};
    const uint32_t *keep = (const uint32_t *)(const void *)y;
    planedrop_plan plan;
    skip_unless(whole_calls(), "fewer cases: no calls on whole tensors");
    skip_unless(is_best(), "left to the best instruction set");
    fence_case("%s: a mask of more than 2^32 draws", isa_under_test());
    assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
    const uint64_t draws = planedrop_plan_draws(&plan);
    assert_true(draws == reference_draws(&desc) && draws > POWER(32));
    assert_ok(mask_bits(&plan, rng, (uint32_t *)(void *)y));
    for (size_t i = 0; i < PLACES && 8 * places[i] < draws; i++) {
        const size_t at = (size_t)places[i] * 8, first = at < BEFORE ? 0 : at - BEFORE;
        for (size_t w = first / 32; w < (first + AREA) / 32 && 32 * w < draws; w++) {
            uint32_t want = 0;
            for (size_t bit = 0; bit < 32 && 32 * w + bit < draws; bit++) {
                want |= (uint32_t)window_keeps(&desc, rng, 32 * w + bit) << bit;
            }
            if (keep[w] != want) {
                fail_msg("%s\n  word %zu is wrong", fence_case_text(), w);
            }
        }
    }
}

static void whole_multipliers(void **state) {
    (void)state;
    const planedrop_desc desc = large_window();
    const planedrop_rng rng = {random_seed(), 5};
    const struct large large = make_large(ELEMENTS, PLANEDROP_F32); /* a factor for an element */
    planedrop_plan plan;
    skip_unless(whole_calls(), "fewer cases: no calls on whole tensors");
    skip_unless(is_best(), "left to the best instruction set");
    fence_case("%s: more than 2^32 multipliers", isa_under_test());
    assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
    assert_ok(mask_multipliers(&plan, rng, (float *)(void *)y));
    for (size_t i = 0; i < PLACES; i++) {
        size_t count;
        const size_t first = area_at(&large, i, &count);
        for (size_t draw = first; draw < first + count; draw++) {
            const float want = window_keeps(&desc, rng, draw) ? (float)(1 / 0.75) : 0;
            if (memcmp(y + 4 * draw, &want, 4) != 0) {
                fail_msg("%s\n  factor %zu is wrong", fence_case_text(), draw);
            }
        }
    }
}

int main(int argc, char **argv) {
    static const struct dtype_test typed_tests[] = {{"shares", shares}};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_planes),
        cmocka_unit_test(whole_tensors),
        cmocka_unit_test(whole_mask),
        cmocka_unit_test(whole_multipliers),
    };
    const int code = isa_begin(argc, argv);
    if (code != 0) {
        return code;
    }
    return map_all() ? dtype_run_tests("shares of large tensors", typed_tests, 1) +
                           cmocka_run_group_tests_name("large", tests, NULL, NULL)
                     : EXIT_SKIP;
}
