/* SPDX-License-Identifier: MIT
 *
 * The walk: a share of a tensor's elements, in the order of its view, cut into tiles for the
 * kernels. A tile is as many planes, or as many elements of a row, as have their mask bits in one
 * buffer on the stack, so bits are drawn, expanded and used while they are in L1.
 *
 *     view:  loop x loop x ... x [ mid x inner ]      one unit: mid x inner elements
 *     unit:  a rectangle, or for a share that begins or ends inside it up to three:
 *
 *            . . . . # # #      the rest of a line
 *            # # # # # # #      whole lines
 *            # # # . . . .      the start of a line
 */
#include "walk.h"
#include "gaussian.h"
#include "source.h"

struct walk {
    const struct pd_plan *plan;
    struct pd_tile tile; /* what all tiles of the walk have in common, filled in for the next */
    struct pd_source source;
    struct pd_gaussian gaussian; /* of that law alone, as source is of the other */
};

/* Where an element is, and its draw. */
struct place {
    const char *x;
    char *y;
    uint64_t draw;
};

static struct place step_by(const struct walk *walk, struct place place, const struct pd_axis *axis,
                            ptrdiff_t steps) {
    const ptrdiff_t bytes = (ptrdiff_t)walk->plan->kernels->elem_bytes;
    place.x += steps * axis->x * bytes;
    place.y += steps * axis->y * bytes;
    place.draw += (uint64_t)steps * pd_source_step(&walk->source, axis);
    return place;
}

static const uint32_t *bits_along(struct walk *walk, struct place place, const struct pd_axis *axis,
                                  size_t count) {
    return pd_source_bits(&walk->source, place.draw, pd_source_step(&walk->source, axis), count);
}

static struct pd_tile *tile_at(struct walk *walk, struct place place, const uint32_t *keep,
                               size_t outer, size_t inner) {
    struct pd_tile *tile = &walk->tile;
    tile->keep = keep;
    tile->x = place.x;
    tile->y = place.y;
    tile->outer = outer;
    tile->inner = inner;
    return tile;
}

static void walk_planes(struct walk *walk, struct place place, size_t outer, size_t inner) {
    const struct pd_axis *mid = &walk->plan->view.mid;
    while (outer > 0) {
        const size_t planes = outer < PD_TILE_DRAWS ? outer : PD_TILE_DRAWS;
        const uint32_t *keep = bits_along(walk, place, mid, planes);
        walk->plan->kernels->planes(tile_at(walk, place, keep, planes, inner));
        place = step_by(walk, place, mid, (ptrdiff_t)planes);
        outer -= planes;
    }
}

/* A long row that is done tile by tile, each while the bits of the next are made. A tile's bits
 * start at keep[..][1]; in the word before them are the bits of the few elements that the tile
 * before left over, so that a line of y is always stored as one. */
struct long_row {
    struct pd_meanwhile before;
    uint32_t keep[2][1 + PD_TILE_WORDS + PD_REPEAT_SLACK];
    int tile; /* whose bits are being made: keep[tile] */
};

static void long_row_start(struct long_row *row, struct walk *walk, struct place place) {
    row->before.piece = *tile_at(walk, place, NULL, 1, 0);
    row->before.left = 0;
    row->before.kernel = walk->plan->kernels->rows;
    row->before.elem_bytes = walk->plan->kernels->elem_bytes;
    row->tile = 0;
}

/* The next tile's `count` bits have been made: finishes the tile before, but for part of a line. */
static void long_row_next(struct long_row *row, size_t count) {
    struct pd_meanwhile *before = &row->before;
    pd_meanwhile_do(before, before->left);
    uint32_t *keep = row->keep[row->tile];
    keep[0] = 0;
    for (size_t i = 0; i < before->left; i++) {
        const size_t bit = before->piece.first + i;
        keep[0] |= (before->piece.keep[bit / PD_WORD_BITS] >> bit % PD_WORD_BITS & 1)
                   << (PD_WORD_BITS - before->left + i);
    }
    before->piece.keep = keep + (before->left == 0);
    before->piece.first = before->left == 0 ? 0 : PD_WORD_BITS - before->left;
    before->left += count;
    row->tile = !row->tile;
}

