/* SPDX-License-Identifier: MIT
 *
 * The timing. Rows that are compared with one another are checked and then handed to Google
 * Benchmark, which takes the samples of all of them in random order: a slow spell of a shared
 * machine strikes no row alone.
 */
#include "bench.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <map>
#include <stdexcept>
#include <thread>
#include <unistd.h>

namespace {

constexpr size_t wall_samples = 4; /* for each one of other rows: they need two idle CPUs at once */

/* A line on standard error: on a terminal ten times a second, elsewhere for every percentage. */
void show_progress(size_t percent, const std::string &doing) {
    using std::chrono::steady_clock;
    static const bool terminal = isatty(STDERR_FILENO) != 0;
    static const auto start = steady_clock::now();
    static auto next = start;
    static size_t shown = 101;
    const auto now = steady_clock::now();
    if ((terminal && now >= next) || percent != shown) {
        const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(now - start).count();
        std::fprintf(stderr, "%s%2d:%02d  %3zu%%  %.80s%s", terminal ? "\r" : "",
                     static_cast<int>(seconds / 60), static_cast<int>(seconds % 60), percent,
                     doing.c_str(), terminal ? "\x1b[K" : "\n");
        next = now + std::chrono::milliseconds(100);
        shown = percent;
    }
}

/* A call, which warms the caches, and the timed loop. */
template <class Run> void sample(benchmark::State &state, const Run &run) {
    run();
    for (auto _ : state) {
        run();
        benchmark::ClobberMemory();
    }
}

/* Waits by spinning. With one CPU the other thread must run, too. */
long wait_for(const std::atomic<long> &number, long least) {
    for (unsigned spins = 1; number < least; spins++) {
        if (spins % 16384 == 0) {
            std::this_thread::yield();
        }
    }
    return number;
}

/* Each thread does its part. The second one exists before the timed loop and spins between two
 * calls, as the workers of an engine do between two layers. */
void sample_two_threads(benchmark::State &state, const Call &call, const void *x, void *y) {
    std::atomic<long> begun{0}, finished{0};
    std::thread second([&] {
        for (long i = 1; wait_for(begun, i) == i; i++) {
            call(x, y, 1);
            finished = i;
        }
    });
    long i = 0;
    sample(state, [&] {
        begun = ++i;
        call(x, y, 0);
        wait_for(finished, i);
    });
    begun = i + 2;
    second.join();
}

/* Puts Google Benchmark's repetitions into the rows, which it was given by name. */
class Samples : public benchmark::BenchmarkReporter {
  public:
    void add(Row *row) { rows_[row->name] = row; }
    bool ReportContext(const Context &) override { return true; }
    void ReportRuns(const std::vector<Run> &runs) override {
        for (const Run &run : runs) {
            if (run.run_type == Run::RT_Iteration) {
                Row *row = rows_.at(run.run_name.function_name);
                const double ns = row->wall ? run.GetAdjustedRealTime() : run.GetAdjustedCPUTime();
                row->ns.push_back(ns / static_cast<double>(row->calls()));
            }
        }
    }

  private:
    std::map<std::string, Row *> rows_;
};

/* Checks the row and hands it to Google Benchmark, if there is something to be timed. */
void register_row(Row *row, size_t repetitions, size_t percent, Buffers *buffers,
                  Samples *samples) {
    Call call;
    show_progress(percent, "checking " + row->name);
    try {
        call = make_call(*row);
        row->error = call == nullptr ? "" : check(*row, call, buffers);
    } catch (const std::runtime_error &error) {
        row->error = error.what();
    }
    if (call == nullptr || !row->error.empty()) {
        return;
    }
    void *y = buffers->y;
    const void *x = row->is_in_place() ? y : buffers->x;
    const auto run = [=](benchmark::State &state) {
        show_progress(percent, "timing " + row->name);
        if (row->threads > 1) {
            sample_two_threads(state, call, x, y);
        } else {
            sample(state, [&] { call(x, y, 0); });
        }
    };
    const size_t count = repetitions * (row->wall ? wall_samples : 1);
    benchmark::RegisterBenchmark(row->name.c_str(), run)->Repetitions(static_cast<int>(count));
    samples->add(row);
}

} // namespace

Buffers::Buffers(size_t bytes) {
    constexpr size_t page = 4096;
    const size_t pages = bytes / page + 2;
    memory.resize((3 * pages + 1) * page);
    x = memory.data() + (page - reinterpret_cast<uintptr_t>(memory.data()) % page);
    y = x + pages * page + page / 2;
    want = x + 2 * pages * page;
    uint32_t state = 1;
    for (size_t i = 0; i < pages * page; i += 2) { /* f16: 1/8 to 2, of either sign */
        state = state * 1664525u + 1013904223u;
        const auto unit = static_cast<uint16_t>((state >> 16 & 0x8fff) | 0x3000);
        std::memcpy(x + i, &unit, sizeof unit);
    }
}

void measure(std::vector<Row> *rows, size_t repetitions) {
    size_t most_bytes = 0;
    std::vector<Row *> left;
    for (Row &row : *rows) {
        most_bytes = std::max(most_bytes, row.bytes());
        left.push_back(&row);
    }
    Buffers buffers(most_bytes);
    while (!left.empty()) {
        const size_t percent = 100 * (rows->size() - left.size()) / rows->size();
        const std::string &together = left.front()->together;
        const auto rest = std::stable_partition(
            left.begin(), left.end(), [&](const Row *row) { return row->together == together; });
        Samples samples;
        benchmark::ClearRegisteredBenchmarks();
        for (auto row = left.begin(); row != rest; row++) {
            register_row(*row, repetitions, percent, &buffers, &samples);
        }
        left.erase(left.begin(), rest);
        benchmark::RunSpecifiedBenchmarks(&samples, "all");
    }
    show_progress(100, "done\n");
}
