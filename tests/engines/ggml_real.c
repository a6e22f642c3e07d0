/* SPDX-License-Identifier: MIT
 *
 * The ggml adapter in the real ggml: built with ggml's own header into a library, which
 * ggml_real.py loads beside ggml's. Each line of the table is a check; the speeds are printed only.
 */
#include "ggml_dropout.h"

#include "ggml-alloc.h"
#include "ggml-backend.h"
#include "ggml-cpu.h"
#include "ggml-opt.h"
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { THREADS = 3 };

PLANEDROP_API int ggml_real(void);

static struct ggml_dropout_state state = {42, 0, 1}; /* seed, step, active */
static struct ggml_dropout spatial = {&state, 0.3, GGML_DROPOUT_SPATIAL, 0};
static struct ggml_dropout elementwise = {&state, 0.3, GGML_DROPOUT_ELEMENTWISE, 1};

static int failures;

static void report(const char *what, int right) {
    printf("%-7s %s\n", right ? "ok" : "FAILED", what);
    fflush(stdout);
    failures += !right;
}

static struct ggml_context *new_context(void) {
    const struct ggml_init_params params = {(size_t)256 << 20, NULL, false};
    return ggml_init(params);
}

static void compute(struct ggml_context *ctx, struct ggml_tensor *y, int threads) {
    struct ggml_cgraph *graph = ggml_new_graph(ctx);
    ggml_build_forward_expand(graph, y);
    ggml_graph_compute_with_ctx(ctx, graph, threads);
}

/* Numbers between -1 and 1 that are not 0. */
static float noise(uint32_t i) {
    i = (i ^ 61 ^ (i >> 16)) * 9;
    i = (i ^ (i >> 4)) * 0x27d4eb2d;
    return (float)((i ^ (i >> 15)) | 1) / 2147483648.0f - 1;
}

static void fill(struct ggml_tensor *t, uint32_t seed) {
    const int64_t count = ggml_nelements(t);
    float *x = malloc((size_t)count * sizeof *x);
    for (int64_t i = 0; i < count; i++) {
        x[i] = noise((uint32_t)i + seed * 1000003);
    }
    if (t->type == GGML_TYPE_F16) {
        ggml_fp32_to_fp16_row(x, (ggml_fp16_t *)t->data, count);
    } else if (t->type == GGML_TYPE_BF16) {
        ggml_fp32_to_bf16_row(x, (ggml_bf16_t *)t->data, count);
    } else if (t->type == GGML_TYPE_F64) {
        for (int64_t i = 0; i < count; i++) {
            ((double *)t->data)[i] = (double)x[i];
        }
    } else {
        memcpy(t->data, x, (size_t)count * sizeof *x);
    }
    free(x);
}

static struct ggml_tensor *new_tensor(struct ggml_context *ctx, enum ggml_type type,
                                      const int64_t *ne) {
    struct ggml_tensor *t = ggml_new_tensor_4d(ctx, type, ne[0], ne[1], ne[2], ne[3]);
    fill(t, 1);
    return t;
}

/* The multiplier of each element of a dense tensor, by planedrop_mask; malloc'd. */
static float *expected_mask(const struct ggml_tensor *t, const struct ggml_dropout *d) {
    const int64_t count = ggml_nelements(t);
    const int64_t each = d->kind == GGML_DROPOUT_SPATIAL ? t->ne[0] * t->ne[1] : 1;
    const planedrop_rng rng = {state.seed, state.step * 65536 + d->layer};
    const planedrop_desc desc =
        planedrop_desc_elementwise(PLANEDROP_F32, (uint64_t)(count / each), d->rate);
    planedrop_plan plan;
    float *mask = malloc((size_t)count * sizeof *mask);
    if (planedrop_plan_init(&plan, &desc) != PLANEDROP_OK ||
        planedrop_mask(&plan, rng, PLANEDROP_MASK_F32, 0, (uint64_t)(count / each), mask) !=
            PLANEDROP_OK) {
        report("the expected mask", 0);
        exit(EXIT_FAILURE);
    }
    for (int64_t i = count; i-- > 0;) {
        mask[i] = mask[i / each];
    }
    return mask;
}

static const int64_t images[] = {28, 28, 24, 8}, sequences[] = {96, 40, 11, 1},
                     features[] = {500, 64, 1, 1};

