/* SPDX-License-Identifier: MIT
 *
 * The element types by name. NumPy has no bfloat16: a file holds it as uint16.
 */
#ifndef DTYPES_H
#define DTYPES_H

#include <planedrop/planedrop.h>
#include <stddef.h>

struct dtype {
    planedrop_dtype dtype;
    const char *name;
    const char *descr; /* NumPy's, little-endian */
    size_t bytes;
};

enum { DTYPE_COUNT = 4, DTYPE_MOST_BYTES = 8 };
extern const struct dtype DTYPES[DTYPE_COUNT];

/* Whether this build of the library computes it. */
int dtype_supported(const struct dtype *dtype);

#endif
