/* SPDX-License-Identifier: MIT
 *
 * A tile: the work of one kernel call, `outer` times `inner` elements. There are two kinds:
 *
 *     planes   a draw for each run of elements       draws: 1 0 1    out: aaaa 0000 cccc
 *     rows     a draw for each element of a row      draws: 1 0 1 1  out: a0cd e0gh i0kl
 */
#ifndef PD_TILE_H
#define PD_TILE_H

#include "names.h"

#include <stddef.h>
#include <stdint.h>

/* The tensors of a call. In the forward direction the input is x and the output y. */
enum pd_role { PD_OUT, PD_IN, PD_ROLES };

/* What a draw is: a bit (1: kept), or a factor that multiplies (every element is kept). Draws are
 * stored in cells of 4 bytes: a word of 32 bits, bit 0 first, or a float. */
enum pd_kind { PD_BITS, PD_FACTORS, PD_KINDS };

/* What becomes of an element, as flags. The kernels have an instance each for PD_COPY, PD_MUL and
 * PD_MUL | PD_ACCUMULATE, and one for all other forms. */
enum pd_form {
    PD_COPY = 0,       /* kept: x, bit for bit */
    PD_MUL = 1,        /* kept: x * mul; of factors: x * factor */
    PD_ACCUMULATE = 2, /* kept: out + the result of PD_MUL and PD_ADD; dropped: not written */
    PD_ADD = 4,        /* kept: the product + add */
    PD_FILL = 8,       /* dropped: fill; without this flag +0 */
    PD_ONES = 16       /* x is 1 everywhere, and is not read */
};

/* A law after planning. mul is finite, and positive with PD_MUL alone: a dropped +0 times mul is
 * +0. The kernels round mul, add and fill to the compute type, once. */
struct pd_op {
    double mul, add, fill;
    double variance;       /* of factors */
    uint8_t form;          /* enum pd_form; of factors always with PD_MUL */
    uint8_t kind;          /* enum pd_kind */
    uint8_t has_bits;      /* the law's mask can be given in bits or bytes */
    uint8_t keeps_nothing; /* everything is dropped, also under a mask of the caller's */
};

/* How a tile uses the caches: made in policy.c. No choice changes a result. */
struct pd_cache_policy {
    uint8_t planes_as_rows; /* planes are done as rows: a draw is repeated for each element */
    uint8_t nt_kept;        /* kept values, and all of a row, are written by non-temporal stores */
    uint8_t nt_dropped;     /* fills of planes are written by non-temporal stores */
    uint8_t prefetch;       /* planes: prefetch along the kept planes, at the distances below */
    uint16_t prefetch_l2_lines, prefetch_l1_lines;
};

/* Strides are in elements. In rows, element j has draw first + j; in planes, plane i has draw i. */
struct pd_tile {
    const void *draws; /* cells */
    size_t first;
    void *at[PD_ROLES]; /* the first element of each tensor */
    ptrdiff_t outer_stride[PD_ROLES], inner_stride[PD_ROLES];
    size_t outer, inner; /* planes, or rows, and the elements of each */
    const struct pd_op *op;
    struct pd_cache_policy policy;
};

/* Whether the elements of a plane or row adjoin in every tensor. */
static inline int pd_elements_adjoin(const struct pd_tile *tile) {
    int adjoin = 1;
    for (int r = 0; r < PD_ROLES; r++) {
        adjoin &= tile->inner_stride[r] == 1;
    }
    return adjoin;
}

#endif
