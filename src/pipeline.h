/* SPDX-License-Identifier: MIT
 *
 * The pipeline of a long row: while the draws of one tile are generated, the tile before is
 * computed and stored, in small pieces. The generator uses the arithmetic units and the tile waits
 * for memory, so the CPU overlaps the two.
 *
 *     generate    tile 0 to half 0     tile 1 to half 1     tile 2 to half 0
 *     compute                          tile 0               tile 1               tile 2
 *
 * A piece ends at the end of a cache line of the output: two partial stores to a line are slow
 * between non-temporal stores. (Factors are generated first and computed afterwards.) The draws of
 * the elements behind a tile's last whole line are copied in front of the draws of the next tile.
 */
#ifndef PD_PIPELINE_H
#define PD_PIPELINE_H

#include "backend.h"
#include "expand.h"

enum {
    PD_PIPELINE_FRONT = 32, /* cells in front of a tile's: room for the draws of a line */
    PD_PIPELINE_CELLS = PD_PIPELINE_FRONT + PD_TILE_WORDS + PD_EXPAND_PADDING
};

struct pd_pipeline {
    struct pd_yield yield; /* first: resume casts its address to the pipeline's */
    struct pd_tile piece;  /* the next piece of the tile before; outer is 1 */
    size_t remaining;      /* elements of that tile that are not done */
    const struct pd_kernels *kernels;
    uint32_t *front; /* of the cells that are being filled */
    /* Two tiles of bits: one is filled and one computed. One of factors: nothing overlaps. */
    uint32_t cells[2 * PD_PIPELINE_CELLS];
};

/* *tile has the start of the row, and what all of its tiles have in common. */
void pd_pipeline_init(struct pd_pipeline *pipeline, const struct pd_tile *tile,
                      const struct pd_kernels *kernels);

/* Where the draws of the next tile go. */
static inline uint32_t *pd_pipeline_cells(struct pd_pipeline *pipeline) {
    return pipeline->front + PD_PIPELINE_FRONT;
}

/* The draws of the next `count` elements are in pd_pipeline_cells. Computes the tile before; of
 * factors, this one. */
void pd_pipeline_push(struct pd_pipeline *pipeline, size_t count);

/* Finishes the row. */
void pd_pipeline_finish(struct pd_pipeline *pipeline);

#endif
