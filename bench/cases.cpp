/* SPDX-License-Identifier: MIT
 *
 * The list of shapes, and what a shape at a rate is called and costs.
 */
#include "cases.hpp"

#include "isas.hpp"
#include "reference.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

namespace {

constexpr bool Q = true, T = true, no = false;

// clang-format off
constexpr Shape shapes[] = {
    /*                     N     C     HW   quick  telling */
    {Layout::nchw,         1,   64,     49, Q, T}, /* 25 KB */
    {Layout::nchw,         1,   16,    196, no, no}, /* a slice of channels, for L1 */
    {Layout::nchw,         1,   64,    256, Q, T}, /* 131 KB: U-Net's bottleneck, 16 x 16 */
    {Layout::nchw,         1,  256,    256, Q, T}, /* tensors of 256 KiB */
    {Layout::nchw,         1,   16,   3136, Q, T}, /* a slice of channels, for L2 */
    {Layout::nchw,         1, 2048,     49, Q, T},
    {Layout::nchw,         1, 1024,    196, no, no},
    {Layout::nchw,         1,  512,    784, no, no},
    {Layout::nchw,         1,  256,   3136, Q, T},
    {Layout::nchw,         1,   64,  12544, no, no},
    {Layout::nchw,         1,  128,  12544, no, no},
    {Layout::nchw,        32, 2048,     49, Q, T},
    {Layout::nchw,        32, 1024,    196, no, no},
    {Layout::nchw,        32,  512,    784, no, no},
    {Layout::nchw,        32,  256,   3136, Q, T}, /* 206 MB */
    {Layout::nchw,        32,   64,  12544, no, no},

    {Layout::nhwc,         1,   64,     49, no, no},
    {Layout::nhwc,         1, 2048,     49, Q, T},
    {Layout::nhwc,         1,    3,  50176, Q, T}, /* the image itself */
    {Layout::nhwc,         1,  512,    784, no, no},
    {Layout::nhwc,         1,  256,   3136, Q, T},
    {Layout::nhwc,        32, 2048,     49, no, no},
    {Layout::nhwc,        32,  256,   3136, no, T},
    {Layout::nhwc,        32,   64,  12544, no, no},

    {Layout::droppath,    32,    1,   3136, no, no},
    {Layout::droppath,    32,    1, 100352, Q, no},
    {Layout::droppath,    32,    1, 802816, no, T},

    {Layout::elements,     1,    1,   3136, no, no},
    {Layout::elements,     1,    1,  16384, Q, T},
    {Layout::elements,     1,    1, 100352, no, no},
    {Layout::elements,     1,    1, 802816, no, no},
    {Layout::elements,     1,    1, 6422528, Q, T},
};

/* Those of the other element types and of the Gaussian law in the default run. */
constexpr Shape few_shapes[] = {
    {Layout::nchw,         1,   16,   3136, Q, T},
    {Layout::nchw,        32,  256,   3136, no, T},
    {Layout::nhwc,         1,  256,   3136, no, T},
    {Layout::elements,     1,    1,  16384, Q, T},
    {Layout::elements,     1,    1, 6422528, no, T},
};
// clang-format on

constexpr double rates[] = {0.1, 0.2, 0.5};

planedrop_desc desc_of(const Shape &s, double rate, planedrop_dtype dtype) {
    switch (s.layout) {
    case Layout::nchw:
        return planedrop_nchw(dtype, s.n, s.channels, s.spatial, rate);
    case Layout::nhwc:
        return planedrop_nhwc(dtype, s.n, s.spatial, s.channels, rate);
    case Layout::blocked:
        return planedrop_nchw_blocked(dtype, s.n, s.channels, s.spatial, s.block, rate);
    case Layout::droppath:
        return planedrop_samples(dtype, s.n, s.spatial, rate);
    case Layout::elements:
        break;
    }
    return planedrop_elements(dtype, s.spatial, rate);
}

template <size_t count>
void add_cases(const Shape (&list)[count], planedrop_dtype dtype, Extent extent,
               std::vector<Case> *cases) {
    for (const Shape &shape : list) {
        for (double rate : rates) {
            const bool quick = shape.quick && rate == 0.5;
            const bool usual = dtype == PLANEDROP_F32 || rate != 0.2;
            if (extent == Extent::quick ? quick : usual || extent == Extent::all) {
                cases->push_back(make_case(shape, rate, dtype));
            }
        }
    }
}

void add_gaussian_cases(Extent extent, std::vector<Case> *cases) {
    for (const Shape &shape : few_shapes) {
        if (extent != Extent::quick || shape.quick) {
            cases->push_back(make_gaussian_case(shape, 0.5));
        }
    }
}

} // namespace

