/* SPDX-License-Identifier: MIT
 *
 * The seam between baseline code and instruction sets. Each instruction set has constant tables,
 * compiled from src/kernel/: of the kernels of each element type (pd_kernels), and of these tables
 * and the generators (pd_backend). Baseline code chooses tiles; a kernel does one.
 */
#ifndef PD_BACKEND_H
#define PD_BACKEND_H

#include "tile.h"

enum {
    PD_CELL_BYTES = 4, /* bytes of a cell of draws */
    PD_CELL_SHIFT = 5, /* a cell of bits has 1 << PD_CELL_SHIFT draws */
    PD_CELL_BITS = 1 << PD_CELL_SHIFT,
    PD_MAX_LANES_U32 = 16,    /* the widest vector that the kernels are written for: 512 bits */
    PD_GROUP_WORDS = 16,      /* words of an aligned group, in which bits are generated */
    PD_GROUP_FACTORS = 64,    /* factors of an aligned group, in which factors are generated */
    PD_TILE_WORDS = 128,      /* the most words of bits that are generated for a tile */
    PD_TILE_FACTORS = 256,    /* the most factors that are generated for a tile */
    PD_CACHE_LINE_BYTES = 64, /* bytes of a cache line */
};

/* What a generator reads. seed and offset are the call's, the others the plan's. (seed and offset
 * are not neighbours: a load of both at once would wait for the stores of each.) */
struct pd_key {
    uint64_t seed;
    uint64_t threshold; /* bits: draw k is dropped iff U(k) < threshold, 0 ... 2^32 */
    uint64_t offset;
    double variance; /* of factors */
    int fma;         /* this CPU has a fused multiply-add */
};

/* What a generator or expansion of bits calls after each group, so that other work overlaps. */
struct pd_yield {
    void (*resume)(struct pd_yield *yield, size_t draws);
};

struct pd_generator {
    uint16_t group_cells; /* fill starts at a multiple of this power of 2 */
    uint16_t few_cells;   /* the most cells that the last backend makes sooner than a vector */

    /* Writes the draws of cells first_cell ... first_cell+cells-1. out has room for whole groups.
     * yield is NULL, or called meanwhile. */
    void (*fill)(const struct pd_key *key, uint64_t first_cell, size_t cells, void *out,
                 struct pd_yield *yield);

    /* Writes the `count` draws at, at + step, ... packed; count is at least 1. For factors at any
     * step, and for bits so far from each other that each needs its own block. */
    void (*gather)(const struct pd_key *key, uint64_t at, uint64_t step, size_t count, void *out);
};

enum pd_generator_id { PD_BIT_PLANES, PD_BOX_MULLER, PD_GENERATORS };

typedef void pd_kernel_fn(const struct pd_tile *tile);

/* The kernels of one element type on one instruction set. */
struct pd_kernels {
    size_t elem_bytes, elem_align;
    size_t lanes; /* elements of a vector */
    pd_kernel_fn *planes, *rows;
};

enum {
#define PD_DTYPE(enumerator, name) PD_DTYPE_INDEX_##name,
#include "dtypes.def"
#undef PD_DTYPE
    PD_DTYPES
};

struct pd_backend {
    const char *name;
    struct pd_generator generators[PD_GENERATORS]; /* fill is NULL: not in this build */
    const struct pd_kernels *kernels[PD_DTYPES];   /* by planedrop_dtype */
    void (*store_fence)(void); /* orders non-temporal stores before all later stores */
    int has_nt_stores;
};

#endif
