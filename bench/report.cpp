/* SPDX-License-Identifier: MIT
 *
 * The printed table of report.hpp.
 */
#include "report.hpp"

#include <algorithm>
#include <cstdio>
#include <set>

namespace {

constexpr size_t least_width = 25; /* of the column of titles: for the means' */

struct Place {
    std::string name; /* "L2", or "DRAM" where no cache is large enough */
    size_t bytes;
};

std::vector<Place> caches() {
    std::vector<Place> found;
    for (const auto &cache : benchmark::CPUInfo::Get().caches) {
        if (cache.type != "Instruction") {
            found.push_back({"L" + std::to_string(cache.level), static_cast<size_t>(cache.size)});
        }
    }
    return found;
}

std::string home_of(size_t footprint_bytes) {
    for (const Place &cache : caches()) {
        if (footprint_bytes <= cache.bytes) {
            return cache.name;
        }
    }
    return "DRAM";
}

std::string bytes_text(size_t bytes) {
    const double kib = static_cast<double>(bytes) / 1024;
    const bool is_small = kib < 1000;
    char text[32];
    std::snprintf(text, sizeof text, is_small || kib >= 10 * 1024 ? "%.0f %s" : "%.1f %s",
                  is_small ? kib : kib / 1024, is_small ? "KiB" : "MiB");
    return text;
}

std::string times_text(double times) {
    char text[32];
    std::snprintf(text, sizeof text, "%.*fx", times < 9.95 ? 2 : times < 99.95 ? 1 : 0, times);
    return std::isnan(times) ? "-" : text;
}

void print_heading(int width, const std::string &baseline) {
    std::printf("%-*s %-13s %-7s %7s %6s %8s %8s %8s %5s\n", width, "case", "x and y", "isa",
                "ns/elem", "GB/s", ("x " + baseline).c_str(), "x naive", "x memcpy", "roof");
}

void print_line(int width, const std::string &name, const std::string &place,
                const std::string &isa, const Result &r) {
    std::printf("%-*s %-13s %-7s %7.*f %6.*f %8s %8s %8s %4.0f%%\n", width, name.c_str(),
                place.c_str(), isa.c_str(), r.ns < 0.9995 ? 4 : 3, r.ns,
                r.bytes_per_ns < 99.95 ? 1 : 0, r.bytes_per_ns,
                times_text(r.times_baseline).c_str(), times_text(r.times_naive).c_str(),
                times_text(r.times_memcpy).c_str(), 100 * r.roof_fraction);
}

std::set<const Case *> cases_of(const std::vector<Row> &rows) {
    std::set<const Case *> found;
    for (const Row &row : rows) {
        found.insert(row.measures);
    }
    found.erase(nullptr);
    return found;
}

bool is_telling(const Case &c) { return c.shape.telling && c.rate == 0.5; }

std::string title_of(const Case &c) {
    const bool f32 = c.desc.dtype == PLANEDROP_F32;
    return c.layout_name() + (f32 ? " " : std::string(" ") + dtype_name(c.desc.dtype) + " ") +
           c.shape_name() + (c.rate == 0.5 ? "" : " " + c.rate_name());
}

/* The library's rows that the table shows: of the telling cases, or all of a few. */
std::vector<const Row *> shown_rows(const std::vector<Row> &rows) {
    const bool few = cases_of(rows).size() <= 16;
    std::vector<const Row *> shown;
    for (const Row &row : rows) {
        if (row.isa != nullptr && (few || is_telling(*row.measures))) {
            shown.push_back(&row);
        }
    }
    return shown;
}

int width_of_titles(const std::vector<const Row *> &rows) {
    size_t width = least_width;
    for (const Row *row : rows) {
        width = std::max(width, title_of(*row->measures).size());
    }
    return static_cast<int>(width);
}

/* A geometric mean of what was measured. */
class Mean {
  public:
    void add(double value) {
        if (!std::isnan(value)) {
            log_sum_ += std::log(value);
            count_++;
        }
    }
    double value() const { return count_ == 0 ? NAN : std::exp(log_sum_ / count_); }

