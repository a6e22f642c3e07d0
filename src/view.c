/* SPDX-License-Identifier: MIT
 *
 * From a descriptor to a view. Axes of size 1 are dropped. The others are sorted by the stride of
 * y: elements are independent and may be visited in any order. Neighbours that are both drawn or
 * both shared, and whose strides continue, are merged. N,C,H,W tensors become planes of H*W,
 * whatever the order of their axes; channels-last tensors become rows of C.
 */
#include "view.h"

static int product_overflows(uint64_t a, uint64_t b) {
    return ((a | b) >> 32) != 0 && a != 0 && b > UINT64_MAX / a;
}

static size_t magnitude(ptrdiff_t stride) {
    return stride < 0 ? 0 - (size_t)stride : (size_t)stride;
}

/* The stride of an axis of n elements in one tensor: the given value, or that of a dense tensor. */
static planedrop_status read_stride(ptrdiff_t *stride, uint64_t n, int given, int64_t value,
                                    uint64_t dense) {
    if (!given && value != 0) {
        return PLANEDROP_ERR_FLAGS;
    }
    *stride = given ? (ptrdiff_t)value : (ptrdiff_t)dense;
    return given && n > 1 && *stride != value ? PLANEDROP_ERR_OVERFLOW : PLANEDROP_OK;
}

/* Fills axes[ndim] in the descriptor's order and the counts of *view. */
static planedrop_status read_axes(struct pd_axis *axes, struct pd_view *view,
                                  const planedrop_desc *desc, size_t elem_bytes) {
    uint64_t elements = 1, nonzero = 1, draws = 1, global_draws = 1, any_global = 0;
    for (int a = 0; a < desc->ndim; a++) {
        any_global |= desc->global_noise[a];
    }
    view->draws_contiguous = 1;
    view->first_draw = 0;
    for (int a = desc->ndim - 1; a >= 0; a--) {
        const uint64_t dim = desc->dims[a], noise = desc->noise[a];
        const uint64_t global = any_global ? desc->global_noise[a] : noise;
        const uint64_t start = desc->window_start[a];
        if ((noise != 1 && noise != dim) || start > global || noise > global - start) {
            return PLANEDROP_ERR_SHAPE;
        }
        struct pd_axis *axis = &axes[a];
        planedrop_status status =
            read_stride(&axis->stride[PD_IN], dim, (desc->flags & PLANEDROP_X_STRIDED) != 0,
                        desc->x_strides[a], elements);
        if (status == PLANEDROP_OK) {
            status =
                read_stride(&axis->stride[PD_OUT], dim, (desc->flags & PLANEDROP_Y_STRIDED) != 0,
                            desc->y_strides[a], elements);
        }
        if (status != PLANEDROP_OK) {
            return status;
        }
        axis->n = (size_t)dim;
        axis->draw_stride = noise != 1 ? global_draws : 0;
        axis->local_draw_stride = noise != 1 ? draws : 0;
        view->draws_contiguous &= axis->draw_stride == axis->local_draw_stride;
        view->first_draw += start * global_draws;
        if (product_overflows(nonzero, dim) || product_overflows(global_draws, global)) {
            return PLANEDROP_ERR_OVERFLOW;
        }
        elements *= dim;
        nonzero *= dim == 0 ? 1 : dim;
        draws *= noise;
        global_draws *= global;
        if (nonzero > (uint64_t)PTRDIFF_MAX / elem_bytes) {
            return PLANEDROP_ERR_OVERFLOW;
        }
    }
    view->elements = (size_t)elements;
    view->draws = draws;
    return PLANEDROP_OK;
}

/* Whether the farthest element from the first of a tensor can be addressed. */
static int addressable(const struct pd_axis *axes, int count, enum pd_role role,
                       size_t elem_bytes) {
    size_t left = (size_t)PTRDIFF_MAX / elem_bytes - 1;
    for (int a = 0; a < count; a++) {
        const size_t steps = axes[a].n - 1, stride = magnitude(axes[a].stride[role]);
        if (stride != 0 && steps > left / stride) {
            return 0;
        }
        left -= steps * stride;
    }
    return 1;
}

static void sort_by_stride(struct pd_axis *axes, int count, enum pd_role role) {
    for (int a = 1; a < count; a++) {
        const struct pd_axis axis = axes[a];
        int at = a;
        for (; at > 0 && magnitude(axes[at - 1].stride[role]) < magnitude(axis.stride[role]);
             at--) {
            axes[at] = axes[at - 1];
        }
        axes[at] = axis;
    }
}

/* Whether the axes, sorted by stride, nest: the stride of each exceeds the span of the finer ones.
 * Then the elements of the tensor are distinct. */
