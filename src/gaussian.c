/* SPDX-License-Identifier: MIT
 *
 * Factors are made in aligned groups and cached, so that small units of a tensor share one run of
 * the generator. What walk.c and source.c do with bits, done with numbers: here a window may start
 * at any draw without a shift, and nothing is drawn while memory works, since drawing takes longer.
 */
#include "gaussian.h"
#include "dispatch.h"

#include <assert.h>
#include <string.h>

void pd_gaussian_init(struct pd_gaussian *gaussian, const struct pd_plan *plan, planedrop_rng rng) {
    const struct pd_view *view = &plan->view;
    gaussian->plan = plan;
    gaussian->stream.seed = rng.seed;
    gaussian->stream.offset = rng.offset;
    gaussian->stream.variance = plan->variance;
    gaussian->stream.fma = pd_cpu_fma();
    gaussian->last = view->is_whole && view->draws > 0 ? view->first_draw + view->draws - 1 : 0;
    gaussian->cached_first = 0;
    gaussian->cached = 0;
    memset(gaussian->all, 0xff, sizeof gaussian->all);
}

/* Numbers that are read with the last factors, and come to nothing. */
static void end_with_slack(float *factors, size_t count) {
    memset(factors + count, 0, PD_FACTOR_SLACK * sizeof *factors);
}

/* Sees that draws first ... last, at most PD_TILE_FACTORS of them, are in the cache, and some
 * after them. What the cache has of them it keeps. */
static const float *cached_factors(struct pd_gaussian *gaussian, uint64_t first, uint64_t last) {
    const uint64_t begin = gaussian->cached_first, end = begin + gaussian->cached;
    if (first < begin || last >= end) {
        const uint64_t base = first - first % PD_GROUP_NORMALS;
        uint64_t count = last - base + 1, kept = 0;
        if (count < PD_TILE_FACTORS && gaussian->last > last) {
            const uint64_t left = gaussian->last - base + 1;
            count = left < PD_TILE_FACTORS ? left : PD_TILE_FACTORS;
        }
        count += (PD_GROUP_NORMALS - count % PD_GROUP_NORMALS) % PD_GROUP_NORMALS;
        if (begin <= base && base < end) {
            kept = end - base;
            memmove(gaussian->cache, gaussian->cache + (base - begin),
                    (size_t)kept * sizeof *gaussian->cache);
        }
        gaussian->plan->backend->normals(&gaussian->stream, base + kept, (size_t)(count - kept),
                                         gaussian->cache + kept);
        gaussian->cached_first = base;
        gaussian->cached = (size_t)count;
        end_with_slack(gaussian->cache, (size_t)count);
    }
    return gaussian->cache + (first - gaussian->cached_first);
}

const float *pd_gaussian_factors(struct pd_gaussian *gaussian, uint64_t at, uint64_t step,
                                 size_t count) {
    if (step == 1 || count == 1) {
        return cached_factors(gaussian, at, at + count - 1);
    }
    if (step > PD_TILE_FACTORS / count) { /* no later row finds the draws between in the cache */
        gaussian->plan->backend->normals_apart(&gaussian->stream, at, step, count,
                                               gaussian->packed);
    } else {
        for (size_t i = 0; i < count; i++, at += step) {
            gaussian->packed[i] = *cached_factors(gaussian, at, at);
        }
    }
    end_with_slack(gaussian->packed, count);
    return gaussian->packed;
}

static void advance(const struct pd_gaussian *gaussian, struct pd_tile *tile, ptrdiff_t x,
                    ptrdiff_t y) {
    const ptrdiff_t bytes = (ptrdiff_t)gaussian->plan->kernels->elem_bytes;
    tile->x = (const char *)tile->x + x * bytes;
    tile->y = (char *)tile->y + y * bytes;
}

static void do_planes(struct pd_gaussian *gaussian, struct pd_tile *tile, uint64_t draw) {
    const struct pd_axis *mid = &gaussian->plan->view.mid;
    tile->keep = gaussian->all;
    for (size_t left = tile->outer; left > 0; left -= tile->outer) {
        tile->outer = left < PD_TILE_FACTORS ? left : PD_TILE_FACTORS;
        tile->factors = pd_gaussian_factors(gaussian, draw, mid->draw, tile->outer);
        gaussian->plan->kernels->weigh_planes(tile);
        advance(gaussian, tile, (ptrdiff_t)tile->outer * mid->x, (ptrdiff_t)tile->outer * mid->y);
        draw += tile->outer * mid->draw;
    }
}

/* How much of a row to do next, of `left` elements: up to the end of a line of y if it streams. */
static size_t piece_of(const struct pd_gaussian *gaussian, const struct pd_tile *tile,
                       size_t left) {
    const size_t bytes = gaussian->plan->kernels->elem_bytes;
    if (left <= PD_TILE_FACTORS) {
        return left;
    }
    return PD_TILE_FACTORS - (tile->path.stream_kept ? (uintptr_t)tile->y % PD_LINE_BYTES / bytes
                                                     : 0); /* a tile is a number of lines */
}

