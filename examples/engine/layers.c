/* SPDX-License-Identifier: MIT
 *
 * Forward and backward of each layer. Forward keeps nothing but its output: backward makes the
 * convolution's columns again, looks again which of four was the greatest, and has the dropout mask
 * drawn again.
 */
#include "layers.h"

#include <cblas.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- A part's samples and gradients ---------------------------------------------------------- */

static int part_begin(const batch *b, int part) { return b->samples * part / PARTS; }
static int part_end(const batch *b, int part) { return part_begin(b, part + 1); }

static real *gradients_of(const layer *l, int part) {
    return l->gradients + (size_t)part * l->gradients_step;
}

/* Where sample n starts in a tensor of samples of one shape. */
static size_t at(shape s, int n) { return (size_t)n * (size_t)shape_size(s); }

/* c (rows x columns) = a (rows x inner) * b (inner x columns) + beta * c. 'T': it lies transposed
 * in memory. */
static void multiply(char a_is, char b_is, int rows, int columns, int inner, const real *a,
                     const real *b, real beta, real *c) {
    real_gemm(CblasRowMajor, a_is == 'T' ? CblasTrans : CblasNoTrans,
              b_is == 'T' ? CblasTrans : CblasNoTrans, rows, columns, inner, 1, a,
              a_is == 'T' ? rows : inner, b, b_is == 'T' ? inner : columns, beta, c, columns);
}

/* ---- Convolution -----------------------------------------------------------------------------
 * As a product of matrices. A sample is laid out as columns (im2col), one for each pixel, which
 * hold what the kernel sees there:
 *
 *     y (channels x pixels) = weights (channels x inputs) * columns (inputs x pixels) + bias
 *
 * where inputs = input channels * kernel * kernel. */

static int conv_inputs(const layer *l) { return l->in.channels * l->kernel * l->kernel; }
static int padded_width(const layer *l) { return l->in.width + l->kernel - 1; }
static int padded_map(const layer *l) { return (l->in.height + l->kernel - 1) * padded_width(l); }
static size_t padded_size(const layer *l) { return (size_t)l->in.channels * (size_t)padded_map(l); }
static size_t columns_size(const layer *l) {
    return (size_t)conv_inputs(l) * (size_t)shape_map(l->in);
}

size_t layer_scratch(const layer *l) {
    return l->kernel == 0 ? 0 : padded_size(l) + columns_size(l);
}

/* A part's scratch: a sample with a border of zeros, and the columns. */
static real *padded_of(const layer *l, int part) {
    return l->scratch + (size_t)part * layer_scratch(l);
}
static real *columns_of(const layer *l, int part) { return padded_of(l, part) + padded_size(l); }

/* Where a row of a sample starts in the padded one. */
static real *padded_row(const layer *l, real *padded, int channel, int row) {
    const int border = l->kernel / 2;
    return padded + channel * padded_map(l) + (row + border) * padded_width(l) + border;
}

/* Where element k of the kernel sees a row of the image begin. */
static real *seen_row(const layer *l, real *padded, int channel, int row, int k) {
    return padded + channel * padded_map(l) + (row + k / l->kernel) * padded_width(l) +
           k % l->kernel;
}

static void im2col(const layer *l, const real *x, int part) {
    const size_t row_bytes = (size_t)l->in.width * sizeof *x;
    real *padded = padded_of(l, part), *columns = columns_of(l, part);
    memset(padded, 0, padded_size(l) * sizeof *padded);
    for (int c = 0; c < l->in.channels; c++) {
        for (int row = 0; row < l->in.height; row++, x += l->in.width) {
            memcpy(padded_row(l, padded, c, row), x, row_bytes);
        }
        for (int k = 0; k < l->kernel * l->kernel; k++) {
            for (int row = 0; row < l->in.height; row++, columns += l->in.width) {
                memcpy(columns, seen_row(l, padded, c, row, k), row_bytes);
            }
        }
    }
}

static void add_row(const real *from, real *to, int width) {
    for (int i = 0; i < width; i++) {
        to[i] += from[i];
    }
}

/* The transposed operation: each pixel gets the sum of the places where it was copied to. */
static void col2im(const layer *l, real *dx, int part) {
    real *padded = padded_of(l, part), *columns = columns_of(l, part);
    memset(padded, 0, padded_size(l) * sizeof *padded);
    for (int c = 0; c < l->in.channels; c++) {
        for (int k = 0; k < l->kernel * l->kernel; k++) {
            for (int row = 0; row < l->in.height; row++, columns += l->in.width) {
                add_row(columns, seen_row(l, padded, c, row, k), l->in.width);
            }
        }
        for (int row = 0; row < l->in.height; row++, dx += l->in.width) {
            add_row(padded_row(l, padded, c, row), dx, l->in.width);
        }
    }
}

