// SPDX-License-Identifier: MIT
//
// The header in C++11, warnings being errors: every descriptor function compiles, and the library's
// symbols link under their C names. Drops elements of a vector and compares with their multipliers.
#include <planedrop/planedrop.h>

#include <cstdio>
#include <vector>

int main() {
    const planedrop_desc descs[] = {
        planedrop_nchw(PLANEDROP_F32, 2, 12, 5, 0.5),
        planedrop_nhwc(PLANEDROP_F32, 2, 5, 12, 0.5),
        planedrop_nchw_blocked(PLANEDROP_F32, 2, 12, 5, 4, 0.5),
        planedrop_elements(PLANEDROP_F32, 120, 0.5),
        planedrop_samples(PLANEDROP_F32, 120, 1, 0.5),
    };
    const planedrop_rng rng = {42, 7};
    for (const planedrop_desc &desc : descs) {
        planedrop_plan plan;
        const planedrop_status status = planedrop_plan_init(&plan, &desc);
        if (status != PLANEDROP_OK) {
            std::fprintf(stderr, "consumer: %s\n", planedrop_status_string(status));
            return 1;
        }
    }

    const std::vector<float> x(120, 3.0F);
    std::vector<float> y(x.size()), multipliers(x.size());
    planedrop_plan plan;
    if (planedrop_plan_init(&plan, &descs[3]) != PLANEDROP_OK ||
        planedrop_multipliers(&plan, rng, multipliers.data()) != PLANEDROP_OK ||
        planedrop_once(&descs[3], rng, x.data(), y.data()) != PLANEDROP_OK) {
        std::fprintf(stderr, "consumer: a call failed\n");
        return 1;
    }
    int dropped = 0;
    for (std::size_t i = 0; i < x.size(); i++) {
        dropped += multipliers[i] == 0;
        if (y[i] != x[i] * multipliers[i]) {
            std::fprintf(stderr, "consumer: element %u is not x times its multiplier\n",
                         static_cast<unsigned>(i));
            return 1;
        }
    }
    std::printf("planedrop %s: %d of 120 elements dropped\n", planedrop_version(), dropped);
    return dropped > 0 && dropped < 120 ? 0 : 1;
}
