/* SPDX-License-Identifier: MIT */
#ifndef DLPACK_REAL_H
#define DLPACK_REAL_H

#include <stdint.h>

struct dlpack_call {
    double rate;
    uint64_t seed, offset;
    uint64_t drawn;     /* bit a: axis a has draws of its own */
    void *mask;         /* NULL, or a byte for each element, at y's strides */
    float *multipliers; /* NULL, or a float for each draw */
};

/* x, y: what a capsule points to, DLManagedTensorVersioned or DLManagedTensor. Returns NULL, or a
 * line of English. */
__attribute__((visibility("default"))) const char *drop_capsules(const struct dlpack_call *call,
                                                                 const void *x, int x_versioned,
                                                                 const void *y, int y_versioned);

#endif
