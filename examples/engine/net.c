/* SPDX-License-Identifier: MIT
 *
 * The layers' memory, their order, the loss and the optimiser.
 */
#include "net.h"

#include "random.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tgmath.h>

/* ---- Making a network ------------------------------------------------------------------------ */

static void make_layers(layer *l, shape image, const dropout_kind *kind) {
    l[0] = layer_conv(image, 16, 3);
    l[1] = layer_relu(l[0].out);
    l[2] = layer_max_pool(l[1].out);
    l[3] = layer_dropout(l[2].out, kind->conv_rate, kind->per_channel, kind->law);
    l[4] = layer_conv(l[3].out, 32, 3);
    l[5] = layer_relu(l[4].out);
    l[6] = layer_max_pool(l[5].out);
    l[7] = layer_dropout(l[6].out, kind->conv_rate, kind->per_channel, kind->law);
    l[8] = layer_dense(l[7].out, 128);
    l[9] = layer_relu(l[8].out);
    l[10] = layer_dropout(l[9].out, kind->classifier_rate, 0, kind->law);
    l[11] = layer_dense(l[10].out, CLASSES);
}

static real *new_reals(size_t count) {
    real *p = calloc(count, sizeof *p);
    if (p == NULL) {
        fputs("out of memory\n", stderr);
        exit(1);
    }
    return p;
}

/* The layers' values and gradients. Parameters of all layers lie end to end, and so do their
 * gradients: the optimiser sees one array of each. */
static void give_memory(net *n) {
    for (int i = 0; i < NET_LAYERS; i++) {
        n->parameter_count += n->layers[i].weights + n->layers[i].biases;
    }
    n->parameters = new_reals(n->parameter_count);
    n->gradients = new_reals(PARTS * n->parameter_count);
    n->moment1 = new_reals(n->parameter_count);
    n->moment2 = new_reals(n->parameter_count);
    size_t begin = 0;
    for (int i = 0; i < NET_LAYERS; i++) {
        layer *l = &n->layers[i];
        const size_t size = NET_CAPACITY * (size_t)shape_size(l->out);
        l->number = i;
        l->y = new_reals(size);
        l->dy = new_reals(size);
        l->x = i > 0 ? l[-1].y : NULL;
        l->dx = i > 0 ? l[-1].dy : NULL;
        l->scratch = layer_scratch(l) > 0 ? new_reals(PARTS * layer_scratch(l)) : NULL;
        l->parameters = n->parameters + begin;
        l->gradients = n->gradients + begin;
        l->gradients_step = n->parameter_count;
        begin += l->weights + l->biases;
    }
}

/* Uniform weights of variance 2 / inputs (He et al. 2015); biases of 0. */
static void random_weights(net *n, uint64_t state) {
    for (int i = 0; i < NET_LAYERS; i++) {
        const layer *l = &n->layers[i];
        for (size_t j = 0; j < l->weights; j++) {
            const double inputs = (double)l->weights / (double)l->biases;
            l->parameters[j] = (real)(sqrt(6 / inputs) * random_symmetric(&state));
        }
    }
}

planedrop_status net_init(net *n, pool *p, shape image, const dropout_kind *kind, uint64_t seed) {
    *n = (net){.pool = p, .seed = seed};
    make_layers(n->layers, image, kind);
    const planedrop_status status = layer_dropout_status(&n->layers[NET_FIRST_DROPOUT]);
    if (status == PLANEDROP_OK) {
        give_memory(n);
        random_weights(n, seed);
    }
    return status;
}

void net_free(net *n) {
    for (int i = 0; i < NET_LAYERS; i++) {
        free(n->layers[i].y);
        free(n->layers[i].dy);
        free(n->layers[i].scratch);
    }
    free(n->parameters);
    free(n->gradients);
    free(n->moment1);
    free(n->moment2);
}

/* ---- Passes ---------------------------------------------------------------------------------- */

struct pass_job {
    layer_pass *pass;
    const layer *l;
    const batch *b;
};

static void pass_part(void *job, int part) {
    const struct pass_job *j = job;
    j->pass(j->l, j->b, part);
}

static void run(const net *n, layer_pass *pass, const layer *l, const batch *b) {
    struct pass_job job = {pass, l, b};
    pool_run(n->pool, pass_part, &job, PARTS);
}

planedrop_rng net_rng(const net *n, uint64_t step) {
    return (planedrop_rng){n->seed, step * NET_LAYERS};
}

static void forward_layers(const net *n, int begin, int end, const batch *b) {
    for (int i = begin; i < end; i++) {
        run(n, n->layers[i].forward, &n->layers[i], b);
    }
}

