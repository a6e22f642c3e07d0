/* SPDX-License-Identifier: MIT
 *
 * The part of darknet's interface (darknet.h and dropout_layer.h, github.com/pjreddie/darknet) that
 * the adapter touches, in our own words: the names and types are darknet's, most members of its
 * structures are left out.
 */
#ifndef STUB_DROPOUT_LAYER_H
#define STUB_DROPOUT_LAYER_H

#include <stddef.h>

struct network;

typedef struct layer {
    void (*forward)(struct layer l, struct network net);
    void (*backward)(struct layer l, struct network net);
    int batch, inputs, outputs;
    int out_h, out_w, out_c;
    int spatial; /* an option of softmax layers; 0 in others */
    float probability;
    float *delta, *output; /* a dropout layer's are those of the layer before */
} layer;

typedef struct network {
    int n, batch;
    size_t *seen; /* samples so far; raised by batch before each forward pass */
    layer *layers;
    float *input, *delta;
    int train;
    int index; /* the layer at work */
} network;

typedef layer dropout_layer;

void forward_dropout_layer(dropout_layer l, network net);
void backward_dropout_layer(dropout_layer l, network net);

#endif
