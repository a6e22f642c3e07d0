/* SPDX-License-Identifier: MIT
 *
 * DLPack's strides count elements, as planedrop's do. NULL is dense: planedrop's flag is then
 * absent.
 */
#include "dlpack_desc.h"
#include <string.h>

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

planedrop_status dlpack_desc(planedrop_desc *desc, const DLTensor *x, const DLTensor *y) {
    if (x->device.device_type != kDLCPU || y->device.device_type != kDLCPU)
        return PLANEDROP_ERR_UNSUPPORTED;
    if (x->ndim < 1 || x->ndim > PLANEDROP_MAX_NDIM || x->ndim != y->ndim ||
        memcmp(x->shape, y->shape, (size_t)x->ndim * sizeof *x->shape) != 0)
        return PLANEDROP_ERR_SHAPE;
    desc->dtype = dtype_of(x->dtype), desc->ndim = x->ndim;
    for (int a = 0; a < x->ndim; a++)
        desc->dims[a] = (uint64_t)x->shape[a];
    desc->flags |= read_strides(desc->x_strides, x, PLANEDROP_X_STRIDED);
    desc->flags |= read_strides(desc->y_strides, y, PLANEDROP_Y_STRIDED);
    return desc->dtype == dtype_of(y->dtype) ? PLANEDROP_OK : PLANEDROP_ERR_DTYPE;
}
