/* SPDX-License-Identifier: MIT
 *
 * Targets of the cases in which every element of a row has a draw of its own: channels last,
 * blocked channels, elementwise dropout; and of the two other ways to write, in place and
 * accumulating.
 */
#include "targets.hpp"

#include <cstdio>

namespace {

constexpr size_t channel_counts[] = {64, 256, 2048, 1, 3, 5, 17};
constexpr size_t block_sizes[] = {8, 16};

std::string with_number(const char *format, double number) {
    char text[64];
    std::snprintf(text, sizeof text, format, number);
    return text;
}

/* What is in a cache is compared with ordinary stores, what is not with streaming ones. */
struct Place {
    const char *name;
    size_t elements, samples;
    Whole scale;
};
constexpr Place places[] = {{", L2 (256 KiB)", 256 * KiB, 1, Whole::scale},
                            {", 256 MiB", 256 * MiB, 32, Whole::scale_stream}};

void add_claim(const Group &group, const Shape &shape, const std::string &what, const Place &place,
               double limit, Target *target) {
    const Time time = {{1, {group.ours(case_of(shape, 0.5))}}};
    target->claims.push_back({what, {{limit, time, group.whole(place.scale, place.elements)}}});
}

Target nhwc(const std::string &key, Workload *workload) {
    Target target{"NHWC and blocked channels, rate 0.5: over scaling the whole tensor"};
    for (const Place &place : places) {
        const Group group(key + (&place == places ? "-cached" : ""), workload);
        for (size_t channels : channel_counts) {
            const Shape shape = {Layout::nhwc, place.samples, channels,
                                 place.elements / place.samples / channels};
            add_claim(group, shape, "channels: " + std::to_string(channels) + place.name, place,
                      channels < 64 ? 1.3 : 1.1, &target);
        }
        for (size_t block : block_sizes) {
            Shape shape = {Layout::blocked, place.samples, 64, place.elements / place.samples / 64};
            shape.block = block;
            add_claim(group, shape, "blocks of " + std::to_string(block) + place.name, place, 1.3,
                      &target);
        }
    }
    return target;
}

Target in_place(const std::string &key, Workload *workload) {
    Target target{"NCHW, other ways to write, 256 MiB, planes of 3136, rate 0.5"};
    const Group group(key, workload);
    Case c = case_of(planes_shape(256 * MiB, 3136), 0.5);
    c.in_place = true;
    target.claims.push_back(
        {"in place: over scaling in place",
         {{0.75, {{1, {group.ours(c)}}}, group.whole(Whole::scale_in_place, c.elements())}}});
    c.in_place = false;
    c.desc.flags = PLANEDROP_ACCUMULATE;
    target.claims.push_back(
        {"accumulating: over y += s * x",
         {{0.7, {{1, {group.ours(c)}}}, group.whole(Whole::accumulate, c.elements())}}});
    return target;
}

Target elements(const std::string &key, Workload *workload) {
    Target target{"elementwise: ns an element, or over a 32-bit xorshift loop; over scaling"};
    const Group cached(key + "-cached", workload), memory(key, workload);
    const auto shape_of = [](size_t count) { return Shape{Layout::elements, 1, 1, count}; };
    for (double rate : {0.5, 0.25, 0.1}) {
        const Case &c = cached.keep(case_of(shape_of(256 * KiB), rate));
        const Time time = {{1, {cached.ours(c)}}};
        const Time xorshift = {{1, {cached.add(xorshift_row(c, best_isa()))}}};
        target.claims.push_back(
            {with_number("rate %g, L2 (256 KiB)", rate),
             {{rate == 0.1 ? 0.17 : 0.12, time, {}}, {rate == 0.1 ? 0.9 : 0.6, time, xorshift}}});
    }
    for (double rate : {0.5, 0.1}) {
        const Case c = case_of(shape_of(256 * MiB), rate);
        target.claims.push_back(
            {with_number("rate %g, 256 MiB", rate),
             {{1.1, {{1, {memory.ours(c)}}}, memory.whole(Whole::scale_stream, c.elements())}}});
    }
    return target;
}

} // namespace

std::vector<TargetMaker> row_targets() {
    return {{"nhwc", nhwc}, {"in-place-and-accumulate", in_place}, {"elements", elements}};
}
