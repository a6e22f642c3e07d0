/* SPDX-License-Identifier: MIT
 *
 * What the library is meant to reach: a list of targets, each a few claims about the time of a row,
 * alone or over the time of yardsticks from its own group. docs/performance.md says where the
 * limits come from. Ratios are of this run and this machine; the few limits in ns are of one CPU.
 */
#ifndef PLANEDROP_BENCH_TARGETS_HPP
#define PLANEDROP_BENCH_TARGETS_HPP

#include "group.hpp"

#include <string>
#include <vector>

/* time / yardstick, at most the limit (at least, if `least`). Without a yardstick: ns an element,
 * or a call. */
struct Test {
    double limit;
    Time time, yardstick;
    bool least = false;
};

struct Claim {
    std::string what;
    std::vector<Test> either; /* one of them suffices */
};

struct Target {
    std::string title;
    std::vector<Claim> claims = {};
    bool worst_only = false; /* too many to print them all */
    std::string note = {};   /* why there is no claim */
};

/* How a target is made; its key picks it, and begins the names of its rows. */
struct TargetMaker {
    std::string key;
    Target (*make)(const std::string &key, Workload *workload);
};

/* The list, by file: plane_targets.cpp, row_targets.cpp, gaussian_targets.cpp, machine_targets.cpp.
 */
std::vector<TargetMaker> plane_targets();
std::vector<TargetMaker> row_targets();
std::vector<TargetMaker> gaussian_targets();
std::vector<TargetMaker> machine_targets();

/* The targets whose key the pattern (an extended regular expression) is found in, in the order in
 * which they are to be printed, and the rows they need. Throws std::regex_error. */
std::vector<Target> make_targets(const std::string &pattern, Workload *workload);

/* Prints them with what was measured. */
void print_targets(const std::vector<Target> &targets, const Results &results);

#endif
