/* SPDX-License-Identifier: MIT
 *
 * Plays a framework that hands over DLPack tensors: dense with and without strides, slices with a
 * byte offset, transposed and broadcast ones, of every type; and those that must be refused.
 */
#include "dlpack_desc.h"

#include "check.h"
#include <string.h>

enum { N = 3, C = 8, MAP = 21, COUNT = N * C * MAP, MAX_AXES = 9 };

static const DLDataType f32 = {kDLFloat, 32, 1};
static const planedrop_rng rng = {21, 22};
static int64_t shape[3] = {N, C, MAP};
static float x[2 * COUNT], y[2 * COUNT], want[COUNT], multipliers[N * C];

static DLTensor tensor(void *data, int64_t *strides) {
    const DLTensor t = {data, {kDLCPU, 0}, 3, {kDLFloat, 32, 1}, shape, strides, 0};
    return t;
}

/* What a user writes: feature maps, rate 0.5. mask: NULL, or a bool for each element, in the memory
 * order of y, as the second result of PyTorch's native_dropout. NULL is success. */
static const char *dropout(const DLTensor *from, const DLTensor *to, uint64_t to_flags,
                           void *mask) {
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    planedrop_plan plan;
    const char *why = dlpack_desc(&desc, from, to, to_flags);
    if (why != NULL) {
        return why;
    }
    desc.rate = 0.5;
    for (int a = 0; a < desc.ndim; a++) {
        desc.noise[a] = a < 2 ? desc.dims[a] : 1;
    }
    planedrop_status status = planedrop_plan_init(&plan, &desc);
    if (status == PLANEDROP_OK) {
        status = planedrop_forward(&plan, rng, dlpack_data(from), dlpack_data(to));
    }
    if (status == PLANEDROP_OK && mask != NULL) {
        status = planedrop_mask_elements(&plan, rng, PLANEDROP_MASK_BYTES, 0, 1, mask);
    }
    return status == PLANEDROP_OK ? NULL : planedrop_status_string(status);
}

static const char *drop(const DLTensor *from, const DLTensor *to) {
    return dropout(from, to, 0, NULL);
}

static void refuses(const DLTensor *from, const DLTensor *to, const char *why, const char *what) {
    const char *said = drop(from, to);
    check(said != NULL && strcmp(said, why) == 0, what);
}

static void dense(void) {
    int64_t strides[3] = {C * MAP, MAP, 1};
    for (int given = 0; given < 4; given++) {
        const DLTensor from = tensor(x, given & 1 ? strides : NULL);
        const DLTensor to = tensor(y, given & 2 ? strides : NULL);
        memset(y, 0xff, sizeof y);
        check(drop(&from, &to) == NULL, "dense tensors");
        check_equal(y, want, sizeof want, "strides that are NULL are dense");
    }
}

/* Every second map of a buffer, from its second on, to channels last. */
static void slice_to_transposed(void) {
    int64_t sliced[3] = {2 * C * MAP, 2 * MAP, 1}, last[3] = {C * MAP, 1, C};
    static float input[COUNT];
    DLTensor from = tensor(x, sliced), to = tensor(y, last);
    from.byte_offset = MAP * sizeof(float), to.byte_offset = 3 * sizeof(float);
    for (size_t i = 0; i < COUNT; i++) {
        input[i] = x[(2 * (i / MAP) + 1) * MAP + i % MAP];
    }
    drop_by_hand(want, input, multipliers, COUNT, MAP);
    check(drop(&from, &to) == NULL, "a slice");
    for (size_t i = 0; i < COUNT; i++) {
        const size_t n = i / (C * MAP), c = i / MAP % C, p = i % MAP;
        check_equal(&y[3 + (n * MAP + p) * C + c], &want[i], sizeof *y, "an element of a slice");
    }
}

/* N masks over one sample: Monte-Carlo dropout. */
static void broadcast(void) {
    int64_t one_sample[3] = {0, MAP, 1};
    const DLTensor from = tensor(x, one_sample), to = tensor(y, NULL);
    for (size_t n = 0; n < N; n++) {
        drop_by_hand(want + n * C * MAP, x, multipliers + n * C, C * MAP, MAP);
    }
    check(drop(&from, &to) == NULL, "a broadcast axis");
    check_equal(y, want, sizeof want, "masks over one sample");
}

/* The gradient of a sum: one element for all. */
static void expanded_scalar(void) {
    int64_t none[3] = {0, 0, 0};
    const DLTensor from = tensor(x, none), to = tensor(y, NULL);
    for (size_t i = 0; i < COUNT; i++) {
        want[i] = x[0];
    }
    drop_by_hand(want, want, multipliers, COUNT, MAP);
    check(drop(&from, &to) == NULL, "x of one element for all");
    check_equal(y, want, sizeof want, "the mask over one element");
}

/* Tensors without an axis: one draw. */
static void scalars(void) {
    int64_t nowhere[1] = {77}; /* must not be read */
    for (int given = 0; given < 4; given++) {
        DLTensor from = tensor(x, given & 1 ? nowhere : NULL);
        DLTensor to = tensor(y, given & 2 ? nowhere : NULL);
        from.ndim = to.ndim = 0, from.shape = to.shape = NULL;
        memset(y, 0xff, sizeof y);
        check(drop(&from, &to) == NULL, "a scalar");
        check(y[0] == x[0] * multipliers[0], "a scalar is draw 0");
    }
}

