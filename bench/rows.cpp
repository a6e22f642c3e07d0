/* SPDX-License-Identifier: MIT
 *
 * What a row calls, under which masks, and what its output must be: byte by byte what the test
 * oracle makes of x, under the mask that the library or the naive loop draws, or one that keeps
 * everything. Of the naive loop's output the sign of a zero is not compared.
 */
#include "bench.hpp"
#include "reference.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <map>

namespace {

bench_rule rule_of(const Row &row, uint64_t seed) {
    return {seed, reference_threshold(row.rate), 1 / (1 - row.rate)};
}

/* Draw k of the row's library or naive loop. */
bool keeps(const Row &row, uint64_t mask, uint64_t k) {
    if (row.kind != Kind::naive) {
        return reference_keeps({0, mask}, row.rate, k) != 0;
    }
    const uint32_t counter[4] = {static_cast<uint32_t>(k / 4), 0, 0, 0};
    const uint32_t key[2] = {static_cast<uint32_t>(mask), 0};
    uint32_t words[4];
    reference_philox4x32(counter, key, 10, words);
    return words[k % 4] >= reference_threshold(row.rate);
}

/* Whether the masks from the first one on drop their fraction of every part, to 1% or half a draw.
 */
bool is_balanced(const Row &row, uint64_t first) {
    const planedrop_desc desc = desc_of(row);
    const uint64_t draws = reference_draws(&desc), parts = row.wall ? 2 : 1;
    for (uint64_t part = 0; part < parts; part++) {
        const uint64_t begin = part * draws / parts, end = (part + 1) * draws / parts;
        const double expected = row.rate * static_cast<double>(row.masks * (end - begin));
        double dropped = 0;
        for (uint64_t mask = first; mask < first + row.masks; mask++) {
            for (uint64_t k = begin; k < end; k++) {
                dropped += keeps(row, mask, k) ? 0 : 1;
            }
        }
        if (std::abs(dropped - expected) > std::max(0.5, 0.01 * expected)) {
            return false;
        }
    }
    return true;
}

Call naive_call(const Row &row) {
    const bench_naive *naive = row.isa->naive[row.dtype];
    const uint64_t first = first_mask(row);
    std::vector<double> scratch(row.channels);
    return [=](const void *x, void *y, size_t) mutable {
        for (uint64_t seed = first; seed < first + row.masks; seed++) {
            const bench_rule rule = rule_of(row, seed);
            if (row.layout == Layout::elements) {
                naive->elements(&rule, row.spatial, x, y);
            } else if (row.layout == Layout::nhwc) {
                naive->rows(&rule, row.n, row.spatial, row.channels, scratch.data(), x, y);
            } else {
                naive->planes(&rule, row.n * row.channels, row.spatial, x, y);
            }
        }
    };
}

enum class Want { nothing, dropped, dropped_naively, copied, scaled, added, zeros };

struct Function {
    Want want;
    bench_loop loop;
};

const Function &function_of(const Row &row) {
#define BENCH_KIND(word, want, loop) {Want::want, loop},
    static constexpr Function functions[] = {BENCH_KINDS(BENCH_KIND)};
#undef BENCH_KIND
    return functions[static_cast<int>(row.kind)];
}

/* Each thread does its part. */
Call loop_call(const Row &row) {
    bench_function *function = row.isa->loops[function_of(row).loop];
    const size_t count = row.elements() / row.threads;
    return [=, rule = rule_of(row, 0)](const void *x, void *y, size_t part) {
        function(&rule, count, static_cast<const float *>(x) + part * count,
                 static_cast<float *>(y) + part * count);
    };
}

constexpr char junk = 0x2e; /* fills y: in no type a number of x's, or one scaled up */

/* Puts the right output into buffers->want, unless it is there. */
void make_want(const Row &row, Buffers *buffers) {
    const Want want = function_of(row).want;
    const bool draws = want == Want::dropped || want == Want::dropped_naively;
    const uint64_t last = first_mask(row) + row.masks - 1;
    const std::string key = row.tensor_id + std::to_string(static_cast<int>(want));
    const char *x = buffers->x;
    char *y = buffers->want;
    planedrop_desc desc = desc_of(row);
    if (buffers->made == key) {
        return;
    }
    buffers->made = key;
    std::memset(y, want == Want::zeros ? 0 : junk, row.bytes());
    if (want == Want::copied) {
        std::memcpy(y, x, row.bytes());
    } else if (draws && row.variant == Variant::gaussian) {
        reference_weigh(&desc, multipliers_of(row, last).data(), x, y);
    } else if (want != Want::zeros) {
        desc.flags |= want == Want::added ? PLANEDROP_ACCUMULATE : 0;
        std::vector<uint32_t> keep(reference_draws(&desc) / 32 + 1, ~uint32_t{0});
        for (uint64_t k = 0; draws && k < reference_draws(&desc); k++) {
            keep[k / 32] ^= keeps(row, last, k) ? 0 : uint32_t{1} << k % 32;
        }
        reference_apply(&desc, keep.data(), x, y);
    }
}

std::string compare(const Row &row, const char *y, const char *want) {
    const size_t bytes = row.bytes() / row.elements();
    for (size_t i = 0; i < row.elements(); i++) {
        uint64_t got = 0, right = 0; /* little-endian, as all instruction sets of isa.def are */
        std::memcpy(&got, y + i * bytes, bytes);
        std::memcpy(&right, want + i * bytes, bytes);
        const bool both_zero = right == 0 && got << (65 - 8 * bytes) == 0; /* of either sign */
        if (got != right && !(row.kind == Kind::naive && both_zero)) {
            char text[96];
            std::snprintf(text, sizeof text, "wrong output: element %zu is 0x%llx, not 0x%llx", i,
                          static_cast<unsigned long long>(got),
                          static_cast<unsigned long long>(right));
            return text;
        }
    }
    return "";
}

} // namespace

uint64_t first_mask(const Row &row) {
    static std::map<std::string, uint64_t> known;
    const bool skips = row.layout == Layout::nchw || row.layout == Layout::droppath ||
                       (row.layout == Layout::nhwc && row.channels == 1);
    const auto [found, is_new] =
        known.emplace(row.tensor_id + (row.kind == Kind::naive ? " naive" : ""), 0);
    while (is_new && skips && !is_balanced(row, found->second)) {
        found->second++;
    }
    return found->second;
}

Call make_call(const Row &row) {
    if (row.kind == Kind::library || row.kind == Kind::plan_init) {
        return library_call(row, first_mask(row));
    }
    if (row.kind == Kind::memcpy) {
        return [bytes = row.bytes()](const void *x, void *y, size_t) { std::memcpy(y, x, bytes); };
    }
    return row.kind == Kind::naive ? naive_call(row) : loop_call(row);
}

std::string check(const Row &row, const Call &call, Buffers *buffers) {
    char *y = buffers->y, *x = row.is_in_place() ? y : buffers->x;
    if (function_of(row).want == Want::nothing) {
        return {};
    }
    make_want(row, buffers);
    if (row.is_in_place()) {
        std::memcpy(y, buffers->x, row.bytes());
    } else {
        std::memset(y, junk, row.bytes());
    }
    for (size_t part = 0; part < row.threads; part++) {
        call(x, y, part);
    }
    return compare(row, y, buffers->want);
}
