/* SPDX-License-Identifier: MIT
 *
 * Targets that compare the library with itself: fixed costs, two threads, the element types, the
 * second instruction set; and those that need another machine.
 */
#include "targets.hpp"

#include "two_threads.hpp"

#include <algorithm>

namespace {

Target fixed(const std::string &key, Workload *workload) {
    Target target{"fixed costs: ns"};
    const Group group(key, workload);
    for (Row &row : fixed_rows()) {
        const bool is_plan = row.name == "fixed/plan_init";
        if (is_plan || row.name == "fixed/" + best_isa().name + "/f32/forward") {
            target.claims.push_back(
                {is_plan ? "making a plan" : "a call on one plane of one element",
                 {{is_plan ? 100.0 : 30.0, {{1, {group.add(row)}}}, {}}}});
        }
    }
    return target;
}

/* Times of one thread are taken from the same clock. */
Time one_thread(const Group &group, const Case &c, uint64_t offset) {
    Row row = library_row(c, best_isa(), offset);
    row.wall = true;
    return {{1, {group.add(row)}}};
}

Target threads(const std::string &key, Workload *workload) {
    Target target{"two threads, one part each: speed-up in L2 (512 KiB); over L(p) of two threads",
                  {}};
    const auto pair = std::make_shared<Pair>();
    const Group cached(key + "-cached", workload), memory(key, workload);
    const auto both = [&](const Group &group, const Case &c, uint64_t offset) {
        return Time{{1, {group.add(two_thread_row(c, best_isa(), offset, pair))}}};
    };
    const std::pair<const char *, Shape> shapes[] = {
        {"elementwise, rate 0.5", {Layout::elements, 1, 1, 512 * KiB}},
        {"NCHW, planes of 256, rate 0.5", planes_shape(512 * KiB, 256)}};
    for (const auto &[what, shape] : shapes) {
        const Case &c = cached.keep(make_case(shape, 0.5));
        const uint64_t offset = fair_offset(c, 2);
        target.claims.push_back(
            {what, {{1.85, one_thread(cached, c, offset), both(cached, c, offset), true}}});
    }
    for (double rate : {0.1, 0.5}) {
        const Case &c = memory.keep(make_case(planes_shape(256 * MiB, 3136), rate));
        const auto half = [&](Whole what) {
            return std::vector<std::string>{memory.add(two_thread_row(what, c.elements(), pair))};
        };
        const Time roof = {{1 - rate, half(Whole::scale_stream)}, {rate, half(Whole::fill_stream)}};
        target.claims.push_back(
            {"NCHW, 256 MiB, planes of 3136, " + c.rate_name().replace(0, 1, "rate "),
             {{1.15, both(memory, c, fair_offset(c, 2)), roof}}});
    }
    return target;
}

Target second_isa(const std::string &key, Workload *workload) {
    const auto best = std::find_if(isas().begin(), isas().end(),
                                   [](const Isa &isa) { return &isa == &best_isa(); });
    const auto second =
        std::find_if(best + 1, isas().end(), [](const Isa &isa) { return isa.usable; });
    if (best + 1 == isas().end() || second == isas().end() || second + 1 == isas().end()) {
        return {"the second instruction set over the best",
                {},
                false,
                "this CPU runs one set of vector instructions"};
    }
    Target target{second->name + " over " + best->name};
    const Group group(key, workload);
    const auto add = [&](const char *what, const Case &c, double limit) {
        target.claims.push_back(
            {what, {{limit, {{1, {group.ours(c, *second)}}}, {{1, {group.ours(c, *best)}}}}}});
    };
    add("elementwise, rate 0.1, L2 (256 KiB): it computes",
        case_of({Layout::elements, 1, 1, 256 * KiB}, 0.1), 1.7);
    add("NCHW, planes of 3136, rate 0.5, 256 MiB: it waits",
        case_of(planes_shape(256 * MiB, 3136), 0.5), 1.1);
    return target;
}

/* The shape of as many bytes in a type as the given one has in f32. */
Shape as_many_bytes(Shape shape, planedrop_dtype dtype) {
    size_t &count = shape.layout == Layout::nchw ? shape.channels : shape.spatial;
    count = count * sizeof(float) / dtype_bytes(dtype);
    return shape;
}

/* In memory bytes a second, f32's time over the type's; in L2 the type's time over f32's. */
Target other_types(const std::string &key, Workload *workload) {
    Target target{"other types beside f32, as many bytes, rate 0.5: bytes a second; in L2 time"};
    const auto add = [&](const std::string &what, const Shape &shape, bool cached) {
        const Group group(
            key + "-" + make_case(shape, 0.5).layout_name() + (cached ? "-cached" : ""), workload);
        const auto a_byte = [&](planedrop_dtype dtype) {
            const Case c = case_of(as_many_bytes(shape, dtype), 0.5, dtype);
            return Time{{1.0 / static_cast<double>(dtype_bytes(dtype)), {group.ours(c)}}};
        };
        const Time f32 = a_byte(PLANEDROP_F32);
        for (planedrop_dtype dtype : {PLANEDROP_BF16, PLANEDROP_F16, PLANEDROP_F64}) {
            const Time other = a_byte(dtype);
            target.claims.push_back(
                {dtype_name(dtype) + (", " + what) + (cached ? ", L2 (256 KiB)" : ", 256 MiB"),
                 {cached ? Test{1.6, other, f32} : Test{0.9, f32, other, true}}});
        }
    };
    for (const bool cached : {false, true}) {
        const size_t elements = cached ? 256 * KiB : 256 * MiB, samples = cached ? 1 : 32;
        add("NCHW, planes of 3136", planes_shape(elements, 3136), cached);
        add("NHWC, 256 channels", {Layout::nhwc, samples, 256, elements / samples / 256}, cached);
        add("elementwise", {Layout::elements, 1, 1, elements}, cached);
    }
    return target;
}

Target other_machines(const std::string &, Workload *) {
    return {"the 128-bit kernels of other CPUs: cycles an element beside the ports' minimum",
            {},
            false,
            "a matter of a simulator: see docs/performance.md"};
}

} // namespace

std::vector<TargetMaker> machine_targets() {
    return {{"fixed", fixed},
            {"threads", threads},
            {"types", other_types},
            {"second-isa", second_isa},
            {"other-machines", other_machines}};
}