static int axes_nest(const struct pd_axis *axes, int count, enum pd_role role) {
    size_t span = 0;
    for (int a = count - 1; a >= 0; a--) {
        const size_t stride = magnitude(axes[a].stride[role]);
        if (stride <= span) {
            return 0;
        }
        span += stride * (axes[a].n - 1);
    }
    return 1;
}

static int input_distinct(const struct pd_axis *axes, int count) {
    struct pd_axis sorted[PLANEDROP_MAX_NDIM];
    for (int a = 0; a < count; a++) {
        sorted[a] = axes[a];
    }
    sort_by_stride(sorted, count, PD_IN);
    return axes_nest(sorted, count, PD_IN);
}

static int drop_single(struct pd_axis *axes, int count) {
    int kept = 0;
    for (int a = 0; a < count; a++) {
        if (axes[a].n != 1) {
            axes[kept++] = axes[a];
        }
    }
    return kept;
}

static int same_kind(const struct pd_axis *a, const struct pd_axis *b) {
    return (a->draw_stride == 0) == (b->draw_stride == 0);
}

static int continues(const struct pd_axis *outer, const struct pd_axis *inner) {
    for (int r = 0; r < PD_ROLES; r++) {
        if (outer->stride[r] != (ptrdiff_t)inner->n * inner->stride[r]) {
            return 0;
        }
    }
    return same_kind(outer, inner) && outer->draw_stride == inner->n * inner->draw_stride;
}

static int merge(struct pd_axis *axes, int count) {
    int last = 0;
    for (int a = 1; a < count; a++) {
        if (continues(&axes[last], &axes[a])) {
            const size_t both = axes[last].n * axes[a].n;
            axes[last] = axes[a];
            axes[last].n = both;
        } else {
            axes[++last] = axes[a];
        }
    }
    return count == 0 ? 0 : last + 1;
}

static struct pd_extent extent_of(const struct pd_axis *axes, int count, enum pd_role role) {
    struct pd_extent extent = {0, 1};
    for (int a = 0; a < count; a++) {
        const ptrdiff_t farthest = (ptrdiff_t)(axes[a].n - 1) * axes[a].stride[role];
        if (farthest < 0) {
            extent.low += farthest;
        } else {
            extent.high += farthest;
        }
    }
    return extent;
}

/* Checks and merges the axes of tensors that have elements. Sets *count to how many are left. */
static planedrop_status arrange(struct pd_view *view, struct pd_axis *axes, int *count,
                                size_t elem_bytes) {
    sort_by_stride(axes, *count, PD_OUT);
    for (int r = 0; r < PD_ROLES; r++) {
        if (!addressable(axes, *count, (enum pd_role)r, elem_bytes)) {
            return PLANEDROP_ERR_OVERFLOW;
        }
    }
    if (*count > 0 && axes[*count - 1].stride[PD_OUT] == 0) {
        return PLANEDROP_ERR_Y_SHARED;
    }
    if (!axes_nest(axes, *count, PD_OUT)) {
        return PLANEDROP_ERR_Y_NESTING;
    }
    *count = merge(axes, *count);
    view->same_strides = 1;
    for (int a = 0; a < *count; a++) {
        view->same_strides &= axes[a].stride[PD_IN] == axes[a].stride[PD_OUT];
    }
    view->input_distinct = view->same_strides || input_distinct(axes, *count);
    for (int r = 0; r < PD_ROLES; r++) {
        view->extent[r] = extent_of(axes, *count, (enum pd_role)r);
    }
    return PLANEDROP_OK;
}

planedrop_status pd_view_make(struct pd_view *view, const planedrop_desc *desc, size_t elem_bytes) {
    struct pd_axis axes[PLANEDROP_MAX_NDIM], single = {1, {0}, 0, 0};
    if (desc->ndim < 1 || desc->ndim > PLANEDROP_MAX_NDIM) {
        return PLANEDROP_ERR_SHAPE;
    }
    planedrop_status status = read_axes(axes, view, desc, elem_bytes);
    if (status != PLANEDROP_OK) {
        return status;
    }
    for (int r = 0; r < PD_ROLES; r++) {
        single.stride[r] = 1;
    }
    int count = drop_single(axes, desc->ndim);
    view->same_strides = view->input_distinct = 1;
    if (view->elements > 0) {
        status = arrange(view, axes, &count, elem_bytes);
    }
    view->inner = count > 0 ? axes[--count] : single;
    view->outer = count > 0 && !same_kind(&axes[count - 1], &view->inner) ? axes[--count] : single;
    view->loops = count;
    for (int a = 0; a < count; a++) {
        view->loop[a] = axes[a];
    }
    return status;
}

int pd_view_axes(const struct pd_view *view, struct pd_axis axes[PD_VIEW_AXES]) {
    for (int a = 0; a < view->loops; a++) {
        axes[a] = view->loop[a];
    }
    axes[view->loops] = view->outer;
    axes[view->loops + 1] = view->inner;
    return view->loops + 2;
}
