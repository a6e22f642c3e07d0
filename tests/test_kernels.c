/* SPDX-License-Identifier: MIT
 *
 * Every kernel of a backend's tables, called directly: on random tiles of each kind and form, at
 * any strides, alignment and cache policy, against plain loops, and against the scalar backend. In
 * this way a form is tested before a law uses it. Tensors and draws end at inaccessible pages or
 * are surrounded by bytes that must not change. (The idea is that of dav1d's checkasm.)
 */
#define _DEFAULT_SOURCE
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random.h"
#include "reference.h"

#include "backend.h"
#include "dispatch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

enum {
    ARENA = 1 << 18,      /* bytes of a tensor at most */
    GUARD = 128,          /* bytes around a tensor that are compared */
    MOST_ELEMENTS = 6000, /* of a tile */
    MOST_PLANES = 100,
    MOST_FIRST = 100,
    FORMS = 2 * PD_ONES
};

/* Memory for one tensor that ends at an inaccessible page, or begins after one. */
struct arena {
    struct fence side[2];
};
static struct arena x_arena, out_arena, draws_arena;
static unsigned char *nothing; /* inaccessible: x where it is not read */
static unsigned char x_before[ARENA], out_before[ARENA], want[ARENA];

static void arena_make(struct arena *arena) {
    arena->side[FENCE_BEFORE] = fence_make(ARENA, FENCE_BEFORE);
    arena->side[FENCE_AFTER] = fence_make(ARENA, FENCE_AFTER);
}

static void arena_free(struct arena *arena) {
    assert_true(fence_intact(&arena->side[FENCE_BEFORE]));
    assert_true(fence_intact(&arena->side[FENCE_AFTER]));
    fence_free(&arena->side[FENCE_BEFORE]);
    fence_free(&arena->side[FENCE_AFTER]);
}

