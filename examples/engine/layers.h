/* SPDX-License-Identifier: MIT
 *
 * The layers of a convolutional network. Tensors are dense, N x C x H x W.
 *
 * A pass is cut into PARTS parts, whatever the number of threads: part p does its share of the
 * samples (dropout: of the elements) and adds the gradients of the parameters to a buffer of its
 * own. The buffers are added up in order, so every number of threads gives the same bits.
 */
#ifndef ENGINE_LAYERS_H
#define ENGINE_LAYERS_H

#include "real.h"

#include <stddef.h>

enum { PARTS = 8 };

typedef struct shape { /* of one sample */
    int channels, height, width;
} shape;

static inline int shape_map(shape s) { return s.height * s.width; }
static inline int shape_size(shape s) { return s.channels * shape_map(s); }

/* The samples of one pass. They are samples first ... of `whole`, and draw the masks that these
 * have there: whole is greater than samples where ranks share a batch. */
typedef struct batch {
    int samples, first, whole;
    int training;      /* dropout is on */
    planedrop_rng rng; /* of layer 0; layer i adds i to the offset */
} batch;

typedef struct layer layer;
typedef void layer_pass(const layer *l, const batch *b, int part);

struct layer {
    layer_pass *forward;  /* y = f(x) */
    layer_pass *backward; /* dx += ..., gradients += ... from x and dy */
    int number;           /* its place in the network */
    shape in, out;
    const real *x; /* the y of the layer before */
    real *y, *dy;
    real *dx; /* the dy of the layer before; NULL in the first, a convolution */

    size_t weights, biases; /* counts */
    real *parameters;       /* weights, then biases */
    real *gradients;        /* the same for part 0; part p's lie p * gradients_step further on */
    size_t gradients_step;

    int kernel;      /* convolution: kernel x kernel, kernel odd, padded to keep height and width */
    real *scratch;   /* convolution: layer_scratch() for each part */
    double rate;     /* dropout */
    int per_channel; /* dropout: spatial, one draw for a feature map; else one for an element */
    planedrop_law law;
};

layer layer_conv(shape in, int channels, int kernel);
layer layer_relu(shape in);
layer layer_max_pool(shape in); /* the greatest of 2 x 2; height and width are even */
layer layer_dense(shape in, int outputs);
layer layer_dropout(shape in, double rate, int per_channel, planedrop_law law);

/* Elements of scratch that a part of the layer needs; 0 for all but convolutions. */
size_t layer_scratch(const layer *l);

/* What planedrop says of a dropout layer: PLANEDROP_ERR_UNSUPPORTED for a law it does not have. */
planedrop_status layer_dropout_status(const layer *l);

/* Monte-Carlo dropout. x has b->samples / passes samples, and every pass takes the same ones: y is
 * `passes` masks over them, in one call, without a copy of x. Sample i of pass k is y's sample
 * k * (b->samples / passes) + i. */
void layer_dropout_passes(const layer *l, const batch *b, int passes);

#endif
