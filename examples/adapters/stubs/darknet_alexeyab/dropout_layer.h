/* SPDX-License-Identifier: MIT
 *
 * The part of the interface of darknet's fork (darknet.h and dropout_layer.h,
 * github.com/AlexeyAB/darknet) that the adapter touches, in our own words: the names and types are
 * the fork's, most members of its structures are left out. What a pass changes is no longer in the
 * network.
 */
#ifndef STUB_DROPOUT_LAYER_H
#define STUB_DROPOUT_LAYER_H

#include <stdint.h>

struct network_state;

typedef struct layer {
    void (*forward)(struct layer l, struct network_state state);
    void (*backward)(struct layer l, struct network_state state);
    int batch, inputs, outputs;
    int out_h, out_w, out_c;
    int spatial; /* an option of softmax layers; 0 in others */
    float probability;
    float *delta, *output; /* a dropout layer's are those of the layer before */
} layer;

typedef struct network {
    int n, batch;
    uint64_t *seen; /* samples so far; raised by batch before each forward pass */
    layer *layers;
} network;

typedef struct network_state {
    float *input, *delta;
    int train;
    int index; /* the layer at work */
    network net;
} network_state;

typedef layer dropout_layer;

void forward_dropout_layer(dropout_layer l, network_state state);
void backward_dropout_layer(dropout_layer l, network_state state);

#endif
