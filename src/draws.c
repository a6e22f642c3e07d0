/* SPDX-License-Identifier: MIT
 *
 * Draws in tiles. Cells are generated in aligned groups and cached, so that small units of a tensor
 * (rows of 8 channels, planes of a padded batch) share one call of the generator. A window may
 * start at any draw: its bits are shifted into place here, and kernels know no windows.
 */
#include "draws.h"
#include "expand.h"

#include <assert.h>
#include <string.h>

/* Fills the cache with cells first ... last and, up to a tile, the cells behind them that will be
 * needed. Cells that the cache has are kept. */
static void refill(struct pd_draws *draws, uint64_t first, uint64_t last) {
    const struct pd_generator *generator = draws->plan->generator;
    const struct pd_view *view = &draws->plan->view;
    const uint64_t group_mask = generator->group_cells - UINT64_C(1);
    const uint64_t begin = draws->cache_begin, base = first & ~group_mask;
    const uint64_t end = (begin + draws->cache_cells) & ~group_mask;
    uint64_t ahead = last;
    if (view->draws_contiguous) {
        const uint64_t tile_last = base + (pd_tile_draws(draws) >> pd_cell_shift(draws)) - 1;
        const uint64_t mask_last = (view->first_draw + view->draws - 1) >> pd_cell_shift(draws);
        ahead = mask_last < tile_last ? mask_last : tile_last;
    }
    const size_t cells = (size_t)((ahead > last ? ahead : last) - base + 1);
    size_t kept = 0;
    if (begin <= base && base < end) {
        kept = (size_t)(end - base);
        memmove(draws->cells, draws->cells + (base - begin), kept * PD_CELL_BYTES);
    }
    if (cells <= generator->few_cells) { /* a few channels, a sample */
        generator = draws->plan->few_generator;
    }
    generator->fill(&draws->key, base + kept, cells - kept, draws->cells + kept, NULL);
    draws->cache_begin = base;
    draws->cache_cells = cells;
}

/* Cells first ... last: at most a tile's, of bits one more. */
static inline const uint32_t *cells_at(struct pd_draws *draws, uint64_t first, uint64_t last) {
    if (draws->mask != NULL) {
        return (const uint32_t *)draws->mask + first;
    }
    if (first < draws->cache_begin || last >= draws->cache_begin + draws->cache_cells) {
        refill(draws, first, last);
    }
    return draws->cells + (first - draws->cache_begin);
}

/* Packs bytes into bits, 1 where a byte is not 0: eight bytes become 0 or 1, and a product moves
 * bit 8*j to bit 56+j. */
static void pack_bytes(uint32_t *bits, const uint8_t *bytes, size_t count) {
    size_t i = 0;
    for (; count - i >= 8; i += 8) {
        uint64_t eight = 0;
        for (size_t j = 0; j < 8; j++) {
            eight |= (uint64_t)bytes[i + j] << 8 * j;
        }
        eight |= (eight & UINT64_C(0x7f7f7f7f7f7f7f7f)) + UINT64_C(0x7f7f7f7f7f7f7f7f);
        eight = eight >> 7 & UINT64_C(0x0101010101010101);
        const uint32_t byte = (uint32_t)(eight * UINT64_C(0x0102040810204080) >> 56);
        pd_put_bits(bits, i, byte);
    }
    for (; i < count; i++) {
        pd_put_bits(bits, i, bytes[i] != 0);
    }
}

/* Where bits are packed that are not in the cache in the wanted form: behind the cache. */
enum { PACKED_AT = PD_TILE_FACTORS + PD_GROUP_FACTORS - PD_TILE_WORDS };
static_assert(PACKED_AT >= PD_TILE_WORDS + 2 * PD_GROUP_WORDS, "the cache ends before that");

const uint32_t *pd_draws_get(struct pd_draws *draws, uint64_t at, uint64_t step, size_t count) {
    uint32_t *packed = draws->cells + PACKED_AT;
    const uint8_t *bytes = (const uint8_t *)draws->mask;
    if (bytes != NULL && draws->mask_form == PLANEDROP_MASK_BYTES) {
        if (step == 1) {
            pack_bytes(packed, bytes + at, count);
            return packed;
        }
        for (size_t i = 0; i < count; i++) {
            pd_put_bits(packed, i, bytes[at + i * step] != 0);
        }
        return packed;
    }
    const uint64_t first = at >> pd_cell_shift(draws),
                   last = (at + count - 1) >> pd_cell_shift(draws);
    if (step == 1 || count == 1) {
        const uint32_t *cells = cells_at(draws, first, last);
        const unsigned shift = (unsigned)(at - (first << pd_cell_shift(draws)));
        if (shift == 0) {
            return cells;
        }
        const size_t whole = (size_t)(last - first);
        for (size_t c = 0; c < whole; c++) {
            packed[c] = cells[c] >> shift | cells[c + 1] << (PD_CELL_BITS - shift);
        }
        if (whole < PD_TILE_WORDS) { /* else the last cell has no wanted bit, and packed no room */
            packed[whole] = cells[whole] >> shift;
        }
        return packed;
    }
    const int far_apart = step >= 2 * PD_CELL_BITS && step > pd_tile_draws(draws) / count;
    if (draws->kind == PD_FACTORS || (far_apart && draws->mask == NULL)) {
        /* the bits' cells between do not fit the cache: no later row would find them there */
        draws->cache_cells = 0;
        draws->plan->generator->gather(&draws->key, at, step, count, draws->cells);
        return draws->cells;
    }
    for (size_t i = 0; i < count; i++, at += step) {
        const uint64_t cell = at / PD_CELL_BITS;
        pd_put_bits(packed, i, *cells_at(draws, cell, cell) >> at % PD_CELL_BITS & 1);
    }
    return packed;
}

void pd_draws_fill(const struct pd_draws *draws, uint64_t at, size_t count, uint32_t *cells,
                   struct pd_yield *yield) {
    const uint64_t first = at >> pd_cell_shift(draws),
                   last = (at + count - 1) >> pd_cell_shift(draws);
    draws->plan->generator->fill(&draws->key, first, (size_t)(last - first + 1), cells, yield);
}
