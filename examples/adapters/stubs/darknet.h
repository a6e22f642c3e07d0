/* SPDX-License-Identifier: MIT
 *
 * The part of darknet's interface (darknet.h, github.com/pjreddie/darknet) that the adapter
 * touches, in our own words: the names and types are darknet's, most members of its structures are
 * left out.
 */
#ifndef STUB_DARKNET_H
#define STUB_DARKNET_H

#include <stddef.h>

struct network;

typedef struct layer {
    void (*forward)(struct layer l, struct network net);
    void (*backward)(struct layer l, struct network net);
    int batch, inputs, outputs;
    int out_w, out_h, out_c; /* 0 if the input is no image */
    float probability;
    float *output, *delta; /* a dropout layer's are those of the layer before */
} layer;

typedef struct network {
    int n, batch;
    size_t *seen; /* samples so far; raised by batch before each forward pass */
    layer *layers;
    float *input, *delta;
    int train;
    int index; /* the layer at work */
} network;

void error(const char *s); /* prints and ends the process */

#endif
