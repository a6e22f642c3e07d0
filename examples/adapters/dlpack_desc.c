/* SPDX-License-Identifier: MIT
 *
 * DLPack's strides count elements, as planedrop's do. NULL is dense: planedrop's flag is then
 * absent.
 */
#include "dlpack_desc.h"

static int32_t dtype_of(DLDataType t) {
    const int bits = t.lanes == 1 ? t.bits : 0;
    return t.code == kDLFloat && bits == 32    ? PLANEDROP_F32
           : t.code == kDLFloat && bits == 16  ? PLANEDROP_F16
           : t.code == kDLBfloat && bits == 16 ? PLANEDROP_BF16
           : t.code == kDLFloat && bits == 64  ? PLANEDROP_F64
                                               : -1;
}

/* Returns the flag if the tensor has strides. */
static uint32_t read_strides(int64_t *strides, const DLTensor *t, uint32_t flag) {
    for (int a = 0; a < t->ndim && t->strides != NULL; a++)
        strides[a] = t->strides[a];
    return t->strides != NULL ? flag : 0;
}

const char *dlpack_desc(planedrop_desc *desc, const DLTensor *x, const DLTensor *y,
                        uint64_t y_flags) {
    const int axes = x->ndim;
    if (x->device.device_type != kDLCPU || y->device.device_type != kDLCPU)
        return "x and y must be in the CPU's memory";
    if (y_flags & DLPACK_FLAG_BITMASK_READ_ONLY)
        return "y is read-only";
    if (axes < 0 || axes > PLANEDROP_MAX_NDIM || axes != y->ndim)
        return "x and y must have the same number of axes, at most 8";
    desc->dtype = dtype_of(x->dtype), desc->ndim = axes > 0 ? axes : 1, desc->dims[0] = 1;
    for (int a = 0; a < axes; a++) {
        desc->dims[a] = (uint64_t)x->shape[a];
        if (x->shape[a] != y->shape[a])
            return "x and y must have the same shape";
    }
    desc->flags |= read_strides(desc->x_strides, x, PLANEDROP_X_STRIDED);
    desc->flags |= read_strides(desc->y_strides, y, PLANEDROP_Y_STRIDED);
    return desc->dtype < 0 || desc->dtype != dtype_of(y->dtype)
               ? "x and y must both be float32, float64, float16 or bfloat16"
               : NULL;
}
