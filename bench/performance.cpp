/* SPDX-License-Identifier: MIT
 *
 * The measurements of performance.hpp.
 */
#include "performance.hpp"

#include "ablation.h"

#include <cstdio>
#include <regex>

namespace {

constexpr double curve_rates[] = {0.1, 0.2, 0.5, 0.9};

/* Powers of two, maps of a side of 7, 14, 28 ... and halves of these; and, since they do not end
 * with a cache line, the odd maps of a side of 27, 35, 55 and 111. */
constexpr size_t curve_planes[] = {64,   112,  128,  196,  256,   392,   512,   729,   784,   1225,
                                   1568, 3025, 3136, 6272, 12321, 12544, 25088, 50176, 100352};
constexpr size_t ablation_planes[] = {3136, 784, 256};

void print_ratio(const Time &time, const Time &yardstick, const Results &results) {
    if (time.empty()) {
        std::printf(" %13s", "-");
    } else {
        std::printf(" %13.3f", ns_of(time, results) / ns_of(yardstick, results));
    }
}

} // namespace

Performance::Performance(const std::string &pattern, Workload *workload) {
    const std::regex regex(pattern, std::regex::extended);
    const auto wants = [&](const char *key) {
        return pattern.empty() || pattern == "all" || std::regex_search(key, regex);
    };
    if (wants("planes")) {
        add_planes(Group("planes", workload));
    }
    if (wants("ablation")) {
        const Group group("ablation", workload);
        for (size_t plane : ablation_planes) {
            for (double rate : {0.5, 0.1}) {
                add_ablation(group, planes_shape(256 * MiB, plane), rate,
                             "NCHW, planes of " + std::to_string(plane));
            }
        }
        add_ablation(group, {Layout::nhwc, 32, 256, 256 * MiB / 32 / 256}, 0.5,
                     "NHWC, 256 channels");
        add_ablation(group, {Layout::elements, 1, 1, 256 * MiB}, 0.5, "elementwise");
    }
}

void Performance::add_planes(const Group &group) {
    for (size_t plane : curve_planes) {
        Point point{plane, {}, {}};
        for (double rate : curve_rates) {
            const Case c = case_of(planes_shape(256 * MiB, plane), rate);
            point.times.push_back({{1, {group.ours(c)}}});
            point.roofs.push_back(group.roof(rate, c.elements()));
        }
        points_.push_back(point);
    }
}

void Performance::add_ablation(const Group &group, const Shape &shape, double rate,
                               const std::string &what) {
    const Case &c = group.keep(case_of(shape, rate));
    const uint64_t offset = fair_offset(c);
    std::string error;
    const planedrop_plan plan = plan_of(c.desc, best_isa(), &error);
    const auto add = [&](const planedrop_plan &changed, const std::string &name) {
        Row row = library_row(c, best_isa(), offset, changed);
        row.name += "/" + name;
        row.error = error;
        return Time{{1, {group.add(row)}}};
    };
    Ablated ablated{what + ", " + c.rate_name().replace(0, 1, "rate "), add(plan, "all"), {}};
    for (int trick = 0; trick < BENCH_TRICKS; trick++) {
        const auto which = static_cast<bench_trick>(trick);
        planedrop_plan changed = plan;
        const bool is_used = error.empty() && bench_without(&changed, which);
        ablated.without.push_back(
            is_used ? add(changed, std::string("no-") + bench_trick_name(which)) : Time{});
    }
    ablated_.push_back(ablated);
}

void Performance::print(const Results &results) const {
    if (!points_.empty()) {
        std::printf("\nNCHW, f32, 256 MiB, %s, one thread: the time over L(p)\n  %-14s",
                    best_isa().name.c_str(), "planes of");
        for (double rate : curve_rates) {
            std::printf("   rate %3g", rate);
        }
        for (const Point &point : points_) {
            std::printf("\n  %-14zu", point.plane);
            for (size_t i = 0; i < point.times.size(); i++) {
                std::printf(" %10.3f",
                            ns_of(point.times[i], results) / ns_of(point.roofs[i], results));
            }
        }
        std::puts("");
    }
    if (!ablated_.empty()) {
        std::printf("\n256 MiB, %s, one thread: ns an element; the time without one trick over it\n"
                    "  %-30s %7s",
                    best_isa().name.c_str(), "", "all on");
        for (int trick = 0; trick < BENCH_TRICKS; trick++) {
            std::printf(" %13s", bench_trick_name(static_cast<bench_trick>(trick)));
        }
        for (const Ablated &ablated : ablated_) {
            std::printf("\n  %-30s %7.4f", ablated.what.c_str(), ns_of(ablated.all, results));
            for (const Time &without : ablated.without) {
                print_ratio(without, ablated.all, results);
            }
        }
        std::puts("");
    }
}
