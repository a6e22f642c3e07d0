/* SPDX-License-Identifier: MIT
 *
 * A network for grey images: two convolutions, each with ReLU, max-pool and dropout, then a
 * classifier of two dense layers with ordinary dropout between them. Trained by Adam on the softmax
 * cross-entropy.
 */
#ifndef ENGINE_NET_H
#define ENGINE_NET_H

#include "layers.h"
#include "pool.h"

enum {
    CLASSES = 10,
    NET_LAYERS = 12,
    NET_FIRST_DROPOUT = 3, /* the number of a layer */
    NET_CAPACITY = 128     /* samples that a batch can have */
};

/* What is dropped: the dropout behind the convolutions, and before the last layer. */
typedef struct dropout_kind {
    const char *name;
    double conv_rate, classifier_rate;
    int per_channel;
    planedrop_law law;
} dropout_kind;

typedef struct net {
    pool *pool;
    layer layers[NET_LAYERS];
    size_t parameter_count;
    real *parameters, *gradients; /* gradients: PARTS times */
    real *moment1, *moment2;      /* Adam's */
    uint64_t seed, step;          /* steps done */
} net;

/* Makes the network with random weights. Returns what planedrop says of the kind; on anything but
 * PLANEDROP_OK there is nothing to free. Ends the program where memory runs out. */
planedrop_status net_init(net *n, pool *p, shape image, const dropout_kind *kind, uint64_t seed);
void net_free(net *n);

/* What selects the masks of a step: a layer adds its number to the offset. */
planedrop_rng net_rng(const net *n, uint64_t step);

/* The logits of the images of a batch, samples x CLASSES: net_output(). */
void net_forward(net *n, const real *images, const batch *b);
const real *net_output(const net *n);

/* The logits of `passes` passes over samples / passes images, each with masks of its own; sample i
 * of pass k is sample k * (samples / passes) + i of the output. What comes before the first dropout
 * is computed once. */
void net_forward_passes(net *n, const real *images, const batch *b, int passes);

/* After a forward pass: adds the sum of the samples' losses, and how many are classified rightly.
 */
void net_score(const net *n, const unsigned char *labels, const batch *b, double *loss,
               double *right);

/* After net_forward: what these samples give to the gradient of the mean loss of the whole batch,
 * in n->gradients[0 ... n->parameter_count-1]. */
void net_backward(net *n, const unsigned char *labels, const batch *b);

/* One step of Adam along -gradients. */
void net_update(net *n, double learning_rate);

/* logits[CLASSES] -> probabilities[CLASSES] */
void softmax(const real *logits, real *probabilities);
int argmax(const real *logits_or_probabilities);

#endif
