/* SPDX-License-Identifier: MIT
 *
 *     planedrop_measure [--other LIBRARY.so] [--repetitions N] [--benchmark_...] < ROWS
 *     planedrop_measure --machine
 *
 * Writes a line for each row: its samples in ns, or a '!' and what is wrong with it. --machine
 * writes what bench.py has to know about the library and the CPU.
 */
#include "bench.hpp"
#include "compiler.h"

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <iterator>
#include <sstream>
#include <stdexcept>

extern "C" {
#define PD_ISA(name, ...)                                                                          \
    extern const bench_naive *const bench_naive_##name[];                                          \
    extern bench_function *const bench_loops_##name[];
#include "isa.def"
#undef PD_ISA
}

const std::vector<Isa> &isas() {
    static const std::vector<Isa> list = {
#define PD_ISA(name, ...) {#name, bench_naive_##name, bench_loops_##name, is_usable(#name)},
#include "isa.def"
#undef PD_ISA
    };
    return list;
}

size_t Row::calls() const {
    constexpr size_t plans = 100; /* one is too short to be timed */
    return kind == Kind::plan_init                        ? plans
           : kind == Kind::library || kind == Kind::naive ? masks
                                                          : 1;
}

namespace {

#define BENCH_KIND(word, want, loop) #word,
constexpr const char *kinds[] = {BENCH_KINDS(BENCH_KIND)};
#undef BENCH_KIND
constexpr const char *dtypes[] = {
#define PD_DTYPE(enumerator, name) #name,
#include "dtypes.def"
#undef PD_DTYPE
};
constexpr const char *layouts[] = {"nchw", "nhwc", "blocked", "droppath", "elements"};
constexpr const char *variants[] = {"plain", "gaussian", "in-place", "accumulate"};

/* Reads a word, and finds the enumerator that has its place in the list. */
template <class Enum, size_t count>
void read_word(std::istream &in, const char *const (&words)[count], Enum *value) {
    std::string word;
    in >> word;
    const auto found = std::find(std::begin(words), std::end(words), word);
    if (found == std::end(words)) {
        in.setstate(std::ios::failbit);
    }
    *value = static_cast<Enum>(found - std::begin(words));
}

/* Rows, one a line, as rows.py writes them. */
std::vector<Row> read_rows(std::istream &in) {
    std::vector<Row> rows;
    for (std::string line, isa; std::getline(in, line);) {
        std::istringstream words(line);
        Row row;
        words >> row.name >> row.tensor_id >> row.together >> isa;
        read_word(words, kinds, &row.kind);
        read_word(words, dtypes, &row.dtype);
        read_word(words, layouts, &row.layout);
        read_word(words, variants, &row.variant);
        words >> row.n >> row.channels >> row.spatial >> row.block >> row.rate >> row.masks >>
            row.threads >> row.wall >> row.without >> row.build;
        for (const Isa &known : isas()) {
            row.isa = known.usable && known.name == isa ? &known : row.isa;
        }
        if (!words || row.isa == nullptr) {
            throw std::runtime_error("bad row: " + line);
        }
        rows.push_back(row);
    }
    return rows;
}

int write_machine() {
    std::cout << "version " << library_version() << "\n"
              << "gaussian " << has_gaussian() << "\n"
              << "sleef " << can_run_sleef() << "\n";
    for (const Isa &isa : isas()) {
        std::cout << "isa " << isa.name << " " << isa.usable << "\n";
    }
    for (const auto &cache : benchmark::CPUInfo::Get().caches) {
        if (cache.type != "Instruction") {
            std::cout << "cache L" << cache.level << " " << cache.size << "\n";
        }
    }
    return 0;
}

int run(int argc, char **argv) {
    size_t repetitions = 1;
    char interleaving[] = "--benchmark_enable_random_interleaving=true";
    char min_time[] = "--benchmark_min_time=0.001";
    std::vector<char *> arguments = {argv[0], interleaving, min_time};
    for (int i = 1; i < argc; i++) {
        if (std::strcmp(argv[i], "--machine") == 0) {
            return write_machine();
        }
        if (std::strcmp(argv[i], "--other") == 0 && i + 1 < argc) {
            load_other(argv[++i]);
        } else if (std::strcmp(argv[i], "--repetitions") == 0 && i + 1 < argc) {
            repetitions = std::stoul(argv[++i]);
        } else {
            arguments.push_back(argv[i]);
        }
    }
    int count = static_cast<int>(arguments.size());
    arguments.push_back(nullptr);
    benchmark::Initialize(&count, arguments.data());
    if (benchmark::ReportUnrecognizedArguments(count, arguments.data())) {
        return 2;
    }
    std::vector<Row> rows = read_rows(std::cin);
    measure(&rows, repetitions);
    std::cout.precision(10);
    for (const Row &row : rows) {
        std::cout << (row.error.empty() ? "" : "! " + row.error);
        for (double ns : row.ns) {
            std::cout << " " << ns;
        }
        std::cout << "\n";
    }
    return 0;
}

} // namespace

int main(int argc, char **argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception &error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 2;
    }
}
