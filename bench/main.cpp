/* SPDX-License-Identifier: MIT
 *
 * The benchmark suite: reads the command line, tells Google Benchmark about it, and runs the mode
 * that was asked for. The exit code is 1 if any row was wrong, 2 for a bad command line.
 */
#include "modes.hpp"
#include "options.hpp"
#include "planedrop/planedrop.h"

#include <benchmark/benchmark.h>

#include <cstdio>
#include <exception>
#include <fstream>
#include <regex>

namespace {

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

} // namespace

int main(int argc, char **argv) {
    try {
        Options options = parse_options(argc, argv);
        return initialize_benchmark(&options) ? run_mode(options) : 2;
    } catch (const std::regex_error &error) {
        std::fprintf(stderr, "bad filter: %s\n", error.what());
        return 2;
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
