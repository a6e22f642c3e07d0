/* SPDX-License-Identifier: MIT
 *
 * Cuts a tensor in C order into windows that follow each other in memory, none larger than a limit,
 * each of which draws what the whole draws there.
 *
 * The cut goes through the outermost axis whose indices are no larger than the limit: a window is
 * some indices of that axis, all of the axes inside, and one index of each axis outside. So it is a
 * dense tensor, and a window of the mask in the sense of planedrop_desc.window_start, whichever
 * axes are drawn or shared. Except at the end of an axis it fills at least half of the limit.
 */
#ifndef WINDOWS_H
#define WINDOWS_H

#include "npy.h"

#include <planedrop/planedrop.h>

struct windows {
    int axis; /* the one that is cut */
    int ndim; /* after axes of size 1 are left out and neighbours of a kind are merged */
    uint64_t size[PLANEDROP_MAX_NDIM], noise[PLANEDROP_MAX_NDIM];
    uint64_t step;      /* indices of `axis` in a window */
    uint64_t inside;    /* elements of one index of it */
    uint64_t next, end; /* among all indices of `axis` and those outside */
};

/* Returns 0 if noise does not fit the shape, or has more than PLANEDROP_MAX_NDIM changes between
 * drawn and shared axes. */
int windows_begin(struct windows *windows, const struct npy_shape *shape,
                  const struct npy_shape *noise, size_t most_elements);

/* Fills in the next window's ndim, dims, noise, global_noise and window_start. Returns its
 * elements; 0: no more. */
size_t windows_next(struct windows *windows, planedrop_desc *desc);

#endif
