/* SPDX-License-Identifier: MIT
 *
 * A view: the tensors of a descriptor as the few loops that are left after their axes were sorted
 * by stride and merged. Layout is data: NCHW, NHWC, blocked, padded and transposed tensors differ
 * only in the numbers of a view.
 */
#ifndef PD_VIEW_H
#define PD_VIEW_H

#include "planedrop/planedrop.h"
#include "tile.h"

struct pd_axis {
    size_t n;
    ptrdiff_t stride[PD_ROLES]; /* in elements */
    uint64_t draw_stride;       /* of the draw index in the whole mask; 0: a shared axis */
    uint64_t local_draw_stride; /* of the draw index in this tensor's mask; 0: a shared axis */
};

/* The elements that a tensor reaches from its first one: [low, high). */
struct pd_extent {
    ptrdiff_t low, high;
};

/* Elements are walked in the order loop[0], loop[1], ..., outer, inner. One of outer and inner is
 * drawn and the other shared: a shared inner axis makes planes, a drawn inner axis rows. */
struct pd_view {
    struct pd_axis loop[PLANEDROP_MAX_NDIM - 1];
    struct pd_axis outer, inner;
    int loops;
    int draws_contiguous; /* the draws are first_draw, first_draw + 1, ... */
    int same_strides;     /* in all tensors: they may be in place */
    int input_distinct;   /* the elements of x are distinct: backward may write them */
    size_t elements;
    uint64_t draws, first_draw;
    struct pd_extent extent[PD_ROLES];
};

/* The axes of a view as one list, outermost first. Some may have one element. Returns the count. */
enum { PD_VIEW_AXES = PLANEDROP_MAX_NDIM + 1 };
int pd_view_axes(const struct pd_view *view, struct pd_axis axes[PD_VIEW_AXES]);

/* Checks the shape and strides of *desc and makes its view, with y as output and x as input.
 * Returns SHAPE, FLAGS, OVERFLOW, Y_SHARED or Y_NESTING errors. */
planedrop_status pd_view_make(struct pd_view *view, const planedrop_desc *desc, size_t elem_bytes);

/* 1 if the tensors at x (the view's input) and y have the same elements or share none. */
int pd_view_in_place_or_disjoint(const struct pd_view *view, const void *x, const void *y,
                                 size_t elem_bytes);

#endif