static void long_row_finish(struct long_row *row) {
    struct pd_meanwhile *before = &row->before;
    pd_meanwhile_do(before, before->left);
    if (before->left > 0) {
        before->piece.inner = before->left;
        before->kernel(&before->piece);
    }
}

/* Small planes that lie end to end, as one long row: each bit repeated for its plane's elements. */
static void walk_planes_as_rows(struct walk *walk, struct place place, size_t outer, size_t inner) {
    const struct pd_axis *mid = &walk->plan->view.mid;
    const size_t most = PD_TILE_DRAWS / inner;
    struct pd_repeat repeat;
    struct long_row row;
    pd_repeat_init(&repeat, inner);
    long_row_start(&row, walk, place);
    while (outer > 0) {
        const size_t planes = outer < most ? outer : most;
        pd_repeat_bits(&repeat, row.keep[row.tile] + 1, bits_along(walk, place, mid, planes),
                       planes, &row.before);
        long_row_next(&row, planes * inner);
        place = step_by(walk, place, mid, (ptrdiff_t)planes);
        outer -= planes;
    }
    long_row_finish(&row);
}

/* Short rows that lie end to end are joined into long ones, their bits repeated. */
static void walk_joined_rows(struct walk *walk, struct place place, size_t outer, size_t inner) {
    const struct pd_view *view = &walk->plan->view;
    const size_t most = PD_TILE_DRAWS / inner;
    const size_t joined = outer < most ? outer : most;
    uint32_t keep[PD_TILE_WORDS];
    pd_append_bits(keep, 0, bits_along(walk, place, &view->inner, inner), inner);
    for (size_t rows = 1; rows < joined; rows *= 2) {
        const size_t more = joined - rows < rows ? joined - rows : rows;
        pd_append_bits(keep, rows * inner, keep, more * inner);
    }
    struct pd_tile tile = *tile_at(walk, place, keep, outer / joined, joined * inner);
    tile.x_outer *= (ptrdiff_t)joined;
    tile.y_outer *= (ptrdiff_t)joined;
    walk->plan->kernels->rows(&tile);
    const size_t rest = outer % joined;
    if (rest > 0) {
        place = step_by(walk, place, &view->mid, (ptrdiff_t)(outer - rest));
        walk->plan->kernels->rows(tile_at(walk, place, keep, 1, rest * inner));
    }
}

/* A long row with a draw for each element; place.draw is a multiple of the draws in a group. */
static void walk_long_row(struct walk *walk, struct place place, size_t inner) {
    const struct pd_plan *plan = walk->plan;
    struct long_row row;
    long_row_start(&row, walk, place);
    while (inner > 0) {
        const size_t count = inner < PD_TILE_DRAWS ? inner : PD_TILE_DRAWS;
        plan->backend->bits(&walk->source.stream, place.draw / PD_WORD_BITS,
                            (count + PD_WORD_BITS - 1) / PD_WORD_BITS, row.keep[row.tile] + 1,
                            &row.before);
        long_row_next(&row, count);
        place.draw += count;
        inner -= count;
    }
    long_row_finish(&row);
}

static void walk_rows(struct walk *walk, struct place place, size_t outer, size_t inner) {
    const struct pd_axis *mid = &walk->plan->view.mid, *axis = &walk->plan->view.inner;
    const ptrdiff_t n = (ptrdiff_t)inner;
    if (outer > 1 && inner <= PD_TILE_DRAWS / 2 && mid->x == n * axis->x && mid->y == n * axis->y) {
        walk_joined_rows(walk, place, outer, inner);
        return;
    }
    const int fused =
        outer == 1 && walk->source.keep == NULL && axis->draw == 1 && axis->x == 1 && axis->y == 1;
    const size_t group = PD_GROUP_WORDS * PD_WORD_BITS;
    while (inner > 0) {
        size_t count = inner < PD_TILE_DRAWS ? inner : PD_TILE_DRAWS;
        if (fused && inner > PD_TILE_DRAWS) {
            if (place.draw % group == 0) {
                walk_long_row(walk, place, inner);
                return;
            }
            count = group - place.draw % group;
        }
        const uint32_t *keep = bits_along(walk, place, axis, count);
        walk->plan->kernels->rows(tile_at(walk, place, keep, outer, count));
        place = step_by(walk, place, axis, (ptrdiff_t)count);
        inner -= count;
    }
}