static void conv_forward(const layer *l, const batch *b, int part) {
    const real *weights = l->parameters, *bias = weights + l->weights;
    const int pixels = shape_map(l->out);
    for (int n = part_begin(b, part); n < part_end(b, part); n++) {
        real *y = l->y + at(l->out, n);
        im2col(l, l->x + at(l->in, n), part);
        for (int c = 0; c < l->out.channels; c++) {
            for (int i = 0; i < pixels; i++) {
                y[c * pixels + i] = bias[c];
            }
        }
        multiply('N', 'N', l->out.channels, pixels, conv_inputs(l), weights, columns_of(l, part), 1,
                 y);
    }
}

static void conv_backward(const layer *l, const batch *b, int part) {
    real *d_weights = gradients_of(l, part), *d_bias = d_weights + l->weights;
    const int pixels = shape_map(l->out);
    for (int n = part_begin(b, part); n < part_end(b, part); n++) {
        const real *dy = l->dy + at(l->out, n);
        im2col(l, l->x + at(l->in, n), part);
        multiply('N', 'T', l->out.channels, conv_inputs(l), pixels, dy, columns_of(l, part), 1,
                 d_weights);
        for (int c = 0; c < l->out.channels; c++) {
            for (int i = 0; i < pixels; i++) {
                d_bias[c] += dy[c * pixels + i];
            }
        }
        if (l->dx != NULL) {
            multiply('T', 'N', conv_inputs(l), pixels, l->out.channels, l->parameters, dy, 0,
                     columns_of(l, part));
            col2im(l, l->dx + at(l->in, n), part);
        }
    }
}

layer layer_conv(shape in, int channels, int kernel) {
    layer l = {.forward = conv_forward, .backward = conv_backward, .in = in, .kernel = kernel};
    l.out = (shape){channels, in.height, in.width};
    l.weights = (size_t)channels * (size_t)conv_inputs(&l);
    l.biases = (size_t)channels;
    return l;
}

/* ---- ReLU ------------------------------------------------------------------------------------ */

static real greater(real a, real b) { return a > b ? a : b; }

static void relu_forward(const layer *l, const batch *b, int part) {
    const real *x = l->x;
    real *y = l->y;
    for (size_t i = at(l->in, part_begin(b, part)); i < at(l->in, part_end(b, part)); i++) {
        y[i] = greater(x[i], 0);
    }
}

static void relu_backward(const layer *l, const batch *b, int part) {
    const real *x = l->x, *dy = l->dy;
    real *dx = l->dx;
    for (size_t i = at(l->in, part_begin(b, part)); i < at(l->in, part_end(b, part)); i++) {
        const real d = dy[i];
        dx[i] += x[i] > 0 ? d : 0;
    }
}

layer layer_relu(shape in) {
    return (layer){.forward = relu_forward, .backward = relu_backward, .in = in, .out = in};
}

/* ---- Max-pool -------------------------------------------------------------------------------- */

/* The rows of the output that a part does: row r is made of the rows 2r and 2r + 1 of the input. */
static int max_pool_row(const layer *l, int samples) {
    return samples * l->out.channels * l->out.height;
}

static void max_pool_forward(const layer *l, const batch *b, int part) {
    const int width = l->out.width;
    for (int r = max_pool_row(l, part_begin(b, part)); r < max_pool_row(l, part_end(b, part));
         r++) {
        const real *x = l->x + (size_t)r * 4 * (size_t)width, *below = x + 2 * width;
        real *y = l->y + (size_t)r * (size_t)width;
        for (int i = 0; i < width; i++) {
            y[i] =
                greater(greater(x[2 * i], x[2 * i + 1]), greater(below[2 * i], below[2 * i + 1]));
        }
    }
}

/* The gradient goes to the greatest of the four: to the first, where several are. */
static void max_pool_backward(const layer *l, const batch *b, int part) {
    const int width = l->out.width, places[4] = {0, 1, 2 * width, 2 * width + 1};
    for (int r = max_pool_row(l, part_begin(b, part)); r < max_pool_row(l, part_end(b, part));
         r++) {
        const real *x = l->x + (size_t)r * 4 * (size_t)width;
        const real *y = l->y + (size_t)r * (size_t)width, *dy = l->dy + (size_t)r * (size_t)width;
        real *dx = l->dx + (size_t)r * 4 * (size_t)width;
        for (int i = 0; i < width; i++) {
            int p = 0;
            while (p < 3 && x[2 * i + places[p]] != y[i]) {
                p++;
            }
            dx[2 * i + places[p]] += dy[i];
        }
    }
}

layer layer_max_pool(shape in) {
    const shape out = {in.channels, in.height / 2, in.width / 2};
    return (layer){
        .forward = max_pool_forward, .backward = max_pool_backward, .in = in, .out = out};
}

/* ---- Dense -----------------------------------------------------------------------------------
 * y (samples x outputs) = x (samples x inputs) * transposed weights (outputs x inputs) + bias */

