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

const char *dlpack_desc(planedrop_desc *d, const DLTensor *x, const DLTensor *y, uint64_t y_flags) {
    if (x->device.device_type != kDLCPU || y->device.device_type != kDLCPU)
        return "x and y must be in the CPU's memory";
    if (y_flags & DLPACK_FLAG_BITMASK_READ_ONLY)
        return "y is read-only";
    if (x->ndim < 0 || x->ndim > PLANEDROP_MAX_NDIM || x->ndim != y->ndim)
        return "x and y must have the same number of axes, at most 8";
    d->dtype = dtype_of(x->dtype), d->ndim = x->ndim > 0 ? x->ndim : 1, d->dims[0] = 1;
    for (int a = 0; a < x->ndim; a++) {
        d->dims[a] = (uint64_t)x->shape[a];
        if (x->shape[a] != y->shape[a])
            return "x and y must have the same shape";
    }
    d->flags |= read_strides(d->x_strides, x, PLANEDROP_X_STRIDED);
    d->flags |= read_strides(d->y_strides, y, PLANEDROP_Y_STRIDED);
    return d->dtype == dtype_of(y->dtype) ? NULL : "x and y must have the same type";
}
