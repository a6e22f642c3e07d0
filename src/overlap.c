/* SPDX-License-Identifier: MIT
 *
 * Whether the input and the output of a call share elements.
 */
#include "view.h"

/* Whether two elements of a tensor can be `distance` elements from each other, where |distance| is
 * below the stride of the axis before. The axes nest, so only multiples of a stride next to the
 * distance leave a rest that the finer axes can span. */
static int can_differ_by(const struct pd_axis *axes, int count, ptrdiff_t distance) {
    if (count == 0) {
        return distance == 0;
    }
    const ptrdiff_t signed_stride = axes->stride[PD_OUT];
    const ptrdiff_t stride = signed_stride < 0 ? -signed_stride : signed_stride;
    const ptrdiff_t most = (ptrdiff_t)axes->n - 1;
    if (axes->n == 1) {
        return can_differ_by(axes + 1, count - 1, distance);
    }
    for (ptrdiff_t steps = distance / stride - 1; steps <= distance / stride + 1; steps++) {
        if (steps < -most || steps > most) {
            continue;
        }
        const ptrdiff_t rest = distance - steps * stride;
        if (rest > -stride && rest < stride && can_differ_by(axes + 1, count - 1, rest)) {
            return 1;
        }
    }
    return 0;
}

/* Whether `lower` ends before `upper` begins, with `distance` bytes between their first elements.
 * Nothing can overflow: the distance is a difference of addresses, and the sum of the extents is
 * below 2 * PTRDIFF_MAX bytes. */
static int ends_before(struct pd_extent lower, struct pd_extent upper, uintptr_t distance,
                       size_t elem_bytes) {
    return distance >= ((size_t)lower.high + (0 - (size_t)upper.low)) * elem_bytes;
}

int pd_view_in_place_or_disjoint(const struct pd_view *view, const void *x, const void *y,
                                 size_t elem_bytes) {
    const uintptr_t in = (uintptr_t)x, out = (uintptr_t)y,
                    distance = in < out ? out - in : in - out;
    const struct pd_extent *extent = view->extent;
    struct pd_axis axes[PD_VIEW_AXES];
    if (distance == 0 && view->same_strides) {
        return 1;
    }
    if (in < out ? ends_before(extent[PD_IN], extent[PD_OUT], distance, elem_bytes)
                 : ends_before(extent[PD_OUT], extent[PD_IN], distance, elem_bytes)) {
        return 1;
    }
    return view->same_strides && distance % elem_bytes == 0 && /* the test is symmetric */
           !can_differ_by(axes, pd_view_axes(view, axes), (ptrdiff_t)(distance / elem_bytes));
}
