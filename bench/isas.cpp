/* SPDX-License-Identifier: MIT
 *
 * The list of isas.hpp, made from isa.def as the library's own dispatch is.
 */
#include "isas.hpp"

#include "planedrop/planedrop.h"

#include <algorithm>
#include <stdexcept>

extern "C" {
#define PD_ISA(name, features)                                                                     \
    extern const naive_loops bench_naive_##name##_f32, bench_naive_##name##_bf16,                  \
        bench_naive_##name##_f16, bench_naive_##name##_f64;                                        \
    extern const roof_loops bench_roof_##name;                                                     \
    extern const xorshift_loops bench_xorshift_##name;                                             \
    extern const sleef_loops bench_sleef_##name;
#include "isa.def"
#undef PD_ISA
}

const std::vector<Isa> &isas() {
    static const std::vector<Isa> list = [] {
        std::vector<Isa> made = {
#define PD_ISA(name, features)                                                                     \
    {#name,                                                                                        \
     {&bench_naive_##name##_f32, &bench_naive_##name##_bf16, &bench_naive_##name##_f16,            \
      &bench_naive_##name##_f64},                                                                  \
     &bench_roof_##name,                                                                           \
     &bench_xorshift_##name,                                                                       \
     &bench_sleef_##name,                                                                          \
     false},
#include "isa.def"
#undef PD_ISA
        };
        for (size_t i = 0; i < planedrop_isa_count(); i++) {
            for (Isa &isa : made) {
                isa.usable |= isa.name == planedrop_isa_name(i) && planedrop_isa_usable(i);
            }
        }
        return made;
    }();
    return list;
}

const Isa &best_isa() {
    const auto best =
        std::find_if(isas().begin(), isas().end(), [](const Isa &isa) { return isa.usable; });
    if (best == isas().end()) {
        throw std::runtime_error("the library has no instruction set that this CPU can run");
    }
    return *best;
}

bool has_gaussian() { return best_isa().sleef->elements != nullptr; }
