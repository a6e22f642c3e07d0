/* SPDX-License-Identifier: MIT
 *
 * Plays ggml: makes nodes, computes them in order, custom operators on several threads. The
 * inference operator runs over padded, permuted and in-place views of each type; the training
 * product runs forward and, by ggml's rule for a product, backward.
 */
#include "ggml_dropout.h"

#include "check.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

enum { W = 13, H = 11, C = 6, N = 4, MAP = W * H, COUNT = N * C * MAP };
enum { MAX_NODES = 8, MAX_ELEM = 8, ROOM = 2 * COUNT * MAX_ELEM, UNTOUCHED = 0xa5 };

struct node {
    struct ggml_tensor tensor; /* first: a tensor's address is its node's */
    ggml_custom1_op_t custom1;
    ggml_custom_op_t custom;
    int n_tasks;
    void *userdata;
};

struct ggml_context {
    struct node nodes[MAX_NODES];
    int count, threads;
    _Alignas(16) unsigned char memory[MAX_NODES][ROOM];
};

static struct ggml_context context;
static const int64_t shape[GGML_MAX_DIMS] = {W, H, C, N};
static jmp_buf failure;
static char message[200];

size_t ggml_type_size(enum ggml_type type) {
    return type == GGML_TYPE_F64 ? 8 : type == GGML_TYPE_F16 || type == GGML_TYPE_BF16 ? 2 : 4;
}

void ggml_abort(const char *file, int line, const char *fmt, ...) {
    va_list arguments;
    va_start(arguments, fmt);
    vsnprintf(message, sizeof message, fmt, arguments);
    va_end(arguments);
    check(file != NULL && line > 0, "the place of an abort");
    longjmp(failure, 1); /* ggml ends the process */
}

static struct ggml_tensor *new_tensor(struct ggml_context *ctx, enum ggml_type type,
                                      const int64_t *ne) {
    check(ctx->count < MAX_NODES, "room for a node");
    struct node *node = &ctx->nodes[ctx->count];
    struct ggml_tensor *t = &node->tensor;
    memset(node, 0, sizeof *node);
    t->type = type, t->data = ctx->memory[ctx->count++];
    memset(t->data, UNTOUCHED, ROOM);
    size_t stride = ggml_type_size(type);
    for (int i = 0; i < GGML_MAX_DIMS; i++) {
        t->ne[i] = ne[i], t->nb[i] = stride;
        stride *= (size_t)ne[i];
    }
    return t;
}

static struct node *node_of(struct ggml_tensor *t) { return (struct node *)(void *)t; }

struct ggml_tensor *ggml_map_custom1(struct ggml_context *ctx, struct ggml_tensor *a,
                                     ggml_custom1_op_t fun, int n_tasks, void *userdata) {
    struct ggml_tensor *t = new_tensor(ctx, a->type, a->ne);
    struct node *node = node_of(t);
    t->src[0] = a;
    node->custom1 = fun, node->n_tasks = n_tasks, node->userdata = userdata;
    return t;
}

struct ggml_tensor *ggml_custom_4d(struct ggml_context *ctx, enum ggml_type type, int64_t ne0,
                                   int64_t ne1, int64_t ne2, int64_t ne3, struct ggml_tensor **args,
                                   int n_args, ggml_custom_op_t fun, int n_tasks, void *userdata) {
    const int64_t ne[GGML_MAX_DIMS] = {ne0, ne1, ne2, ne3};
    struct ggml_tensor *t = new_tensor(ctx, type, ne);
    struct node *node = node_of(t);
    for (int i = 0; i < n_args; i++) {
        t->src[i] = args[i];
    }
    node->custom = fun, node->n_tasks = n_tasks, node->userdata = userdata;
    return t;
}

struct ggml_tensor *ggml_mul(struct ggml_context *ctx, struct ggml_tensor *a,
                             struct ggml_tensor *b) {
    struct ggml_tensor *t = new_tensor(ctx, a->type, a->ne);
    t->src[0] = a, t->src[1] = b;
    return t;
}

/* The element of t at indices i, where an axis of 1 is broadcast. */
static unsigned char *at(const struct ggml_tensor *t, const int64_t i[GGML_MAX_DIMS]) {
    unsigned char *p = t->data;
    for (int a = 0; a < GGML_MAX_DIMS; a++) {
        p += t->ne[a] == 1 ? 0 : (size_t)i[a] * t->nb[a];
    }
    return p;
}

