/* SPDX-License-Identifier: MIT */
#include "windows.h"

/* Leaves axes of size 1 out and merges neighbours that are both drawn or both shared: neither
 * changes the order of elements or draws. */
static int merge(struct windows *w, const struct npy_shape *shape, const struct npy_shape *noise) {
    w->ndim = 0;
    for (int a = 0; a < shape->ndim; a++) {
        const uint64_t size = shape->size[a], draws = noise->size[a];
        const int last = w->ndim - 1;
        if (draws != size && draws != 1) {
            return 0;
        }
        if (size == 1) {
            continue;
        }
        if (last >= 0 && (w->noise[last] == 1) == (draws == 1)) {
            w->size[last] *= size;
            w->noise[last] *= draws;
        } else if (w->ndim == PLANEDROP_MAX_NDIM) {
            return 0;
        } else {
            w->size[w->ndim] = size;
            w->noise[w->ndim++] = draws;
        }
    }
    if (w->ndim == 0) {
        w->size[0] = w->noise[0] = 1;
        w->ndim = 1;
    }
    return 1;
}

int windows_begin(struct windows *w, const struct npy_shape *shape, const struct npy_shape *noise,
                  size_t most_elements) {
    if (shape->ndim != noise->ndim || !merge(w, shape, noise)) {
        return 0;
    }
    w->next = w->end = 0;
    if (npy_shape_elements(shape) == 0) {
        return 1;
    }
    w->axis = w->ndim - 1;
    w->inside = 1;
    while (w->axis > 0 && w->inside * w->size[w->axis] <= most_elements) {
        w->inside *= w->size[w->axis--];
    }
    w->step = most_elements / w->inside;
    w->end = npy_shape_elements(shape) / w->inside;
    return 1;
}

size_t windows_next(struct windows *w, planedrop_desc *desc) {
    if (w->next == w->end) {
        return 0;
    }
    uint64_t index = w->next;
    desc->ndim = w->ndim;
    for (int a = w->ndim - 1; a >= 0; a--) {
        const int shared = w->noise[a] == 1;
        uint64_t first = 0, count = w->size[a];
        if (a <= w->axis) {
            first = index % w->size[a];
            index /= w->size[a];
            count = a < w->axis ? 1 : count - first < w->step ? count - first : w->step;
        }
        desc->dims[a] = count;
        desc->noise[a] = shared ? 1 : count;
        desc->global_noise[a] = w->noise[a];
        desc->window_start[a] = shared ? 0 : first;
    }
    w->next += desc->dims[w->axis];
    return (size_t)(desc->dims[w->axis] * w->inside);
}
