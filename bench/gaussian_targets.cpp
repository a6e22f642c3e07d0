/* SPDX-License-Identifier: MIT
 *
 * Targets of the Gaussian law. With a draw for each element it computes, and is held against the
 * calls of SLEEF that it cannot do without; with one for each channel it is a scale.
 */
#include "targets.hpp"

namespace {

void add_elements(const Group &group, size_t elements, const char *place, Target *target) {
    const Case &c = group.keep(make_gaussian_case({Layout::elements, 1, 1, elements}, 0.5));
    for (const Isa &isa : isas()) {
        if (isa.usable) {
            target->claims.push_back({"elementwise, " + isa.name + place,
                                      {{1.3,
                                        {{1, {group.add(library_row(c, isa, 0))}}},
                                        {{1, {group.add(sleef_row(elements, isa))}}}}}});
        }
    }
}

void add_channels(const Group &group, const Shape &shape, const char *what, Whole scale,
                  Target *target) {
    const Case &c = group.keep(make_gaussian_case(shape, 0.5));
    for (const Isa &isa : isas()) {
        if (isa.usable && &isa != &isas().back()) {
            target->claims.push_back({what + isa.name,
                                      {{1.15,
                                        {{1, {group.add(library_row(c, isa, 0))}}},
                                        group.whole(scale, c.elements())}}});
        }
    }
}

Target gaussian_targets_of(const std::string &key, Workload *workload) {
    Target target{"Gaussian: elementwise over SLEEF's calls alone, else over scaling the tensor"};
    if (!has_gaussian()) {
        target.note = "this build is without SLEEF";
        return target;
    }
    const Group cached(key + "-cached", workload), memory(key, workload);
    add_elements(cached, 256 * KiB, ", L2 (256 KiB)", &target);
    add_elements(memory, 256 * MiB / 4, ", 64 MiB", &target);
    add_channels(cached, planes_shape(256 * KiB, 256), "NCHW, planes of 256, L2 (256 KiB), ",
                 Whole::scale, &target);
    add_channels(cached, {Layout::nhwc, 1, 256, KiB}, "NHWC, 256 channels, L2 (256 KiB), ",
                 Whole::scale, &target);
    add_channels(memory, planes_shape(256 * MiB, 3136), "NCHW, planes of 3136, 256 MiB, ",
                 Whole::scale_stream, &target);
    add_channels(memory, {Layout::nhwc, 32, 256, 256 * MiB / 32 / 256},
                 "NHWC, 256 channels, 256 MiB, ", Whole::scale_stream, &target);
    return target;
}

} // namespace

std::vector<TargetMaker> gaussian_targets() { return {{"gaussian", gaussian_targets_of}}; }
