/* SPDX-License-Identifier: MIT
 *
 * The values of a tensor steer no branch and no address, and what was dropped is a number whatever
 * x held: run by memcheck.sh, under valgrind, on tensors that were never written. Scalar converts
 * f16 and finds NaNs by branches; these cases are left out there, and so is its Gaussian law.
 */
#include "compare.h"
#include "dtype.h"
#include "fence.h"
#include "isa.h"
#include "random_desc.h"
#include "reference.h"

#include "plan.h"

#include <stdlib.h>
#include <string.h>

/* Rows, planes, planes as rows, short rows, drop path, strided, padded and transposed tensors. */
enum { DESCS = 9 };
static planedrop_desc desc_of(int32_t dtype, size_t i) {
    planedrop_desc descs[DESCS] = {
        planedrop_desc_elementwise(dtype, 5000, 0.3), planedrop_desc_elementwise(dtype, 37, 0.3),
        planedrop_desc_nchw(dtype, 2, 9, 333, 0.3),   planedrop_desc_nchw(dtype, 2, 100, 9, 0.3),
        planedrop_desc_nhwc(dtype, 2, 30, 17, 0.3),   planedrop_desc_drop_path(dtype, 5, 700, 0.3),
        planedrop_desc_elementwise(dtype, 300, 0.3),  planedrop_desc_nchw(dtype, 2, 9, 33, 0.3),
        planedrop_desc_nchw(dtype, 2, 9, 33, 0.3),
    };
    descs[6].flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    descs[6].x_strides[0] = 3, descs[6].y_strides[0] = -2;
    descs[7].flags = PLANEDROP_Y_STRIDED;
    descs[7].y_strides[0] = 9 * 33, descs[7].y_strides[1] = 1, descs[7].y_strides[2] = 9;
    descs[8].flags = PLANEDROP_X_STRIDED;
    descs[8].x_strides[0] = 9 * 40, descs[8].x_strides[1] = 40, descs[8].x_strides[2] = 1;
    for (int a = 0; a < descs[i].ndim && !(descs[i].flags & PLANEDROP_X_STRIDED); a++) {
        descs[i].x_strides[a] = 1;
        for (int b = a + 1; b < descs[i].ndim; b++) {
            descs[i].x_strides[a] *= (int64_t)descs[i].dims[b];
        }
    }
    for (int a = 0; a < descs[i].ndim && !(descs[i].flags & PLANEDROP_Y_STRIDED); a++) {
        descs[i].y_strides[a] = 1;
        for (int b = a + 1; b < descs[i].ndim; b++) {
            descs[i].y_strides[a] *= (int64_t)descs[i].dims[b];
        }
    }
    descs[i].flags = PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    return descs[i];
}

/* Memory that was never written, with the strides of a tensor. */
struct tensor {
    unsigned char *memory, *first;
    int64_t low;
    size_t count;
};

static struct tensor tensor_make(const planedrop_desc *desc, const int64_t *strides) {
    struct tensor tensor;
    int64_t high;
    const size_t bytes = dtype_bytes(desc->dtype);
    desc_reach(desc, strides, &tensor.low, &high);
    tensor.count = (size_t)(high - tensor.low) + 1;
    tensor.memory = malloc(tensor.count * bytes);
    tensor.first = tensor.memory - tensor.low * (int64_t)bytes;
    return tensor;
}

/* The policy of a tensor in memory. */
static void set_policy(planedrop_plan *plan) {
    struct pd_plan *p = (void *)plan;
    p->policy[0].nt_kept = p->policy[0].nt_dropped =
        p->backend->has_nt_stores && !(p->op[0].form & PD_ACCUMULATE);
    p->policy[0].planes_as_rows = 0;
    p->policy[0].prefetch = 1;
}

/* Everywhere where the mask drops there is +0: memcheck reports this branch if it is not one. */
static void assert_dropped(const planedrop_desc *desc, const uint32_t *mask,
                           const struct tensor *y) {
    unsigned char *kept = malloc(y->count);
    memset(kept, 1, y->count);
    reference_mask_elements(desc, mask, NULL, PLANEDROP_MASK_BYTES, kept - y->low);
    for (size_t i = 0; i < y->count; i++) {
        if (!kept[i]) {
            assert_int_equal(dtype_bits(desc->dtype, y->memory, i), 0);
        }
    }
    free(kept);
}

static void check(const planedrop_desc *desc, int in_memory, int apply) {
    const planedrop_rng rng = {5, 6};
    planedrop_plan plan;
    planedrop_call call = PLANEDROP_CALL_INIT;
    char text[400];
    uint32_t *mask = malloc((size_t)reference_draws(desc) / 8 + 8);
    const struct tensor x = tensor_make(desc, desc->x_strides);
    const struct tensor y = tensor_make(desc, desc->y_strides);
    reference_mask(desc, rng, mask);
    describe(text, sizeof text, desc, rng);
    fence_case("%s: %s, in memory %d apply %d", isa_under_test(), text, in_memory, apply);
    assert_ok(planedrop_plan_init_isa(&plan, desc, isa_under_test()));
    if (in_memory) {
        set_policy(&plan);
    }
    call.rng = rng;
    call.keep = apply ? mask : NULL;
    call.input = x.first;
    call.output = y.first;
    call.parts = 2;
    for (; call.part < call.parts; call.part++) {
        assert_ok(planedrop_run(&plan, &call));
    }
    if (desc->law == PLANEDROP_BERNOULLI && !(desc->flags & PLANEDROP_ACCUMULATE)) {
        assert_dropped(desc, mask, &y);
    }
    free(mask);
    free(x.memory);
    free(y.memory);
}

static void no_value_steers(int32_t dtype) {
    static const uint32_t flags[] = {0, PLANEDROP_NO_SCALE, PLANEDROP_ACCUMULATE};
    const int scalar = strcmp(isa_under_test(), "scalar") == 0;
    for (size_t i = 0; i < DESCS; i++) {
        for (size_t f = 0; f < sizeof flags / sizeof flags[0]; f++) {
            planedrop_desc desc = desc_of(dtype, i);
            desc.flags |= flags[f];
            if (scalar && (flags[f] & PLANEDROP_ACCUMULATE ||
                           (dtype == PLANEDROP_F16 && !(flags[f] & PLANEDROP_NO_SCALE)))) {
                continue;
            }
            for (int in_memory = 0; in_memory < 2; in_memory++) {
                check(&desc, in_memory, 0);
                check(&desc, in_memory, 1);
            }
            if (!scalar && desc_set_law(&desc, PLANEDROP_GAUSSIAN)) {
                check(&desc, 0, 0);
            }
        }
    }
}

/* What memcheck must report. (The pointer is volatile: a compiler would warn, or know better.) */
static int branch(void) {
    unsigned char *volatile never_written = malloc(16);
    int taken = 0;
    for (size_t i = 0; i < 16; i++) {
        taken += never_written[i] > 7 ? rand() : 0; /* NOLINT: meant */
    }
    free(never_written);
    return taken == 1;
}

int main(int argc, char **argv) {
    static const struct dtype_test tests[] = {{"no_value_steers", no_value_steers}};
    if (argc == 2 && strcmp(argv[1], "branch") == 0) {
        return branch();
    }
    const int code = isa_begin(argc, argv);
    return code != 0 ? code : dtype_run_tests("uninitialised", tests, 1);
}