/* 1 if y is x by the mask, +0 where dropped or, of a product, 0. */
static int right_mask(const int64_t *ne, struct ggml_dropout *d, int product) {
    struct ggml_context *ctx = new_context();
    struct ggml_tensor *x = new_tensor(ctx, GGML_TYPE_F32, ne);
    struct ggml_tensor *y = product
                                ? ggml_dropout_mul(ctx, x, d)
                                : ggml_map_custom1(ctx, x, ggml_dropout_op, GGML_N_TASKS_MAX, d);
    compute(ctx, y, THREADS);
    float *mask = expected_mask(x, d);
    const float *from = x->data, *to = y->data;
    int64_t wrong = 0, dropped = 0;
    for (int64_t i = 0; i < ggml_nelements(x); i++) {
        const float want = mask[i] == 0 && !product ? 0.0f : from[i] * mask[i];
        wrong += memcmp(&want, &to[i], sizeof want) != 0;
        dropped += mask[i] == 0;
    }
    free(mask);
    const int right = wrong == 0 && dropped > 0 && dropped < ggml_nelements(x) &&
                      memcmp(y->ne, x->ne, sizeof x->ne) == 0;
    ggml_free(ctx);
    return right;
}

static void masks(void) {
    int right = 1;
    for (int product = 0; product < 2; product++) {
        right &= right_mask(images, &spatial, product) & right_mask(images, &elementwise, product) &
                 right_mask(sequences, &elementwise, product) &
                 right_mask(features, &elementwise, product);
    }
    report("op and product: the mask is planedrop_mask's (spatial 4-D; elementwise 2-D, 3-D, 4-D)",
           right);
}

/* What becomes of a NaN that is dropped. */
static void dropped_nan(void) {
    struct ggml_context *ctx = new_context();
    struct ggml_tensor *x = new_tensor(ctx, GGML_TYPE_F32, images);
    float *mask = expected_mask(x, &spatial);
    const int64_t count = ggml_nelements(x);
    for (int64_t i = 0; i < count; i++) {
        ((float *)x->data)[i] = mask[i] == 0 ? NAN : 1;
    }
    struct ggml_tensor *op = ggml_map_custom1(ctx, x, ggml_dropout_op, GGML_N_TASKS_MAX, &spatial);
    struct ggml_tensor *product = ggml_dropout_mul(ctx, x, &spatial);
    compute(ctx, op, THREADS), compute(ctx, product, THREADS);
    int right = memcmp(op->data, mask, ggml_nbytes(op)) == 0;
    for (int64_t i = 0; i < count; i++) {
        const float y = ((float *)product->data)[i];
        right &= mask[i] == 0 ? isnan(y) : y == mask[i];
    }
    free(mask);
    ggml_free(ctx);
    report("a dropped NaN: of the op +0, of the product NaN", right);
}

/* y over a view of the elements of t is y over a contiguous copy of it, for 1 to THREADS threads,
 * out of place and in place. The shapes that permutation makes have 3 axes too. */
static int right_view(enum ggml_type type, int form, struct ggml_dropout *d) {
    struct ggml_context *ctx = new_context();
    struct ggml_tensor *t = new_tensor(ctx, type, images), *x = t;
    if (form == 1) { /* a window */
        x = ggml_view_4d(ctx, t, 20, 25, 17, 7, t->nb[1], t->nb[2], t->nb[3], t->nb[1] + t->nb[0]);
    } else if (form == 2) { /* channels last */
        x = ggml_permute(ctx, t, 2, 0, 1, 3);
    }
    const size_t bytes = (size_t)ggml_nelements(x) * ggml_type_size(type);
    unsigned char *want = NULL;
    int right = 1;
    for (int threads = 1; threads <= THREADS; threads++) {
        for (int in_place = 0; in_place < 2; in_place++) {
            fill(t, 1);
            /* ggml copies f64 by no operator: only its dense form is in this table */
            struct ggml_tensor *y =
                in_place ? ggml_map_custom1_inplace(ctx, x, ggml_dropout_op, GGML_N_TASKS_MAX, d)
                         : ggml_map_custom1(ctx, x, ggml_dropout_op, GGML_N_TASKS_MAX, d);
            struct ggml_tensor *dense = type == GGML_TYPE_F64 ? y : ggml_cont(ctx, y);
            compute(ctx, dense, threads);
            if (want == NULL) {
                struct ggml_tensor *z = type == GGML_TYPE_F64 ? x : ggml_cont(ctx, x);
                z = ggml_map_custom1_inplace(ctx, z, ggml_dropout_op, 1, d);
                compute(ctx, z, 1);
                want = malloc(bytes);
                memcpy(want, z->data, bytes);
            }
            right &= memcmp(dense->data, want, bytes) == 0;
        }
    }
    free(want);
    ggml_free(ctx);
    return right;
}