static void mask_of_elements(void) {
    static unsigned char mask[COUNT];
    int64_t last[3] = {C * MAP, 1, C};
    const DLTensor from = tensor(x, NULL), to = tensor(y, last);
    memset(mask, 0xff, sizeof mask);
    check(dropout(&from, &to, 0, mask) == NULL, "a mask of bools");
    for (size_t i = 0; i < COUNT; i++) {
        const size_t n = i / (C * MAP), c = i % C; /* y is channels last */
        check(mask[i] == (multipliers[n * C + c] != 0), "a bool");
    }
}

static void read_only(void) {
    const DLTensor from = tensor(x, NULL), to = tensor(y, NULL);
    const uint64_t other_flags = ~(uint64_t)DLPACK_FLAG_BITMASK_READ_ONLY;
    memset(y, 0xff, sizeof y);
    memcpy(want, y, sizeof want);
    const char *why = dropout(&from, &to, DLPACK_FLAG_BITMASK_READ_ONLY, NULL);
    check(why != NULL && strcmp(why, "y is read-only") == 0, "a read-only y");
    check_equal(y, want, sizeof want, "a read-only y is not written");
    check(dropout(&from, &to, other_flags, NULL) == NULL, "any other flag");
}

static void types(void) {
    const struct {
        DLDataType type;
        int32_t dtype;
    } known[] = {{{kDLFloat, 32, 1}, PLANEDROP_F32},
                 {{kDLBfloat, 16, 1}, PLANEDROP_BF16},
                 {{kDLFloat, 16, 1}, PLANEDROP_F16},
                 {{kDLFloat, 64, 1}, PLANEDROP_F64}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        DLTensor from = tensor(x, NULL), to = tensor(y, NULL);
        planedrop_desc desc = PLANEDROP_DESC_INIT;
        from.dtype = to.dtype = known[i].type;
        check(dlpack_desc(&desc, &from, &to, 0) == NULL, "a known type");
        check(desc.dtype == known[i].dtype, "the right type");
    }
    const DLDataType unknown[] = {
        {kDLInt, 32, 1}, {kDLFloat, 8, 1}, {kDLFloat, 32, 4}, {kDLBfloat, 32, 1}};
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        DLTensor from = tensor(x, NULL), to = tensor(y, NULL);
        from.dtype = to.dtype = unknown[i];
        refuses(&from, &to, planedrop_status_string(PLANEDROP_ERR_DTYPE), "an unknown type");
        from.dtype = f32;
        refuses(&from, &to, "x and y must have the same type", "two types");
    }
}

static void axes(void) {
    int64_t ones[MAX_AXES] = {1, 1, 1, 1, 1, 1, 1, 1, 1};
    int64_t zeros[MAX_AXES] = {0};
    const char *const why = "x and y must have the same number of axes, at most 8";
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    DLTensor from = tensor(x, zeros), to = tensor(y, NULL);
    from.shape = to.shape = ones;
    from.ndim = to.ndim = 8;
    check(dlpack_desc(&desc, &from, &to, 0) == NULL && desc.ndim == 8, "8 axes");
    from.ndim = to.ndim = 9;
    refuses(&from, &to, why, "9 axes");
    from.ndim = to.ndim = -1;
    refuses(&from, &to, why, "fewer than no axis");
    from.ndim = 3, to.ndim = 2;
    refuses(&from, &to, why, "another number of axes");
}

static void refused(void) {
    int64_t other[3] = {N, C, MAP + 1}, negative[3] = {N, -C, MAP}, none[3] = {0, 0, 0};
    DLTensor from = tensor(x, NULL), to = tensor(y, NULL);
    to.shape = other;
    refuses(&from, &to, "x and y must have the same shape", "another shape");
    from.shape = to.shape = negative;
    refuses(&from, &to, planedrop_status_string(PLANEDROP_ERR_OVERFLOW), "a negative axis");
    from = tensor(x, NULL), to = tensor(y, none);
    refuses(&from, &to, planedrop_status_string(PLANEDROP_ERR_Y_SHARED), "y of one element");
    to = tensor(y, NULL), to.device.device_type = kDLCUDA;
    refuses(&from, &to, "x and y must be in the CPU's memory", "another device");
    to = tensor(y, NULL), from.device.device_type = kDLCUDA;
    refuses(&from, &to, "x and y must be in the CPU's memory", "another device of x");
}

int main(void) {
    const planedrop_desc desc = planedrop_desc_nchw(PLANEDROP_F32, N, C, 1, 0.5);
    fill(x, 2 * COUNT);
    draw(multipliers, &desc, rng);
    drop_by_hand(want, x, multipliers, COUNT, MAP);
    dense();
    slice_to_transposed();
    broadcast();
    expanded_scalar();
    scalars();
    mask_of_elements();
    read_only();
    types();
    axes();
    refused();
    return 0;
}
