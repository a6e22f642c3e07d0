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

#include "names.h"

#include <stddef.h>
#include <stdint.h>

/* The native Bernoulli stream: draw k is dropped iff U(k) < threshold, of 2^32. */
struct pd_stream {
    uint64_t seed, threshold, offset; /* seed and offset apart: see pd_source_init */
};

/* The native normal stream, and the law's s^2. */
struct pd_normals {
    uint64_t seed, offset;
    double variance;
    int fma; /* whether this CPU can do what SLEEF's scalar functions need it to */
};

enum {
    PD_WORD_BITS = 32,      /* draws in a word of the stream */
    PD_GROUP_WORDS = 16,    /* words are made in aligned groups, as wide as the widest vector */
    PD_TILE_WORDS = 128,    /* words that fit a tile */
    PD_GROUP_NORMALS = 64,  /* normals are made in aligned groups, too */
    PD_TILE_FACTORS = 1024, /* factors that fit a tile, */
    PD_FACTOR_SLACK = 32,   /* and so many more are read with the last: a vector's */
    PD_LINE_BYTES = 64      /* of a cache line */
};

enum pd_mode {
    PD_COPY,      /* kept: y = x, bit for bit */
    PD_SCALE,     /* kept: y = x * scale */
    PD_ACCUMULATE /* kept: y = y + x * scale; dropped: y is not touched */
};

/* How a tile meets the caches: chosen in path.c. */
struct __attribute__((__may_alias__)) pd_path {
    uint8_t planes_as_rows; /* each plane's bit is repeated for its elements; the kernel is rows */
    uint8_t stream_kept;    /* kept values go past the cache */
    uint8_t stream_dropped; /* and so do the zeros */
    uint8_t ahead;          /* planes: prefetch along the kept ones, so many lines ahead: */
    uint16_t far_lines, near_lines;
};

/* outer x inner elements at (x, y) that share one shape of mask. Steps are in elements. */
struct pd_tile {
    const uint32_t *keep; /* planes: bit i is plane i's. rows: bit first + j is element j's */
    size_t first;         /* rows, below PD_WORD_BITS; planes: 0 */
    const float *factors; /* the Gaussian law's, in place of scale: plane i's (and all bits of keep
                           * are set) or element j's. NULL: the Bernoulli law */
    const void *x;
    void *y;
    size_t outer, inner; /* planes of so many elements, or rows of so many elements */
    ptrdiff_t x_outer, x_inner, y_outer, y_inner;
    double scale; /* converted to the compute type by the kernel: the one rounding of it */
    enum pd_mode mode;
    struct pd_path path;
};

typedef void pd_kernel_fn(const struct pd_tile *tile);

/* A row to be done piece by piece while the generator runs: one waits for memory, the other
 * computes, and the CPU does both at once if their instructions are close together. */
struct pd_meanwhile {
    struct pd_tile piece; /* the next one; outer is 1 */
    size_t left;          /* elements of the row that are left */
    pd_kernel_fn *kernel;
    size_t elem_bytes;
};

/* Does about `count` elements of the row, up to the end of a line of y: the two halves of a line
 * are not stored apart, which is slow next to streaming stores. What is left of the last line stays
 * left. The piece is changed in place: a copy would be read right after its fields were written,
 * and wait for all the stores to y before them. */
static inline void pd_meanwhile_do(struct pd_meanwhile *meanwhile, size_t count) {
    struct pd_tile *piece = &meanwhile->piece;
    size_t inner = meanwhile->left < count ? meanwhile->left : count;
    const size_t past = ((uintptr_t)piece->y + inner * meanwhile->elem_bytes) % PD_LINE_BYTES;
    const size_t over = past / meanwhile->elem_bytes;
    inner -= over < inner ? over : inner;
    if (inner > 0) {
        piece->inner = inner;
        meanwhile->kernel(piece);
        piece->x = (const char *)piece->x + inner * meanwhile->elem_bytes;
        piece->y = (char *)piece->y + inner * meanwhile->elem_bytes;
        piece->first += inner;
        piece->keep += piece->first / PD_WORD_BITS;
        piece->first %= PD_WORD_BITS;
        meanwhile->left -= inner;
    }
}

/* Writes words first_word ... first_word+words-1 of the stream to keep, 1 = kept. first_word is a
 * multiple of PD_GROUP_WORDS, and keep has room for words rounded up to one. Works through
 * *meanwhile, if it is not NULL, as far as it gets. */
typedef void pd_bits_fn(const struct pd_stream *stream, uint64_t first_word, size_t words,
                        uint32_t *keep, struct pd_meanwhile *meanwhile);

/* Writes the bits of draws at, at + step, ... (count of them) to keep, bit i for the i-th. Every
 * draw has a word made for it: for draws that are far apart. */
typedef void pd_bits_apart_fn(const struct pd_stream *stream, uint64_t at, uint64_t step,
                              size_t count, uint32_t *keep);

/* Writes the factors 1 + s*z of draws first ... first+count-1 to factors. first is a multiple of
 * PD_GROUP_NORMALS, and factors has room for count rounded up to one. */
typedef void pd_normals_fn(const struct pd_normals *stream, uint64_t first, size_t count,
                           float *factors);

/* The same of draws at, at + step, ... (count of them). */
typedef void pd_normals_apart_fn(const struct pd_normals *stream, uint64_t at, uint64_t step,
                                 size_t count, float *factors);

/* One element type on one instruction set. */
struct pd_kernels {
    size_t elem_bytes; /* 0: this build does not compute the type */
    size_t lanes;      /* of a vector */
    pd_kernel_fn *planes, *rows;
    pd_kernel_fn *weigh_planes, *weigh_rows; /* NULL as normals are */
};

enum { PD_DTYPE_COUNT = 4 }; /* indexed by planedrop_dtype */

struct pd_backend {
    const char *name;
    pd_bits_fn *bits;
    pd_bits_apart_fn *bits_apart;
    pd_normals_fn *normals; /* NULL: this build has no Gaussian law */
    pd_normals_apart_fn *normals_apart;
    void (*stream_end)(
        void); /* once after streaming kernels: orders their stores before later ones */
    struct pd_kernels kernels[PD_DTYPE_COUNT];
};

#endif