/* `outer` lines from line `line` on, each from element `from` on and `inner` long. */
static void walk_rectangle(struct walk *walk, struct place place, size_t line, size_t outer,
                           size_t from, size_t inner) {
    const struct pd_view *view = &walk->plan->view;
    place = step_by(walk, place, &view->mid, (ptrdiff_t)line);
    place = step_by(walk, place, &view->inner, (ptrdiff_t)from);
    if (walk->plan->variance > 0) {
        pd_gaussian_rectangle(&walk->gaussian, tile_at(walk, place, NULL, outer, inner),
                              place.draw);
    } else if (view->inner.draw != 0) {
        walk_rows(walk, place, outer, inner);
    } else if (walk->tile.path.planes_as_rows && inner == view->inner.n) {
        walk_planes_as_rows(walk, place, outer, inner);
    } else {
        walk_planes(walk, place, outer, inner);
    }
}

/* Elements begin ... end-1 of the unit at place. */
static void walk_unit(struct walk *walk, struct place place, size_t begin, size_t end) {
    const size_t length = walk->plan->view.inner.n, unit = length * walk->plan->view.mid.n;
    while (begin < end) {
        size_t line = 0, outer = walk->plan->view.mid.n, from = 0, inner = length;
        if (begin > 0 || end < unit) {
            const size_t left = end - begin;
            line = begin / length;
            from = begin % length;
            outer = from == 0 && left >= length ? left / length : 1;
            inner = left < length - from ? left : length - from;
        }
        walk_rectangle(walk, place, line, outer, from, inner);
        begin += outer * inner;
    }
}

/* Elements begin ... end-1 of the tensor, in the order of the view. */
static void walk_share(struct walk *walk, size_t begin, size_t end, const void *x, void *y) {
    const struct pd_view *view = &walk->plan->view;
    const size_t unit = view->mid.n * view->inner.n;
    size_t index[PLANEDROP_MAX_NDIM - 1], rest = begin == 0 ? 0 : begin / unit;
    struct place place = {(const char *)x, (char *)y, pd_source_first(&walk->source)};
    for (int a = view->loops - 1; a >= 0; a--) {
        index[a] = rest == 0 ? 0 : rest % view->loop[a].n;
        rest = rest == 0 ? 0 : rest / view->loop[a].n;
        place = step_by(walk, place, &view->loop[a], (ptrdiff_t)index[a]);
    }
    for (size_t at = begin == 0 ? 0 : begin % unit, left = end - begin; left > 0;) {
        const size_t count = unit - at < left ? unit - at : left;
        walk_unit(walk, place, at, at + count);
        at = 0;
        left -= count;
        for (int a = view->loops - 1; a >= 0 && left > 0; a--) {
            if (++index[a] < view->loop[a].n) {
                place = step_by(walk, place, &view->loop[a], 1);
                break;
            }
            index[a] = 0;
            place = step_by(walk, place, &view->loop[a], 1 - (ptrdiff_t)view->loop[a].n);
        }
    }
}

void pd_walk(const struct pd_plan *plan, planedrop_rng rng, const uint32_t *keep, size_t begin,
             size_t end, const void *x, void *y) {
    const struct pd_view *view = &plan->view;
    struct walk walk;
    walk.plan = plan;
    walk.tile.first = 0;
    walk.tile.factors = NULL;
    walk.tile.x_outer = view->mid.x;
    walk.tile.x_inner = view->inner.x;
    walk.tile.y_outer = view->mid.y;
    walk.tile.y_inner = view->inner.y;
    walk.tile.scale = plan->scale;
    walk.tile.mode = plan->mode;
    walk.tile.path = plan->path[x == y];
    pd_source_init(&walk.source, plan, rng, keep);
    if (plan->variance > 0) {
        pd_gaussian_init(&walk.gaussian, plan, rng);
    }
    walk_share(&walk, begin, end, x, y);
    if (walk.tile.path.stream_dropped) {
        plan->backend->stream_end();
    }
}
