/* SPDX-License-Identifier: MIT
 *
 * The rows of rows.hpp that the library is compared with, and what rows are called.
 */
#include "rows.hpp"

#include "reference.h"

#include <cstring>

namespace {

double scale_of(double rate) { return 1 / (1 - rate); }

std::string path(const std::string &function, const Case &c) {
    return c.layout_name() + "/" + function + "/" + dtype_name(c.desc.dtype) + "/" + c.shape_name();
}

/* What all rows that run a case have in common. */
Row row_of(const Case &c, const std::string &name) {
    Row row;
    row.name = name;
    row.dtype = c.desc.dtype;
    row.elements = static_cast<double>(c.elements());
    row.bytes = c.bytes();
    return row;
}

/* The call of a function over f32. */
template <class Function> auto on_f32(Function function) {
    return [function](const void *x, void *y) {
        function(static_cast<const float *>(x), static_cast<float *>(y));
    };
}

const char *name_of(Whole what) {
    switch (what) {
    case Whole::scale:
        return "scale";
    case Whole::scale_stream:
        return "scale-stream";
    case Whole::fill:
        return "fill";
    case Whole::fill_stream:
        return "fill-stream";
    case Whole::scale_in_place:
        return "scale-in-place";
    case Whole::accumulate:
        break;
    }
    return "accumulate";
}

} // namespace

std::string row_path(const std::string &function, const Case &c) {
    return path(function, c) + "/" + c.rate_name();
}

std::string copy_path(const Case &c) { return path("memcpy", c); }

std::string whole_path(Whole what, size_t elements) {
    return "roof/" + best_isa().name + "/f32/E" + std::to_string(elements) + "/" + name_of(what);
}

uint64_t fair_naive_seed(const Case &c) {
    if (!c.skips_reads()) {
        return 0;
    }
    const size_t draws = c.shape.n * c.shape.channels;
    const std::vector<float> ones(draws, 1.0f);
    std::vector<float> kept(draws);
    for (uint64_t seed = 0;; seed++) {
        const naive_rule rule = {seed, reference_threshold(c.rate), 1};
        isas().back().naive[PLANEDROP_F32]->planes(&rule, draws, 1, ones.data(), kept.data());
        uint64_t dropped = 0;
        for (float value : kept) {
            dropped += value == 0;
        }
        if (drops_its_share(dropped, draws, c.rate)) {
            return seed;
        }
    }
}

Row naive_row(const Case &c, const Isa &isa, uint64_t seed) {
    Row row = row_of(c, row_path("naive-" + isa.name, c));
    const naive_rule rule = {seed, reference_threshold(c.rate), scale_of(c.rate)};
    const naive_loops *loops = isa.naive[c.desc.dtype];
    const Shape s = c.shape;
    switch (s.layout) {
    case Layout::nchw:
    case Layout::droppath:
        row.call = [=](const void *x, void *y) {
            loops->planes(&rule, s.n * s.channels, s.spatial, x, y);
        };
        break;
    case Layout::nhwc:
    case Layout::blocked: /* never asked for */
        row.call = [=, scratch = std::vector<double>(s.channels)](const void *x, void *y) mutable {
            loops->rows(&rule, s.n, s.spatial, s.channels, scratch.data(), x, y);
        };
        break;
    case Layout::elements:
        row.call = [=](const void *x, void *y) { loops->elements(&rule, s.spatial, x, y); };
        break;
    }
    row.expect = Expect::share;
    row.scale = rule.scale;
    row.measures = &c;
    return row;
}

Row xorshift_row(const Case &c, const Isa &isa) {
    Row row = row_of(c, row_path("xorshift-" + isa.name, c));
    const naive_rule rule = {0, reference_threshold(c.rate), scale_of(c.rate)};
    row.call = on_f32([rule, loops = isa.xorshift, count = c.elements()](const float *x, float *y) {
        loops->elements(&rule, count, x, y);
    });
    row.expect = Expect::share;
    row.scale = rule.scale;
    row.measures = &c;
    return row;
}

Row sleef_row(size_t elements, const Isa &isa) {
    Row row;
    row.name = "sleef/" + isa.name + "/f32/E" + std::to_string(elements);
    row.call = on_f32([loops = isa.sleef, elements](const float *x, float *y) {
        loops->elements(elements, x, y);
    });
    row.elements = static_cast<double>(elements);
    row.bytes = 2 * row.elements * sizeof(float);
    return row;
}

Row copy_row(const Case &c) {
    Row row = row_of(c, copy_path(c));
    row.call = [bytes = c.tensor_bytes()](const void *x, void *y) { std::memcpy(y, x, bytes); };
    row.expect = Expect::scaled;
    row.bytes = static_cast<double>(c.footprint_bytes());
    return row;
}

Row whole_row(Whole what, size_t elements) {
    const roof_loops *roof = best_isa().roof;
    const float factor = 2;
    Row row;
    row.name = whole_path(what, elements);
    row.elements = static_cast<double>(elements);
    row.bytes = 2 * row.elements * sizeof(float);
    row.expect = Expect::scaled;
    row.scale = factor;
    switch (what) {
    case Whole::scale_in_place:
        row.in_place = true;
        [[fallthrough]];
    case Whole::scale:
        row.call = on_f32([=](const float *x, float *y) { roof->scale(elements, factor, x, y); });
        break;
    case Whole::scale_stream:
        row.call =
            on_f32([=](const float *x, float *y) { roof->scale_stream(elements, factor, x, y); });
        break;
    case Whole::fill:
    case Whole::fill_stream:
        row.expect = Expect::zeros;
        row.bytes = row.elements * sizeof(float);
        row.call = on_f32([fill = what == Whole::fill ? roof->fill : roof->fill_stream,
                           elements](const float *, float *y) { fill(elements, y); });
        break;
    case Whole::accumulate:
        row.expect = Expect::added;
        row.bytes = 3 * row.elements * sizeof(float);
        row.call =
            on_f32([=](const float *x, float *y) { roof->accumulate(elements, factor, x, y); });
        break;
    }
    return row;
}