const char *dtype_name(planedrop_dtype dtype) {
    static const char *const names[] = {"f32", "bf16", "f16", "f64"};
    return names[dtype];
}

double Case::bytes() const {
    const double read = skips_reads() ? 1 - rate : 1;
    const double moved = accumulates() ? 3 * read : read + 1;
    return moved * static_cast<double>(tensor_bytes());
}

std::string Case::layout_name() const {
    const std::string law = desc.law == PLANEDROP_GAUSSIAN ? "-gaussian" : "";
    const std::string way = law + (in_place ? "-in-place" : accumulates() ? "-accumulate" : "");
    switch (shape.layout) {
    case Layout::nchw:
        return "nchw" + way;
    case Layout::nhwc:
        return "nhwc" + way;
    case Layout::blocked:
        return "blocked" + std::to_string(shape.block) + way;
    case Layout::droppath:
        return "droppath" + way;
    case Layout::elements:
        break;
    }
    return "elements" + way;
}

std::string Case::shape_name() const {
    const std::string n = "N" + std::to_string(shape.n), c = "C" + std::to_string(shape.channels);
    const std::string spatial = std::to_string(shape.spatial);
    switch (shape.layout) {
    case Layout::nchw:
    case Layout::blocked:
        return n + "_" + c + "_HW" + spatial;
    case Layout::nhwc:
        return n + "_HW" + spatial + "_" + c;
    case Layout::droppath:
        return n + "_E" + spatial;
    case Layout::elements:
        break;
    }
    return "E" + spatial;
}

std::string Case::rate_name() const {
    char text[16];
    std::snprintf(text, sizeof text, "p%g", rate);
    return text;
}

Case make_case(const Shape &shape, double rate, planedrop_dtype dtype) {
    return {shape, rate, desc_of(shape, rate, dtype)};
}

Case make_gaussian_case(const Shape &shape, double rate) {
    Case c = make_case(shape, rate);
    c.desc.law = PLANEDROP_GAUSSIAN;
    return c;
}

std::vector<Case> make_cases(Extent extent) {
    std::vector<Case> cases;
    for (planedrop_dtype dtype : dtypes) {
        if (dtype == PLANEDROP_F32 || extent == Extent::all) {
            add_cases(shapes, dtype, extent, &cases);
        } else {
            add_cases(few_shapes, dtype, extent, &cases);
        }
    }
    if (has_gaussian()) {
        add_gaussian_cases(extent, &cases);
    }
    return cases;
}

bool drops_its_share(uint64_t dropped, uint64_t draws, double rate) {
    const double expected = rate * static_cast<double>(draws);
    return std::abs(static_cast<double>(dropped) - expected) <= std::max(0.5, 0.01 * expected);
}

uint64_t fair_offset(const Case &c, uint64_t parts) {
    const uint64_t draws = reference_draws(&c.desc);
    const auto is_fair = [&](uint64_t offset, uint64_t part) {
        const uint64_t begin = part * draws / parts, end = (part + 1) * draws / parts;
        uint64_t dropped = 0;
        for (uint64_t mask = 0; mask < c.masks; mask++) {
            for (uint64_t k = begin; k < end; k++) {
                dropped += !reference_keeps({0, offset + mask}, c.rate, k);
            }
        }
        return drops_its_share(dropped, c.masks * (end - begin), c.rate);
    };
    uint64_t offset = 0, part = 0;
    while (c.skips_reads() && part < parts) {
        if (is_fair(offset, part)) {
            part++;
        } else {
            offset++;
            part = 0;
        }
    }
    return offset;
}
