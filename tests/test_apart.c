/* SPDX-License-Identifier: MIT
 *
 * Elements far apart: tensors of a few hundred elements at strides of more than 2^32 bytes,
 * forwards and backwards, against the oracle.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random.h"
#include "reference.h"
#include "sparse.h"

#include <string.h>

#define POWER(n) (UINT64_C(1) << (n))
#define SPAN     (6 * POWER(32)) /* bytes of x and of y */

static unsigned char *x, *y;

/* Strides of so many times 2^32 bytes and so many elements more. */
static const struct apart {
    int ndim;
    size_t dims[3], noise[3];
    int y_far[3], y_more[3], x_far[3], x_more[3];
} aparts[] = {
    /* planes */
    {3, {2, 3, 49}, {2, 3, 1}, {3, -1, 0}, {5, -7, 1}, {-3, 1, 0}, {-9, 3, 1}},
    /* small planes, end to end */
    {3, {3, 40, 2}, {3, 40, 1}, {-2, 0, 0}, {1, 2, 1}, {2, 0, 0}, {-3, 2, 1}},
    /* planes whose elements are far apart */
    {2, {2, 3}, {2, 1}, {2, 1}, {9, 1}, {-1, 2}, {-4, 0}},
    /* rows of an input that is broadcast */
    {3, {2, 3, 70}, {2, 1, 70}, {3, -1, 0}, {0, -2, 1}, {0, 2, 0}, {0, -1, 1}},
    /* short rows, end to end */
    {3, {3, 40, 3}, {3, 1, 3}, {2, 0, 0}, {-1, 3, 1}, {-2, 0, 0}, {6, 3, 1}},
    /* channels last, with pixels far apart */
    {3, {5, 2, 3}, {1, 2, 3}, {-1, 0, 0}, {0, 3, 1}, {1, 0, 0}, {1, 3, 1}},
    /* a row whose elements are far apart */
    {1, {5}, {5}, {-1}, {-3}, {1}, {2}},
};

static planedrop_desc apart_desc(const struct apart *apart, int32_t dtype) {
    const int64_t far = (int64_t)(POWER(32) / dtype_bytes(dtype));
    planedrop_desc desc = PLANEDROP_DESC_INIT;
    desc.dtype = dtype;
    desc.ndim = apart->ndim;
    desc.rate = 0.5;
    desc.flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    for (int a = 0; a < apart->ndim; a++) {
        desc.dims[a] = apart->dims[a];
        desc.noise[a] = apart->noise[a];
        desc.y_strides[a] = apart->y_far[a] * far + apart->y_more[a];
        desc.x_strides[a] = apart->x_far[a] * far + apart->x_more[a];
    }
    return desc;
}

static int64_t offset_of(const planedrop_desc *desc, const int64_t *strides, size_t element) {
    int64_t offset = 0;
    for (int a = desc->ndim - 1; a >= 0; a--) {
        offset += (int64_t)(element % desc->dims[a]) * strides[a];
        element /= desc->dims[a];
    }
    return offset;
}

/* Where in memory the first element must be for the lowest one to be near the start. */
static unsigned char *place_first(unsigned char *memory, const planedrop_desc *desc,
                                  const int64_t *strides) {
    const int64_t bytes = (int64_t)dtype_bytes(desc->dtype);
    int64_t low = 0, high = 0;
    for (int a = 0; a < desc->ndim; a++) {
        const int64_t way = ((int64_t)desc->dims[a] - 1) * strides[a];
        *(way < 0 ? &low : &high) += way;
    }
    assert_true((size_t)((high - low + 64) * bytes) < SPAN);
    return memory + (64 - low) * bytes;
}

