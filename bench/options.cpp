/* SPDX-License-Identifier: MIT
 *
 * The command line of options.hpp.
 */
#include "options.hpp"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>

namespace {

bool starts_with(const std::string &text, const std::string &start) {
    return text.compare(0, start.size(), start) == 0;
}

/* The value of the last --flag=value, as Google Benchmark reads them. */
std::string last_value(const std::vector<std::string> &arguments, const std::string &flag) {
    std::string value;
    for (const std::string &argument : arguments) {
        if (starts_with(argument, flag + "=")) {
            value = argument.substr(flag.size() + 1);
        }
    }
    return value;
}

struct ModeDefaults {
    const char *suffix, *repetitions;
};

ModeDefaults defaults_of(const Options &options) {
    switch (options.mode) {
    case Mode::targets:
        return {"-targets", "25"};
    case Mode::performance:
        return {"-performance", "15"};
    case Mode::table:
        break;
    }
    return {"", options.quick ? "5" : "11"};
}

} // namespace

void print_help() {
    std::puts(
        "planedrop_bench [--quick | --targets | --performance] [--filter REGEX] [--out PREFIX]\n"
        "                [--benchmark_...]\n"
        "\n"
        "  --targets        what is to be reached, and what is: a table of its own\n"
        "  --performance    time by plane size, and what each trick brings: tables and plots\n"
        "  --quick          fewer shapes, rate 0.5 only: some 20 seconds instead of minutes\n"
        "  --filter REGEX   rows whose name it is found in, and what they are compared with, of "
        "all\n"
        "                   shapes, rates and element types (without it, fewer of the types but\n"
        "                   f32); the same as --benchmark_filter; of targets: those whose key it "
        "is\n"
        "                   found in, and of --performance: \"planes\" or \"ablation\"\n"
        "  --out PREFIX     write PREFIX.json and PREFIX.svg (default: planedrop_bench); the two\n"
        "                   other modes write PREFIX-targets.json, PREFIX-performance.json and\n"
        "                   PREFIX-performance-*.svg\n"
        "\n"
        "Google Benchmark's flags:\n");
    benchmark::PrintDefaultHelp();
}

Options parse_options(int argc, char **argv) {
    Options options;
    std::string prefix = "planedrop_bench";
    std::vector<std::string> users;
    for (int i = 1; i < argc; i++) {
        const std::string argument = argv[i];
        const bool has_next = i + 1 < argc;
        if (argument == "--quick") {
            options.quick = true;
        } else if (argument == "--targets") {
            options.mode = Mode::targets;
        } else if (argument == "--performance") {
            options.mode = Mode::performance;
        } else if (argument == "--filter" && has_next) {
            users.push_back(std::string("--benchmark_filter=") + argv[++i]);
        } else if (starts_with(argument, "--filter=")) {
            users.push_back("--benchmark_" + argument.substr(2));
        } else if (argument == "--out" && has_next) {
            prefix = argv[++i];
        } else if (starts_with(argument, "--out=")) {
            prefix = argument.substr(6);
        } else {
            users.push_back(argument);
        }
        options.list |= argument == "--benchmark_list_tests" ||
                        argument == "--benchmark_list_tests=true" ||
                        argument == "--benchmark_list_tests=1";
    }
    const ModeDefaults defaults = defaults_of(options);
    options.arguments = {argv[0], "--benchmark_out=" + prefix + defaults.suffix + ".json",
                         "--benchmark_enable_random_interleaving=true",
                         std::string("--benchmark_repetitions=") + defaults.repetitions,
                         "--benchmark_min_time=0.01"};
    options.arguments.insert(options.arguments.end(), users.begin(), users.end());

    options.json = last_value(options.arguments, "--benchmark_out");
    const size_t dot = options.json.rfind(".json");
    options.plot = options.json.substr(0, dot) + ".svg";
    const std::string repetitions = last_value(options.arguments, "--benchmark_repetitions");
    options.repetitions = std::strtoul(repetitions.c_str(), nullptr, 10);
    return options;
}