  private:
    double log_sum_ = 0;
    int count_ = 0;
};

void print_means(int width, planedrop_dtype dtype, const std::vector<Row> &rows,
                 const Results &results) {
    bool is_first = true;
    for (const Isa &isa : isas()) {
        Mean ns, bytes_per_ns, baseline, naive, memcpy, roof;
        size_t count = 0;
        for (const Row &row : rows) {
            if (row.isa == &isa && row.dtype == dtype && row.error.empty() &&
                row.measures->desc.law == PLANEDROP_BERNOULLI) {
                const Result r = results.of(row);
                ns.add(r.ns);
                bytes_per_ns.add(r.bytes_per_ns);
                baseline.add(r.times_baseline);
                naive.add(r.times_naive);
                memcpy.add(r.times_memcpy);
                roof.add(r.roof_fraction);
                count++;
            }
        }
        if (count > 0) {
            const std::string title =
                "geometric mean, " + std::to_string(count) + " " + dtype_name(dtype);
            print_line(width, is_first ? title : "", "", isa.name,
                       {ns.value(), bytes_per_ns.value(), baseline.value(), naive.value(),
                        memcpy.value(), roof.value()});
            is_first = false;
        }
    }
}

void print_fixed_costs(const std::vector<Row> &rows, const Results &results) {
    bool is_first = true;
    for (const Row &row : rows) {
        if (row.elements == 0 && row.error.empty()) {
            std::printf("%s%-40s %5.0f ns a call\n", is_first ? "\n" : "", row.name.c_str(),
                        results.of(row).ns);
            is_first = false;
        }
    }
}

} // namespace

void print_machine() {
    std::string usable;
    for (const Isa &isa : isas()) {
        if (isa.usable) {
            usable += (usable.empty() ? "" : ", ") + isa.name;
        } else {
            std::printf("SKIPPED: %s is compiled in, but this CPU cannot run it\n",
                        isa.name.c_str());
        }
    }
    std::string sizes;
    for (const Place &cache : caches()) {
        sizes += (sizes.empty() ? "" : ", ") + cache.name + " " + bytes_text(cache.bytes);
    }
    std::printf("planedrop %s on %s; data caches: %s\n", planedrop_version(), usable.c_str(),
                sizes.c_str());
}

void print_plan(const std::vector<Case> &cases, const std::vector<Row> &rows, size_t repetitions) {
    std::printf("%zu of %zu cases, %zu rows, %zu repetitions of each in random order\n\n",
                cases_of(rows).size(), cases.size(), rows.size(), repetitions);
    std::fflush(stdout);
}

void print_table(const std::vector<Row> &rows, const Results &results) {
    const std::string &baseline = isas().back().name;
    std::printf(
        "\nDropout, one thread; f32 and rate 0.5 where no others are named.\n"
        "GB/s: y written and x read (nchw and droppath: only where it is kept).\n"
        "x %s, x naive, x memcpy: how many times as fast as the library's own %s\n"
        "kernels, as a plain C loop compiled for the same instruction set, as a memcpy.\n"
        "roof: the least possible time over the time (README.md defines it). A little above\n"
        "100%% is noise; more, where skipped reads leave more room in a cache.\n\n",
        baseline.c_str(), baseline.c_str());
    const std::vector<const Row *> shown = shown_rows(rows);
    const int width = width_of_titles(shown);
    print_heading(width, baseline);
    const Case *last = nullptr;
    for (const Row *row : shown) {
        const Case &c = *row->measures;
        const bool is_first = last != &c;
        if (last != nullptr && last->desc.dtype != c.desc.dtype) {
            std::puts("");
        }
        const std::string name = is_first ? title_of(c) : "";
        if (!row->error.empty()) {
            std::printf("%-*s %-13s %-7s WRONG OUTPUT\n", width, name.c_str(), "",
                        row->isa->name.c_str());
        } else {
            const std::string place =
                is_first ? bytes_text(c.footprint_bytes()) + ", " + home_of(c.footprint_bytes())
                         : "";
            print_line(width, name, place, row->isa->name, results.of(*row));
        }
        last = &c;
    }
    std::puts("");
    for (planedrop_dtype dtype : dtypes) {
        print_means(width, dtype, rows, results);
    }
    print_fixed_costs(rows, results);
}