/* Backward reads at y's strides and writes at x's: the oracle's forward of another descriptor. */
static void check_apart(const planedrop_desc *planned, struct random *random, int backward,
                        size_t parts) {
    enum { MOST = 512 };
    unsigned char want[DTYPE_MOST_BYTES * MOST], got[sizeof want];
    const planedrop_desc done = backward ? reference_gradient(planned) : *planned, *desc = &done;
    const size_t bytes = dtype_bytes(desc->dtype);
    const int64_t step = (int64_t)bytes;
    unsigned char *from = place_first(x, desc, desc->x_strides);
    unsigned char *to = place_first(y, desc, desc->y_strides);
    size_t count = 1;
    planedrop_desc packed = *desc; /* the oracle writes to a packed y */
    for (int a = desc->ndim - 1; a >= 0; a--) {
        packed.y_strides[a] = (int64_t)count;
        count *= desc->dims[a];
    }
    assert_true(count <= MOST);
    for (size_t i = 0; i < count; i++) {
        random_elements(random, desc->dtype, from + offset_of(desc, desc->x_strides, i) * step, 1);
        random_elements(random, desc->dtype, want + i * bytes, 1);
        memcpy(to + offset_of(desc, desc->y_strides, i) * step, want + i * bytes, bytes);
    }
    const planedrop_rng rng = {random_bits(random), random_bits(random)};
    char text[400];
    describe(text, sizeof text, desc, rng);
    fence_case("%s, test seed %llu: far apart, %s in %zu parts: %s", isa_under_test(),
               (unsigned long long)random_seed(), backward ? "backward" : "forward", parts, text);
    planedrop_plan plan;
    assert_ok(planedrop_plan_init_isa(&plan, planned, isa_under_test()));
    for (size_t part = 0; part < parts; part++) {
        assert_ok((backward ? planedrop_backward_part : planedrop_forward_part)(&plan, rng, part,
                                                                                parts, from, to));
    }
    reference_forward(&packed, rng, from, want);
    for (size_t i = 0; i < count; i++) {
        memcpy(got + i * bytes, to + offset_of(desc, desc->y_strides, i) * step, bytes);
    }
    assert_elements_equal(desc->dtype, got, want, count);
}

static void elements_far_apart(int32_t dtype) {
    struct random random = random_begin(dtype);
    for (size_t i = 0; i < sizeof aparts / sizeof aparts[0]; i++) {
        for (unsigned flags = 0; flags <= PLANEDROP_ACCUMULATE; flags += PLANEDROP_ACCUMULATE) {
            planedrop_desc desc = apart_desc(&aparts[i], dtype);
            desc.flags |= flags;
            for (size_t parts = 1; parts < 4; parts++) {
                check_apart(&desc, &random, 0, parts);
                if (desc.x_strides[0] != 0) {
                    check_apart(&desc, &random, 1, parts);
                }
            }
        }
    }
}

/* x and y in one range, each in the other's gaps or not. */
static void overlap_far_apart(int32_t dtype) {
    planedrop_desc desc = apart_desc(&aparts[0], dtype);
    planedrop_plan plan;
    memcpy(desc.x_strides, desc.y_strides, sizeof desc.x_strides);
    fence_case("%s: overlap far apart", isa_under_test());
    assert_ok(planedrop_plan_init_isa(&plan, &desc, isa_under_test()));
    unsigned char *first = place_first(y, &desc, desc.y_strides);
    const int64_t bytes = (int64_t)dtype_bytes(dtype);
    const int64_t steps[] = {desc.y_strides[1], -desc.y_strides[1], desc.y_strides[0]};
    const planedrop_rng rng = {1, 1};
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        assert_int_equal(planedrop_forward(&plan, rng, first + (steps[i] + 48) * bytes, first),
                         PLANEDROP_ERR_OVERLAP);
        assert_int_equal(planedrop_forward(&plan, rng, first + (steps[i] - 48) * bytes, first),
                         PLANEDROP_ERR_OVERLAP);
    }
    assert_ok(planedrop_forward(&plan, rng, first + 49 * bytes, first));
}

int main(int argc, char **argv) {
    static const struct dtype_test tests[] = {
        {"elements_far_apart", elements_far_apart},
        {"overlap_far_apart", overlap_far_apart},
    };
    const int code = isa_begin(argc, argv);
    if (code != 0) {
        return code;
    }
    x = sparse_map(SPAN);
    y = sparse_map(SPAN);
    return x == NULL || y == NULL ? EXIT_SKIP
                                  : dtype_run_tests("apart", tests, sizeof tests / sizeof tests[0]);
}
