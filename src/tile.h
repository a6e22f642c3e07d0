/* SPDX-License-Identifier: MIT
 *
 * A tile: the work of one kernel call, `outer` times `inner` elements that share one shape of mask.
 * A mask meets elements in two ways:
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

/* What a draw is: a bit (1: kept), or a factor that multiplies (everything is kept). Draws are
 * stored in cells of 4 bytes: a word of 32 bits, bit 0 first, or a float. */
enum pd_kind { PD_BITS, PD_FACTORS, PD_KINDS };

/* What becomes of an element, as flags. 0: kept elements are copied bit for bit. The kernels have
 * an instance for each of the first three common forms, and one for all others. */
enum pd_form {
    PD_COPY = 0,
    PD_MUL = 1,        /* kept: x * mul; of factors, the factor takes mul's place */
    PD_ACCUMULATE = 2, /* kept: out + that; dropped: out is not written */
    PD_ADD = 4,        /* kept: that + add */
    PD_FILL = 8,       /* dropped: fill; without this flag +0 */
    PD_ONES = 16       /* x is not read, but taken as 1 everywhere */
};

/* A law after planning. mul, add and fill are rounded to the compute type by the kernels, once. */
struct pd_op {
    double mul, add, fill;
    double variance;       /* of factors */
    uint8_t form;          /* enum pd_form; of factors always with PD_MUL */
    uint8_t kind;          /* enum pd_kind */
    uint8_t has_bits;      /* the law's mask can be given in bits */
    uint8_t keeps_nothing; /* everything is dropped, also under a mask of the caller's */
};

/* How a tile meets the caches: made in policy.c. No choice changes a result. */
struct pd_cache_policy {
    uint8_t planes_as_rows; /* planes are done as rows: their draw is repeated for each element */
    uint8_t nt_kept;        /* kept values are written by non-temporal stores */
    uint8_t nt_dropped;     /* fills are written by non-temporal stores */
    uint8_t prefetch;       /* planes: prefetch along the kept planes, at these distances: */
    uint16_t prefetch_l2_lines, prefetch_l1_lines;
};

/* Strides are in elements. Of rows, element j has draw first + j, of planes plane i has draw i. */
struct pd_tile {
    const void *draws; /* cells */
    size_t first;
    void *at[PD_ROLES]; /* the first element of each tensor */
    ptrdiff_t outer_stride[PD_ROLES], inner_stride[PD_ROLES];
    size_t outer, inner; /* planes times their elements, or rows times their elements */
    const struct pd_op *op;
    struct pd_cache_policy policy;
};

#endif
