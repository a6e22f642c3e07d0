/* SPDX-License-Identifier: MIT
 *
 * The comparisons of results.hpp. Times are CPU times of the one thread: the turns that a shared
 * machine gives to others do not count.
 */
#include "results.hpp"

Results::Results(const std::vector<Row> &rows) : rows_(rows) {
    for (const Row &row : rows) {
        by_name_[row.name] = &row;
    }
}

void Results::ReportRuns(const std::vector<Run> &runs) {
    for (const Run &run : runs) {
        if (run.run_type != Run::RT_Iteration) {
            continue;
        }
        runs_.push_back(run);
        if (run.error_occurred) {
            errors_++;
            continue;
        }
        const auto [best, is_first] = best_.emplace(run.run_name.str(), run);
        if (!is_first && run.GetAdjustedCPUTime() < best->second.GetAdjustedCPUTime()) {
            best->second = run;
        }
    }
}

double Results::ns_of(const std::string &name) const {
    const auto found = best_.find(name);
    if (found == best_.end()) {
        return NAN;
    }
    const Row &row = *by_name_.at(name);
    const double elements = row.elements == 0 ? 1 : row.elements;
    return found->second.GetAdjustedCPUTime() / static_cast<double>(row.calls) / elements;
}

double Results::fastest_ns(const std::vector<std::string> &names) const {
    double fastest = NAN;
    for (const std::string &name : names) {
        fastest = std::fmin(fastest, ns_of(name)); /* fmin passes over NaN */
    }
    return fastest;
}

Result Results::of(const Row &row) const {
    Result result;
    const double ns = ns_of(row.name);
    result.ns = ns;
    if (row.elements == 0) {
        return result;
    }
    result.bytes_per_ns = row.bytes / row.elements / ns;
    if (row.isa != nullptr) {
        const double fill = row.roof_fill.empty() ? 0 : fastest_ns(row.roof_fill);
        const double roof = row.reading * fastest_ns(row.roof_scale) + (1 - row.reading) * fill;
        const double f32s = row.elem_bytes() / sizeof(float); /* in an element */
        result.times_baseline = ns_of(row.baseline) / ns;
        result.times_naive = ns_of(row.naive) / ns;
        result.times_memcpy = ns_of(row.copy) / ns;
        result.roof_fraction = f32s * roof / ns;
    }
    return result;
}

void Results::Finalize() {
    JSONReporter::ReportRuns(runs_);
    for (const Row &row : rows_) {
        const auto found = best_.find(row.name);
        if (found == best_.end()) {
            continue;
        }
        Run run = found->second;
        run.run_type = Run::RT_Aggregate;
        run.aggregate_name = "min";
        const Result result = of(row);
        const std::pair<const char *, double> comparisons[] = {
            {"times_baseline", result.times_baseline},
            {"times_naive", result.times_naive},
            {"times_memcpy", result.times_memcpy},
            {"roof_fraction", result.roof_fraction},
        };
        for (const auto &[name, value] : comparisons) {
            if (!std::isnan(value)) {
                run.counters[name] = value;
            }
        }
        JSONReporter::ReportRuns({run});
    }
    JSONReporter::Finalize();
}