/* Steps i through shape, innermost axis first; 0 after the last. */
static int next(int64_t i[GGML_MAX_DIMS]) {
    for (int a = 0; a < GGML_MAX_DIMS; a++) {
        if (++i[a] < shape[a]) {
            return 1;
        }
        i[a] = 0;
    }
    return 0;
}

static void multiply(const struct ggml_tensor *t) {
    int64_t i[GGML_MAX_DIMS] = {0};
    do {
        float a, b;
        memcpy(&a, at(t->src[0], i), sizeof a), memcpy(&b, at(t->src[1], i), sizeof b);
        a *= b;
        memcpy(at(t, i), &a, sizeof a);
    } while (next(i));
}

static int tasks_of(const struct node *node) {
    return node->n_tasks == GGML_N_TASKS_MAX ? context.threads : node->n_tasks;
}

static void run_task(void *argument, size_t ith) {
    struct node *node = argument;
    const int nth = tasks_of(node);
    if (node->custom1 != NULL) {
        node->custom1(&node->tensor, node->tensor.src[0], (int)ith, nth, node->userdata);
    } else {
        node->custom(&node->tensor, (int)ith, nth, node->userdata);
    }
}

static void compute(struct ggml_context *ctx) {
    for (int i = 0; i < ctx->count; i++) {
        struct node *node = &ctx->nodes[i];
        const int custom = node->custom1 != NULL || node->custom != NULL;
        if (custom && tasks_of(node) == 1) {
            run_task(node, 0);
        } else if (custom) {
            run_threads((size_t)tasks_of(node), run_task, node);
        } else if (node->tensor.src[1] != NULL) {
            multiply(&node->tensor);
        }
    }
}

/* The elements of a view, one after the other, to `dense` or from it. */
static void copy(struct ggml_tensor *t, unsigned char *dense, int from_dense) {
    const size_t size = ggml_type_size(t->type);
    int64_t i[GGML_MAX_DIMS] = {0};
    do {
        memcpy(from_dense ? at(t, i) : dense, from_dense ? dense : at(t, i), size);
        dense += size;
    } while (next(i));
}

enum layout { DENSE, PADDED, CHANNELS_LAST, LAYOUTS };

static struct ggml_tensor *new_view(struct ggml_context *ctx, enum ggml_type type,
                                    enum layout layout) {
    struct ggml_tensor *t = new_tensor(ctx, type, shape);
    const size_t size = ggml_type_size(type);
    if (layout == PADDED) {
        t->nb[1] = (W + 3) * size, t->nb[2] = (H + 2) * t->nb[1], t->nb[3] = C * t->nb[2] + size;
    } else if (layout == CHANNELS_LAST) {
        t->nb[2] = size, t->nb[0] = C * size, t->nb[1] = W * t->nb[0];
    }
    fill(t->data, ROOM / sizeof(float));
    return t;
}

static int32_t dtype_of(enum ggml_type type) {
    return type == GGML_TYPE_F64    ? PLANEDROP_F64
           : type == GGML_TYPE_F16  ? PLANEDROP_F16
           : type == GGML_TYPE_BF16 ? PLANEDROP_BF16
                                    : PLANEDROP_F32;
}

static struct ggml_dropout dropout = {0.3, {5, 6}};

static void out_of_place(enum ggml_type type, enum layout layout, int threads) {
    static unsigned char dense[COUNT * MAX_ELEM], want[COUNT * MAX_ELEM], got[COUNT * MAX_ELEM];
    const planedrop_desc desc = planedrop_desc_nchw(dtype_of(type), N, C, MAP, dropout.rate);
    context.count = 0, context.threads = threads;
    struct ggml_tensor *x = new_view(&context, type, layout);
    copy(x, dense, 0);
    check(planedrop_desc_forward(&desc, dropout.rng, dense, want) == PLANEDROP_OK,
          "the dense tensor");
    struct ggml_tensor *y =
        ggml_map_custom1(&context, x, ggml_dropout_op, GGML_N_TASKS_MAX, &dropout);
    compute(&context);
    copy(y, got, 0);
    check_equal(got, want, COUNT * ggml_type_size(type), "a view is dropped as the dense tensor");
}

