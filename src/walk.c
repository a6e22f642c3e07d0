/* SPDX-License-Identifier: MIT
 *
 * The walk cuts a share of a tensor's elements, in the order of its view, into tiles. The draws of
 * a tile fit a buffer on the stack: they are made, expanded and used while they are in L1.
 *
 *     view:  loop x loop x ... x [ outer x inner ]      one unit: outer x inner elements
 *     unit:  a rectangle; of a share that begins or ends inside the unit, up to three:
 *
 *            . . . . # # #      the rest of a line
 *            # # # # # # #      whole lines
 *            # # # . . . .      the start of a line
 */
#include "walk.h"
#include "pipeline.h"

/* The address of an element in each tensor, and its draw. */
struct cursor {
    char *at[PD_ROLES];
    uint64_t draw;
};

static inline struct cursor cursor_advance(const struct pd_walk *walk, struct cursor cursor,
                                           const struct pd_axis *axis, ptrdiff_t steps) {
    const ptrdiff_t bytes = steps * (ptrdiff_t)walk->kernels->elem_bytes;
    for (int r = 0; r < PD_ROLES; r++) {
        cursor.at[r] += bytes * axis->stride[walk->view_role[r]];
    }
    cursor.draw += (uint64_t)steps * pd_draws_stride(&walk->draws, axis);
    return cursor;
}

static inline const uint32_t *draws_along(struct pd_walk *walk, struct cursor cursor,
                                          const struct pd_axis *axis, size_t count) {
    return pd_draws_get(&walk->draws, cursor.draw, pd_draws_stride(&walk->draws, axis), count);
}

