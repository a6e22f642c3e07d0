/* SPDX-License-Identifier: MIT
 *
 * Every layer's backward pass, and the whole network's with its loss, against central differences
 * of the forward pass. In f64: differences of f32 would show three digits.
 */
#include "net.h"
#include "random.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* More samples than parts, so that a part adds up several; in the network fewer, so that some parts
 * have none. */
enum { SAMPLES = 11, NET_SAMPLES = 5, MOST = 20000 };

static const double epsilon = 1e-6;
static uint64_t state = 1;
static pool *threads;
static int failures;

static void fill(real *p, size_t count) {
    for (size_t i = 0; i < count; i++) {
        p[i] = random_symmetric(&state);
    }
}

static void compare(const char *name, const char *what, size_t i, double got, double want) {
    if (!(fabs(got - want) <= 1e-7 * (1 + fabs(want)))) {
        fprintf(stderr, "%s: %s[%zu] is %.12g, differences say %.12g\n", name, what, i, got, want);
        failures++;
    }
}

/* ---- One layer, with sum(dy * y) as the loss ------------------------------------------------- */

struct pass_job {
    const layer *l;
    const batch *b;
    layer_pass *pass;
};

static void part_of_pass(void *job, int part) {
    const struct pass_job *j = job;
    j->pass(j->l, j->b, part);
}

static void run(const layer *l, const batch *b, layer_pass *pass) {
    struct pass_job job = {l, b, pass};
    pool_run(threads, part_of_pass, &job, PARTS);
}

static double loss(const layer *l, const batch *b) {
    double sum = 0;
    run(l, b, l->forward);
    for (int i = 0; i < b->samples * shape_size(l->out); i++) {
        sum += l->dy[i] * l->y[i];
    }
    return sum;
}

static double slope(const layer *l, const batch *b, real *at) {
    const real x = *at;
    *at = x + epsilon;
    const double after = loss(l, b);
    *at = x - epsilon;
    const double before = loss(l, b);
    *at = x;
    return (after - before) / (2 * epsilon);
}

static void check_layer(const char *name, layer l) {
    static real x[MOST], y[MOST], dx[MOST], dy[MOST], dx_before[MOST], parameters[MOST];
    static real gradients[PARTS * MOST], scratch[PARTS * MOST];
    const batch b = {SAMPLES, 2, SAMPLES + 4, 1, {7, 70}}; /* a window, as ranks have it */
    const size_t inputs = SAMPLES * (size_t)shape_size(l.in), count = l.weights + l.biases;
    if (layer_dropout_status(&l) == PLANEDROP_ERR_UNSUPPORTED) {
        printf("%s: SKIPPED: this planedrop does not have its law\n", name);
        return;
    }
    l.number = 3;
    l.x = x, l.y = y, l.dx = dx, l.dy = dy, l.scratch = scratch;
    l.parameters = parameters, l.gradients = gradients, l.gradients_step = count;
    fill(x, inputs);
    fill(dy, SAMPLES * (size_t)shape_size(l.out));
    fill(parameters, count);
    fill(dx, inputs); /* backward adds to it, and to the gradients of the parameters */
    memcpy(dx_before, dx, sizeof dx);
    for (size_t i = 0; i < PARTS * count; i++) {
        gradients[i] = 1;
    }
    run(&l, &b, l.forward);
    run(&l, &b, l.backward);
    for (size_t i = 0; i < inputs; i++) {
        compare(name, "dx", i, dx[i] - dx_before[i], slope(&l, &b, &x[i]));
    }
    for (size_t i = 0; i < count; i++) {
        double sum = 0;
        for (size_t part = 0; part < PARTS; part++) {
            sum += gradients[part * count + i] - 1;
        }
        compare(name, "gradient", i, sum, slope(&l, &b, &parameters[i]));
    }
    printf("%s: %zu inputs, %zu parameters\n", name, inputs, count);
}

/* ---- The network ----------------------------------------------------------------------------- */

static double net_loss(net *n, const real *images, const unsigned char *labels, const batch *b) {
    double sum = 0, right = 0;
    net_forward(n, images, b);
    net_score(n, labels, b, &sum, &right);
    return sum / b->whole;
}

static void check_net(void) {
    const shape image = {1, 8, 8};
    const dropout_kind kind = {"spatial", 0.25, 0.5, 1, PLANEDROP_BERNOULLI};
    const unsigned char labels[NET_SAMPLES] = {3, 1, 4, 1, 5};
    const batch b = {NET_SAMPLES, 0, NET_SAMPLES, 1, {5, 12}};
    real images[NET_SAMPLES * 64];
    net n;
    if (net_init(&n, threads, image, &kind, 1) != PLANEDROP_OK) {
        fputs("net_init failed\n", stderr);
        exit(1);
    }
    fill(images, NET_SAMPLES * 64);
    net_forward(&n, images, &b);
    net_backward(&n, labels, &b);
    int checked = 0;
    for (size_t i = 0; i < n.parameter_count; i += 1 + random_bits(&state) % 100, checked++) {
        const real before = n.parameters[i];
        n.parameters[i] = before + epsilon;
        const double after_loss = net_loss(&n, images, labels, &b);
        n.parameters[i] = before - epsilon;
        const double before_loss = net_loss(&n, images, labels, &b);
        n.parameters[i] = before;
        compare("network", "gradient", i, n.gradients[i], (after_loss - before_loss) / 2 / epsilon);
    }
    printf("network: %d of %zu parameters\n", checked, n.parameter_count);
    net_free(&n);
}

int main(void) {
    const shape odd = {3, 5, 7}, even = {3, 6, 8};
    threads = pool_new(2);
    if (threads == NULL) {
        return 1;
    }
    check_layer("conv 3x3", layer_conv(odd, 4, 3));
    check_layer("conv 5x5", layer_conv(odd, 2, 5));
    check_layer("relu", layer_relu(odd));
    check_layer("max-pool", layer_max_pool(even));
    check_layer("dense", layer_dense(odd, 11));
    check_layer("ordinary dropout", layer_dropout(odd, 0.3, 0, PLANEDROP_BERNOULLI));
    check_layer("spatial dropout", layer_dropout(odd, 0.3, 1, PLANEDROP_BERNOULLI));
    check_layer("gaussian dropout", layer_dropout(odd, 0.3, 0, PLANEDROP_GAUSSIAN));
    check_layer("spatial gaussian dropout", layer_dropout(odd, 0.3, 1, PLANEDROP_GAUSSIAN));
    check_net();
    pool_free(threads);
    return failures != 0;
}