void net_forward(net *n, const real *images, const batch *b) {
    n->layers[0].x = images;
    forward_layers(n, 0, NET_LAYERS, b);
}

void net_forward_passes(net *n, const real *images, const batch *b, int passes) {
    batch once = *b;
    once.samples = b->samples / passes;
    n->layers[0].x = images;
    forward_layers(n, 0, NET_FIRST_DROPOUT, &once);
    layer_dropout_passes(&n->layers[NET_FIRST_DROPOUT], b, passes);
    forward_layers(n, NET_FIRST_DROPOUT + 1, NET_LAYERS, b);
}

const real *net_output(const net *n) { return n->layers[NET_LAYERS - 1].y; }

void softmax(const real *logits, real *probabilities) {
    real greatest = logits[0], sum = 0;
    for (int i = 1; i < CLASSES; i++) {
        greatest = logits[i] > greatest ? logits[i] : greatest;
    }
    for (int i = 0; i < CLASSES; i++) {
        probabilities[i] = exp(logits[i] - greatest);
        sum += probabilities[i];
    }
    for (int i = 0; i < CLASSES; i++) {
        probabilities[i] /= sum;
    }
}

int argmax(const real *logits_or_probabilities) {
    int best = 0;
    for (int c = 1; c < CLASSES; c++) {
        best = logits_or_probabilities[c] > logits_or_probabilities[best] ? c : best;
    }
    return best;
}

void net_score(const net *n, const unsigned char *labels, const batch *b, double *loss,
               double *right) {
    const real *logits = net_output(n);
    real p[CLASSES];
    for (int i = 0; i < b->samples; i++, logits += CLASSES) {
        softmax(logits, p);
        *loss -= log(fmax((double)p[labels[i]], 1e-30));
        *right += argmax(p) == labels[i];
    }
}

/* Softmax and cross-entropy together: the probabilities, less 1 at the label. */
static void loss_backward(const net *n, const unsigned char *labels, const batch *b) {
    const real *logits = net_output(n);
    real *d = n->layers[NET_LAYERS - 1].dy;
    for (int i = 0; i < b->samples; i++, logits += CLASSES, d += CLASSES) {
        softmax(logits, d);
        d[labels[i]] -= 1;
        for (int c = 0; c < CLASSES; c++) {
            d[c] /= (real)b->whole;
        }
    }
}

/* Part 0's buffer takes the sum of all: in the order of the parts, for a share of the parameters.
 */
static void add_gradients(void *job, int part) {
    const net *n = job;
    const size_t count = n->parameter_count;
    for (int p = 1; p < PARTS; p++) {
        const real *from = n->gradients + (size_t)p * count;
        for (size_t i = count * (size_t)part / PARTS; i < count * (size_t)(part + 1) / PARTS; i++) {
            n->gradients[i] += from[i];
        }
    }
}

void net_backward(net *n, const unsigned char *labels, const batch *b) {
    memset(n->gradients, 0, PARTS * n->parameter_count * sizeof *n->gradients);
    loss_backward(n, labels, b);
    for (int i = NET_LAYERS - 1; i >= 0; i--) {
        const layer *l = &n->layers[i];
        if (l->dx != NULL) { /* gradients are added to, so they start at 0 */
            memset(l->dx, 0, (size_t)b->samples * (size_t)shape_size(l->in) * sizeof *l->dx);
        }
        run(n, l->backward, l, b);
    }
    pool_run(n->pool, add_gradients, n, PARTS);
}

/* ---- Adam (Kingma, Ba 2015) --------------------------------------------------------------------
 * In the form that ends their section 2: the step size corrects the bias of both moments. */

struct update_job {
    net *n;
    double learning_rate;
};

static void update_part(void *job, int part) {
    const struct update_job *j = job;
    net *n = j->n;
    const size_t count = n->parameter_count;
    const double steps = (double)n->step;
    const real step_size =
        (real)(j->learning_rate * sqrt(1 - pow(0.999, steps)) / (1 - pow(0.9, steps)));
    const real beta1 = (real)0.9, beta2 = (real)0.999, epsilon = (real)1e-8;
    for (size_t i = count * (size_t)part / PARTS; i < count * (size_t)(part + 1) / PARTS; i++) {
        const real g = n->gradients[i];
        n->moment1[i] = beta1 * n->moment1[i] + (1 - beta1) * g;
        n->moment2[i] = beta2 * n->moment2[i] + (1 - beta2) * g * g;
        n->parameters[i] -= step_size * n->moment1[i] / (sqrt(n->moment2[i]) + epsilon);
    }
}

void net_update(net *n, double learning_rate) {
    n->step++;
    struct update_job job = {n, learning_rate};
    pool_run(n->pool, update_part, &job, PARTS);
}
