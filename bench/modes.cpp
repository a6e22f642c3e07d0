/* SPDX-License-Identifier: MIT
 *
 * The modes of modes.hpp: each makes its rows, checks them, has them timed, prints, and writes the
 * JSON and its plots.
 */
#include "modes.hpp"

#include "buffers.hpp"
#include "check.hpp"
#include "interleave.hpp"
#include "performance.hpp"
#include "report.hpp"
#include "targets.hpp"
#include "timing.hpp"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <spawn.h>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>

namespace {

/* All that is seen while Google Benchmark runs is the progress line. */
class Silence : public benchmark::BenchmarkReporter {
  public:
    bool ReportContext(const Context &) override { return true; }
    void ReportRuns(const std::vector<Run> &) override {}
};

size_t most_bytes(const std::vector<Row> &rows) {
    double most = sizeof(float); /* what the fixed-cost rows need */
    for (const Row &row : rows) {
        most = std::max(most, row.elem_bytes() * row.elements);
    }
    return static_cast<size_t>(most);
}

/* Runs plot.py with the Python that CMake found to have matplotlib. */
void draw_plots(const Options &options) {
    std::string python = BENCH_PYTHON, script = BENCH_PLOT, json = options.json,
                plot = options.plot;
    char *argv[] = {python.data(), script.data(), json.data(), plot.data(), nullptr};
    pid_t child;
    int status = 1;
    std::fflush(stdout);
    if (python.empty() ||
        posix_spawn(&child, python.c_str(), nullptr, nullptr, argv, environ) != 0 ||
        waitpid(child, &status, 0) != child || status != 0) {
        std::printf("no plot; with matplotlib: python3 %s %s %s\n", BENCH_PLOT, json.c_str(),
                    plot.c_str());
    }
}

int finish(const Options &options, const Results &results) {
    std::printf("\n%s: every repetition, and a \"min\" of each row with the comparisons\n",
                options.json.c_str());
    if (options.mode != Mode::targets) {
        draw_plots(options);
    }
    if (results.errors() > 0) {
        std::fprintf(stderr, "\nFAILED: there was wrong output (see above)\n");
    }
    return results.errors() > 0 ? 1 : 0;
}

int no_match() {
    std::fprintf(stderr, "nothing matches %s\n", benchmark::GetBenchmarkFilter().c_str());
    return 2;
}

int run_table(const Options &options) {
    const std::string filter = benchmark::GetBenchmarkFilter();
    const Extent usual = filter.empty() ? Extent::usual : Extent::all;
    const std::vector<Case> cases = make_cases(options.quick ? Extent::quick : usual);
    std::vector<Row> rows = select_rows(make_rows(cases), filter);
    if (rows.empty()) {
        return no_match();
    }
    Buffers buffers(options.list ? 0 : most_bytes(rows));
    if (!options.list) {
        print_machine();
        print_plan(cases, rows, options.repetitions);
        check_rows(&rows, &buffers);
    }
    Tracker tracker(rows.size() * options.repetitions);
    register_rows(rows, &buffers, &tracker);
    Silence silence;
    Results results(rows);
    benchmark::RunSpecifiedBenchmarks(&silence, &results, "all");
    if (options.list) {
        return 0;
    }
    tracker.finish();
    print_table(rows, results);
    return finish(options, results);
}

/* Checks and times the groups of a workload, has the results printed, and writes the JSON. */
template <class Print> int run_groups(const Options &options, Workload *workload, Print print) {
    std::vector<Row> &rows = workload->rows;
    if (options.list) {
        for (const Row &row : rows) {
            std::puts(row.name.c_str());
        }
        return 0;
    }
    std::ofstream json(options.json);
    if (!json) {
        throw std::runtime_error("cannot write " + options.json);
    }
    Buffers buffers(most_bytes(rows));
    print_machine();
    std::printf("%zu rows, %zu repetitions of each, in random order within their group\n\n",
                rows.size(), options.repetitions);
    std::fflush(stdout);
    check_rows(&rows, &buffers);

    Results results(rows);
    results.SetOutputStream(&json);
    results.SetErrorStream(&std::cerr);
    results.ReportContext(benchmark::BenchmarkReporter::Context());
    time_groups(rows, options.repetitions, &buffers, &results);
    results.Finalize();
    json.close();
    print(results);
    return finish(options, results);
}

int run_targets(const Options &options) {
    Workload workload;
    const auto targets = make_targets(benchmark::GetBenchmarkFilter(), &workload);
    if (targets.empty()) {
        return no_match();
    }
    return run_groups(options, &workload,
                      [&](const Results &results) { print_targets(targets, results); });
}

int run_performance(const Options &options) {
    Workload workload;
    const Performance performance(benchmark::GetBenchmarkFilter(), &workload);
    if (workload.rows.empty()) {
        return no_match();
    }
    return run_groups(options, &workload,
                      [&](const Results &results) { performance.print(results); });
}

} // namespace

int run_mode(const Options &options) {
    switch (options.mode) {
    case Mode::targets:
        return run_targets(options);
    case Mode::performance:
        return run_performance(options);
    case Mode::table:
        break;
    }
    return run_table(options);
}
