/* SPDX-License-Identifier: MIT
 *
 * The command line: a few flags of the suite's own, made into Google Benchmark's where there is
 * one; everything else is handed to Google Benchmark as it is, and wins over our defaults.
 */
#ifndef PLANEDROP_BENCH_OPTIONS_HPP
#define PLANEDROP_BENCH_OPTIONS_HPP

#include <cstddef>
#include <string>
#include <vector>

enum class Mode { table, targets, performance };

struct Options {
    Mode mode = Mode::table;
    bool quick = false;
    bool list = false; /* only list the rows */
    std::string json;  /* where Google Benchmark writes */
    std::string plot;
    size_t repetitions = 0;
    std::vector<std::string> arguments; /* for benchmark::Initialize, the program's name first */
};

Options parse_options(int argc, char **argv);

void print_help();

#endif
