/* SPDX-License-Identifier: MIT
 *
 * DLPack's strides count elements, as planedrop's do. NULL is dense, which planedrop writes as all
 * zeros; so a tensor whose strides really are zero on all axes must be refused here.
 */
#include "dlpack_desc.h"
#include <string.h>

static planedrop_dtype dtype_of(DLDataType t) {
    const int bits = t.lanes == 1 ? t.bits : 0;
    return t.code == kDLFloat && bits == 32    ? PLANEDROP_F32
           : t.code == kDLFloat && bits == 16  ? PLANEDROP_F16
           : t.code == kDLBfloat && bits == 16 ? PLANEDROP_BF16
           : t.code == kDLFloat && bits == 64  ? PLANEDROP_F64
                                               : (planedrop_dtype)-1;
}

static int read_strides(ptrdiff_t *strides, const DLTensor *t) {
    int many = 0, steps = t->strides == NULL;
    for (int a = 0; a < t->ndim; a++) {
        strides[a] = t->strides == NULL ? 0 : (ptrdiff_t)t->strides[a];
        many |= t->shape[a] > 1, steps |= strides[a] != 0;
    }
    return steps || !many;
}

planedrop_status dlpack_desc(planedrop_desc *desc, const DLTensor *x, const DLTensor *y) {
    if (x->device.device_type != kDLCPU || y->device.device_type != kDLCPU)
        return PLANEDROP_ERR_UNSUPPORTED;
    if (x->ndim < 1 || x->ndim > PLANEDROP_MAX_NDIM || x->ndim != y->ndim ||
        memcmp(x->shape, y->shape, (size_t)x->ndim * sizeof *x->shape) != 0)
        return PLANEDROP_ERR_SHAPE;
    desc->dtype = dtype_of(x->dtype), desc->ndim = x->ndim;
    for (int a = 0; a < x->ndim; a++)
        desc->dims[a] = (size_t)x->shape[a];
    if (desc->dtype != dtype_of(y->dtype))
        return PLANEDROP_ERR_DTYPE;
    const int usable = read_strides(desc->x_strides, x) && read_strides(desc->y_strides, y);
    return usable ? PLANEDROP_OK : PLANEDROP_ERR_STRIDE;
}
