/* SPDX-License-Identifier: MIT
 *
 * The rows of rows.hpp that time the library.
 */
#include "rows.hpp"

namespace {

constexpr size_t fixed_calls = 100; /* a call of one element is too short to time alone */

} // namespace

planedrop_plan plan_of(const planedrop_desc &desc, const Isa &isa, std::string *error) {
    planedrop_plan plan = {};
    const planedrop_status status = planedrop_plan_init_isa(&plan, &desc, isa.name.c_str());
    if (status != PLANEDROP_OK) {
        *error = std::string("planedrop_plan_init_isa: ") + planedrop_status_string(status);
    }
    return plan;
}

Row library_row(const Case &c, const Isa &isa, uint64_t offset) {
    std::string error;
    const planedrop_plan plan = plan_of(c.desc, isa, &error);
    Row row = library_row(c, isa, offset, plan);
    row.error = error;
    return row;
}

Row library_row(const Case &c, const Isa &isa, uint64_t offset, const planedrop_plan &plan) {
    Row row;
    row.name = row_path(isa.name, c);
    row.dtype = c.desc.dtype;
    row.rng = {0, offset + c.masks - 1};
    row.calls = c.masks;
    row.call = [plan, offset, last = row.rng](const void *x, void *y) {
        for (planedrop_rng rng = {0, offset}; rng.offset <= last.offset; rng.offset++) {
            planedrop_forward(&plan, rng, x, y);
        }
    };
    row.expect = Expect::oracle;
    row.in_place = c.in_place;
    row.elements = static_cast<double>(c.elements());
    row.bytes = c.bytes();
    row.measures = &c;
    row.isa = &isa;
    row.baseline = row_path(isas().back().name, c);
    row.naive = row_path("naive-" + isa.name, c);
    row.copy = copy_path(c);
    row.roof_scale = {whole_path(Whole::scale, c.roof_elements()),
                      whole_path(Whole::scale_stream, c.roof_elements())};
    if (c.skips_reads()) {
        row.roof_fill = {whole_path(Whole::fill, c.roof_elements()),
                         whole_path(Whole::fill_stream, c.roof_elements())};
        row.reading = 1 - c.rate;
    }
    return row;
}

std::vector<Row> fixed_rows() {
    const planedrop_desc desc = planedrop_nchw(PLANEDROP_F32, 1, 1, 1, 0.5);
    std::vector<Row> rows;
    Row row;
    row.calls = fixed_calls;
    row.name = "fixed/plan_init";
    planedrop_plan best;
    if (planedrop_plan_init(&best, &desc) != PLANEDROP_OK) {
        row.error = "planedrop_plan_init fails (is PLANEDROP_ISA set?)";
    }
    row.call = [desc](const void *, void *) {
        for (size_t i = 0; i < fixed_calls; i++) {
            planedrop_plan plan;
            planedrop_plan_init(&plan, &desc);
        }
    };
    rows.push_back(row);
    row.error.clear();
    for (const Isa &isa : isas()) {
        if (isa.usable) {
            row.name = "fixed/" + isa.name + "/f32/forward";
            const planedrop_plan plan = plan_of(desc, isa, &row.error);
            row.call = [plan](const void *x, void *y) {
                for (uint64_t i = 0; i < fixed_calls; i++) {
                    planedrop_forward(&plan, {0, i}, x, y);
                }
            };
            rows.push_back(row);
        }
    }
    return rows;
}
