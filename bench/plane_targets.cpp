/* SPDX-License-Identifier: MIT
 *
 * Targets of spatial dropout with channels first: where the bytes are the cost, where a cache holds
 * the tensor, and where planes are so short that the work is anything but bytes.
 */
#include "targets.hpp"

#include <cstdio>

namespace {

constexpr size_t roof_planes[] = {3136, 12544, 100352};
constexpr size_t cached_planes[] = {196, 784, 3136};

/* 27 x 27 and 55 x 55 end within a cache line, as nearly all odd maps do. */
constexpr size_t grid_planes[] = {64, 100, 196, 256, 512, 729, 784, 3025, 3136, 12544, 100000};

std::string what_of(size_t plane, double rate, const std::string &more = "") {
    char text[64];
    std::snprintf(text, sizeof text, "planes of %zu, rate %g%s", plane, rate, more.c_str());
    return text;
}

std::string size_text(size_t elements) {
    return elements < MiB ? std::to_string(elements / KiB) + " KiB"
                          : std::to_string(elements / MiB) + " MiB";
}

Time ours(const Group &group, const Case &c) { return {{1, {group.ours(c)}}}; }

Target roof(const std::string &key, Workload *workload) {
    Target target{"NCHW, out of place, 256 MiB: over L(p)"};
    const Group group(key, workload);
    for (size_t plane : roof_planes) {
        for (double rate : {0.1, 0.2, 0.5}) {
            const Case c = case_of(planes_shape(256 * MiB, plane), rate);
            target.claims.push_back(
                {what_of(plane, rate), {{1.15, ours(group, c), group.roof(rate, c.elements())}}});
        }
    }
    return target;
}

template <size_t elements> Target any(const std::string &key, Workload *workload) {
    Target target{"NCHW, any plane and rate, " + size_text(elements) +
                  ": over scaling the whole tensor"};
    target.worst_only = true;
    const Group group(key, workload);
    for (size_t plane : grid_planes) {
        for (double rate : {0.1, 0.5, 0.9}) {
            if (plane <= elements) {
                const Case c = case_of(planes_shape(elements, plane), rate);
                target.claims.push_back(
                    {what_of(plane, rate), {{1.05, ours(group, c), group.scale(c.elements())}}});
            }
        }
    }
    return target;
}

Target cached(const std::string &key, Workload *workload) {
    Target target{"NCHW in the caches, rate 0.5: over memcpy"};
    const std::pair<size_t, const char *> sizes[] = {
        {16 * KiB, ", L1 (16 KiB)"}, {256 * KiB, ", L2 (256 KiB)"}, {4 * MiB, ", L3 (4 MiB)"}};
    const Group group(key, workload);
    for (const auto &[elements, place] : sizes) {
        for (size_t plane : cached_planes) {
            const Case c = case_of(planes_shape(elements, plane), 0.5);
            target.claims.push_back(
                {what_of(plane, 0.5, place), {{0.75, ours(group, c), group.copy(c)}}});
        }
    }
    return target;
}

Target tiny(const std::string &key, Workload *workload) {
    Target target{"NCHW, tiny planes, 32 x 2048 x 7 x 7 and as many bytes: over memcpy"};
    const Group group(key, workload);
    const Shape shapes[] = {
        {Layout::nchw, 32, 2048, 49}, {Layout::nchw, 32, 11150, 9}, {Layout::nchw, 32, 25088, 4}};
    for (const Shape &shape : shapes) {
        for (double rate : {0.1, 0.5}) {
            const Case c = case_of(shape, rate);
            target.claims.push_back(
                {what_of(shape.spatial, rate),
                 {{shape.spatial < 49 ? 1.4 : 1.2, ours(group, c), group.copy(c)}}});
        }
    }
    return target;
}

} // namespace

std::vector<TargetMaker> plane_targets() {
    return {{"nchw-roof", roof},
            {"nchw-any-16K", any<16 * KiB>},
            {"nchw-any-256K", any<256 * KiB>},
            {"nchw-any-4M", any<4 * MiB>},
            {"nchw-any-16M", any<16 * MiB>},
            {"nchw-any-256M", any<256 * MiB>},
            {"nchw-cached", cached},
            {"nchw-tiny", tiny}};
}
