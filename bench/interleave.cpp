/* SPDX-License-Identifier: MIT
 *
 * The loops of interleave.hpp. A sample is a call to warm the caches, and then as many as take a
 * millisecond. Samples are reported as Google Benchmark's repetitions are.
 */
#include "interleave.hpp"

#include "progress.hpp"

#include <algorithm>
#include <ctime>
#include <random>

namespace {

using benchmark::Counter;
using Run = benchmark::BenchmarkReporter::Run;

constexpr double sample_seconds = 1e-3;
constexpr size_t most_calls = 100000;
constexpr size_t wall_samples = 4; /* for each one of other rows: they need two idle CPUs at once */

double now(clockid_t clock) {
    timespec time;
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/* Seconds that `calls` calls take. */
double time_calls(const Row &row, Buffers *buffers, size_t calls) {
    const clockid_t clock = row.wall ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID;
    void *y = buffers->y();
    const void *x = row.in_place ? y : buffers->x();
    const double start = now(clock);
    for (size_t i = 0; i < calls; i++) {
        row.call(x, y);
        benchmark::ClobberMemory();
    }
    return now(clock) - start;
}

size_t samples_of(const Row &row) { return row.wall ? wall_samples : 1; }

/* The time of a sample and its warming, in a unit of some 2 ms. */
size_t weight_of(const Row &row) { return 1 + static_cast<size_t>(row.elements / 8e6); }

/* How many calls make a sample. */
size_t calls_for(const Row &row, Buffers *buffers) {
    size_t calls = 1;
    time_calls(row, buffers, calls); /* what comes first is slow */
    for (double seconds = 0; calls < most_calls;) {
        seconds = time_calls(row, buffers, calls);
        if (seconds >= sample_seconds) {
            break;
        }
        const double more = 1.2 * sample_seconds / std::max(seconds, sample_seconds / 100);
        calls = std::max(calls + 1, static_cast<size_t>(static_cast<double>(calls) * more));
    }
    return calls;
}

Run run_of(const Row &row, size_t repetition, size_t repetitions) {
    Run run;
    run.run_name.function_name = row.name;
    run.family_index = 0;
    run.per_family_instance_index = 0;
    run.statistics = nullptr;
    run.repetition_index = static_cast<int64_t>(repetition);
    run.repetitions = static_cast<int64_t>(repetitions);
    run.time_unit = benchmark::kNanosecond;
    return run;
}

Run sample_run(const Row &row, double seconds, size_t calls, Run run) {
    run.iterations = static_cast<benchmark::IterationCount>(calls);
    run.real_accumulated_time = seconds;
    run.cpu_accumulated_time = seconds;
    const double each = seconds / static_cast<double>(calls * row.calls);
    if (row.elements > 0) {
        run.counters["bytes_per_second"] = Counter(row.bytes / each);
        run.counters["ns_per_element"] = 1e9 * each / row.elements;
        run.counters["elements"] = row.elements;
        run.counters["footprint_bytes"] = 2 * row.elem_bytes() * row.elements;
    } else {
        run.counters["ns_per_call"] = 1e9 * each;
    }
    if (row.measures != nullptr) {
        run.counters["rate"] = row.measures->rate;
    }
    return run;
}

void report_error(const Row &row, Results *results) {
    Run run = run_of(row, 0, 1);
    run.error_occurred = true;
    run.error_message = row.error;
    results->ReportRuns({run});
}

/* Takes and reports a sample. *calls is 0 before the first one, which sets it. */
void sample(const Row &row, size_t *calls, const Run &run, Buffers *buffers, Results *results) {
    if (!row.error.empty()) {
        if ((*calls)++ == 0) {
            report_error(row, results);
        }
        return;
    }
    if (*calls == 0) {
        *calls = calls_for(row, buffers);
    }
    time_calls(row, buffers, 1); /* the row before has left its own data behind */
    results->ReportRuns({sample_run(row, time_calls(row, buffers, *calls), *calls, run)});
}

} // namespace

void time_groups(const std::vector<Row> &rows, size_t repetitions, Buffers *buffers,
                 Results *results) {
    size_t work = 0, done = 0;
    for (const Row &row : rows) {
        work += repetitions * weight_of(row) * samples_of(row);
    }
    Progress progress("timing", work);
    std::mt19937 random(1);
    std::vector<size_t> calls(rows.size());
    for (size_t begin = 0, end = 0; begin < rows.size(); begin = end) {
        std::vector<size_t> order;
        for (; end < rows.size() && rows[end].group == rows[begin].group; end++) {
            order.insert(order.end(), samples_of(rows[end]), end);
        }
        for (size_t repetition = 0; repetition < repetitions; repetition++) {
            std::shuffle(order.begin(), order.end(), random);
            for (size_t i : order) {
                progress.show(done, rows[i].name);
                done += weight_of(rows[i]);
                sample(rows[i], &calls[i], run_of(rows[i], repetition, repetitions), buffers,
                       results);
            }
        }
    }
    progress.finish();
}
