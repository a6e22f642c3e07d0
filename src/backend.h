/* SPDX-License-Identifier: MIT
 *
 * The seam between the baseline code and the instruction sets. A backend is one constant table,
 * compiled once per instruction set from src/kernel/; the baseline code decides what is to be done
 * and where, a backend does it to one tile. There are two ways in which mask bits meet elements:
 *
 *     planes   one bit for a whole run of elements        keep: 1 0 1    y: aaaa 0000 cccc
 *     rows     one bit for each element, run after run    keep: 1 0 1 1  y: a0cd e0gh i0kl
 */
#ifndef PD_BACKEND_H
#define PD_BACKEND_H

#include <stddef.h>
#include <stdint.h>

/* The native Bernoulli stream: draw k is dropped iff U(k) < threshold, of 2^32. */
struct pd_stream {
    uint64_t seed, offset, threshold;
};

enum {
    PD_WORD_BITS = 32,   /* draws in a word of the stream */
    PD_GROUP_WORDS = 16, /* words are made in aligned groups, as wide as the widest vector */
    PD_TILE_WORDS = 128  /* words that fit a tile */
};

/* Writes words first_word ... first_word+words-1 of the stream to keep, 1 = kept. first_word is a
 * multiple of PD_GROUP_WORDS, and keep has room for words rounded up to one. */
typedef void pd_bits_fn(const struct pd_stream *stream, uint64_t first_word, size_t words,
                        uint32_t *keep);

enum pd_mode {
    PD_COPY,      /* kept: y = x, bit for bit */
    PD_SCALE,     /* kept: y = x * scale */
    PD_ACCUMULATE /* kept: y = y + x * scale; dropped: y is not touched */
};

/* outer x inner elements at (x, y) that share one shape of mask. Steps are in elements. */
struct pd_tile {
    const uint32_t *keep; /* planes: bit i is plane i's. rows: bit j is element j's, in every row */
    const void *x;
    void *y;
    size_t outer, inner; /* planes of so many elements, or rows of so many elements */
    ptrdiff_t x_outer, x_inner, y_outer, y_inner;
    double scale; /* converted to the compute type by the kernel: the one rounding of it */
    enum pd_mode mode;
};

typedef void pd_kernel_fn(const struct pd_tile *tile);

/* One element type on one instruction set. */
struct pd_kernels {
    size_t elem_bytes; /* 0: this build does not compute the type */
    pd_kernel_fn *planes, *rows;
};

enum { PD_DTYPE_COUNT = 4 }; /* indexed by planedrop_dtype */

struct pd_backend {
    const char *name;
    pd_bits_fn *bits;
    struct pd_kernels kernels[PD_DTYPE_COUNT];
};

#endif
