/* SPDX-License-Identifier: MIT
 *
 * A blob of ncnn consists of maps: its channels, the rows of a matrix, the elements of a vector.
 * elempack maps are interleaved, and cstep says where the next group of them starts. One descriptor
 * serves every packing, and the mask does not depend on it.
 */
#include "ncnn_dropout.h"
#include "cpu.h"
#include <algorithm>
#include <planedrop/planedrop.h>

ncnn::Layer *ncnn_dropout_creator(void *userdata) {
    ncnn_dropout *layer = new ncnn_dropout;
    layer->userdata = userdata;
    return layer;
}

ncnn_dropout::ncnn_dropout() : rate(0), spatial(false), seed(0) {
    one_blob_only = support_inplace = support_bf16_storage = true;
    support_fp16_storage = NCNN_ARM82 && ncnn::cpu_support_arm_asimdhp();
#if NCNN_BATCH
    support_batch = true; /* without it each sample would have the mask of the first */
#endif
}

static int refuse(const char *why) {
    NCNN_LOGE("dropout: %s", why);
    return -1;
}

int ncnn_dropout::load_param(const ncnn::ParamDict &params) {
    const bool is_int = params.type(0) == 2; /* 0=1, where a float is 0=1.0 */
    rate = is_int ? params.get(0, 0) : static_cast<double>(params.get(0, 0.5f));
    spatial = params.get(1, 0) != 0;
    seed = static_cast<unsigned>(params.get(2, 0));
    support_packing = spatial; /* ncnn unpacks for the other kind: draws in packed order are slow */
    const planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, 1, rate);
    planedrop_plan plan;
    const planedrop_status status = planedrop_plan_init(&plan, &desc);
    return userdata == NULL         ? refuse("register_custom_layer needs a pass as userdata")
           : status != PLANEDROP_OK ? refuse(planedrop_status_string(status))
                                    : 0;
}

/* ncnn has one size for both types of 16 bits: which it is follows from the options. */
static int32_t dtype_of(const ncnn::Mat &m, bool f16, bool bf16) {
    return m.elembits() == 32           ? PLANEDROP_F32
           : m.elembits() == 16 && f16  ? PLANEDROP_F16
           : m.elembits() == 16 && bf16 ? PLANEDROP_BF16
                                        : -1; /* refused by planedrop_plan_init */
}

/* The axes: samples, groups of elempack maps, the maps of a group, the elements of a map. */
static void read_axes(planedrop_desc *desc, const ncnn::Mat &m) {
    const int64_t pack = m.elempack, maps = m.dims < 2 ? m.w : m.dims < 3 ? m.h : m.c;
    const int64_t map = m.dims < 2 ? 1 : m.dims < 3 ? m.w : static_cast<int64_t>(m.w) * m.h * m.d;
    const int64_t step = m.dims < 3 ? map : static_cast<int64_t>(m.cstep);
#if NCNN_BATCH
    const int64_t samples = m.n, sample = static_cast<int64_t>(m.nstep);
#else
    const int64_t samples = 1, sample = maps * step;
#endif
    const int64_t dims[] = {samples, maps, pack, map};
    const int64_t strides[] = {sample * pack, step * pack, 1, pack};
    desc->ndim = 4, desc->flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    for (int a = 0; a < 4; a++) {
        desc->dims[a] = desc->noise[a] = static_cast<uint64_t>(dims[a]);
        desc->x_strides[a] = desc->y_strides[a] = strides[a];
    }
}

int ncnn_dropout::forward_inplace(ncnn::Mat &blob, const ncnn::Option &opt) const {
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    desc.dtype = dtype_of(blob, support_fp16_storage && opt.use_fp16_storage, opt.use_bf16_storage);
    desc.rate = rate;
    read_axes(&desc, blob);
    desc.noise[3] = spatial ? 1 : desc.dims[3];
    planedrop_plan plan;
    planedrop_status status = planedrop_plan_init(&plan, &desc);
    if (status != PLANEDROP_OK)
        return refuse(planedrop_status_string(status));

    const uint64_t pass = *static_cast<const unsigned long long *>(userdata);
    const planedrop_rng rng = {seed, pass << 16 | static_cast<uint64_t>(tops[0])};
    const int worth = static_cast<int>(planedrop_plan_parts(&plan));
    const int parts = std::max(1, std::min(worth, opt.num_threads));
#pragma omp parallel for num_threads(parts)
    for (int part = 0; part < parts; part++) {
        const planedrop_status result =
            planedrop_forward_part(&plan, rng, static_cast<size_t>(part),
                                   static_cast<size_t>(parts), blob.data, blob.data);
        if (part == 0)
            status = result; /* what is wrong with a call is wrong in every part */
    }
    return status == PLANEDROP_OK ? 0 : refuse(planedrop_status_string(status));
}
