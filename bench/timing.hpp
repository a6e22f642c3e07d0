/* SPDX-License-Identifier: MIT
 *
 * The rows as Google Benchmark's benchmarks. Its random interleaving shuffles all repetitions of
 * all rows, so that what is compared was measured in the same minutes and a slow spell of a shared
 * machine strikes no row alone.
 */
#ifndef PLANEDROP_BENCH_TIMING_HPP
#define PLANEDROP_BENCH_TIMING_HPP

#include "buffers.hpp"
#include "progress.hpp"
#include "rows.hpp"

#include <map>
#include <vector>

/* How many repetitions have begun. Google Benchmark does not say; but within a row's first one it
 * calls with growing numbers of iterations until they take long enough, and then with that number
 * again in every further repetition. */
class Tracker {
  public:
    explicit Tracker(size_t repetitions) : progress_("timing", repetitions) {}
    void begin(const Row &row, long long iterations);
    void finish() { progress_.finish(); }
    double seconds() const { return progress_.seconds(); }

  private:
    Progress progress_;
    std::map<const Row *, long long> last_iterations_;
    size_t begun_ = 0;
};

/* The three must live until the benchmarks have run. */
void register_rows(const std::vector<Row> &rows, Buffers *buffers, Tracker *tracker);

#endif