static void views(void) {
    static const enum ggml_type types[] = {GGML_TYPE_F32, GGML_TYPE_F16, GGML_TYPE_BF16,
                                           GGML_TYPE_F64};
    int right = 1;
    for (int i = 0; i < 4; i++) {
        for (int form = 0; form < (types[i] == GGML_TYPE_F64 ? 1 : 3); form++) {
            right &=
                right_view(types[i], form, &spatial) & right_view(types[i], form, &elementwise);
        }
    }
    report(
        "op: f32, f16, bf16, f64, windows, permuted, in place: the same bytes for 1 to 3 threads",
        right);
}

/* Of 16 bits, the product is what the operator computes, but for the sign of 0. */
static void products_of_16_bits(void) {
    static const enum ggml_type types[] = {GGML_TYPE_F16, GGML_TYPE_BF16};
    int right = 1;
    for (int i = 0; i < 2; i++) {
        struct ggml_context *ctx = new_context();
        struct ggml_tensor *x = new_tensor(ctx, types[i], images);
        struct ggml_tensor *op = ggml_map_custom1(ctx, x, ggml_dropout_op, 1, &spatial);
        struct ggml_tensor *product = ggml_dropout_mul(ctx, x, &spatial);
        compute(ctx, op, 1), compute(ctx, product, THREADS);
        const uint16_t *want = op->data, *got = product->data;
        right &= product->type == types[i];
        for (int64_t j = 0; j < ggml_nelements(x); j++) {
            right &= got[j] == want[j] || (got[j] == 0x8000 && want[j] == 0);
        }
        ggml_free(ctx);
    }
    report("product: f16 and bf16", right);
}

/* ggml ends the process; here it is a process of its own. */
static int aborts(const int64_t *ne, struct ggml_dropout *d) {
    int status = 0;
    const pid_t child = fork();
    if (child == 0) {
        setenv("GGML_NO_BACKTRACE", "1", 1);
        if (freopen("/dev/null", "w", stderr) != NULL) {
            struct ggml_context *ctx = new_context();
            struct ggml_tensor *x = new_tensor(ctx, GGML_TYPE_F32, ne);
            compute(ctx, ggml_map_custom1(ctx, x, ggml_dropout_op, 1, d), 1);
        }
        _exit(0);
    }
    return waitpid(child, &status, 0) == child && WIFSIGNALED(status) &&
           WTERMSIG(status) == SIGABRT;
}

static void refusals(void) {
    struct ggml_dropout bad = spatial;
    int right = aborts(features, &bad);
    bad.rate = 1.5;
    right &= aborts(images, &bad);
    memset(&bad.kind, 0, sizeof bad.kind);
    bad.rate = 0.5;
    right &= aborts(images, &bad);
    report("op: spatial of 2 axes, a rate of 1.5 and no kind abort", right);
}

static void steps(void) {
    enum { STEPS = 20 };
    struct ggml_context *ctx = new_context();
    struct ggml_tensor *x = new_tensor(ctx, GGML_TYPE_F32, images);
    struct ggml_tensor *y = ggml_map_custom1(ctx, x, ggml_dropout_op, GGML_N_TASKS_MAX, &spatial);
    struct ggml_cgraph *graph = ggml_new_graph(ctx);
    ggml_build_forward_expand(graph, y);
    static unsigned char kept[STEPS][24 * 8];
    int right = 1;
    for (int step = 0; step < STEPS; step++) {
        state.step = (uint64_t)step;
        ggml_graph_compute_with_ctx(ctx, graph, THREADS);
        for (int map = 0; map < 24 * 8; map++) {
            kept[step][map] = ((float *)y->data)[map * 28 * 28] != 0;
        }
        for (int before = 0; before < step; before++) {
            right &= memcmp(kept[before], kept[step], sizeof kept[step]) != 0;
        }
    }
    report("op: 20 steps of one graph draw 20 masks", right);
    state.active = 0;
    ggml_graph_compute_with_ctx(ctx, graph, THREADS);
    report("op: not active, it copies", memcmp(x->data, y->data, ggml_nbytes(x)) == 0);
    state.active = 1;
    ggml_free(ctx);
}

