/* SPDX-License-Identifier: MIT
 *
 * The kernels of one element type on one instruction set, and their table: one text for all, over
 * the words of vec.h and the functions of a file in dtype/. V(word) is the word for this type's
 * lanes. The forms that matter for speed have an instance each, in which the form is a constant;
 * one general instance runs all other forms, and strided elements; its planes are neither
 * prefetched nor stored non-temporally.
 */
#include "backend.h"
#include "compiler.h"

#include <assert.h>

#define V(word) PD_PASTE(v_##word##_, LANE)
#define VEC     PD_PASTE(v_, LANE)

#include "element.inl"

#include "planes.inl"

#include "planes_in_memory.inl"

#include "rows.inl"

/* The forms that have an instance. Strided elements have none. */
#define PD_INSTANCES(kernel, general, tile, kind)                                                  \
    switch (pd_elements_adjoin(tile) ? (tile)->op->form : -1) {                                    \
    case PD_MUL:                                                                                   \
        kernel##_of(tile, PD_MUL, kind);                                                           \
        break;                                                                                     \
    case PD_MUL | PD_ACCUMULATE:                                                                   \
        kernel##_of(tile, PD_MUL | PD_ACCUMULATE, kind);                                           \
        break;                                                                                     \
    case PD_COPY:                                                                                  \
        if (kind == PD_BITS) {                                                                     \
            kernel##_of(tile, PD_COPY, kind);                                                      \
            break;                                                                                 \
        } /* fall through */                                                                       \
    default:                                                                                       \
        general(tile);                                                                             \
        break;                                                                                     \
    }
PD_NOINLINE void planes_in_memory(const struct pd_tile *tile) {
    if (tile->op->kind == PD_BITS) {
        PD_INSTANCES(planes_in_memory, planes_general, tile, PD_BITS)
    } else {
        PD_INSTANCES(planes_in_memory, planes_general, tile, PD_FACTORS)
    }
}
static void planes(const struct pd_tile *tile) {
    if (tile->policy.prefetch) { /* out of line: it needs a large frame */
        planes_in_memory(tile);
    } else if (tile->op->kind == PD_BITS) {
        PD_INSTANCES(planes, planes_general, tile, PD_BITS)
    } else {
        PD_INSTANCES(planes, planes_general, tile, PD_FACTORS)
    }
}
static void rows(const struct pd_tile *tile) {
    if (tile->op->kind == PD_BITS) {
        PD_INSTANCES(rows, rows_general, tile, PD_BITS)
    } else {
        PD_INSTANCES(rows, rows_general, tile, PD_FACTORS)
    }
}

static_assert(sizeof(VEC) / sizeof(ELEM) <= PD_CELL_BITS, "a word has a bit for each lane");
static_assert(sizeof(VEC) <= PD_CACHE_LINE_BYTES, "a cache line is a number of vectors");

struct alignment_of_elem {
    char before;
    ELEM elem;
};

#define PD_TABLE_OF(dtype, isa) PD_KERNELS(dtype, isa)
extern const struct pd_kernels PD_TABLE_OF(PD_TYPE, PD_ISA);
const struct pd_kernels PD_TABLE_OF(PD_TYPE, PD_ISA) = {sizeof(ELEM),
                                                        offsetof(struct alignment_of_elem, elem),
                                                        sizeof(VEC) / sizeof(ELEM), planes, rows};