static void in_place(enum ggml_type type, enum layout layout, int threads) {
    static unsigned char dense[COUNT * MAX_ELEM], want[COUNT * MAX_ELEM], got[COUNT * MAX_ELEM];
    static unsigned char before[ROOM];
    const planedrop_desc desc = planedrop_desc_nchw(dtype_of(type), N, C, MAP, dropout.rate);
    context.count = 0, context.threads = threads;
    struct ggml_tensor *x = new_view(&context, type, layout);
    memcpy(before, x->data, ROOM);
    copy(x, dense, 0);
    check(planedrop_desc_forward(&desc, dropout.rng, dense, want) == PLANEDROP_OK,
          "the dense tensor");
    struct ggml_tensor *y =
        ggml_map_custom1(&context, x, ggml_dropout_op, GGML_N_TASKS_MAX, &dropout);
    y->data = x->data, memcpy(y->nb, x->nb, sizeof y->nb); /* ggml_map_custom1_inplace */
    compute(&context);
    copy(y, got, 0);
    check_equal(got, want, COUNT * ggml_type_size(type), "a view is dropped in place");
    copy(x, dense, 1);
    check_equal(x->data, before, ROOM, "nothing between a view's elements is written");
}

/* ggml ends the process; here it comes back with the message. */
static void aborts(enum ggml_type type, double rate, planedrop_status why) {
    struct ggml_dropout bad = {rate, {5, 6}};
    context.count = 0, context.threads = 1;
    message[0] = '\0';
    ggml_map_custom1(&context, new_view(&context, type, DENSE), ggml_dropout_op, 1, &bad);
    if (setjmp(failure) == 0) {
        compute(&context);
    }
    check(strncmp(message, "dropout: ", 9) == 0, "an abort");
    check(strcmp(message + 9, planedrop_status_string(why)) == 0, "the message of the status");
}

static void inference(enum ggml_type type, const char *name) {
    for (int layout = DENSE; layout < LAYOUTS; layout++) {
        for (int threads = 1; threads <= 4; threads++) {
            out_of_place(type, (enum layout)layout, threads);
            in_place(type, (enum layout)layout, threads);
        }
    }
    printf("%s: computed\n", name);
}

static void training(void) {
    static float multipliers[N * C], dense[COUNT], want[COUNT];
    const planedrop_desc desc = planedrop_desc_nchw(PLANEDROP_F32, N, C, 1, dropout.rate);
    context.count = 0, context.threads = 3;
    struct ggml_tensor *x = new_view(&context, GGML_TYPE_F32, PADDED);
    struct ggml_tensor *dy = new_view(&context, GGML_TYPE_F32, DENSE);
    struct ggml_tensor *y = ggml_dropout_training(&context, x, &dropout);
    check(y->src[0] == x, "the product's first factor is x");
    check(y->src[1]->src[0] == NULL, "the other has no operands, so it needs no gradient");
    struct ggml_tensor *dx = ggml_mul(&context, dy, y->src[1]); /* a product's backward pass */
    for (dropout.rng.offset = 0; dropout.rng.offset < 3; dropout.rng.offset++) {
        compute(&context);
        draw(multipliers, &desc, dropout.rng);
        const unsigned char *behind = (unsigned char *)y->src[1]->data + sizeof multipliers;
        check(*behind == UNTOUCHED, "as many factors as feature maps");
        copy(x, (unsigned char *)dense, 0);
        for (size_t i = 0; i < COUNT; i++) {
            want[i] = dense[i] * multipliers[i / MAP]; /* a product: -0 where dropped is right */
        }
        check_equal(y->data, want, sizeof want, "forward");
        memcpy(dense, dy->data, sizeof dense);
        for (size_t i = 0; i < COUNT; i++) {
            want[i] = dense[i] * multipliers[i / MAP];
        }
        check_equal(dx->data, want, sizeof want, "backward by the same factors");
    }
}

static void training_error(void) {
    struct ggml_dropout bad = {-1, {5, 6}};
    context.count = 0, message[0] = '\0';
    ggml_dropout_training(&context, new_view(&context, GGML_TYPE_F32, DENSE), &bad);
    if (setjmp(failure) == 0) {
        compute(&context);
    }
    check(strstr(message, planedrop_status_string(PLANEDROP_ERR_RATE)) != NULL, "an abort");
}

int main(void) {
    inference(GGML_TYPE_F32, "f32");
    inference(GGML_TYPE_BF16, "bf16");
    inference(GGML_TYPE_F16, "f16");
    inference(GGML_TYPE_F64, "f64");
    aborts(GGML_TYPE_I32, 0.5, PLANEDROP_ERR_DTYPE);
    aborts(GGML_TYPE_F32, 1.5, PLANEDROP_ERR_RATE);
    training();
    training_error();
    return 0;
}
