/* SPDX-License-Identifier: MIT
 *
 * A view: the tensor of a descriptor as the few loops that are left once its axes are sorted by
 * stride and merged. Layout is data: NCHW, NHWC, blocked, padded and transposed tensors differ only
 * in the numbers here.
 */
#ifndef PD_SHAPE_H
#define PD_SHAPE_H

#include "names.h"
#include "planedrop/planedrop.h"

#include <stddef.h>
#include <stdint.h>

struct __attribute__((__may_alias__)) pd_axis {
    size_t n;
    ptrdiff_t x, y; /* steps in elements */
    uint64_t draw;  /* step of the draw's index in the whole's mask; 0: a shared axis */
    uint64_t local; /* step of the draw's index in this tensor's own mask; 0: a shared axis */
};

/* Elements are walked loops (outermost first), then mid, then inner. Of mid and inner one is drawn
 * and the other shared: inner shared makes planes, inner drawn makes rows. */
struct __attribute__((__may_alias__)) pd_view {
    struct pd_axis loop[PLANEDROP_MAX_NDIM - 1];
    struct pd_axis mid, inner;
    int loops;
    int is_whole; /* the draws are first_draw, first_draw + 1, ... without a gap */
    size_t elements;
    uint64_t draws, first_draw;
    ptrdiff_t x_low, x_high, y_low,
        y_high;     /* the elements reached, from the first one: [low, high) */
    int same_steps; /* x and y step alike: they may be in place */
};

/* The axes of a view as one list, outermost first; some may have one element. Returns how many. */
enum { PD_VIEW_AXES = PLANEDROP_MAX_NDIM + 1 };
int pd_view_axes(const struct pd_view *view, struct pd_axis axes[PD_VIEW_AXES]);

/* Checks the shape and strides of *desc and makes its view. Returns SHAPE or STRIDE errors. */
planedrop_status pd_view_make(struct pd_view *view, const planedrop_desc *desc, size_t elem_bytes);

/* 1 if x and y are the same elements (in place) or have none in common. */
int pd_view_separate(const struct pd_view *view, const void *x, const void *y, size_t elem_bytes);

#endif
