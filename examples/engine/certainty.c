/* SPDX-License-Identifier: MIT */
#include "certainty.h"

#include <tgmath.h>

static double entropy(const real *probabilities) {
    double sum = 0;
    for (int c = 0; c < CLASSES; c++) {
        const double p = (double)probabilities[c];
        sum -= p > 0 ? p * log(p) : 0;
    }
    return sum;
}

/* The mean of the passes' probabilities for image i of `images`. */
static void mean_prediction(const real *logits, int i, int images, int passes, real *mean) {
    real p[CLASSES];
    for (int c = 0; c < CLASSES; c++) {
        mean[c] = 0;
    }
    for (int k = 0; k < passes; k++) {
        softmax(logits + (k * images + i) * CLASSES, p);
        for (int c = 0; c < CLASSES; c++) {
            mean[c] += p[c] / (real)passes;
        }
    }
}

void certainty_header(FILE *file) {
    fputs("kind,image,label,class,probability,mc_class,mc_probability,mc_entropy\n", file);
}

void certainty_write(FILE *file, const char *kind, net *n, const dataset *data, int passes) {
    const int at_once = NET_CAPACITY / passes;
    for (int first = 0; first < data->count; first += at_once) {
        const int images = data->count - first < at_once ? data->count - first : at_once;
        const real *x = data->images + (size_t)first * (size_t)shape_size(data->image);
        real plain[NET_CAPACITY * CLASSES], mean[CLASSES];
        batch b = {.samples = images, .whole = images};
        net_forward(n, x, &b);
        for (int i = 0; i < images; i++) {
            softmax(net_output(n) + i * CLASSES, plain + i * CLASSES);
        }
        b.samples = b.whole = images * passes;
        b.training = 1;
        b.rng = net_rng(n, n->step + 1 + (uint64_t)first); /* steps that training did not take */
        net_forward_passes(n, x, &b, passes);
        for (int i = 0; i < images; i++) {
            const real *p = plain + i * CLASSES;
            mean_prediction(net_output(n), i, images, passes, mean);
            const int c = argmax(p), mc = argmax(mean);
            fprintf(file, "%s,%d,%d,%d,%.4f,%d,%.4f,%.4f\n", kind, first + i,
                    data->labels[first + i], c, (double)p[c], mc, (double)mean[mc], entropy(mean));
        }
    }
}
