/* SPDX-License-Identifier: MIT
 *
 * The benchmark suite: makes the rows, checks them, has Google Benchmark time them, prints the
 * table and draws the plot. The exit code is 1 if any row was wrong, 2 for a bad command line.
 */
#include "buffers.hpp"
#include "check.hpp"
#include "options.hpp"
#include "report.hpp"
#include "results.hpp"
#include "rows.hpp"
#include "timing.hpp"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <fstream>
#include <regex>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

/* All that is seen while it runs is the progress line. */
class Silence : public benchmark::BenchmarkReporter {
  public:
    bool ReportContext(const Context &) override { return true; }
    void ReportRuns(const std::vector<Run> &) override {}
};

std::string cpu_name() {
    std::ifstream info("/proc/cpuinfo");
    for (std::string line; std::getline(info, line);) {
        if (line.compare(0, 10, "model name") == 0) {
            return line.substr(line.find(':') + 2);
        }
    }
    return "an unnamed CPU";
}

/* Google Benchmark keeps a pointer to the program's name: the options must outlive it. */
bool initialize_benchmark(Options *options) {
    std::vector<char *> argv;
    for (std::string &argument : options->arguments) {
        argv.push_back(argument.data());
    }
    argv.push_back(nullptr);
    int argc = static_cast<int>(options->arguments.size());
    benchmark::AddCustomContext("planedrop_version", planedrop_version());
    benchmark::AddCustomContext("cpu", cpu_name());
    benchmark::Initialize(&argc, argv.data(), print_help);
    return !benchmark::ReportUnrecognizedArguments(argc, argv.data());
}

/* Runs plot.py with the Python that CMake found to have matplotlib. */
bool draw_plot(const Options &options) {
    std::string python = BENCH_PYTHON, script = BENCH_PLOT, json = options.json,
                plot = options.plot;
    char *argv[] = {python.data(), script.data(), json.data(), plot.data(), nullptr};
    pid_t child;
    int status = 1;
    return !python.empty() &&
           posix_spawn(&child, python.c_str(), nullptr, nullptr, argv, environ) == 0 &&
           waitpid(child, &status, 0) == child && status == 0;
}

size_t most_elements(const std::vector<Row> &rows) {
    double most = 1; /* what the fixed-cost rows need */
    for (const Row &row : rows) {
        most = std::max(most, row.elements);
    }
    return static_cast<size_t>(most);
}

int run(const Options &options) {
    const std::vector<Case> cases = make_cases(options.quick);
    std::vector<Row> rows = select_rows(make_rows(cases), benchmark::GetBenchmarkFilter());
    if (rows.empty()) {
        std::fprintf(stderr, "no row matches %s\n", benchmark::GetBenchmarkFilter().c_str());
        return 2;
    }
    Buffers buffers(options.list ? 1 : most_elements(rows));
    if (!options.list) {
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
    std::printf("\n%s: every repetition, and a \"min\" of each row with the comparisons\n",
                options.json.c_str());
    std::fflush(stdout);
    if (draw_plot(options)) {
        std::printf("%s: the plot\n", options.plot.c_str());
    } else {
        std::printf("no plot; with matplotlib: python3 %s %s %s\n", BENCH_PLOT,
                    options.json.c_str(), options.plot.c_str());
    }
    if (results.errors() > 0) {
        std::fprintf(stderr, "\nFAILED: there was wrong output (see above)\n");
    }
    return results.errors() > 0 ? 1 : 0;
}

} // namespace

int main(int argc, char **argv) {
    try {
        Options options = parse_options(argc, argv);
        return initialize_benchmark(&options) ? run(options) : 2;
    } catch (const std::regex_error &error) {
        std::fprintf(stderr, "bad filter: %s\n", error.what());
        return 2;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
