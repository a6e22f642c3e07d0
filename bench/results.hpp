/* SPDX-License-Identifier: MIT
 *
 * From repetitions to results. Of each row the fastest repetition counts: noise only ever adds
 * time. Then every row of the library is set beside its yardsticks, all measured in this run, and
 * the whole is written in Google Benchmark's JSON: the repetitions, and for each row an aggregate
 * named "min" that carries the comparisons as counters.
 */
#ifndef PLANEDROP_BENCH_RESULTS_HPP
#define PLANEDROP_BENCH_RESULTS_HPP

#include "rows.hpp"

#include <benchmark/benchmark.h>

#include <cmath>
#include <map>
#include <string>
#include <vector>

/* NaN: not measured. The times_... are speeds: 2 is twice as fast as the yardstick. */
struct Result {
    double ns = NAN; /* per element; per call of a fixed-cost row */
    double bytes_per_ns = NAN;
    double times_baseline = NAN, times_naive = NAN, times_memcpy = NAN;
    double roof_fraction = NAN; /* the roof's time over the row's */
};

class Results : public benchmark::JSONReporter {
  public:
    explicit Results(const std::vector<Row> &rows);

    /* Called by Google Benchmark. */
    void ReportRuns(const std::vector<Run> &runs) override;
    void Finalize() override;

    /* The result of a row; all NaN if it has none. Valid when the benchmarks have run. */
    Result of(const Row &row) const;
    /* ns per element, or of a fixed-cost row per call, of the row with this name; NaN: none. */
    double ns_of(const std::string &name) const;
    double fastest_ns(const std::vector<std::string> &names) const;
    size_t errors() const { return errors_; }

  private:
    const std::vector<Row> &rows_;
    std::map<std::string, const Row *> by_name_;
    std::vector<Run> runs_;
    std::map<std::string, Run> best_;
    size_t errors_ = 0;
};

#endif
