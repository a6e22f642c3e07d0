/* SPDX-License-Identifier: MIT
 *
 * Groups of rows that are compared with each other and therefore measured together
 * (interleave.hpp), and times put together of them. The names of a group's rows begin with its own,
 * so that no group is ever held against a yardstick of another one:
 *
 *     nhwc-cached/nhwc/avx2/f32/N1_HW1024_C64/p0.5
 *     nhwc-cached/roof/avx2/f32/E65536/scale
 */
#ifndef PLANEDROP_BENCH_GROUP_HPP
#define PLANEDROP_BENCH_GROUP_HPP

#include "results.hpp"
#include "rows.hpp"

#include <deque>
#include <string>
#include <vector>

/* Everything that a run times. Rows point to cases, which therefore stay where they are. */
struct Workload {
    std::deque<Case> cases;
    std::vector<Row> rows;
};

/* A weighted sum of the times an element of rows by name, each the fastest of several. */
struct Term {
    double weight;
    std::vector<std::string> rows;
};
using Time = std::vector<Term>;

double ns_of(const Time &time, const Results &results);

class Group {
  public:
    Group(std::string name, Workload *workload) : name_(std::move(name)), workload_(workload) {}

    /* Keeps a case where the rows can point to it. */
    const Case &keep(const Case &c) const;

    /* Adds a row, if there is none of its name, and returns the name it has here. */
    std::string add(Row row) const;

    /* Adds rows of one kind. */
    std::string ours(const Case &c, const Isa &isa = best_isa()) const;
    Time copy(const Case &c) const;
    Time scale(size_t elements) const; /* the faster of ordinary and streaming */
    Time whole(Whole what, size_t elements) const;
    Time roof(double rate, size_t elements) const; /* L(rate), in streaming stores */

  private:
    std::string name_of(const std::string &row) const { return name_ + "/" + row; }
    void rename(std::vector<std::string> *rows) const;

    std::string name_;
    Workload *workload_;
};

constexpr size_t KiB = 1024 / sizeof(float), MiB = 1024 * KiB; /* in f32s */

/* A case for the group's library rows: a tensor that fits into a cache is run under 20 masks in
 * turn. A single one of few draws could drop anything, and the CPU would learn it by heart. */
Case case_of(const Shape &shape, double rate, planedrop_dtype dtype = PLANEDROP_F32);

/* NCHW tensors of about so many elements: one sample, and as many planes as fit. Where they can be,
 * all tensors of one size are of the very same size. */
Shape planes_shape(size_t elements, size_t plane);

#endif
