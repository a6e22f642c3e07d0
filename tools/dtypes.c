/* SPDX-License-Identifier: MIT */
#include "dtypes.h"

#if !defined(__BYTE_ORDER__) || __BYTE_ORDER__ != __ORDER_LITTLE_ENDIAN__
#error "the tool reads and writes little-endian files as they are in memory"
#endif

const struct dtype DTYPES[DTYPE_COUNT] = {
    {PLANEDROP_F32, "f32", "<f4", 4},
    {PLANEDROP_BF16, "bf16", "<u2", 2},
    {PLANEDROP_F16, "f16", "<f2", 2},
    {PLANEDROP_F64, "f64", "<f8", 8},
};

int dtype_supported(const struct dtype *dtype) {
    const planedrop_desc desc = planedrop_elements(dtype->dtype, 1, 0.5);
    const char *plainest = planedrop_isa_name(planedrop_isa_count() - 1);
    planedrop_plan plan;
    return planedrop_plan_init_isa(&plan, &desc, plainest) == PLANEDROP_OK;
}