static void scheduler(void) {
    const struct ggml_init_params params = {ggml_tensor_overhead() * 64 + ggml_graph_overhead(),
                                            NULL, true};
    struct ggml_context *ctx = ggml_init(params);
    ggml_backend_t cpu = ggml_backend_cpu_init();
    ggml_backend_cpu_set_n_threads(cpu, THREADS);
    ggml_backend_sched_t sched = ggml_backend_sched_new(&cpu, NULL, 1, 64, false, true);
    struct ggml_tensor *x = ggml_new_tensor_4d(ctx, GGML_TYPE_F32, 28, 28, 24, 8);
    ggml_set_input(x);
    struct ggml_tensor *y = ggml_map_custom1(ctx, ggml_dropout_mul(ctx, x, &spatial),
                                             ggml_dropout_op, GGML_N_TASKS_MAX, &spatial);
    ggml_set_output(y);
    struct ggml_cgraph *graph = ggml_new_graph(ctx);
    ggml_build_forward_expand(graph, y);
    int right = ggml_backend_sched_alloc_graph(sched, graph);
    const int64_t count = ggml_nelements(x);
    float *ones = malloc((size_t)count * sizeof *ones), *got = malloc((size_t)count * sizeof *got);
    for (int64_t i = 0; i < count; i++) {
        ones[i] = 1;
    }
    ggml_backend_tensor_set(x, ones, 0, ggml_nbytes(x));
    right &= ggml_backend_sched_graph_compute(sched, graph) == GGML_STATUS_SUCCESS;
    ggml_backend_tensor_get(y, got, 0, ggml_nbytes(y));
    float *mask = expected_mask(x, &spatial);
    for (int64_t i = 0; i < count; i++) {
        right &= got[i] == mask[i] * mask[i];
    }
    free(mask), free(ones), free(got);
    ggml_backend_sched_free(sched);
    ggml_backend_free(cpu);
    ggml_free(ctx);
    report("op and product: under ggml_backend_sched", right);
}

/* The gradient of a network around ggml_dropout_mul with respect to the weights before it, against
 * finite differences: the cosine of the two. Permuted: a view goes into dropout, and a permutation
 * follows it. */
static double cosine_of_gradient(struct ggml_dropout *d, int permuted) {
    struct ggml_context *ctx = new_context();
    struct ggml_tensor *x = ggml_new_tensor_2d(ctx, GGML_TYPE_F32, 6, 16 * 4);
    struct ggml_tensor *w = ggml_new_tensor_2d(ctx, GGML_TYPE_F32, 6, 15);
    fill(x, 2), fill(w, 3);
    ggml_set_param(w);
    struct ggml_tensor *h = ggml_mul_mat(ctx, w, x); /* [15, 64] */
    h = ggml_reshape_4d(ctx, h, 5, 3, 16, 4);
    if (permuted) {
        h = ggml_permute(ctx, h, 1, 0, 2, 3);
    }
    h = ggml_dropout_mul(ctx, h, d);
    if (permuted) {
        h = ggml_cont(ctx, ggml_permute(ctx, h, 0, 2, 1, 3));
    }
    struct ggml_tensor *c = ggml_dup_tensor(ctx, h);
    fill(c, 4);
    struct ggml_tensor *loss = ggml_sum(ctx, ggml_sqr(ctx, ggml_add(ctx, h, c)));
    ggml_set_loss(loss);
    struct ggml_cgraph *graph = ggml_new_graph_custom(ctx, 256, true);
    ggml_build_forward_expand(graph, loss);
    struct ggml_cgraph *forward = ggml_graph_dup(ctx, graph, false);
    ggml_build_backward_expand(ctx, graph, NULL);
    ggml_graph_reset(graph);
    ggml_graph_compute_with_ctx(ctx, graph, THREADS);
    const float *gradient = ggml_graph_get_grad(graph, w)->data;
    double product = 0, gradients = 0, differences = 0;
    for (int i = 0; i < 6 * 15; i++) {
        float *weight = (float *)w->data + i, kept = *weight, sides[2];
        for (int side = 0; side < 2; side++) {
            *weight = kept + (side == 0 ? 0.03f : -0.03f);
            ggml_graph_compute_with_ctx(ctx, forward, 1);
            sides[side] = *(float *)loss->data;
        }
        *weight = kept;
        const double difference = ((double)sides[0] - (double)sides[1]) / 0.06;
        product += difference * (double)gradient[i];
        gradients += (double)gradient[i] * (double)gradient[i];
        differences += difference * difference;
    }
    ggml_free(ctx);
    const double ratio = sqrt(gradients / differences);
    return ratio > 0.999 && ratio < 1.001 ? product / sqrt(gradients * differences) : -1;
}

