/* SPDX-License-Identifier: MIT
 *
 * The timed loop of timing.hpp, and the counters that a single repetition can know.
 */
#include "timing.hpp"

#include <benchmark/benchmark.h>

void Tracker::begin(const Row &row, long long iterations) {
    long long &last = last_iterations_[&row];
    if (last == 0 || iterations == last) {
        begun_++;
    }
    last = iterations;
    progress_.show(begun_ - 1, row.name);
}

namespace {

using benchmark::Counter;

/* Seconds an iteration, over `count`, in ns. */
Counter ns_each(double count) {
    return Counter(count * 1e-9, Counter::kIsIterationInvariantRate | Counter::kInvert);
}

void time_row(benchmark::State &state, const Row &row, Buffers *buffers, Tracker *tracker) {
    tracker->begin(row, state.max_iterations);
    if (!row.error.empty()) {
        state.SkipWithError(row.error.c_str());
        return;
    }
    const void *x = buffers->x();
    void *y = buffers->y();
    row.call(x, y); /* the row before has left its own data in the cache */
    for (auto _ : state) {
        row.call(x, y);
        benchmark::ClobberMemory();
    }
    if (row.elements > 0) {
        state.counters["bytes_per_second"] =
            Counter(row.bytes, Counter::kIsIterationInvariantRate, Counter::kIs1000);
        state.counters["ns_per_element"] = ns_each(row.elements);
        state.counters["elements"] = row.elements;
        state.counters["footprint_bytes"] = 2 * row.elem_bytes() * row.elements;
    } else {
        state.counters["ns_per_call"] = ns_each(static_cast<double>(row.calls));
    }
    if (row.measures != nullptr) {
        state.counters["rate"] = row.measures->rate;
    }
}

} // namespace

void register_rows(const std::vector<Row> &rows, Buffers *buffers, Tracker *tracker) {
    for (const Row &row : rows) {
        benchmark::RegisterBenchmark(row.name.c_str(), [=, &row](benchmark::State &state) {
            time_row(state, row, buffers, tracker);
        });
    }
}
