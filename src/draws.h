/* SPDX-License-Identifier: MIT
 *
 * Draws: the only code that calls a generator. Draws are generated, or read from a mask of the
 * caller's, and returned in cells as the kernels read them: bits packed from bit 0 on, or factors.
 */
#ifndef PD_DRAWS_H
#define PD_DRAWS_H

#include "plan.h"

struct pd_draws {
    const struct pd_plan *plan;
    const void *mask;  /* of the caller's; NULL to generate */
    int32_t mask_form; /* PLANEDROP_MASK_BITS or PLANEDROP_MASK_BYTES */
    enum pd_kind kind;
    struct pd_key key;
    uint64_t cache_begin; /* the cell of the stream that is in cells[0] */
    size_t cache_cells;   /* the number of cells in the cache */
    uint32_t cells[PD_TILE_FACTORS + PD_GROUP_FACTORS];
};

/* mask is NULL to generate draws of kind op->kind from rng. */
static inline void pd_draws_init(struct pd_draws *draws, const struct pd_plan *plan,
                                 const struct pd_op *op, planedrop_rng rng, const void *mask,
                                 int32_t mask_form) {
    draws->plan = plan;
    draws->mask = mask;
    draws->mask_form = mask_form;
    draws->kind = (enum pd_kind)op->kind;
    draws->key = plan->key;
    plan->stream->set_key(&draws->key, rng);
    draws->cache_begin = 0;
    draws->cache_cells = 0;
}

/* A cell has 1 << pd_cell_shift draws. */
static inline unsigned pd_cell_shift(const struct pd_draws *draws) {
    return draws->kind == PD_BITS ? PD_CELL_SHIFT : 0;
}

/* The most draws that are generated for a tile. */
static inline size_t pd_tile_draws(const struct pd_draws *draws) {
    return draws->kind == PD_BITS ? PD_TILE_WORDS * PD_CELL_BITS : PD_TILE_FACTORS;
}

/* Draws are numbered as in their source: in the whole mask, or in the caller's. */
static inline uint64_t pd_draws_first(const struct pd_draws *draws) {
    return draws->mask != NULL ? 0 : draws->plan->view.first_draw;
}
static inline uint64_t pd_draws_stride(const struct pd_draws *draws, const struct pd_axis *axis) {
    return draws->mask != NULL ? axis->local_draw_stride : axis->draw_stride;
}

/* The `count` draws at, at + step, ... packed into cells; count is 1 ... pd_tile_draws. Bits past
 * count are undefined. Valid until the next call. */
const uint32_t *pd_draws_get(struct pd_draws *draws, uint64_t at, uint64_t step, size_t count);

/* Generates draws at ... at+count-1 into cells, which have room for whole groups (pd_draws_group);
 * `at` is a multiple of a group. yield is called meanwhile. */
void pd_draws_fill(const struct pd_draws *draws, uint64_t at, size_t count, uint32_t *cells,
                   struct pd_yield *yield);
static inline size_t pd_draws_group(const struct pd_draws *draws) {
    return (size_t)draws->plan->generator->group_cells << pd_cell_shift(draws);
}

#endif