/* Writes `count` times the factor, and some more: what belongs behind it is written later. */
enum { REPEAT_AT_ONCE = 8 };
static_assert((int)REPEAT_AT_ONCE <= (int)PD_FACTOR_SLACK, "a row must have room for more");
static inline void repeat(float *row, float factor, size_t count) {
    for (size_t i = 0; i < count; i += REPEAT_AT_ONCE) {
        for (size_t j = 0; j < REPEAT_AT_ONCE; j++) {
            row[i + j] = factor;
        }
    }
}

/* Small planes that lie end to end, as one long row: each factor repeated for its plane. */
static void do_planes_as_rows(struct pd_gaussian *gaussian, struct pd_tile *tile, uint64_t draw) {
    const struct pd_axis *mid = &gaussian->plan->view.mid;
    const size_t inner = tile->inner;
    size_t left = tile->outer * inner, within = 0; /* the plane at draw */
    tile->outer = 1;
    tile->factors = gaussian->row;
    for (; left > 0; left -= tile->inner) {
        tile->inner = piece_of(gaussian, tile, left);
        const size_t planes = (within + tile->inner + inner - 1) / inner;
        const float *factors = pd_gaussian_factors(gaussian, draw, mid->draw, planes);
        for (size_t i = 0; i < tile->inner; factors++) {
            const size_t rest = tile->inner - i, plane = inner - within;
            const size_t count = plane < rest ? plane : rest;
            within = plane <= rest ? 0 : within + rest;
            repeat(gaussian->row + i, *factors, count);
            i += count;
        }
        end_with_slack(gaussian->row, tile->inner);
        gaussian->plan->kernels->weigh_rows(tile);
        advance(gaussian, tile, (ptrdiff_t)tile->inner, (ptrdiff_t)tile->inner);
        draw += (planes - (within > 0)) * mid->draw;
    }
}

/* Short rows that lie end to end are joined into long ones, their factors repeated. */
static void do_joined_rows(struct pd_gaussian *gaussian, struct pd_tile *tile, uint64_t draw) {
    const struct pd_axis *axis = &gaussian->plan->view.inner;
    const size_t inner = tile->inner, outer = tile->outer, most = PD_TILE_FACTORS / inner;
    const size_t rows = outer < most ? outer : most, joined = rows * inner, rest = outer % rows;
    float *row = gaussian->row;
    memcpy(row, pd_gaussian_factors(gaussian, draw, axis->draw, inner), inner * sizeof *row);
    for (size_t have = inner; have < joined; have *= 2) {
        memcpy(row + have, row, (joined - have < have ? joined - have : have) * sizeof *row);
    }
    end_with_slack(row, joined);
    tile->factors = row;
    tile->outer = outer / rows;
    tile->inner = joined;
    tile->x_outer *= (ptrdiff_t)rows;
    tile->y_outer *= (ptrdiff_t)rows;
    gaussian->plan->kernels->weigh_rows(tile);
    if (rest > 0) {
        advance(gaussian, tile, (ptrdiff_t)tile->outer * tile->x_outer,
                (ptrdiff_t)tile->outer * tile->y_outer);
        tile->outer = 1;
        tile->inner = rest * inner;
        gaussian->plan->kernels->weigh_rows(tile);
    }
}

static void do_rows(struct pd_gaussian *gaussian, struct pd_tile *tile, uint64_t draw) {
    const struct pd_axis *axis = &gaussian->plan->view.inner;
    for (size_t left = tile->inner; left > 0; left -= tile->inner) {
        tile->inner = piece_of(gaussian, tile, left);
        tile->factors = pd_gaussian_factors(gaussian, draw, axis->draw, tile->inner);
        gaussian->plan->kernels->weigh_rows(tile);
        advance(gaussian, tile, (ptrdiff_t)tile->inner * axis->x, (ptrdiff_t)tile->inner * axis->y);
        draw += tile->inner * axis->draw;
    }
}

void pd_gaussian_rectangle(struct pd_gaussian *gaussian, const struct pd_tile *rectangle,
                           uint64_t draw) {
    const struct pd_view *view = &gaussian->plan->view;
    struct pd_tile tile = *rectangle;
    const ptrdiff_t n = (ptrdiff_t)tile.inner;
    if (view->inner.draw == 0) {
        if (tile.path.planes_as_rows && tile.inner == view->inner.n) {
            do_planes_as_rows(gaussian, &tile, draw);
        } else {
            do_planes(gaussian, &tile, draw);
        }
    } else if (tile.outer > 1 && tile.inner <= PD_TILE_FACTORS / 2 &&
               view->mid.x == n * view->inner.x && view->mid.y == n * view->inner.y) {
        do_joined_rows(gaussian, &tile, draw);
    } else {
        do_rows(gaussian, &tile, draw);
    }
}
