/* SPDX-License-Identifier: MIT
 *
 * Descriptors of the usual dense tensors.
 */
#include "planedrop/planedrop.h"

static planedrop_desc desc_of(int32_t dtype, double rate, int32_t ndim,
                              const uint64_t dims[PLANEDROP_MAX_NDIM],
                              const uint64_t noise[PLANEDROP_MAX_NDIM]) {
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    desc.dtype = dtype;
    desc.rate = rate;
    desc.ndim = ndim;
    for (int32_t a = 0; a < ndim; a++) {
        desc.dims[a] = dims[a];
        desc.noise[a] = noise[a];
    }
    return desc;
}

planedrop_desc planedrop_desc_nchw(int32_t dtype, uint64_t n, uint64_t c, uint64_t spatial,
                                   double rate) {
    const uint64_t dims[PLANEDROP_MAX_NDIM] = {n, c, spatial};
    const uint64_t noise[PLANEDROP_MAX_NDIM] = {n, c, 1};
    return desc_of(dtype, rate, 3, dims, noise);
}

planedrop_desc planedrop_desc_nhwc(int32_t dtype, uint64_t n, uint64_t spatial, uint64_t c,
                                   double rate) {
    const uint64_t dims[PLANEDROP_MAX_NDIM] = {n, spatial, c};
    const uint64_t noise[PLANEDROP_MAX_NDIM] = {n, 1, c};
    return desc_of(dtype, rate, 3, dims, noise);
}

planedrop_desc planedrop_desc_nchw_blocked(int32_t dtype, uint64_t n, uint64_t c, uint64_t spatial,
                                           uint64_t block, double rate) {
    const uint64_t blocks = block == 0 ? 0 : c / block + (c % block != 0);
    const uint64_t dims[PLANEDROP_MAX_NDIM] = {n, blocks, spatial, block};
    const uint64_t noise[PLANEDROP_MAX_NDIM] = {n, blocks, 1, block};
    return desc_of(dtype, rate, block == 0 ? 0 : 4, dims, noise); /* ndim 0 is refused */
}

planedrop_desc planedrop_desc_elementwise(int32_t dtype, uint64_t count, double rate) {
    const uint64_t dims[PLANEDROP_MAX_NDIM] = {count};
    return desc_of(dtype, rate, 1, dims, dims);
}

planedrop_desc planedrop_desc_drop_path(int32_t dtype, uint64_t n, uint64_t per_sample,
                                        double rate) {
    const uint64_t dims[PLANEDROP_MAX_NDIM] = {n, per_sample};
    const uint64_t noise[PLANEDROP_MAX_NDIM] = {n, 1};
    return desc_of(dtype, rate, 2, dims, noise);
}
