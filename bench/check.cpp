/* SPDX-License-Identifier: MIT
 *
 * The checks of check.hpp. The oracle is slow, so its output is made once per case and kept for all
 * instruction sets, whose rows follow each other.
 */
#include "check.hpp"

#include "progress.hpp"
#include "reference.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>

namespace {

constexpr float junk = 0x1.a5a5a6p-3f; /* stands in y wherever nothing is written */

uint32_t bits_of(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

std::string difference(size_t i, float got, float want) {
    char text[128];
    std::snprintf(text, sizeof text, "wrong output: element %zu is %g (0x%08x), not %g (0x%08x)", i,
                  static_cast<double>(got), bits_of(got), static_cast<double>(want), bits_of(want));
    return text;
}

/* The first place where y is not what want(i) says; empty if there is none. */
template <class Want> std::string first_difference(size_t count, const float *y, Want want) {
    for (size_t i = 0; i < count; i++) {
        if (bits_of(y[i]) != bits_of(want(i))) {
            return difference(i, y[i], want(i));
        }
    }
    return {};
}

std::string check_oracle(size_t count, const float *y, const float *want) {
    if (std::memcmp(y, want, count * sizeof *y) == 0) {
        return {};
    }
    return first_difference(count, y, [want](size_t i) { return want[i]; });
}

/* A naive loop: zeros (of either sign) within five standard deviations of the expected share. */
std::string check_share(const Row &row, size_t count, const float *x, const float *y) {
    size_t zeros = 0;
    const std::string error = first_difference(count, y, [&](size_t i) {
        const bool zero = y[i] == 0;
        zeros += zero;
        return zero ? y[i] : x[i] * row.scale;
    });
    const double rate = row.measures->rate;
    const double draws = static_cast<double>(reference_draws(&row.measures->desc));
    const double share = static_cast<double>(zeros) / static_cast<double>(count);
    if (error.empty() && std::abs(share - rate) > 5 * std::sqrt(rate * (1 - rate) / draws)) {
        return "wrong output: a share of " + std::to_string(share) + " is zero, not " +
               std::to_string(rate);
    }
    return error;
}

/* The time of a check, in a unit that does not matter. */
size_t weight_of(const Row &row) { return 1 + static_cast<size_t>(row.elements / 65536); }

bool same_output(const Row &a, const Row &b) {
    return a.measures == b.measures && a.rng.offset == b.rng.offset;
}

std::string check_row(const Row &row, Buffers *buffers) {
    const size_t count = static_cast<size_t>(row.elements);
    const float *x = buffers->x(), *want = buffers->want();
    float *y = buffers->y();
    if (row.in_place) {
        std::copy(x, x + count, y);
    } else {
        std::fill(y, y + count, junk);
    }
    row.call(row.in_place ? y : x, y);
    switch (row.expect) {
    case Expect::oracle:
        return check_oracle(count, y, want);
    case Expect::share:
        return check_share(row, count, x, y);
    case Expect::scaled:
        return first_difference(count, y, [&](size_t i) { return x[i] * row.scale; });
    case Expect::added:
        return first_difference(count, y, [&](size_t i) { return junk + x[i] * row.scale; });
    case Expect::zeros:
        return first_difference(count, y, [](size_t) { return 0.0f; });
    case Expect::nothing:
        break;
    }
    return {};
}

} // namespace

size_t check_rows(std::vector<Row> *rows, Buffers *buffers) {
    size_t work = 0;
    for (const Row &row : *rows) {
        work += weight_of(row);
    }
    Progress progress("checking", work);
    const Row *known = nullptr;
    size_t done = 0, wrong = 0;
    for (Row &row : *rows) {
        progress.show(done, row.name);
        done += weight_of(row);
        if (row.expect == Expect::oracle && !(known != nullptr && same_output(row, *known))) {
            known = &row;
            std::fill_n(buffers->want(), row.measures->elements(), junk);
            reference_forward(&row.measures->desc, row.rng, buffers->x(), buffers->want());
        }
        if (row.error.empty()) {
            row.error = check_row(row, buffers);
        }
        if (!row.error.empty()) {
            wrong++;
            std::fprintf(stderr, "\n%s: %s\n", row.name.c_str(), row.error.c_str());
        }
    }
    progress.finish();
    return wrong;
}
