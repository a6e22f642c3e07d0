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

constexpr uint16_t junk = 0x2e5a; /* fills y: in no type a number of x's, or one scaled up */

template <class To, class From> To bits_as(From from) {
    static_assert(sizeof(To) == sizeof(From));
    To to;
    std::memcpy(&to, &from, sizeof to);
    return to;
}

/* An element type: what its bits lie in, what they are worth, and the bits of a value. */
struct F32 {
    using Bits = uint32_t;
    using Value = float;
    static Value value(Bits bits) { return bits_as<float>(bits); }
    static Bits bits(Value value) { return bits_as<uint32_t>(value); }
};
struct Bf16 {
    using Bits = uint16_t;
    using Value = float;
    static Value value(Bits bits) { return F32::value(reference_f32_of_bf16(bits)); }
    static Bits bits(Value value) { return reference_bf16_of_f32(F32::bits(value)); }
};
struct F16 {
    using Bits = uint16_t;
    using Value = float;
    static Value value(Bits bits) { return F32::value(reference_f32_of_f16(bits)); }
    static Bits bits(Value value) { return reference_f16_of_f32(F32::bits(value)); }
};
struct F64 {
    using Bits = uint64_t;
    using Value = double;
    static Value value(Bits bits) { return bits_as<double>(bits); }
    static Bits bits(Value value) { return bits_as<uint64_t>(value); }
};

/* The check of rows of one type. */
template <class Type> class Check {
    using Bits = typename Type::Bits;
    using Value = typename Type::Value;

  public:
    Check(const Row &row, const void *x, const void *y, const void *want)
        : row_(row), count_(static_cast<size_t>(row.elements)),
          scale_(static_cast<Value>(row.scale)), x_(x), y_(y), want_(want) {}

    /* What is wrong; empty if nothing is. */
    std::string error() const {
        switch (row_.expect) {
        case Expect::oracle:
            return std::memcmp(y_, want_, count_ * sizeof(Bits)) == 0
                       ? std::string()
                       : first_difference([&](size_t i) { return at(want_, i); });
        case Expect::share:
            return wrong_share();
        case Expect::scaled:
            return first_difference([&](size_t i) { return scaled(i); });
        case Expect::added: {
            Bits before;
            fill_units(&before, sizeof before, [] { return junk; });
            return first_difference([&](size_t i) {
                return Type::bits(Type::value(before) + Type::value(at(x_, i)) * scale_);
            });
        }
        case Expect::zeros:
            return first_difference([](size_t) { return Bits{0}; });
        case Expect::nothing:
            break;
        }
        return {};
    }

  private:
    static Bits at(const void *array, size_t i) {
        Bits bits;
        std::memcpy(&bits, static_cast<const char *>(array) + i * sizeof bits, sizeof bits);
        return bits;
    }

    Bits scaled(size_t i) const { return Type::bits(Type::value(at(x_, i)) * scale_); }

    /* The first place where y is not what want(i) says. */
    template <class Want> std::string first_difference(Want want) const {
        for (size_t i = 0; i < count_; i++) {
            if (at(y_, i) != want(i)) {
                return difference(i, at(y_, i), want(i));
            }
        }
        return {};
    }

    static std::string difference(size_t i, Bits got, Bits want) {
        constexpr int digits = 2 * sizeof(Bits);
        char text[160];
        std::snprintf(
            text, sizeof text, "wrong output: element %zu is %g (0x%0*llx), not %g (0x%0*llx)", i,
            static_cast<double>(Type::value(got)), digits, static_cast<unsigned long long>(got),
            static_cast<double>(Type::value(want)), digits, static_cast<unsigned long long>(want));
        return text;
    }

    /* A naive loop: zeros (of either sign) within five standard deviations of the expected share.
     */
    std::string wrong_share() const {
        size_t zeros = 0;
        const std::string error = first_difference([&](size_t i) {
            const bool zero = Type::value(at(y_, i)) == 0;
            zeros += zero;
            return zero ? at(y_, i) : scaled(i);
        });
        const double rate = row_.measures->rate;
        const double draws = static_cast<double>(reference_draws(&row_.measures->desc));
        const double share = static_cast<double>(zeros) / static_cast<double>(count_);
        if (error.empty() && std::abs(share - rate) > 5 * std::sqrt(rate * (1 - rate) / draws)) {
            return "wrong output: a share of " + std::to_string(share) + " is zero, not " +
                   std::to_string(rate);
        }
        return error;
    }

    const Row &row_;
    size_t count_;
    Value scale_;
    const void *x_, *y_, *want_;
};

/* The time of a check, in a unit that does not matter. */
size_t weight_of(const Row &row) { return 1 + static_cast<size_t>(row.elements / 65536); }

bool same_output(const Row &a, const Row &b) {
    return a.measures == b.measures && a.rng.offset == b.rng.offset;
}

/* The oracle's output. Of the Gaussian law it needs the library's multipliers, which are the same
 * on every instruction set. */
void oracle(const Row &row, const void *x, void *want) {
    const planedrop_desc &desc = row.measures->desc;
    if (desc.law == PLANEDROP_BERNOULLI) {
        reference_forward(&desc, row.rng, x, want);
        return;
    }
    std::vector<float> multipliers(reference_draws(&desc));
    std::string error;
    const planedrop_plan plan = plan_of(desc, best_isa(), &error);
    planedrop_multipliers(&plan, row.rng, multipliers.data());
    reference_weigh(&desc, multipliers.data(), x, want);
}

std::string check_row(const Row &row, Buffers *buffers) {
    const size_t bytes = static_cast<size_t>(row.elements) * dtype_bytes(row.dtype);
    const void *x = buffers->x(), *want = buffers->want();
    void *y = buffers->y();
    if (row.in_place) {
        std::memcpy(y, x, bytes);
    } else {
        fill_units(y, bytes, [] { return junk; });
    }
    row.call(row.in_place ? y : x, y);
    switch (row.dtype) {
    case PLANEDROP_F32:
        return Check<F32>(row, x, y, want).error();
    case PLANEDROP_BF16:
        return Check<Bf16>(row, x, y, want).error();
    case PLANEDROP_F16:
        return Check<F16>(row, x, y, want).error();
    case PLANEDROP_F64:
        break;
    }
    return Check<F64>(row, x, y, want).error();
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
            fill_units(buffers->want(), row.measures->tensor_bytes(), [] { return junk; });
            oracle(row, buffers->x(), buffers->want());
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
