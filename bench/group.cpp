/* SPDX-License-Identifier: MIT
 *
 * The groups of group.hpp.
 */
#include "group.hpp"

#include <algorithm>

double ns_of(const Time &time, const Results &results) {
    double sum = 0;
    for (const Term &term : time) {
        sum += term.weight * results.fastest_ns(term.rows);
    }
    return sum;
}

const Case &Group::keep(const Case &c) const {
    workload_->cases.push_back(c);
    return workload_->cases.back();
}

void Group::rename(std::vector<std::string> *rows) const {
    for (std::string &row : *rows) {
        row = name_of(row);
    }
}

std::string Group::add(Row row) const {
    row.group = name_;
    row.name = name_of(row.name);
    row.copy = name_of(row.copy);
    row.baseline = name_of(row.baseline);
    row.naive = name_of(row.naive);
    rename(&row.roof_scale);
    rename(&row.roof_fill);
    const bool is_known = std::any_of(workload_->rows.begin(), workload_->rows.end(),
                                      [&row](const Row &other) { return other.name == row.name; });
    const std::string name = row.name;
    if (!is_known) {
        workload_->rows.push_back(std::move(row));
    }
    return name;
}

std::string Group::ours(const Case &c, const Isa &isa) const {
    return add(library_row(keep(c), isa, fair_offset(c)));
}

Time Group::copy(const Case &c) const { return {{1, {add(copy_row(c))}}}; }

Time Group::whole(Whole what, size_t elements) const {
    return {{1, {add(whole_row(what, elements))}}};
}

Time Group::scale(size_t elements) const {
    return {
        {1,
         {add(whole_row(Whole::scale, elements)), add(whole_row(Whole::scale_stream, elements))}}};
}

Time Group::roof(double rate, size_t elements) const {
    return {{1 - rate, {add(whole_row(Whole::scale_stream, elements))}},
            {rate, {add(whole_row(Whole::fill_stream, elements))}}};
}

Case case_of(const Shape &shape, double rate, planedrop_dtype dtype) {
    Case c = make_case(shape, rate, dtype);
    c.masks = c.roof_elements() <= MiB ? 20 : 1;
    return c;
}

Shape planes_shape(size_t elements, size_t plane) {
    constexpr size_t common = 100352; /* 2^11 * 7^2: most maps of convolutional nets divide it */
    const size_t unit = common % plane == 0 && elements >= common ? common : plane;
    return {Layout::nchw, 1, elements / unit * unit / plane, plane};
}
