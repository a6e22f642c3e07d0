/* SPDX-License-Identifier: MIT
 *
 * The pipeline: a long row is done tile by tile, and while the draws of one tile are generated, the
 * tile before is computed and stored. The generator needs the arithmetic units and the tile waits
 * for memory; done in small pieces one after the other, a CPU overlaps them.
 *
 *     cells[0]    generate tile 0 ............    generate tile 2 ............
 *     cells[1]                 generate tile 1 (compute tile 0 meanwhile)
 *
 * A piece ends where a cache line of the output ends: two stores of parts of one line are slow next
 * to non-temporal stores. The draws of the few elements that a tile has beyond its last line are
 * copied in front of the draws of the next tile.
 */
#ifndef PD_PIPELINE_H
#define PD_PIPELINE_H

#include "backend.h"
#include "expand.h"

enum { PD_PIPELINE_FRONT = 32 }; /* cells in front of a tile's: a line has fewer elements */

struct pd_pipeline {
    struct pd_yield yield; /* first, so that it leads here */
    struct pd_tile piece;  /* the next piece of the tile before; outer is 1 */
    size_t remaining;      /* elements of that tile that are not done */
    const struct pd_elements *elements;
    enum pd_kind kind;
    int current; /* cells[current] is being filled; factors have both: nothing overlaps with them */
    uint32_t cells[2][PD_PIPELINE_FRONT + PD_TILE_WORDS + PD_EXPAND_PADDING];
};

/* *tile gives the start of the row, and all that its tiles have in common. */
void pd_pipeline_init(struct pd_pipeline *pipeline, const struct pd_tile *tile,
                      const struct pd_elements *elements);

/* Where the draws of the next tile go. */
static inline uint32_t *pd_pipeline_cells(struct pd_pipeline *pipeline) {
    return pipeline->cells[pipeline->current] + PD_PIPELINE_FRONT;
}

/* The draws of the next `count` elements are in pd_pipeline_cells. Finishes the tile before. */
void pd_pipeline_push(struct pd_pipeline *pipeline, size_t count);

/* Finishes the row. */
void pd_pipeline_finish(struct pd_pipeline *pipeline);

#endif
