/* SPDX-License-Identifier: MIT
 *
 * Plays darknet and its fork: a network of which layers 1, 3 and 5 drop, in the buffers of the
 * layers before them: an image by maps, an image by elements (darknet's own meaning) and a flat
 * vector. Layers 0, 2 and 4 copy, so that what reaches them can be told.
 */
#include "darknet_dropout.h"

#include "check.h"
#include <setjmp.h>
#include <string.h>

enum { LAYERS = 6, BATCH = 3, CHANNELS = 6, MAP = 35, INPUTS = CHANNELS * MAP };
enum { COUNT = BATCH * INPUTS, DATUMS = 4 };

static float input[COUNT], outputs[3][COUNT], deltas[3][COUNT];
static int train = 1;
static jmp_buf failure;
static const char *message;

#ifdef DARKNET_LOC /* AlexeyAB/darknet: a pass has a state of its own */
typedef network_state pass;

void error(const char *const msg, const char *const filename, const char *const funcname,
           const int line) {
    check(filename != NULL && funcname != NULL && line > 0, "where the error is");
    message = msg;
    longjmp(failure, 1); /* darknet ends the process */
}

static pass begin(const network *net) {
    return (pass){.input = input, .train = train, .net = *net};
}
#else
typedef network pass;

void error(const char *s) {
    message = s;
    longjmp(failure, 1);
}

static pass begin(const network *net) {
    pass state = *net;
    state.input = input, state.train = train;
    return state;
}
#endif

static void forward_copy(layer l, pass state) { memcpy(l.output, state.input, sizeof input); }

static void backward_copy(layer l, pass state) {
    if (state.delta) {
        memcpy(state.delta, l.delta, sizeof input);
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
    for (int i = 1; i < 4; i += 2) {
        layers[i].out_w = 7, layers[i].out_h = 5, layers[i].out_c = CHANNELS;
    }
    layers[1].spatial = layers[5].spatial = 1; /* of a flat vector it means nothing */
    layers[1].probability = 0.25f, layers[3].probability = 0.5f, layers[5].probability = 0.4f;
}

static void forward_network(const network *net) {
    pass state = begin(net);
    for (int i = 0; i < net->n; i++) {
        state.index = i;
        net->layers[i].forward(net->layers[i], state);
        state.input = net->layers[i].output;
    }
}

static void backward_network(const network *net) {
    pass state = begin(net);
    for (int i = net->n - 1; i >= 0; i--) {
        state.input = i > 0 ? net->layers[i - 1].output : input;
        state.delta = i > 0 ? net->layers[i - 1].delta : NULL;
        state.index = i;
        net->layers[i].backward(net->layers[i], state);
    }
}

/* A layer's multipliers, from what the user gives and the engine counts. */
static void mask_of(const network *net, int index, float *multipliers) {
    const double rate = (double)net->layers[index].probability;
    const uint64_t maps = index == 1 ? CHANNELS : INPUTS;
    const planedrop_desc desc = planedrop_desc_nchw(PLANEDROP_F32, BATCH, maps, 1, rate);
    draw(multipliers, &desc, (planedrop_rng){dropout_seed, *net->seen * LAYERS + (size_t)index});
}

static void train_datum(network *net) {
    static float multipliers[3][COUNT], want[COUNT];
    static const char *const forward[] = {"layer 1 drops feature maps", "layer 3 drops elements",
                                          "layer 5 drops elements"};
    static const char *const backward[] = {"the gradient of layer 1", "the gradient of layer 3",
                                           "the gradient of layer 5"};
    *net->seen += BATCH;
    fill(input, COUNT), fill(want, COUNT);
    forward_network(net);
    for (int i = 0; i < 3; i++) {
        mask_of(net, 2 * i + 1, multipliers[i]);
        drop_by_hand(want, want, multipliers[i], COUNT, i == 0 ? MAP : 1);
        check_equal(outputs[i], want, sizeof want, forward[i]);
    }
    fill(deltas[2], COUNT), fill(want, COUNT);
    backward_network(net);
    for (int i = 2; i >= 0; i--) {
        drop_by_hand(want, want, multipliers[i], COUNT, i == 0 ? MAP : 1);
        check_equal(deltas[i], want, sizeof want, backward[i]);
    }
}

static void predict(const network *net) {
    train = 0;
    forward_network(net);
    check_equal(outputs[2], input, sizeof input, "nothing is dropped in prediction");
    train = 1;
}

static void no_gradient(const network *net) {
    pass state = begin(net); /* its delta is NULL, as for the first layer */
    state.index = 1;
    message = NULL;
    if (setjmp(failure) == 0) {
        net->layers[1].backward(net->layers[1], state);
    }
    check(message == NULL, "nothing to do without a gradient");
}

static void errors(const network *net) {
    net->layers[1].probability = 1.5f;
    if (setjmp(failure) == 0) {
        forward_network(net);
    }
    check(message != NULL, "a probability of 1.5 is an error");
    check(strcmp(message, planedrop_status_string(PLANEDROP_ERR_RATE)) == 0, "with its message");
    check_equal(outputs[0], input, sizeof input, "and nothing is dropped");
}

int main(void) {
    static layer layers[LAYERS];
    network net = {.n = LAYERS, .batch = BATCH, .layers = layers};
    build(layers);
    dropout_seed = 7;
    net.seen = calloc(1, sizeof *net.seen);
    check(net.seen != NULL, "memory");
    for (int i = 0; i < DATUMS; i++) {
        train_datum(&net);
    }
    predict(&net);
    no_gradient(&net);
    errors(&net);
    free(net.seen);
    return 0;
}