static inline struct pd_tile *set_tile(struct pd_walk *walk, struct cursor cursor,
                                       const uint32_t *draws, size_t outer, size_t inner) {
    walk->tile.draws = draws;
    for (int r = 0; r < PD_ROLES; r++) {
        walk->tile.at[r] = cursor.at[r];
    }
    walk->tile.outer = outer;
    walk->tile.inner = inner;
    return &walk->tile;
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

static void walk_planes(struct pd_walk *walk, struct cursor cursor, size_t outer, size_t inner) {
    const struct pd_axis *axis = &walk->plan->view.outer;
    while (outer > 0) {
        const size_t planes = smaller(outer, pd_tile_draws(&walk->draws));
        const uint32_t *draws = draws_along(walk, cursor, axis, planes);
        walk->kernels->planes(set_tile(walk, cursor, draws, planes, inner));
        cursor = cursor_advance(walk, cursor, axis, (ptrdiff_t)planes);
        outer -= planes;
    }
}

/* Small planes that adjoin, as one long row: each draw is repeated for its plane's elements. */
static void walk_planes_as_rows(struct pd_walk *walk, struct cursor cursor, size_t outer,
                                size_t inner) {
    const struct pd_axis *axis = &walk->plan->view.outer;
    const size_t most = pd_tile_draws(&walk->draws) / inner;
    struct pd_expand expand;
    struct pd_pipeline pipeline;
    pd_expand_init(&expand, walk->draws.kind, inner);
    pd_pipeline_init(&pipeline, set_tile(walk, cursor, NULL, 1, 0), walk->kernels);
    while (outer > 0) {
        const size_t planes = smaller(outer, most);
        pd_expand_repeat(&expand, pd_pipeline_cells(&pipeline),
                         draws_along(walk, cursor, axis, planes), planes, &pipeline.yield);
        pd_pipeline_push(&pipeline, planes * inner);
        cursor = cursor_advance(walk, cursor, axis, (ptrdiff_t)planes);
        outer -= planes;
    }
    pd_pipeline_finish(&pipeline);
}

/* Joined rows have at most as many bits as a tile, or 512 factors, repeated: 2 KiB of stack. */
enum { JOINED_CELLS = 512 };
static size_t joined_draws(const struct pd_walk *walk) {
    return walk->draws.kind == PD_BITS ? pd_tile_draws(&walk->draws) : JOINED_CELLS;
}

/* Short rows that adjoin, joined into long rows: their draws are repeated. (Out of line, so that
 * the cells and the generator, which made the row's draws, are not on the stack together.) */
PD_NOINLINE void walk_joined_rows(struct pd_walk *walk, struct cursor cursor, size_t outer,
                                  size_t inner, const uint32_t *row) {
    const struct pd_view *view = &walk->plan->view;
    const size_t joined = smaller(outer, joined_draws(walk) / inner), rest = outer % joined;
    uint32_t cells[JOINED_CELLS];
    pd_expand_rows(walk->draws.kind, cells, row, inner, joined);
    struct pd_tile tile = *set_tile(walk, cursor, cells, outer / joined, joined * inner);
    for (int r = 0; r < PD_ROLES; r++) {
        tile.outer_stride[r] *= (ptrdiff_t)joined;
    }
    walk->kernels->rows(&tile);
    if (rest > 0) {
        cursor = cursor_advance(walk, cursor, &view->outer, (ptrdiff_t)(outer - rest));
        walk->kernels->rows(set_tile(walk, cursor, cells, 1, rest * inner));
    }
}

/* A long row with a draw for each element, dense in every tensor. cursor.draw starts a group. */
static void walk_long_row(struct pd_walk *walk, struct cursor cursor, size_t inner) {
    struct pd_pipeline pipeline;
    pd_pipeline_init(&pipeline, set_tile(walk, cursor, NULL, 1, 0), walk->kernels);
    while (inner > 0) {
        const size_t count = smaller(inner, pd_tile_draws(&walk->draws));
        pd_draws_fill(&walk->draws, cursor.draw, count, pd_pipeline_cells(&pipeline),
                      &pipeline.yield);
        pd_pipeline_push(&pipeline, count);
        cursor.draw += count;
        inner -= count;
    }
    pd_pipeline_finish(&pipeline);
}

/* Whether rows of `inner` elements adjoin in every tensor. */
static int rows_adjoin(const struct pd_tile *tile, size_t inner) {
    int adjoin = 1;
    for (int r = 0; r < PD_ROLES; r++) {
        adjoin &= tile->outer_stride[r] == (ptrdiff_t)inner * tile->inner_stride[r];
    }
    return adjoin;
}

static void walk_rows(struct pd_walk *walk, struct cursor cursor, size_t outer, size_t inner) {
    const struct pd_view *view = &walk->plan->view;
    const struct pd_axis *axis = &view->inner;
    const size_t most = pd_tile_draws(&walk->draws), group = pd_draws_group(&walk->draws);
    if (outer > 1 && inner <= joined_draws(walk) / 2 && rows_adjoin(&walk->tile, inner)) {
        walk_joined_rows(walk, cursor, outer, inner, draws_along(walk, cursor, axis, inner));
        return;
    }
    const int pipelined = outer == 1 && inner > most && walk->draws.mask == NULL &&
                          axis->draw_stride == 1 && pd_elements_adjoin(&walk->tile);
    while (inner > 0) {
        size_t count = smaller(inner, most);
        if (pipelined && inner > most) {
            if (cursor.draw % group == 0) {
                walk_long_row(walk, cursor, inner);
                return;
            }
            count = (size_t)(group - cursor.draw % group);
        }
        const uint32_t *draws = draws_along(walk, cursor, axis, count);
        walk->kernels->rows(set_tile(walk, cursor, draws, outer, count));
        cursor = cursor_advance(walk, cursor, axis, (ptrdiff_t)count);
        inner -= count;
    }
}

static void walk_rectangle(struct pd_walk *walk, struct cursor cursor, size_t outer, size_t inner) {
    const struct pd_view *view = &walk->plan->view;
    if (view->inner.draw_stride != 0) {
        walk_rows(walk, cursor, outer, inner);
    } else if (walk->tile.policy.planes_as_rows && inner == view->inner.n) {
        walk_planes_as_rows(walk, cursor, outer, inner);
    } else {
        walk_planes(walk, cursor, outer, inner);
    }
}

/* Elements begin ... end-1 of the unit at cursor. */
static void walk_unit(struct pd_walk *walk, struct cursor cursor, size_t begin, size_t end) {
    const struct pd_view *view = &walk->plan->view;
    const size_t length = view->inner.n;
    if (begin == 0 && end == length * view->outer.n) {
        walk_rectangle(walk, cursor, view->outer.n, length);
        return;
    }
    while (begin < end) {
        const size_t left = end - begin, from = begin % length;
        const size_t outer = from == 0 && left >= length ? left / length : 1;
        const size_t inner = smaller(left, length - from);
        struct cursor at = cursor_advance(walk, cursor, &view->outer, (ptrdiff_t)(begin / length));
        at = cursor_advance(walk, at, &view->inner, (ptrdiff_t)from);
        walk_rectangle(walk, at, outer, inner);
        begin += outer * inner;
    }
}

/* Elements begin ... end-1 of the tensor, in the order of the view; begin < end. */
static void walk_elements(struct pd_walk *walk, size_t begin, size_t end) {
    const struct pd_view *view = &walk->plan->view;
    const size_t unit = view->outer.n * view->inner.n;
    size_t index[PLANEDROP_MAX_NDIM - 1], rest = begin == 0 ? 0 : begin / unit;
    struct cursor cursor = {{NULL}, pd_draws_first(&walk->draws)};
    for (int r = 0; r < PD_ROLES; r++) {
        cursor.at[r] = (char *)walk->tile.at[r];
    }
    for (int a = view->loops - 1; a >= 0; a--) {
        index[a] = rest == 0 ? 0 : rest % view->loop[a].n;
        rest = rest == 0 ? 0 : rest / view->loop[a].n;
        cursor = cursor_advance(walk, cursor, &view->loop[a], (ptrdiff_t)index[a]);
    }
    for (size_t at = begin == 0 ? 0 : begin % unit, left = end - begin; left > 0;) {
        const size_t count = smaller(unit - at, left);
        walk_unit(walk, cursor, at, at + count);
        at = 0;
        left -= count;
        for (int a = view->loops - 1; a >= 0 && left > 0; a--) {
            if (++index[a] < view->loop[a].n) {
                cursor = cursor_advance(walk, cursor, &view->loop[a], 1);
                break;
            }
            index[a] = 0;
            cursor = cursor_advance(walk, cursor, &view->loop[a], 1 - (ptrdiff_t)view->loop[a].n);
        }
    }
}

/* The first element of a share. Shares begin at multiples of a grain, so that, with a draw for each
 * element, no two generate the same group and, where the output is dense and aligned, no two write
 * to the same cache line. */
static size_t share_begin(size_t elements, size_t part, size_t parts) {
    if (part == parts) {
        return elements;
    }
    const size_t grain = PD_GROUP_WORDS * PD_CELL_BITS;
    const size_t grains = elements / grain + (elements % grain != 0);
    const size_t each = grains / parts, extra = grains % parts;
    return smaller((part * each + smaller(part, extra)) * grain, elements);
}

void pd_walk_run(struct pd_walk *walk, size_t part, size_t parts) {
    const struct pd_view *view = &walk->plan->view;
    const size_t begin = part == 0 ? 0 : share_begin(view->elements, part, parts);
    const size_t end = share_begin(view->elements, part + 1, parts);
    if (begin == end) {
        return;
    }
    walk->tile.first = 0;
    for (int r = 0; r < PD_ROLES; r++) {
        walk->tile.outer_stride[r] = view->outer.stride[walk->view_role[r]];
        walk->tile.inner_stride[r] = view->inner.stride[walk->view_role[r]];
    }
    walk_elements(walk, begin, end);
    if (walk->tile.policy.nt_dropped) {
        walk->plan->backend->store_fence();
    }
}
