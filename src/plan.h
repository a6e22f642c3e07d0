/* SPDX-License-Identifier: MIT
 *
 * What a planedrop_plan holds. The caller's 512 opaque bytes are read through pd_plan_of, which
 * also tells an initialised plan from any other.
 */
#ifndef PD_PLAN_H
#define PD_PLAN_H

#include "backend.h"
#include "planedrop/planedrop.h"
#include "shape.h"

#define PD_PLAN_MAGIC UINT64_C(0x706c616e6564726f) /* "planedro" */

/* The caller's object is an array of uint64_t: the attribute, here and in shape.h, lets the
 * compiler know that other types lie in it. */
struct __attribute__((__may_alias__)) pd_plan {
    uint64_t magic;
    const struct pd_backend *backend;
    const struct pd_kernels *kernels;
    uint64_t threshold; /* of 2^32 */
    double scale;       /* finite; 1 where nothing is scaled */
    int gaussian;       /* whether that is the law */
    double variance;    /* of its factors; 0: none, at rate 0 it does what the other law does */
    int drops_all;      /* rate 1 has no scale: even a mask of the caller's keeps nothing */
    enum pd_mode mode;
    struct pd_path path[2]; /* out of place, in place */
    struct pd_view view;
};

static inline const struct pd_plan *pd_plan_of(const planedrop_plan *plan) {
    const struct pd_plan *p = (const struct pd_plan *)plan;
    return p != NULL && p->magic == PD_PLAN_MAGIC ? p : NULL;
}

#endif
