/* SPDX-License-Identifier: MIT
 *
 * Draws in tiles. Cells are generated in aligned groups and cached, so that small units of a tensor
 * (rows of 8 channels, planes of a padded batch) share one call of the generator. A window may
 * start at any draw: bits are then shifted into place here, and kernels need not know.
 */
#include "draws.h"
#include "dispatch.h"
#include "expand.h"

#include <assert.h>
#include <string.h>

void pd_draws_init(struct pd_draws *draws, const struct pd_plan *plan, const struct pd_op *op,
                   planedrop_rng rng, const void *mask, int32_t mask_form) {
    const struct pd_view *view = &plan->view;
    const int bits = op->kind == PD_BITS;
    draws->plan = plan;
    draws->mask = mask;
    draws->mask_form = mask_form;
    draws->kind = (enum pd_kind)op->kind;
    draws->generator = &plan->backend->generators[plan->stream->generator[op->kind]];
    plan->stream->set_key(&draws->key, rng);
    draws->key.threshold = plan->threshold;
    draws->key.variance = op->variance;
    draws->key.fma = plan->fma;
    draws->cell_draws = bits ? PD_CELL_BITS : 1;
    draws->tile_draws = bits ? PD_TILE_WORDS * PD_CELL_BITS : PD_TILE_FACTORS;
    draws->row_draws = bits ? draws->tile_draws : PD_ROW_FACTORS;
    draws->last_cell = view->draws_contiguous && view->draws > 0
                           ? (view->first_draw + view->draws - 1) / draws->cell_draws
                           : 0;
    draws->cache_begin = 0;
    draws->cache_cells = 0;
}

/* Generates cells first ... last and, up to a tile, those behind them that will be asked for. What
 * the cache has of them it keeps. */
static void refill(struct pd_draws *draws, uint64_t first, uint64_t last) {
    const struct pd_generator *generator = draws->generator;
    const uint64_t begin = draws->cache_begin, base = first - first % generator->group_cells;
    uint64_t end = begin + draws->cache_cells;
    uint64_t next = base + draws->tile_draws / draws->cell_draws - 1;
    next = draws->last_cell < next ? draws->last_cell : next;
    const size_t cells = (size_t)((next > last ? next : last) - base + 1);
    size_t kept = 0;
    end -= end % generator->group_cells;
    if (begin <= base && base < end) {
        kept = (size_t)(end - base);
        memmove(draws->cells, draws->cells + (base - begin), kept * PD_CELL_BYTES);
    }
    if (cells <= generator->few_cells) { /* a few channels, a sample */
        generator = &pd_backend_last()->generators[draws->plan->stream->generator[draws->kind]];
    }
    generator->fill(&draws->key, base + kept, cells - kept, draws->cells + kept, NULL);
    draws->cache_begin = base;
    draws->cache_cells = cells;
}

/* Cells first ... last: a tile's, and of bits one more. */
static inline const uint32_t *cells_at(struct pd_draws *draws, uint64_t first, uint64_t last) {
    if (draws->mask != NULL) {
        return (const uint32_t *)draws->mask + first;
    }
    if (first < draws->cache_begin || last >= draws->cache_begin + draws->cache_cells) {
        refill(draws, first, last);
    }
    return draws->cells + (first - draws->cache_begin);
}

/* Bits that do not lie in the cache as they are asked for are packed behind it. */
enum { PACKED_AT = PD_TILE_FACTORS + PD_GROUP_FACTORS - PD_TILE_WORDS };
static_assert(PACKED_AT >= PD_TILE_WORDS + 2 * PD_GROUP_WORDS, "the cache ends before that");

const uint32_t *pd_draws_get(struct pd_draws *draws, uint64_t at, uint64_t step, size_t count) {
    uint32_t *packed = draws->cells + PACKED_AT;
    const uint8_t *bytes = (const uint8_t *)draws->mask;
    if (bytes != NULL && draws->mask_form == PLANEDROP_MASK_BYTES) {
        for (size_t i = 0; i < count; i++) {
            pd_put_bit(packed, i, bytes[at + i * step] != 0);
        }
        return packed;
    }
    const uint64_t first = at / draws->cell_draws, last = (at + count - 1) / draws->cell_draws;
    if (step == 1 || count == 1) {
        const uint32_t *cells = cells_at(draws, first, last);
        const unsigned shift = (unsigned)(at % draws->cell_draws);
        if (shift == 0) {
            return cells;
        }
        const size_t whole = (size_t)(last - first);
        for (size_t c = 0; c < whole; c++) {
            packed[c] = cells[c] >> shift | cells[c + 1] << (PD_CELL_BITS - shift);
        }
        if (whole < PD_TILE_WORDS) {
            packed[whole] = cells[whole] >> shift;
        }
        return packed;
    }
    const int far_apart = step >= 2 * PD_CELL_BITS && step > draws->tile_draws / count;
    if (draws->kind == PD_FACTORS || (far_apart && draws->mask == NULL)) {
        /* the cells between do not fit the cache, so no later row would find them there */
        draws->cache_cells = 0;
        draws->generator->gather(&draws->key, at, step, count, draws->cells);
        return draws->cells;
    }
    for (size_t i = 0; i < count; i++, at += step) {
        const uint64_t cell = at / PD_CELL_BITS;
        pd_put_bit(packed, i, *cells_at(draws, cell, cell) >> at % PD_CELL_BITS & 1);
    }
    return packed;
}

void pd_draws_fill(const struct pd_draws *draws, uint64_t at, size_t count, uint32_t *cells,
                   struct pd_yield *yield) {
    draws->generator->fill(&draws->key, at / draws->cell_draws,
                           (count + draws->cell_draws - 1) / draws->cell_draws, cells, yield);
}
