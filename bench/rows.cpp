/* SPDX-License-Identifier: MIT
 *
 * The rows of the default run: for each case the library and the naive loop (of the Bernoulli
 * law) on every usable instruction set, and memcpy; for each size the parts of the roof; the fixed
 * costs.
 */
#include "rows.hpp"

#include <regex>
#include <set>

std::vector<Row> make_rows(const std::vector<Case> &cases) {
    std::vector<Row> rows;
    std::set<std::string> copied;
    std::set<size_t> roofed;
    for (const Case &c : cases) {
        const uint64_t offset = fair_offset(c), seed = fair_naive_seed(c);
        for (const Isa &isa : isas()) {
            if (isa.usable) {
                rows.push_back(library_row(c, isa, offset));
                if (c.desc.law == PLANEDROP_BERNOULLI) {
                    rows.push_back(naive_row(c, isa, seed));
                }
            }
        }
        if (copied.insert(copy_path(c)).second) {
            rows.push_back(copy_row(c));
        }
        if (roofed.insert(c.roof_elements()).second) {
            for (Whole part :
                 {Whole::scale, Whole::scale_stream, Whole::fill, Whole::fill_stream}) {
                rows.push_back(whole_row(part, c.roof_elements()));
            }
        }
    }
    for (Row &row : fixed_rows()) {
        rows.push_back(std::move(row));
    }
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
