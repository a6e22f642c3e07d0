// SPDX-License-Identifier: MIT
//
// The header in C++11, warnings being errors: every descriptor function and _INIT value compiles,
// and the library's symbols link under their C names. Drops elements of a vector and compares with
// their multipliers.
#include <planedrop/planedrop.h>

#include <cstdio>
#include <vector>

int main() {
    const planedrop_desc descs[] = {
        planedrop_desc_nchw(PLANEDROP_F32, 2, 12, 5, 0.5),
        planedrop_desc_nhwc(PLANEDROP_F32, 2, 5, 12, 0.5),
        planedrop_desc_nchw_blocked(PLANEDROP_F32, 2, 12, 5, 4, 0.5),
        planedrop_desc_elementwise(PLANEDROP_F32, 120, 0.5),
        planedrop_desc_drop_path(PLANEDROP_F32, 120, 1, 0.5),
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
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    desc.ndim = 1;
    desc.dims[0] = desc.noise[0] = x.size();
    desc.rate = 0.5;
    planedrop_plan plan;
    planedrop_call call = PLANEDROP_CALL_INIT;
    call.rng = rng;
    call.input = x.data();
    call.output = y.data();
    if (planedrop_plan_init(&plan, &desc) != PLANEDROP_OK ||
        planedrop_mask(&plan, rng, PLANEDROP_MASK_F32, 0, multipliers.size(), multipliers.data()) !=
            PLANEDROP_OK ||
        planedrop_run(&plan, &call) != PLANEDROP_OK) {
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
