/* SPDX-License-Identifier: MIT
 *
 * The list of targets.hpp as a whole, and its printing.
 */
#include "targets.hpp"

#include <algorithm>
#include <cstdio>
#include <regex>

namespace {

constexpr size_t worst_shown = 3;

double measured(const Test &test, const Results &results) {
    const double time = ns_of(test.time, results);
    return test.yardstick.empty() ? time : time / ns_of(test.yardstick, results);
}

/* By how much it is missed, as a share of the limit; at most 0 is met. NaN: wrong rows are not
 * timed. */
double shortfall(const Test &test, const Results &results) {
    const double missed = measured(test, results) / test.limit - 1;
    return test.least ? -missed : missed;
}

double shortfall(const Claim &claim, const Results &results) {
    double least = INFINITY;
    for (const Test &test : claim.either) {
        least = std::fmin(least, shortfall(test, results)); /* fmin passes over NaN */
    }
    return least;
}

bool is_met(const Claim &claim, const Results &results) { return shortfall(claim, results) <= 0; }

std::string mark(const Claim &claim, const Results &results) {
    const double missed = shortfall(claim, results);
    if (std::isinf(missed)) {
        return "WRONG OUTPUT";
    }
    char text[32];
    std::snprintf(text, sizeof text, "SHORT by %.*f%%", missed < 0.0995 ? 1 : 0, 100 * missed);
    return missed <= 0 ? "met" : text;
}

std::string number(double value, const Test &test) {
    char text[32];
    if (test.yardstick.empty()) {
        std::snprintf(text, sizeof text, value < 10 ? "%.3f ns" : "%.0f ns", value);
    } else {
        std::snprintf(text, sizeof text, "%.*f", value == test.limit ? 2 : 3, value);
    }
    return text;
}

void print_claim(const Claim &claim, const Results &results) {
    std::string target, found;
    for (const Test &test : claim.either) {
        const char *bound = test.least ? "at least " : "";
        target += (target.empty() ? bound : " or ") + number(test.limit, test);
        found += (found.empty() ? "" : ", ") + number(measured(test, results), test);
    }
    std::printf("  %-49s %-17s %-15s %s\n", claim.what.c_str(), target.c_str(), found.c_str(),
                mark(claim, results).c_str());
}

void print_worst(const Target &target, const Results &results) {
    std::vector<Claim> claims = target.claims;
    std::stable_sort(claims.begin(), claims.end(), [&](const Claim &a, const Claim &b) {
        return shortfall(a, results) > shortfall(b, results);
    });
    const size_t met = static_cast<size_t>(std::count_if(
        claims.begin(), claims.end(), [&](const Claim &claim) { return is_met(claim, results); }));
    std::printf("  %zu cases, %zu of them met; the worst:\n", claims.size(), met);
    for (size_t i = 0; i < std::min(worst_shown, claims.size()); i++) {
        print_claim(claims[i], results);
    }
}

} // namespace

std::vector<Target> make_targets(const std::string &pattern, Workload *workload) {
    const std::regex regex(pattern, std::regex::extended);
    std::vector<Target> targets;
    for (const auto &list :
         {plane_targets(), row_targets(), gaussian_targets(), machine_targets()}) {
        for (const TargetMaker &maker : list) {
            if (pattern.empty() || pattern == "all" || std::regex_search(maker.key, regex)) {
                targets.push_back(maker.make(maker.key, workload));
            }
        }
    }
    return targets;
}

void print_targets(const std::vector<Target> &targets, const Results &results) {
    size_t claims = 0, met = 0;
    std::printf("\n  %-49s %-17s %-15s\n", "f32 if no type is named, one thread, the best ISA",
                "target", "measured");
    for (const Target &target : targets) {
        std::printf("\n%s\n", target.title.c_str());
        if (target.claims.empty()) {
            std::printf("  not measured here: %s\n", target.note.c_str());
        } else if (target.worst_only) {
            print_worst(target, results);
        } else {
            for (const Claim &claim : target.claims) {
                print_claim(claim, results);
            }
        }
        for (const Claim &claim : target.claims) {
            claims++;
            met += is_met(claim, results);
        }
    }
    std::printf("\n%zu of %zu met\n", met, claims);
}