static void gradients(void) {
    char line[120];
    double least = 1;
    for (int permuted = 0; permuted < 2; permuted++) {
        least = fmin(least, cosine_of_gradient(&spatial, permuted));
        least = fmin(least, cosine_of_gradient(&elementwise, permuted));
    }
    snprintf(line, sizeof line, "product: finite differences agree, permuted too: cosine %.6f",
             least);
    report(line, least > 0.99999);
}

/* ggml_opt calls it after each batch. Validation follows the last one, over the same graph. */
static void after_batch(bool train, ggml_opt_context_t opt, ggml_opt_dataset_t data,
                        ggml_opt_result_t result, int64_t batch, int64_t batches, int64_t start) {
    (void)train, (void)opt, (void)data, (void)result, (void)start;
    state.step++;
    state.active = batch < batches;
}

enum { INPUTS = 16, HIDDEN = 64, OUTPUTS = 3, BATCH = 16, DATA = 512, TRAIN = 384, EPOCHS = 30 };
struct trained {
    double first, last, validation, by_hand; /* losses */
    float weights[INPUTS * HIDDEN + HIDDEN * OUTPUTS];
};

static void train(struct trained *trained, int threads) {
    ggml_backend_t cpu = ggml_backend_cpu_init();
    ggml_backend_cpu_set_n_threads(cpu, threads);
    ggml_backend_sched_t sched = ggml_backend_sched_new(&cpu, NULL, 1, 1024, false, true);
    const struct ggml_init_params params = {(size_t)4 << 20, NULL, true};
    struct ggml_context *ctx_static = ggml_init(params), *ctx = ggml_init(params);
    struct ggml_tensor *x = ggml_new_tensor_2d(ctx_static, GGML_TYPE_F32, INPUTS, BATCH);
    struct ggml_tensor *w1 = ggml_new_tensor_2d(ctx_static, GGML_TYPE_F32, INPUTS, HIDDEN);
    struct ggml_tensor *w2 = ggml_new_tensor_2d(ctx_static, GGML_TYPE_F32, HIDDEN, OUTPUTS);
    ggml_backend_buffer_t buffer = ggml_backend_alloc_ctx_tensors(ctx_static, cpu);
    ggml_set_input(x), ggml_set_param(w1), ggml_set_param(w2);
    fill(w1, 5), fill(w2, 6);
    for (int i = 0; i < HIDDEN * OUTPUTS; i++) {
        ((float *)w2->data)[i] *= 0.25f;
    }
    struct ggml_tensor *h = ggml_relu(ctx, ggml_mul_mat(ctx, w1, x));
    struct ggml_tensor *y = ggml_mul_mat(ctx, w2, ggml_dropout_mul(ctx, h, &elementwise));
    ggml_set_output(y);

    ggml_opt_dataset_t data =
        ggml_opt_dataset_init(GGML_TYPE_F32, GGML_TYPE_F32, INPUTS, OUTPUTS, DATA, 1);
    fill(ggml_opt_dataset_data(data), 7);
    float *label = ggml_opt_dataset_labels(data)->data;
    const float *input = ggml_opt_dataset_data(data)->data;
    for (int i = 0; i < DATA * OUTPUTS; i++) {
        const float *of = input + i / OUTPUTS * INPUTS + i % OUTPUTS;
        label[i] = of[0] - of[4] + of[8];
    }

    struct ggml_opt_params opt_params =
        ggml_opt_default_params(sched, GGML_OPT_LOSS_TYPE_MEAN_SQUARED_ERROR);
    opt_params.ctx_compute = ctx, opt_params.inputs = x, opt_params.outputs = y;
    opt_params.opt_period = 2;
    ggml_opt_context_t opt = ggml_opt_init(opt_params);
    ggml_opt_result_t result = ggml_opt_result_init(), validation = ggml_opt_result_init();
    state.step = 0;
    for (int epoch = 0; epoch < EPOCHS; epoch++) {
        ggml_opt_result_reset(result), ggml_opt_result_reset(validation);
        state.active = 1;
        ggml_opt_epoch(opt, data, result, validation, TRAIN, after_batch, NULL);
        ggml_opt_result_loss(result, epoch == 0 ? &trained->first : &trained->last, NULL);
    }
    ggml_opt_result_loss(validation, &trained->validation, NULL);

    /* the validation by hand, without dropout */
    double sum = 0;
    float *a = w1->data, *b = w2->data;
    for (int i = TRAIN * OUTPUTS; i < DATA * OUTPUTS; i++) {
        double out = 0;
        for (int j = 0; j < HIDDEN; j++) {
            double in = 0;
            for (int k = 0; k < INPUTS; k++) {
                in += (double)a[j * INPUTS + k] * (double)input[i / OUTPUTS * INPUTS + k];
            }
            out += in > 0 ? in * (double)b[i % OUTPUTS * HIDDEN + j] : 0;
        }
        sum += (out - (double)label[i]) * (out - (double)label[i]);
    }
    trained->by_hand = sum / ((DATA - TRAIN) * OUTPUTS);
    memcpy(trained->weights, a, ggml_nbytes(w1));
    memcpy(trained->weights + INPUTS * HIDDEN, b, ggml_nbytes(w2));
    ggml_opt_result_free(result), ggml_opt_result_free(validation);
    ggml_opt_free(opt);
    ggml_opt_dataset_free(data);
    ggml_backend_buffer_free(buffer);
    ggml_free(ctx), ggml_free(ctx_static);
    ggml_backend_sched_free(sched);
    ggml_backend_free(cpu);
    state.active = 1;
}

