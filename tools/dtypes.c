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
    return planedrop_supports(PLANEDROP_BERNOULLI, PLANEDROP_STREAM_NATIVE, (int32_t)dtype->dtype);
}
