/* SPDX-License-Identifier: MIT
 *
 * The header of NumPy's .npy files, versions 1 to 3: a magic, a length and a Python dictionary
 * {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }, padded with blanks. The data follows
 * it. Source of the format: numpy.lib.format in NumPy's reference.
 */
#ifndef NPY_H
#define NPY_H

#include <stdint.h>
#include <stdio.h>

enum { NPY_MAX_NDIM = 64 /* NumPy's own */, NPY_DESCR_BYTES = 32 };

struct npy_shape {
    int ndim; /* 0 for a single element */
    uint64_t size[NPY_MAX_NDIM];
};

struct npy {
    char descr[NPY_DESCR_BYTES];
    struct npy_shape shape;
};

/* Whether the array can be addressed: so many elements of 8 bytes, sizes of 0 left out. */
int npy_shape_fits(const struct npy_shape *shape);

/* The number of elements of a shape that fits. */
uint64_t npy_shape_elements(const struct npy_shape *shape);

/* Writes the shape as Python does, as in "(2, 3)"; shapes of NPY_MAX_NDIM axes need NPY_TEXT_BYTES.
 */
enum { NPY_TEXT_BYTES = 22 * NPY_MAX_NDIM + 4 };
void npy_shape_text(const struct npy_shape *shape, char text[NPY_TEXT_BYTES]);

/* Reads the header of a file in C order whose shape fits; the data comes next. Returns NULL, or
 * what is wrong: words that go on after the file's name. */
const char *npy_read_header(FILE *file, struct npy *npy);

/* Makes the bytes of a version 1 header and returns how many they are. */
enum { NPY_HEADER_BYTES = NPY_TEXT_BYTES + 192 };
size_t npy_make_header(const struct npy *npy, char header[NPY_HEADER_BYTES]);

#endif