static void arenas_make(void) {
    arena_make(&x_arena);
    arena_make(&out_arena);
    arena_make(&draws_arena);
    nothing = mmap(NULL, 2 * ARENA, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(nothing != MAP_FAILED);
}

static void arenas_free(void) {
    arena_free(&x_arena);
    arena_free(&out_arena);
    arena_free(&draws_arena);
    munmap(nothing, 2 * ARENA);
}

/* Bytes of an arena, and those around them that may be touched and are compared. */
struct place {
    unsigned char *bytes, *begin, *end;
};

static struct place place_make(struct random *random, const struct arena *arena, size_t need,
                               size_t unit) {
    const enum fence_side side = random_below(random, 2) ? FENCE_AFTER : FENCE_BEFORE;
    const size_t away = random_below(random, 2) ? unit * random_below(random, GUARD / unit) : 0;
    unsigned char *low = arena->side[side].data, *high = low + ARENA;
    struct place place;
    assert_true(need + GUARD <= ARENA);
    place.bytes = side == FENCE_BEFORE ? low + away : high - need - away;
    place.begin = place.bytes - low > GUARD ? place.bytes - GUARD : low;
    place.end = high - place.bytes > (ptrdiff_t)need + GUARD ? place.bytes + need + GUARD : high;
    return place;
}

static size_t place_size(const struct place *place) { return (size_t)(place->end - place->begin); }

/* Elements of all kinds, or nearly all at the ends of their range. */
static void random_data(struct random *random, int32_t dtype, const struct place *place) {
    const struct dtype_format *format = dtype_format(dtype);
    const uint64_t fraction_mask = (UINT64_C(1) << format->fraction_bits) - 1;
    const uint64_t exponent_mask = (UINT64_C(1) << format->exponent_bits) - 1;
    const size_t count = place_size(place) / format->bytes;
    random_elements(random, dtype, place->begin, count);
    for (size_t i = 0, extremes = random_below(random, 2); i < count && extremes; i++) {
        const uint64_t any = random_bits(random);
        const uint64_t exponents[] = {0, 1, exponent_mask - 1, exponent_mask, any & exponent_mask};
        const uint64_t fractions[] = {0, 1, fraction_mask, fraction_mask / 2, any >> 8};
        dtype_set_bits(dtype, place->begin, i,
                       (fractions[random_below(random, 5)] & fraction_mask) |
                           exponents[random_below(random, 5)] << format->fraction_bits |
                           (any & 1) << (format->fraction_bits + format->exponent_bits));
    }
}

/* ---- What is expected: plain loops ----------------------------------------------------------- */

static float float_of_bits(uint32_t bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t bits_of_float(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* A kept element: (x or 1) * mul + add, then old + that, a NaN sum without payload; each step
 * rounded to the compute type. multiplier is op->mul or a factor. */
static double kept_f64(const struct pd_op *op, double multiplier, double x, double old) {
    double value = op->form & PD_ONES ? 1 : x;
    if (op->form & PD_MUL) {
        value = value * multiplier;
    }
    if (op->form & PD_ADD) {
        value = value + op->add;
    }
    if (op->form & PD_ACCUMULATE) {
        value = old + value;
        value = isnan(value) ? (double)NAN : value;
    }
    return value;
}

static float kept_f32(const struct pd_op *op, double multiplier, float x, float old) {
    float value = op->form & PD_ONES ? 1 : x;
    if (op->form & PD_MUL) {
        value = value * (float)multiplier;
    }
    if (op->form & PD_ADD) {
        value = value + (float)op->add;
    }
    if (op->form & PD_ACCUMULATE) {
        value = old + value;
        value = isnan(value) ? NAN : value;
    }
    return value;
}

static float read_f32(int32_t dtype, const unsigned char *element) {
    const uint64_t bits = dtype_bits(dtype, element, 0);
    return float_of_bits(dtype == PLANEDROP_BF16  ? reference_f32_of_bf16((uint16_t)bits)
                         : dtype == PLANEDROP_F16 ? reference_f32_of_f16((uint16_t)bits)
                                                  : (uint32_t)bits);
}

static void write_f32(int32_t dtype, float value, unsigned char *element) {
    const uint32_t bits = bits_of_float(value);
    dtype_set_bits(dtype, element, 0,
                   dtype == PLANEDROP_BF16  ? reference_bf16_of_f32(bits)
                   : dtype == PLANEDROP_F16 ? reference_f16_of_f32(bits)
                                            : bits);
}

/* x is not read under PD_ONES, nor the old *out unless accumulating. */
static void want_element(int32_t dtype, const struct pd_op *op, int keep, double multiplier,
                         const unsigned char *x, unsigned char *out) {
    const unsigned char *input = op->form & PD_ONES ? out : x;
    const int computes = op->form & (PD_MUL | PD_ADD | PD_ACCUMULATE | PD_ONES);
    if (!keep) {
        if (!(op->form & PD_ACCUMULATE)) {
            reference_store_number(dtype, op->form & PD_FILL ? op->fill : 0, out);
        }
    } else if (!computes) {
        memmove(out, input, dtype_bytes(dtype));
    } else if (dtype == PLANEDROP_F64) {
        double value, old;
        memcpy(&value, input, sizeof value);
        memcpy(&old, out, sizeof old);
        value = kept_f64(op, multiplier, value, old);
        memcpy(out, &value, sizeof value);
    } else {
        write_f32(dtype, kept_f32(op, multiplier, read_f32(dtype, input), read_f32(dtype, out)),
                  out);
    }
}

/* ---- Tiles ----------------------------------------------------------------------------------- */

enum kernel { PLANES, ROWS };

struct test_case {
    int32_t dtype;
    enum kernel kernel;
    struct pd_op op;
    struct pd_tile tile;
    int in_place;
    struct place x, out;
    size_t cells; /* of draws */
};

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

/* Around a multiple of a vector, a cache line or a word of draws. */
static size_t random_size(struct random *random, size_t lanes, size_t elem_bytes) {
    const size_t units[] = {1, lanes, 4 * lanes, PD_CACHE_LINE_BYTES / elem_bytes, PD_CELL_BITS};
    const size_t unit = units[random_below(random, sizeof units / sizeof units[0])];
    const size_t size = unit * random_below(random, random_below(random, 4) ? 5 : 20);
    const size_t around = size + random_below(random, 3);
    return around > 2 ? around - 1 : 1;
}

static ptrdiff_t either_sign(struct random *random, size_t n) {
    return random_below(random, 4) ? (ptrdiff_t)n : -(ptrdiff_t)n;
}

/* Dense, padded, with a stride along the run, or transposed; all ways round. */
static void random_strides(struct random *random, struct pd_tile *tile, enum pd_role role) {
    const size_t pad = random_below(random, 40), step = 1 + random_below(random, 3);
    switch (random_below(random, 8)) {
    default:
        tile->inner_stride[role] = 1;
        tile->outer_stride[role] = (ptrdiff_t)tile->inner;
        break;
    case 0:
    case 1:
        tile->inner_stride[role] = 1;
        tile->outer_stride[role] = either_sign(random, tile->inner + pad);
        break;
    case 2:
        tile->inner_stride[role] = either_sign(random, step);
        tile->outer_stride[role] = either_sign(random, step * tile->inner + pad % 4);
        break;
    case 3:
        tile->inner_stride[role] = either_sign(random, tile->outer + pad % 4);
        tile->outer_stride[role] = either_sign(random, 1);
        break;
    }
}

static ptrdiff_t lowest(const struct pd_tile *tile, enum pd_role role, int highest) {
    const ptrdiff_t ways[] = {tile->outer_stride[role] * (ptrdiff_t)(tile->outer - 1),
                              tile->inner_stride[role] * (ptrdiff_t)(tile->inner - 1)};
    ptrdiff_t low = 0, high = 0;
    for (int i = 0; i < 2; i++) {
        *(ways[i] < 0 ? &low : &high) += ways[i];
    }
    return highest ? high : low;
}

/* Places a tensor, and points the tile to its first element. */
static struct place random_tensor(struct random *random, const struct test_case *test,
                                  struct pd_tile *tile, enum pd_role role) {
    const size_t bytes = dtype_bytes(test->dtype);
    const ptrdiff_t low = lowest(tile, role, 0), high = lowest(tile, role, 1);
    const struct place place = place_make(random, role == PD_IN ? &x_arena : &out_arena,
                                          (size_t)(high - low + 1) * bytes, bytes);
    random_data(random, test->dtype, &place);
    tile->at[role] = place.bytes - low * (ptrdiff_t)bytes;
    return place;
}

/* Turns NaNs into quiet ones: only PD_COPY keeps signalling ones, since the compilers may add a
 * multiplication by 1 to the general instance. */
static void quiet_nans(int32_t dtype, const struct place *place) {
    const struct dtype_format *format = dtype_format(dtype);
    const uint64_t least_normal = UINT64_C(1) << format->fraction_bits;
    const uint64_t sign = least_normal << format->exponent_bits, infinity = sign - least_normal;
    for (size_t i = 0; i < place_size(place) / format->bytes; i++) {
        const uint64_t bits = dtype_bits(dtype, place->begin, i);
        if ((bits & ~sign) > infinity) {
            dtype_set_bits(dtype, place->begin, i, bits | least_normal / 2);
        }
    }
}

/* A constant of an op: finite in f32. One that the form does not use is a NaN. */
static double random_constant(struct random *random, int used) {
    static const double constants[] = {0,      -0.0,    1,      2,     1 / 0.9,  1 / 0.3,
                                       -1.758, 0x1p-30, 3.4e38, 1e-40, 0x1p-149, 65504,
                                       65519,  1e5,     -1e-7,  0.5};
    const size_t i = random_below(random, 2 * sizeof constants / sizeof constants[0]);
    if (!used) {
        return (double)NAN;
    }
    return i < sizeof constants / sizeof constants[0]
               ? constants[i]
               : (double)(int64_t)random_bits(random) * 0x1p-62;
}

static void random_op(struct random *random, struct pd_op *op, unsigned form) {
    memset(op, 0, sizeof *op);
    op->kind = random_below(random, 3) ? PD_BITS : PD_FACTORS;
    op->form = (uint8_t)(op->kind == PD_BITS ? form : form | PD_MUL);
    op->mul = random_constant(random, op->kind == PD_BITS && (op->form & PD_MUL));
    if (op->form == PD_MUL) { /* dropped elements are then +0 by a multiplication */
        op->mul = fabs(op->mul);
    }
    op->add = random_constant(random, op->form & PD_ADD);
    op->fill = random_constant(random, op->form & PD_FILL);
}

/* Draws of all mixtures, with anything in the bits after the last. */
static void random_draws(struct random *random, struct test_case *test) {
    struct pd_tile *tile = &test->tile;
    const int bits = test->op.kind == PD_BITS;
    tile->first = test->kernel == ROWS ? random_below(random, MOST_FIRST) : 0;
    if (bits && random_below(random, 3) == 0) {
        tile->first &= ~(size_t)(PD_CELL_BITS - 1);
    }
    const size_t count = test->kernel == ROWS ? tile->first + tile->inner : tile->outer;
    test->cells = bits ? (count + PD_CELL_BITS - 1) / PD_CELL_BITS : count;
    uint32_t *cells =
        (void *)place_make(random, &draws_arena, test->cells * PD_CELL_BYTES, PD_CELL_BYTES).bytes;
    tile->draws = cells;
    const struct place factors = {NULL, (unsigned char *)cells,
                                  (unsigned char *)(cells + test->cells)};
    const size_t mixture = random_below(random, 4);
    if (!bits) {
        random_elements(random, PLANEDROP_F32, factors.begin, test->cells);
    }
    for (size_t i = 0; i < test->cells; i++) {
        const uint32_t any = (uint32_t)random_bits(random);
        const uint32_t other = (uint32_t)(random_bits(random) & random_bits(random));
        if (bits) {
            cells[i] = mixture == 0   ? any
                       : mixture == 1 ? other
                       : mixture == 2 ? ~other
                                      : 0 - any % 2;
        } else if ((cells[i] & 0x7f800000) == 0x7f800000) { /* factors are finite */
            cells[i] = any & 0xbfffffff;
        }
    }
}

static void random_policy(struct random *random, struct test_case *test) {
    const int nt = !(test->op.form & PD_ACCUMULATE);
    struct pd_cache_policy *policy = &test->tile.policy;
    policy->planes_as_rows = (uint8_t)random_below(random, 2); /* no business of a kernel */
    policy->nt_dropped = (uint8_t)(nt && random_below(random, 2));
    policy->nt_kept = (uint8_t)(nt && !test->in_place && random_below(random, 2));
    policy->prefetch = (uint8_t)random_below(random, 2);
    policy->prefetch_l2_lines = (uint16_t)random_below(random, random_below(random, 2) ? 40 : 2000);
    policy->prefetch_l1_lines = (uint16_t)random_below(random, 40);
}

static void random_case(struct random *random, struct test_case *test, size_t lanes,
                        unsigned form) {
    struct pd_tile *tile = &test->tile;
    const size_t bytes = dtype_bytes(test->dtype);
    memset(tile, 0, sizeof *tile);
    random_op(random, &test->op, form);
    tile->op = &test->op;
    tile->inner = smaller(random_size(random, lanes, bytes), MOST_ELEMENTS / 4);
    tile->outer = 1 + random_below(random, test->kernel == PLANES ? MOST_PLANES : 4);
    tile->outer = smaller(tile->outer, MOST_ELEMENTS / tile->inner);
    random_strides(random, tile, PD_OUT);
    tile->inner_stride[PD_IN] = tile->inner_stride[PD_OUT];
    tile->outer_stride[PD_IN] = tile->outer_stride[PD_OUT];
    test->in_place = random_below(random, 4) == 0;
    if (!test->in_place && random_below(random, 2)) {
        random_strides(random, tile, PD_IN);
        tile->inner_stride[PD_IN] *= random_below(random, 16) > 0; /* a broadcast x */
        tile->outer_stride[PD_IN] *= random_below(random, 16) > 0;
    }
    test->x = random_tensor(random, test, tile, PD_IN);
    test->out = random_tensor(random, test, tile, PD_OUT);
    if (test->op.form == PD_FILL) {
        quiet_nans(test->dtype, &test->x);
        quiet_nans(test->dtype, &test->out);
    }
    if (test->in_place) {
        tile->at[PD_IN] = tile->at[PD_OUT];
    } else if (test->op.form & PD_ONES) {
        tile->at[PD_IN] = nothing + ARENA;
    }
    random_draws(random, test);
    random_policy(random, test);
}

/* What the tile makes of out_before, in `want`. */
static void want_tile(const struct test_case *test) {
    const struct pd_tile *tile = &test->tile;
    const size_t bytes = dtype_bytes(test->dtype);
    const uint32_t *cells = tile->draws;
    unsigned char *first = want + ((unsigned char *)tile->at[PD_OUT] - test->out.begin);
    memcpy(want, out_before, place_size(&test->out));
    for (size_t i = 0; i < tile->outer; i++) {
        for (size_t j = 0; j < tile->inner; j++) {
            ptrdiff_t at[PD_ROLES];
            for (int r = 0; r < PD_ROLES; r++) {
                at[r] = (ptrdiff_t)bytes * ((ptrdiff_t)i * tile->outer_stride[r] +
                                            (ptrdiff_t)j * tile->inner_stride[r]);
            }
            const size_t draw = test->kernel == PLANES ? i : tile->first + j;
            const int factors = test->op.kind == PD_FACTORS;
            const int keep = factors || (cells[draw / PD_CELL_BITS] >> draw % PD_CELL_BITS & 1);
            const double multiplier = factors ? (double)float_of_bits(cells[draw]) : test->op.mul;
            const unsigned char *x =
                test->in_place ? first + at[PD_IN] : (unsigned char *)tile->at[PD_IN] + at[PD_IN];
            want_element(test->dtype, &test->op, keep, multiplier, x, first + at[PD_OUT]);
        }
    }
}

/* Does the tile, starting from out_before, and compares all around it with `want`. */
static void check_backend(const struct test_case *test, const struct pd_backend *backend) {
    const struct pd_tile *tile = &test->tile;
    const struct pd_kernels *kernels = backend->kernels[test->dtype];
    char strides[160];
    snprintf(strides, sizeof strides, "strides out (%td, %td) in (%td, %td)",
             tile->outer_stride[PD_OUT], tile->inner_stride[PD_OUT], tile->outer_stride[PD_IN],
             tile->inner_stride[PD_IN]);
    fence_case("%s, test seed %llu: %s of %zu x %zu %s, kind %d form %d mul %.17g add %.17g "
               "fill %.17g first %zu, %s, out %% 64 = %d%s, nt %d %d prefetch %d %d %d",
               backend->name, (unsigned long long)random_seed(),
               test->kernel == PLANES ? "planes" : "rows", tile->outer, tile->inner,
               dtype_format(test->dtype)->name, test->op.kind, test->op.form, test->op.mul,
               test->op.add, test->op.fill, tile->first, strides,
               (int)((uintptr_t)tile->at[PD_OUT] % 64), test->in_place ? " in place" : "",
               tile->policy.nt_kept, tile->policy.nt_dropped, tile->policy.prefetch,
               tile->policy.prefetch_l2_lines, tile->policy.prefetch_l1_lines);
    memcpy(test->out.begin, out_before, place_size(&test->out));
    (test->kernel == PLANES ? kernels->planes : kernels->rows)(tile);
    backend->store_fence();
    assert_elements_equal(test->dtype, test->out.begin, want,
                          place_size(&test->out) / dtype_bytes(test->dtype));
}

static void check_kernel(int32_t dtype, enum kernel kernel) {
    static const unsigned common[] = {PD_COPY, PD_MUL, PD_MUL | PD_ACCUMULATE};
    const struct pd_backend *backend = pd_backend_named(isa_under_test());
    const struct pd_backend *scalar = pd_backend_last();
    struct random random = random_begin(dtype + DTYPE_COUNT * (int32_t)kernel);
    struct test_case test;
    uint32_t draws_before[MOST_FIRST + MOST_ELEMENTS];
    arenas_make();
    test.dtype = dtype;
    test.kernel = kernel;
    for (size_t i = 0, cases = 6 * random_cases(1000); i < cases; i++) {
        const unsigned form = i % 2 ? (unsigned)(i / 2 % FORMS) : common[i / 2 % 3];
        random_case(&random, &test, backend->kernels[dtype]->lanes, form);
        memcpy(draws_before, test.tile.draws, test.cells * PD_CELL_BYTES);
        memcpy(x_before, test.x.begin, place_size(&test.x));
        memcpy(out_before, test.out.begin, place_size(&test.out));
        want_tile(&test);
        check_backend(&test, backend);
        if (backend != scalar) {
            check_backend(&test, scalar);
        }
        assert_memory_equal(test.x.begin, x_before, place_size(&test.x));
        assert_memory_equal(test.tile.draws, draws_before, test.cells * PD_CELL_BYTES);
    }
    arenas_free();
}

static void planes(int32_t dtype) { check_kernel(dtype, PLANES); }
static void rows(int32_t dtype) { check_kernel(dtype, ROWS); }

static void tables(int32_t dtype) {
    const struct pd_backend *backend = pd_backend_named(isa_under_test());
    const struct pd_kernels *kernels = backend->kernels[dtype];
    assert_string_equal(backend->name, isa_under_test());
    assert_int_equal(kernels->elem_bytes, dtype_bytes(dtype));
    assert_true(kernels->elem_align > 0 && kernels->elem_bytes % kernels->elem_align == 0);
    assert_true(kernels->lanes > 0);
    assert_int_equal(PD_CACHE_LINE_BYTES % (kernels->lanes * kernels->elem_bytes), 0);
    assert_true(backend != pd_backend_last() || kernels->lanes == 1);
}

int main(int argc, char **argv) {
    static const struct dtype_test tests[] = {
        {"tables", tables}, {"planes", planes}, {"rows", rows}};
    const int code = isa_begin(argc, argv);
    return code != 0 ? code : dtype_run_tests("kernels", tests, sizeof tests / sizeof tests[0]);
}