static void dense_forward(const layer *l, const batch *b, int part) {
    const real *weights = l->parameters, *bias = weights + l->weights;
    const int begin = part_begin(b, part), samples = part_end(b, part) - begin;
    const int inputs = shape_size(l->in), outputs = shape_size(l->out);
    real *y = l->y + at(l->out, begin);
    for (int i = 0; i < samples * outputs; i++) {
        y[i] = bias[i % outputs];
    }
    multiply('N', 'T', samples, outputs, inputs, l->x + at(l->in, begin), weights, 1, y);
}

static void dense_backward(const layer *l, const batch *b, int part) {
    real *d_weights = gradients_of(l, part), *d_bias = d_weights + l->weights;
    const int begin = part_begin(b, part), samples = part_end(b, part) - begin;
    const int inputs = shape_size(l->in), outputs = shape_size(l->out);
    const real *x = l->x + at(l->in, begin), *dy = l->dy + at(l->out, begin);
    multiply('T', 'N', outputs, inputs, samples, dy, x, 1, d_weights);
    for (int i = 0; i < samples * outputs; i++) {
        d_bias[i % outputs] += dy[i];
    }
    multiply('N', 'N', samples, inputs, outputs, dy, l->parameters, 1, l->dx + at(l->in, begin));
}

layer layer_dense(shape in, int outputs) {
    return (layer){.forward = dense_forward,
                   .backward = dense_backward,
                   .in = in,
                   .out = {outputs, 1, 1},
                   .weights = (size_t)outputs * (size_t)shape_size(in),
                   .biases = (size_t)outputs};
}

/* ---- Dropout: planedrop ---------------------------------------------------------------------- */

static void stop_unless_ok(planedrop_status status) {
    if (status != PLANEDROP_OK) {
        fprintf(stderr, "dropout: %s\n", planedrop_status_string(status));
        exit(1);
    }
}

static planedrop_desc dropout_desc(const layer *l, const batch *b) {
    const uint64_t channels = (uint64_t)l->in.channels, map = (uint64_t)shape_map(l->in);
    const double rate = b->training ? l->rate : 0; /* rate 0 copies */
    planedrop_desc desc =
        planedrop_desc_nchw(REAL_DTYPE, (uint64_t)b->samples, channels, map, rate);
    desc.noise[2] = l->per_channel ? 1 : map;
    desc.law = (int32_t)l->law;
    desc.global_noise[0] = (uint64_t)b->whole;
    desc.global_noise[1] = channels, desc.global_noise[2] = desc.noise[2];
    desc.window_start[0] = (uint64_t)b->first;
    return desc;
}

static planedrop_rng dropout_rng(const layer *l, const batch *b) {
    return (planedrop_rng){b->rng.seed, b->rng.offset + (uint64_t)l->number};
}

static void dropout_forward(const layer *l, const batch *b, int part) {
    const planedrop_desc desc = dropout_desc(l, b);
    planedrop_plan plan; /* cheap enough to be made by every part */
    stop_unless_ok(planedrop_plan_init(&plan, &desc));
    stop_unless_ok(
        planedrop_forward_part(&plan, dropout_rng(l, b), (size_t)part, PARTS, l->x, l->y));
}

static void dropout_backward(const layer *l, const batch *b, int part) {
    planedrop_desc desc = dropout_desc(l, b);
    planedrop_plan plan;
    desc.flags = PLANEDROP_ACCUMULATE;
    stop_unless_ok(planedrop_plan_init(&plan, &desc));
    stop_unless_ok(
        planedrop_backward_part(&plan, dropout_rng(l, b), (size_t)part, PARTS, l->dy, l->dx));
}

layer layer_dropout(shape in, double rate, int per_channel, planedrop_law law) {
    return (layer){.forward = dropout_forward,
                   .backward = dropout_backward,
                   .in = in,
                   .out = in,
                   .rate = rate,
                   .per_channel = per_channel,
                   .law = law};
}

planedrop_status layer_dropout_status(const layer *l) {
    const batch one = {.samples = 1, .whole = 1, .training = 1};
    const planedrop_desc desc = dropout_desc(l, &one);
    planedrop_plan plan;
    return planedrop_plan_init(&plan, &desc);
}

void layer_dropout_passes(const layer *l, const batch *b, int passes) {
    const uint64_t samples = (uint64_t)(b->samples / passes);
    const uint64_t channels = (uint64_t)l->in.channels, map = (uint64_t)shape_map(l->in);
    const planedrop_desc desc = {
        .size = sizeof desc,
        .dtype = REAL_DTYPE,
        .law = (int32_t)l->law,
        .flags = PLANEDROP_X_STRIDED,
        .ndim = 4,
        .rate = b->training ? l->rate : 0,
        .dims = {(uint64_t)passes, samples, channels, map},
        .noise = {(uint64_t)passes, samples, channels, l->per_channel ? 1 : map},
        .x_strides = {0, (int64_t)(channels * map), (int64_t)map, 1}, /* 0: the same x again */
    };
    stop_unless_ok(planedrop_desc_forward(&desc, dropout_rng(l, b), l->x, l->y));
}
