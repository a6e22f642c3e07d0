/* SPDX-License-Identifier: MIT
 *
 * Plays darknet: a network of which layers 1 and 3 drop, an image and a flat vector, in the buffers
 * of the layers before them. Layers 0 and 2 copy, so that what reaches them can be told.
 */
#include "darknet_dropout.h"

#include "check.h"
#include <setjmp.h>
#include <string.h>

enum { LAYERS = 4, BATCH = 3, CHANNELS = 6, MAP = 35, INPUTS = CHANNELS * MAP };
enum { COUNT = BATCH * INPUTS, DATUMS = 4 };

static float input[COUNT], outputs[2][COUNT], deltas[2][COUNT];
static jmp_buf failure;
static const char *message;

void error(const char *s) {
    message = s;
    longjmp(failure, 1); /* darknet ends the process */
}

static void forward_copy(layer l, network net) { memcpy(l.output, net.input, sizeof input); }

static void backward_copy(layer l, network net) {
    if (net.delta) {
        memcpy(net.delta, l.delta, sizeof input);
    }
}

static void build(layer layers[LAYERS]) {
    memset(layers, 0, LAYERS * sizeof *layers);
    for (int i = 0; i < LAYERS; i++) {
        const int drops = i % 2;
        layers[i].forward = drops ? forward_dropout_layer : forward_copy;
        layers[i].backward = drops ? backward_dropout_layer : backward_copy;
        layers[i].batch = BATCH, layers[i].inputs = layers[i].outputs = INPUTS;
        layers[i].output = outputs[i / 2], layers[i].delta = deltas[i / 2];
    }
    layers[1].out_w = 7, layers[1].out_h = 5, layers[1].out_c = CHANNELS;
    layers[1].probability = 0.25f, layers[3].probability = 0.5f;
}

static void forward_network(network net) {
    for (int i = 0; i < net.n; i++) {
        net.index = i;
        net.layers[i].forward(net.layers[i], net);
        net.input = net.layers[i].output;
    }
}

static void backward_network(network net) {
    for (int i = net.n - 1; i >= 0; i--) {
        network at = net;
        if (i > 0) {
            at.input = net.layers[i - 1].output, at.delta = net.layers[i - 1].delta;
        }
        at.index = i;
        net.layers[i].backward(net.layers[i], at);
    }
}

/* The layer's mask, from what the user gives and the engine counts. */
static void mask_of(float *multipliers, size_t seen, int index) {
    const planedrop_desc image = planedrop_desc_nchw(PLANEDROP_F32, BATCH, CHANNELS, 1, 0.25);
    const planedrop_desc flat = planedrop_desc_elementwise(PLANEDROP_F32, COUNT, 0.5);
    draw(multipliers, index == 1 ? &image : &flat,
         (planedrop_rng){dropout_seed, seen * LAYERS + (size_t)index});
}

static void train_datum(network *net) {
    static float image[BATCH * CHANNELS], flat[COUNT], want[COUNT];
    *net->seen += BATCH;
    fill(input, COUNT);
    mask_of(image, *net->seen, 1), mask_of(flat, *net->seen, 3);
    forward_network(*net);
    drop_by_hand(want, input, image, COUNT, MAP);
    check_equal(outputs[0], want, sizeof want, "layer 1 drops feature maps");
    drop_by_hand(want, want, flat, COUNT, 1);
    check_equal(outputs[1], want, sizeof want, "layer 3 drops elements");

    fill(deltas[1], COUNT);
    backward_network(*net);
    fill(want, COUNT);
    drop_by_hand(want, want, flat, COUNT, 1);
    check_equal(deltas[1], want, sizeof want, "the gradient of layer 3");
    drop_by_hand(want, want, image, COUNT, MAP);
    check_equal(deltas[0], want, sizeof want, "the gradient of layer 1");
}

static void predict(network net) {
    net.train = 0;
    forward_network(net);
    check_equal(outputs[1], input, sizeof input, "nothing is dropped in prediction");
}

static void no_gradient(network net) {
    net.index = 1, net.delta = NULL; /* as for the first layer */
    message = NULL;
    if (setjmp(failure) == 0) {
        net.layers[1].backward(net.layers[1], net);
    }
    check(message == NULL, "nothing to do without a gradient");
}

static void errors(network net) {
    net.layers[1].probability = 1.5f;
    if (setjmp(failure) == 0) {
        forward_network(net);
    }
    check(message != NULL, "a probability of 1.5 is an error");
    check(strcmp(message, planedrop_status_string(PLANEDROP_ERR_RATE)) == 0, "with its message");
    check_equal(outputs[0], input, sizeof input, "and nothing is dropped");
}

int main(void) {
    static layer layers[LAYERS];
    static size_t seen;
    build(layers);
    dropout_seed = 7;
    network net = {.n = LAYERS, .batch = BATCH, .seen = &seen, .layers = layers, .input = input};
    net.train = 1;
    for (int i = 0; i < DATUMS; i++) {
        train_datum(&net);
    }
    predict(net);
    no_gradient(net);
    errors(net);
    return 0;
}
