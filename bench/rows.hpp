/* SPDX-License-Identifier: MIT
 *
 * What is timed: one row for every function on every case. A row knows how to call its function,
 * what the output has to look like, and by name the rows it is compared with. Names are paths:
 *
 *     nchw/avx2/f32/N32_C256_HW3136/p0.5          the library
 *     nchw/naive-avx2/f32/N32_C256_HW3136/p0.5    the hand-written loop, same flags
 *     nchw/memcpy/f32/N32_C256_HW3136             the whole tensor copied
 *     roof/avx2/f32/E25690112/scale-stream        a part of the roof, by size
 *     fixed/avx2/f32/forward                      the cost of a call
 *
 * rows.cpp makes the list of the default run of the single rows of library_rows.cpp and
 * yardsticks.cpp; the other modes make theirs in group.hpp.
 */
#ifndef PLANEDROP_BENCH_ROWS_HPP
#define PLANEDROP_BENCH_ROWS_HPP

#include "cases.hpp"
#include "isas.hpp"

#include <functional>
#include <string>
#include <vector>

/* What the output must be before a row is timed. */
enum class Expect {
    oracle, /* the bytes of tests/reference.c */
    share,  /* x * scale or zero, with zeros in the expected share */
    scaled, /* x * scale everywhere */
    added,  /* x * scale added to what was there */
    zeros,
    nothing
};

struct Row {
    std::string name, group; /* of a group: see group.hpp */
    planedrop_dtype dtype = PLANEDROP_F32;
    std::function<void(const void *x, void *y)> call;
    Expect expect = Expect::nothing;
    double scale = 1;
    double elements = 0, bytes = 0; /* of one call; elements 0: a fixed-cost row */
    size_t calls = 1;               /* how many calls of the library `call` makes */
    bool in_place = false;          /* to be called with y twice */
    bool wall = false;              /* timed by the clock on the wall: it is not alone at work */

    const Case *measures = nullptr; /* null: rows that belong to no single case */

    double elem_bytes() const { return static_cast<double>(dtype_bytes(dtype)); }

    /* Of the library's rows: what selects their mask, and what stands beside them. The roof is the
     * faster scale weighted with `reading` and the faster fill with 1 - reading. */
    const Isa *isa = nullptr;
    planedrop_rng rng = {0, 0};
    std::string baseline, naive, copy;
    std::vector<std::string> roof_scale, roof_fill;
    double reading = 1;

    std::string error; /* why it must not be timed */
};

/* ---- The library ----------------------------------------------------------------------------- */

/* *error says what went wrong, if anything did. */
planedrop_plan plan_of(const planedrop_desc &desc, const Isa &isa, std::string *error);

/* c.masks calls with the offsets from `offset` on; the check sees the last one's output. */
Row library_row(const Case &c, const Isa &isa, uint64_t offset);
Row library_row(const Case &c, const Isa &isa, uint64_t offset, const planedrop_plan &plan);

/* Making a plan and, on every usable instruction set, a call on one plane of one element. */
std::vector<Row> fixed_rows();

/* ---- Yardsticks ------------------------------------------------------------------------------ */

Row naive_row(const Case &c, const Isa &isa, uint64_t seed);
Row xorshift_row(const Case &c, const Isa &isa);
Row copy_row(const Case &c);
Row sleef_row(size_t elements, const Isa &isa);

/* Something done to a whole tensor of f32, on the best instruction set. */
enum class Whole { scale, scale_stream, fill, fill_stream, scale_in_place, accumulate };

Row whole_row(Whole what, size_t elements);

/* The first seed that makes the naive loop, too, drop its share of the planes. */
uint64_t fair_naive_seed(const Case &c);

/* The names that rows of a case, and of a whole tensor, have. */
std::string row_path(const std::string &function, const Case &c);
std::string copy_path(const Case &c);
std::string whole_path(Whole what, size_t elements);

/* ---- The default run ------------------------------------------------------------------------- */

/* All rows over the cases, in their order. The rows point into cases. */
std::vector<Row> make_rows(const std::vector<Case> &cases);

/* The rows whose name the pattern is found in (as --benchmark_filter: extended regular expression,
 * a leading '-' inverts), and the ones they are compared with. Throws std::regex_error. */
std::vector<Row> select_rows(const std::vector<Row> &rows, const std::string &pattern);

#endif