static void training(void) {
    static struct trained trained[THREADS];
    char line[160];
    int same = 1;
    for (int i = 0; i < THREADS; i++) {
        train(&trained[i], i + 1);
        same &= memcmp(trained[i].weights, trained[0].weights, sizeof trained[0].weights) == 0;
    }
    const struct trained *t = &trained[0];
    snprintf(line, sizeof line, "product: ggml_opt_epoch, period 2: the loss falls, %.4f to %.4f",
             t->first, t->last);
    report(line, t->last < 0.2 * t->first);
    snprintf(line, sizeof line, "product: the validation is without dropout: %.6f, by hand %.6f",
             t->validation, t->by_hand);
    report(line, fabs(t->validation - t->by_hand) < 1e-4 * t->by_hand);
    report("product: the same weights for 1 to 3 threads, to the bit", same);
}

static double least_time(struct ggml_context *ctx, struct ggml_tensor *y) {
    struct ggml_cgraph *graph = ggml_new_graph(ctx);
    ggml_build_forward_expand(graph, y);
    double least = 1e9;
    for (int i = 0; i < 15; i++) {
        const int64_t start = ggml_time_us();
        ggml_graph_compute_with_ctx(ctx, graph, 1);
        least = fmin(least, (double)(ggml_time_us() - start) / 1000);
    }
    return least;
}

static void speed(void) {
    const int64_t ne[] = {28, 28, 64, 32};
    struct ggml_context *ctx = new_context();
    struct ggml_tensor *x = new_tensor(ctx, GGML_TYPE_F32, ne);
    struct ggml_tensor *m = new_tensor(ctx, GGML_TYPE_F32, ne);
    const double scale = least_time(ctx, ggml_scale(ctx, x, 2));
    const double mul = least_time(ctx, ggml_mul(ctx, x, m));
    printf("\nms, [28, 28, 64, 32] f32, one thread: ggml_scale %.3f, ggml_mul by a mask that is "
           "there %.3f\n",
           scale, mul);
    for (int i = 0; i < 2; i++) {
        struct ggml_dropout *d = i == 0 ? &spatial : &elementwise;
        const double op = least_time(ctx, ggml_map_custom1(ctx, x, ggml_dropout_op, 1, d));
        const double product = least_time(ctx, ggml_dropout_mul(ctx, x, d));
        printf("  %s: op %.3f, product %.3f\n", i == 0 ? "spatial" : "elementwise", op, product);
    }
    ggml_free(ctx);
}

int ggml_real(void) {
    ggml_time_init();
    printf("ggml %s, planedrop %s\n\n", ggml_version(), planedrop_version());
    masks();
    dropped_nan();
    views();
    products_of_16_bits();
    refusals();
    steps();
    scheduler();
    gradients();
    training();
    speed();
    printf("\n%s\n", failures == 0 ? "all right" : "FAILED");
    fflush(stdout);
    return failures != 0;
}
