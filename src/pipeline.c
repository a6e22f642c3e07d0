/* SPDX-License-Identifier: MIT
 *
 * Computing a row in pieces, between the groups of a generator.
 */
#include "pipeline.h"

#include <assert.h>
#include <string.h>

static_assert(PD_PIPELINE_FRONT + PD_TILE_FACTORS + PD_EXPAND_PADDING <= 2 * PD_PIPELINE_CELLS,
              "a tile of factors has room in both halves");

/* Does about `count` elements, to the end of a cache line. The piece is changed in place: a copy
 * would wait for the stores of its fields. */
static inline void advance(struct pd_pipeline *pipeline, size_t count) {
    struct pd_tile *piece = &pipeline->piece;
    const size_t elem_bytes = pipeline->kernels->elem_bytes;
    size_t inner = pipeline->remaining < count ? pipeline->remaining : count;
    const size_t past = ((uintptr_t)piece->at[PD_OUT] + inner * elem_bytes) % PD_CACHE_LINE_BYTES;
    const size_t over = past / elem_bytes;
    inner -= over < inner ? over : inner;
    if (inner > 0) {
        piece->inner = inner;
        pipeline->kernels->rows(piece);
        for (int r = 0; r < PD_ROLES; r++) {
            piece->at[r] = (char *)piece->at[r] + inner * elem_bytes;
        }
        piece->first += inner;
        pipeline->remaining -= inner;
    }
}

static void resume(struct pd_yield *yield, size_t draws) {
    advance((struct pd_pipeline *)yield, draws);
}

/* Copies the draws of the remaining elements in front of the next tile's. */
static void carry_over(struct pd_pipeline *pipeline) {
    struct pd_tile *piece = &pipeline->piece;
    uint32_t *front = pipeline->front;
    const uint32_t *cells = (const uint32_t *)piece->draws;
    const size_t n = pipeline->remaining;
    if (piece->op->kind == PD_FACTORS) {
        memmove(front + PD_PIPELINE_FRONT - n, cells + piece->first, n * PD_CELL_BYTES);
        piece->first = PD_PIPELINE_FRONT - n;
    } else {
        const size_t to = PD_PIPELINE_FRONT * PD_CELL_BITS - n;
        front[PD_PIPELINE_FRONT - 2] = front[PD_PIPELINE_FRONT - 1] = 0; /* up to 63 draws */
        for (size_t i = 0; i < n; i++) {
            const size_t from = piece->first + i;
            front[(to + i) / PD_CELL_BITS] |=
                (cells[from / PD_CELL_BITS] >> from % PD_CELL_BITS & 1) << (to + i) % PD_CELL_BITS;
        }
        piece->first = to;
    }
    piece->draws = front;
}

void pd_pipeline_init(struct pd_pipeline *pipeline, const struct pd_tile *tile,
                      const struct pd_kernels *kernels) {
    pipeline->yield.resume = resume;
    pipeline->piece = *tile;
    pipeline->piece.outer = 1;
    pipeline->remaining = 0;
    pipeline->kernels = kernels;
    pipeline->front = pipeline->cells;
    pipeline->piece.draws = pipeline->cells; /* nothing is carried over to the first tile */
    pipeline->piece.first = PD_PIPELINE_FRONT;
}

void pd_pipeline_push(struct pd_pipeline *pipeline, size_t count) {
    if (pipeline->piece.op->kind == PD_FACTORS) {
        pipeline->remaining += count;
        advance(pipeline, pipeline->remaining);
        carry_over(pipeline);
    } else {
        advance(pipeline, pipeline->remaining);
        carry_over(pipeline);
        pipeline->remaining += count;
        pipeline->front = pipeline->front == pipeline->cells ? pipeline->cells + PD_PIPELINE_CELLS
                                                             : pipeline->cells;
    }
}

void pd_pipeline_finish(struct pd_pipeline *pipeline) {
    if (pipeline->remaining > 0) {
        pipeline->piece.inner = pipeline->remaining;
        pipeline->kernels->rows(&pipeline->piece);
    }
}
