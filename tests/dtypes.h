/* SPDX-License-Identifier: MIT
 *
 * The element types, for tests that treat elements as bytes.
 */
#ifndef PLANEDROP_TESTS_DTYPES_H
#define PLANEDROP_TESTS_DTYPES_H

#include "planedrop/planedrop.h"

#include <stddef.h>

enum { DTYPE_COUNT = 4 };

static const struct dtype {
    const char *name;
    planedrop_dtype dtype;
    size_t bytes; /* of an element */
} dtypes[DTYPE_COUNT] = {
    {"f32", PLANEDROP_F32, 4},
    {"bf16", PLANEDROP_BF16, 2},
    {"f16", PLANEDROP_F16, 2},
    {"f64", PLANEDROP_F64, 8},
};

/* 1 if this build of the library computes the type. */
static inline int dtype_computed(const struct dtype *type) {
    const planedrop_desc desc = planedrop_elements(type->dtype, 1, 0.5);
    planedrop_plan plan;
    return planedrop_plan_init(&plan, &desc) != PLANEDROP_ERR_UNSUPPORTED;
}

#endif
