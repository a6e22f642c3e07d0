/* SPDX-License-Identifier: MIT
 *
 * The rows of rows.hpp: for each case the library and the naive loop on every usable instruction
 * set and memcpy; for each size the parts of the roof; the fixed costs.
 */
#include "rows.hpp"

#include "reference.h"

#include <cstring>
#include <regex>
#include <set>

namespace {

constexpr int fixed_calls = 100; /* a call of one element is too short to time alone */

std::string path(const std::string &layout, const std::string &function, const Case &c) {
    return layout + "/" + function + "/f32/" + c.shape_name();
}

std::string case_path(const std::string &function, const Case &c) {
    return path(c.layout_name(), function, c) + "/" + c.rate_name();
}

std::string roof_path(size_t elements, const std::string &part) {
    return "roof/" + best_isa().name + "/f32/E" + std::to_string(elements) + "/" + part;
}

float scale_of(double rate) { return static_cast<float>(1 / (1 - rate)); }

planedrop_plan plan_of(const planedrop_desc &desc, const Isa &isa, std::string *error) {
    planedrop_plan plan = {};
    const planedrop_status status = planedrop_plan_init_isa(&plan, &desc, isa.name.c_str());
    if (status != PLANEDROP_OK) {
        *error = std::string("planedrop_plan_init_isa: ") + planedrop_status_string(status);
    }
    return plan;
}

Row library_row(const Case &c, const Isa &isa, uint64_t offset) {
    Row row;
    row.name = case_path(isa.name, c);
    const planedrop_plan plan = plan_of(c.desc, isa, &row.error);
    row.rng = {0, offset};
    row.call = [plan, rng = row.rng](const float *x, float *y) {
        planedrop_forward(&plan, rng, x, y);
    };
    row.expect = Expect::oracle;
    row.elements = static_cast<double>(c.elements());
    row.bytes = c.bytes();
    row.measures = &c;
    row.isa = &isa;
    row.baseline = case_path(isas().back().name, c);
    row.naive = case_path("naive-" + isa.name, c);
    row.copy = path(c.layout_name(), "memcpy", c);
    row.roof_scale = {roof_path(c.elements(), "scale"), roof_path(c.elements(), "scale-stream")};
    if (c.skips_reads()) {
        row.roof_fill = {roof_path(c.elements(), "fill"), roof_path(c.elements(), "fill-stream")};
        row.reading = 1 - c.rate;
    }
    return row;
}

/* The first seed that makes the naive loop, too, drop its share of the planes. */
uint64_t fair_naive_seed(const Case &c) {
    if (!c.skips_reads()) {
        return 0;
    }
    const size_t draws = c.shape.n * c.shape.channels;
    const std::vector<float> ones(draws, 1.0f);
    std::vector<float> kept(draws);
    for (uint64_t seed = 0;; seed++) {
        const naive_rule rule = {seed, reference_threshold(c.rate), 1};
        isas().back().naive->planes(&rule, draws, 1, ones.data(), kept.data());
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
    Row row;
    row.name = case_path("naive-" + isa.name, c);
    const naive_rule rule = {seed, reference_threshold(c.rate), scale_of(c.rate)};
    const naive_loops *loops = isa.naive;
    const Shape s = c.shape;
    switch (s.layout) {
    case Layout::nchw:
    case Layout::droppath:
        row.call = [=](const float *x, float *y) {
            loops->planes(&rule, s.n * s.channels, s.spatial, x, y);
        };
        break;
    case Layout::nhwc:
        row.call = [=, factors = std::vector<float>(s.channels)](const float *x, float *y) mutable {
            loops->rows(&rule, s.n, s.spatial, s.channels, factors.data(), x, y);
        };
        break;
    case Layout::elements:
        row.call = [=](const float *x, float *y) { loops->elements(&rule, s.spatial, x, y); };
        break;
    }
    row.expect = Expect::share;
    row.scale = rule.scale;
    row.elements = static_cast<double>(c.elements());
    row.bytes = c.bytes();
    row.measures = &c;
    return row;
}

Row copy_row(const Case &c) {
    Row row;
    row.name = path(c.layout_name(), "memcpy", c);
    const size_t bytes = c.footprint_bytes() / 2;
    row.call = [bytes](const float *x, float *y) { std::memcpy(y, x, bytes); };
    row.expect = Expect::scaled;
    row.elements = static_cast<double>(c.elements());
    row.bytes = static_cast<double>(c.footprint_bytes());
    return row;
}

void add_roof_rows(size_t elements, std::vector<Row> *rows) {
    const roof_loops *roof = best_isa().roof;
    const float factor = scale_of(0.5);
    Row row;
    row.elements = static_cast<double>(elements);

    row.expect = Expect::scaled;
    row.scale = factor;
    row.bytes = 2 * row.elements * sizeof(float);
    row.name = roof_path(elements, "scale");
    row.call = [=](const float *x, float *y) { roof->scale(elements, factor, x, y); };
    rows->push_back(row);
    row.name = roof_path(elements, "scale-stream");
    row.call = [=](const float *x, float *y) { roof->scale_stream(elements, factor, x, y); };
    rows->push_back(row);

    row.expect = Expect::zeros;
    row.bytes = row.elements * sizeof(float);
    row.name = roof_path(elements, "fill");
    row.call = [=](const float *, float *y) { roof->fill(elements, y); };
    rows->push_back(row);
    row.name = roof_path(elements, "fill-stream");
    row.call = [=](const float *, float *y) { roof->fill_stream(elements, y); };
    rows->push_back(row);
}

void add_fixed_rows(std::vector<Row> *rows) {
    const planedrop_desc desc = planedrop_nchw(PLANEDROP_F32, 1, 1, 1, 0.5);
    Row row;
    row.calls = fixed_calls;
    row.name = "fixed/plan_init";
    planedrop_plan best;
    if (planedrop_plan_init(&best, &desc) != PLANEDROP_OK) {
        row.error = "planedrop_plan_init fails (is PLANEDROP_ISA set?)";
    }
    row.call = [desc](const float *, float *) {
        for (int i = 0; i < fixed_calls; i++) {
            planedrop_plan plan;
            planedrop_plan_init(&plan, &desc);
        }
    };
    rows->push_back(row);
    row.error.clear();
    for (const Isa &isa : isas()) {
        if (isa.usable) {
            row.name = "fixed/" + isa.name + "/f32/forward";
            const planedrop_plan plan = plan_of(desc, isa, &row.error);
            row.call = [plan](const float *x, float *y) {
                for (uint64_t i = 0; i < fixed_calls; i++) {
                    planedrop_forward(&plan, {0, i}, x, y);
                }
            };
            rows->push_back(row);
        }
    }
}

} // namespace

std::vector<Row> make_rows(const std::vector<Case> &cases) {
    std::vector<Row> rows;
    std::set<std::string> copied;
    std::set<size_t> roofed;
    for (const Case &c : cases) {
        const uint64_t offset = fair_offset(c), seed = fair_naive_seed(c);
        for (const Isa &isa : isas()) {
            if (isa.usable) {
                rows.push_back(library_row(c, isa, offset));
                rows.push_back(naive_row(c, isa, seed));
            }
        }
        if (copied.insert(c.layout_name() + c.shape_name()).second) {
            rows.push_back(copy_row(c));
        }
        if (roofed.insert(c.elements()).second) {
            add_roof_rows(c.elements(), &rows);
        }
    }
    add_fixed_rows(&rows);
    return rows;
}

std::vector<Row> select_rows(const std::vector<Row> &rows, const std::string &pattern) {
    const bool inverted = !pattern.empty() && pattern[0] == '-';
    const std::regex regex(pattern.substr(inverted), std::regex::extended);
    const bool all = pattern.empty() || pattern == "all";
    std::set<std::string> wanted;
    for (const Row &row : rows) {
        if (all || std::regex_search(row.name, regex) != inverted) {
            wanted.insert({row.name, row.baseline, row.naive, row.copy});
            wanted.insert(row.roof_scale.begin(), row.roof_scale.end());
            wanted.insert(row.roof_fill.begin(), row.roof_fill.end());
        }
    }
    std::vector<Row> selected;
    for (const Row &row : rows) {
        if (wanted.count(row.name) > 0) {
            selected.push_back(row);
        }
    }
    return selected;
}
