/* SPDX-License-Identifier: MIT
 *
 * The checks of check.hpp. The oracle is slow, so its output is made once per case and kept for all
 * instruction sets, whose rows follow each other.
 */
#include "check.hpp"

#include "progress.hpp"
#include "reference.h"

#include <cmath>
#include <cstdio>
#include <cstring>

namespace {

constexpr uint32_t junk = 0xa5a5a5a5; /* stands in y wherever nothing is written */

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

std::string check_row(const Row &row, Buffers *buffers) {
    const size_t count = static_cast<size_t>(row.elements);
    const float *x = buffers->x(), *want = buffers->want();
    float *y = buffers->y();
    for (size_t i = 0; i < count; i++) {
        std::memcpy(y + i, &junk, sizeof junk);
    }
    row.call(x, y);
    switch (row.expect) {
    case Expect::oracle:
        return check_oracle(count, y, want);
    case Expect::share:
        return check_share(row, count, x, y);
    case Expect::scaled:
        return first_difference(count, y, [&](size_t i) { return x[i] * row.scale; });
    case Expect::zeros:
        return first_difference(count, y, [](size_t) { return 0.0f; });
    case Expect::nothing:
        break;
    }
    return {};
}

} // namespace

size_t check_rows(std::vector<Row> *rows, Buffers *buffers) {
    Progress progress("checking", rows->size());
    const Case *known = nullptr;
    size_t done = 0, wrong = 0;
    for (Row &row : *rows) {
        progress.show(done++, row.name);
        if (row.expect == Expect::oracle && row.measures != known) {
            known = row.measures;
            reference_forward(&known->desc, row.rng, buffers->x(), buffers->want());
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
