/* SPDX-License-Identifier: MIT
 *
 * The harness. It reads rows, checks each, times them, and writes the samples. A row is one
 * function on one tensor. Which rows there are and what their times mean is bench.py's business.
 */
#ifndef PLANEDROP_BENCH_BENCH_HPP
#define PLANEDROP_BENCH_BENCH_HPP

#include "baselines.h"
#include "planedrop/planedrop.h"
#include "reference_elements.h"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

struct Isa {
    std::string name;
    const bench_naive *const *naive; /* by planedrop_dtype */
    bench_function *const *loops;    /* by bench_loop */
    bool usable;                     /* on this CPU and operating system */
};

/* All that are compiled in, best first. */
const std::vector<Isa> &isas();

/* What a row times: the word for it, what its output must be (Want of rows.cpp), and which of an
 * instruction set's loops it is, if it is one. */
#define BENCH_KINDS(KIND)                                                                          \
    KIND(library, dropped, BENCH_LOOPS)                                                            \
    KIND(plan_init, nothing, BENCH_LOOPS)                                                          \
    KIND(naive, dropped_naively, BENCH_LOOPS)                                                      \
    KIND(memcpy, copied, BENCH_LOOPS)                                                              \
    KIND(scale, scaled, BENCH_SCALE)                                                               \
    KIND(scale_nt, scaled, BENCH_SCALE_NT)                                                         \
    KIND(scale_in_place, scaled, BENCH_SCALE)                                                      \
    KIND(fill, zeros, BENCH_FILL)                                                                  \
    KIND(fill_nt, zeros, BENCH_FILL_NT)                                                            \
    KIND(accumulate, added, BENCH_ACCUMULATE)                                                      \
    KIND(sleef, nothing, BENCH_SLEEF)

#define BENCH_KIND(word, want, loop) word,
enum class Kind { BENCH_KINDS(BENCH_KIND) };
#undef BENCH_KIND
enum class Layout { nchw, nhwc, blocked, droppath, elements };
enum class Variant { plain, gaussian, in_place, accumulate };

/* See rows.py. */
struct Row {
    std::string name;
    std::string tensor_id; /* equal for rows of the same tensor and rate in a group */
    std::string together;  /* equal for rows that are timed together */
    const Isa *isa = nullptr;
    Kind kind = Kind::library;
    planedrop_dtype dtype = PLANEDROP_F32;
    Layout layout = Layout::elements;
    Variant variant = Variant::plain;
    size_t n = 1, channels = 1, spatial = 1, block = 1;
    double rate = 0;
    size_t masks = 1, threads = 1;
    bool wall = false;
    std::string without, build;

    std::string error;      /* what is wrong: the row is then not timed */
    std::vector<double> ns; /* the samples, each of one call of the library */

    size_t elements() const { return n * channels * spatial; }
    size_t bytes() const { return elements() * reference_element_bytes(dtype); }
    bool is_in_place() const {
        return variant == Variant::in_place || kind == Kind::scale_in_place;
    }
    size_t calls() const; /* how many calls of the library make one call of the row */
};

/* part is less than the row's threads. */
using Call = std::function<void(const void *x, void *y, size_t part)>;

/* Empty if there is nothing to be timed: the plan does not use the technique that the row does
 * without. Throws std::runtime_error. */
Call make_call(const Row &row);

/* The offset (of the naive loop: the seed) of the row's first mask. It is chosen so that the row's
 * masks together drop the expected fraction of the planes: the bytes moved are not left to chance.
 */
uint64_t first_mask(const Row &row);

/* y begins half a page further than x: loads and stores of one index then do not share the low
 * address bits by which CPUs guess at dependences. Whatever the element type, the bits of x are
 * normal numbers. */
struct Buffers {
    explicit Buffers(size_t bytes);
    std::vector<char> memory;
    char *x, *y, *want; /* want: the right y, */
    std::string made;   /* of this tensor and kind of output */
};

/* Runs the row once. Returns what is wrong with its output; empty if nothing is. */
std::string check(const Row &row, const Call &call, Buffers *buffers);

/* Checks and times all rows. */
void measure(std::vector<Row> *rows, size_t repetitions);

/* Loads another build of planedrop, a shared library, for the rows of build "other". Throws
 * std::runtime_error. */
void load_other(const std::string &path);

std::string library_version();
bool has_gaussian();
bool can_run_sleef(); /* on x86 the loops over SLEEF's functions use FMA on every instruction set */
bool is_usable(const std::string &isa);
planedrop_desc desc_of(const Row &row);

/* make_call, of rows of the library. The masks are those of seed 0 and the offsets from `offset`.
 */
Call library_call(const Row &row, uint64_t offset);

/* The multipliers of a row of the Gaussian law. */
std::vector<float> multipliers_of(const Row &row, uint64_t offset);

#endif
