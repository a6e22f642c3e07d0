/* SPDX-License-Identifier: MIT
 *
 * From a descriptor to a view. Axes of size 1 go; the others are sorted by the stride of y, since
 * every element is on its own and may be visited in any order; neighbours that are both drawn or
 * both shared and step alike are merged. N,C,H,W tensors come out as planes of H*W, whatever the
 * order of their axes; channels last comes out as rows of C.
 */
#include "shape.h"

static int product_overflows(uint64_t a, uint64_t b) {
    return ((a | b) >> 32) != 0 && a != 0 && b > UINT64_MAX / a;
}

static size_t magnitude(ptrdiff_t step) { return step < 0 ? 0 - (size_t)step : (size_t)step; }

static int all_zero(const ptrdiff_t *strides, int ndim) {
    for (int a = 0; a < ndim; a++) {
        if (strides[a] != 0) {
            return 0;
        }
    }
    return 1;
}

/* Fills axes[ndim] in the descriptor's order and the counts of *view. */
static planedrop_status read_axes(struct pd_axis *axes, struct pd_view *view,
                                  const planedrop_desc *desc, size_t elem_bytes) {
    const int ndim = desc->ndim;
    const int x_dense = all_zero(desc->x_strides, ndim), y_dense = all_zero(desc->y_strides, ndim);
    int whole_default = 1;
    for (int a = 0; a < ndim; a++) {
        whole_default = whole_default && desc->whole[a] == 0;
    }
    uint64_t elements = 1, nonzero = 1, draws = 1, whole_draws = 1, first_draw = 0;
    view->is_whole = 1;
    for (int a = ndim - 1; a >= 0; a--) {
        const uint64_t dim = desc->dims[a], noise = desc->noise[a];
        const uint64_t whole = whole_default ? noise : desc->whole[a], first = desc->first[a];
        if ((noise != 1 && noise != dim) || first > whole || noise > whole - first) {
            return PLANEDROP_ERR_SHAPE;
        }
        const int drawn = noise != 1;
        axes[a].n = (size_t)dim;
        axes[a].x = x_dense ? (ptrdiff_t)elements : desc->x_strides[a];
        axes[a].y = y_dense ? (ptrdiff_t)elements : desc->y_strides[a];
        axes[a].draw = drawn ? whole_draws : 0;
        axes[a].local = drawn ? draws : 0;
        view->is_whole = view->is_whole && axes[a].draw == axes[a].local;
        first_draw += first * whole_draws;
        if (product_overflows(nonzero, dim) || product_overflows(whole_draws, whole)) {
            return PLANEDROP_ERR_SHAPE;
        }
        elements *= dim;
        nonzero *= dim == 0 ? 1 : dim;
        draws *= noise;
        whole_draws *= whole;
        if (nonzero > (uint64_t)PTRDIFF_MAX / elem_bytes) {
            return PLANEDROP_ERR_SHAPE;
        }
    }
    view->elements = (size_t)elements;
    view->draws = draws;
    view->first_draw = first_draw;
    return PLANEDROP_OK;
}

/* Whether the farthest element from the first, x's and y's, can be addressed. */
static int addressable(const struct pd_axis *axes, int count, size_t elem_bytes) {
    const size_t most = (size_t)PTRDIFF_MAX / elem_bytes - 1;
    size_t x_left = most, y_left = most;
    for (int a = 0; a < count; a++) {
        const size_t steps = axes[a].n - 1, x = magnitude(axes[a].x), y = magnitude(axes[a].y);
        if (product_overflows(steps, x) || steps * x > x_left || product_overflows(steps, y) ||
            steps * y > y_left) {
            return 0;
        }
        x_left -= steps * x;
        y_left -= steps * y;
    }
    return 1;
}

/* Sorted by stride, every axis of y must step over all that the finer ones span. */
static int distinct(const struct pd_axis *axes, int count) {
    size_t span = 0;
    for (int a = count - 1; a >= 0; a--) {
        if (magnitude(axes[a].y) <= span) {
            return 0;
        }
        span += magnitude(axes[a].y) * (axes[a].n - 1);
    }
    return 1;
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

static void sort_by_y(struct pd_axis *axes, int count) {
    for (int a = 1; a < count; a++) {
        const struct pd_axis axis = axes[a];
        int at = a;
        for (; at > 0 && magnitude(axes[at - 1].y) < magnitude(axis.y); at--) {
            axes[at] = axes[at - 1];
        }
        axes[at] = axis;
    }
}

static int same_kind(const struct pd_axis *a, const struct pd_axis *b) {
    return (a->draw == 0) == (b->draw == 0);
}

static int merge(struct pd_axis *axes, int count) {
    int last = 0;
    for (int a = 1; a < count; a++) {
        const struct pd_axis *outer = &axes[last], *inner = &axes[a];
        const ptrdiff_t n = (ptrdiff_t)inner->n;
        if (same_kind(outer, inner) && outer->x == n * inner->x && outer->y == n * inner->y &&
            outer->draw == inner->n * inner->draw) {
            const size_t both = outer->n * inner->n;
            axes[last] = *inner;
            axes[last].n = both;
        } else {
            axes[++last] = *inner;
        }
    }
    return count == 0 ? 0 : last + 1;
}

static void measure_reach(struct pd_view *view, const struct pd_axis *axes, int count) {
    view->x_low = view->y_low = 0;
    view->x_high = view->y_high = 1;
    view->same_steps = 1;
    for (int a = 0; a < count; a++) {
        const ptrdiff_t most = (ptrdiff_t)axes[a].n - 1;
        *(axes[a].x < 0 ? &view->x_low : &view->x_high) += most * axes[a].x;
        *(axes[a].y < 0 ? &view->y_low : &view->y_high) += most * axes[a].y;
        view->same_steps = view->same_steps && axes[a].x == axes[a].y;
    }
}

planedrop_status pd_view_make(struct pd_view *view, const planedrop_desc *desc, size_t elem_bytes) {
    struct pd_axis axes[PLANEDROP_MAX_NDIM];
    const struct pd_axis single = {1, 0, 0, 0, 0};
    if (desc->ndim < 1 || desc->ndim > PLANEDROP_MAX_NDIM) {
        return PLANEDROP_ERR_SHAPE;
    }
    const planedrop_status status = read_axes(axes, view, desc, elem_bytes);
    if (status != PLANEDROP_OK) {
        return status;
    }
    int count = drop_single(axes, desc->ndim);
    if (view->elements > 0) {
        sort_by_y(axes, count);
        if (!addressable(axes, count, elem_bytes) || !distinct(axes, count)) {
            return PLANEDROP_ERR_STRIDE;
        }
        count = merge(axes, count);
        measure_reach(view, axes, count);
    }
    view->inner = count > 0 ? axes[--count] : single;
    view->mid = count > 0 && !same_kind(&axes[count - 1], &view->inner) ? axes[--count] : single;
    view->loops = count;
    for (int a = 0; a < count; a++) {
        view->loop[a] = axes[a];
    }
    return PLANEDROP_OK;
}

int pd_view_axes(const struct pd_view *view, struct pd_axis axes[PD_VIEW_AXES]) {
    for (int a = 0; a < view->loops; a++) {
        axes[a] = view->loop[a];
    }
    axes[view->loops] = view->mid;
    axes[view->loops + 1] = view->inner;
    return view->loops + 2;
}

/* Whether two elements of y can lie `apart` elements from each other, |apart| in steps of axes a
 * and finer. The axes nest, so at most two multiples of a step leave a rest that the finer ones can
 * make up for. */
static int reaches(const struct pd_axis *axes, int count, ptrdiff_t apart) {
    if (count == 0) {
        return apart == 0;
    }
    const ptrdiff_t step = (ptrdiff_t)magnitude(axes->y);
    const ptrdiff_t most = (ptrdiff_t)axes->n - 1;
    if (step == 0) { /* a single element */
        return reaches(axes + 1, count - 1, apart);
    }
    for (ptrdiff_t steps = apart / step - 1; steps <= apart / step + 1; steps++) {
        const ptrdiff_t rest = apart - steps * step;
        if (steps >= -most && steps <= most && rest > -step && rest < step &&
            reaches(axes + 1, count - 1, rest)) {
            return 1;
        }
    }
    return 0;
}

int pd_view_separate(const struct pd_view *view, const void *x, const void *y, size_t elem_bytes) {
    if (x == y && view->same_steps) {
        return 1;
    }
    const ptrdiff_t bytes = (ptrdiff_t)elem_bytes;
    const intptr_t x_at = (intptr_t)x, y_at = (intptr_t)y;
    if (x_at + view->x_high * bytes <= y_at + view->y_low * bytes ||
        y_at + view->y_high * bytes <= x_at + view->x_low * bytes) {
        return 1;
    }
    struct pd_axis axes[PD_VIEW_AXES];
    const int count = pd_view_axes(view, axes);
    const intptr_t apart = x_at - y_at;
    return view->same_steps && apart % bytes == 0 && !reaches(axes, count, apart / bytes);
}
