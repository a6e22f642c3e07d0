/* SPDX-License-Identifier: MIT
 *
 * Plays ggml: makes nodes, computes them in order, custom operators on several threads. The
 * operator runs over padded, permuted and in-place views of each type and of 2, 3 and 4 axes; the
 * product runs forward and, by ggml's rules for a product and a reshape, backward.
 */
#include "ggml_dropout.h"

#include "check.h"
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

enum { MAX_NODES = 16, MAX_ELEM = 8, COUNT = 3432, ROOM = 2 * COUNT * MAX_ELEM, UNTOUCHED = 0xa5 };

struct node {
    struct ggml_tensor tensor; /* first: a tensor's address is its node's */
    ggml_custom1_op_t custom1;
    ggml_custom_op_t custom;
    int n_tasks;
    void *userdata;
    int product; /* or a copy, or a view, which needs no computation */
};

struct ggml_context {
    struct node nodes[MAX_NODES];
    int count, threads;
    _Alignas(16) unsigned char memory[MAX_NODES][ROOM];
};

static struct ggml_context context;
static jmp_buf failure;
static char message[200];

/* COUNT elements each: images, sequences, a batch of feature vectors. */
static const int64_t images[] = {13, 11, 6, 4}, sequences[] = {24, 13, 11, 1},
                     features[] = {104, 33, 1, 1};

size_t ggml_type_size(enum ggml_type type) {
    return type == GGML_TYPE_F64 ? 8 : type == GGML_TYPE_F16 || type == GGML_TYPE_BF16 ? 2 : 4;
}

int ggml_n_dims(const struct ggml_tensor *tensor) {
    int n = GGML_MAX_DIMS;
    while (n > 1 && tensor->ne[n - 1] == 1) {
        n--;
    }
    return n;
}

static void make_dense(struct ggml_tensor *t) {
    size_t stride = ggml_type_size(t->type);
    for (int i = 0; i < GGML_MAX_DIMS; i++) {
        t->nb[i] = stride;
        stride *= (size_t)t->ne[i];
    }
}

bool ggml_is_contiguous(const struct ggml_tensor *tensor) {
    struct ggml_tensor dense = *tensor;
    make_dense(&dense);
    return memcmp(dense.nb, tensor->nb, sizeof dense.nb) == 0;
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
    memcpy(t->ne, ne, sizeof t->ne);
    make_dense(t);
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
    check(a->nb[0] == ggml_type_size(a->type), "ggml's product takes dense rows alone");
    check(memcmp(a->ne, b->ne, sizeof a->ne) == 0, "a product that takes ggml's fast path");
    t->src[0] = a, t->src[1] = b;
    node_of(t)->product = 1;
    return t;
}

struct ggml_tensor *ggml_cont(struct ggml_context *ctx, struct ggml_tensor *a) {
    struct ggml_tensor *t = new_tensor(ctx, a->type, a->ne);
    t->src[0] = a;
    return t;
}

struct ggml_tensor *ggml_reshape_4d(struct ggml_context *ctx, struct ggml_tensor *a, int64_t ne0,
                                    int64_t ne1, int64_t ne2, int64_t ne3) {
    const int64_t ne[GGML_MAX_DIMS] = {ne0, ne1, ne2, ne3};
    struct ggml_tensor *t = new_tensor(ctx, a->type, ne);
    check(ggml_is_contiguous(a), "ggml reshapes contiguous tensors alone");
    check(ne0 * ne1 * ne2 * ne3 == a->ne[0] * a->ne[1] * a->ne[2] * a->ne[3], "as many elements");
    t->data = a->data, t->src[0] = a;
    return t;
}

struct ggml_tensor *ggml_reshape(struct ggml_context *ctx, struct ggml_tensor *a,
                                 struct ggml_tensor *b) {
    return ggml_reshape_4d(ctx, a, b->ne[0], b->ne[1], b->ne[2], b->ne[3]);
}

static unsigned char *at(const struct ggml_tensor *t, const int64_t i[GGML_MAX_DIMS]) {
    unsigned char *p = t->data;
    for (int a = 0; a < GGML_MAX_DIMS; a++) {
        p += (size_t)i[a] * t->nb[a];
    }
    return p;
}

/* Steps i through the axes of t, innermost first; 0 after the last element. */
static int next(const struct ggml_tensor *t, int64_t i[GGML_MAX_DIMS]) {
    for (int a = 0; a < GGML_MAX_DIMS; a++) {
        if (++i[a] < t->ne[a]) {
            return 1;
        }
        i[a] = 0;
    }
    return 0;
}

/* The elements of a view, one after the other, to `dense` or from it. */
static void copy(struct ggml_tensor *t, unsigned char *dense, int from_dense) {
    const size_t size = ggml_type_size(t->type);
    int64_t i[GGML_MAX_DIMS] = {0};
    do {
        memcpy(from_dense ? at(t, i) : dense, from_dense ? dense : at(t, i), size);
        dense += size;
    } while (next(t, i));
}

static void multiply(const struct ggml_tensor *t) {
    int64_t i[GGML_MAX_DIMS] = {0};
    do {
        float a, b;
        memcpy(&a, at(t->src[0], i), sizeof a), memcpy(&b, at(t->src[1], i), sizeof b);
        a *= b;
        memcpy(at(t, i), &a, sizeof a);
    } while (next(t, i));
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
        struct ggml_tensor *source = node->tensor.src[0];
        const int custom = node->custom1 != NULL || node->custom != NULL;
        if (custom && tasks_of(node) == 1) {
            run_task(node, 0);
        } else if (custom) {
            run_threads((size_t)tasks_of(node), run_task, node);
        } else if (node->product) {
            multiply(&node->tensor);
        } else if (source != NULL && source->data != node->tensor.data) {
            copy(source, node->tensor.data, 0);
        }
    }
}

enum layout { DENSE, PADDED, CHANNELS_LAST, LAYOUTS };

/* Numbers that no type multiplies to Inf, of either sign, and none of them 0. */
static void fill_type(void *data, enum ggml_type type) {
    const size_t size = ggml_type_size(type);
    for (size_t i = 0; i < ROOM / size; i++) {
        const uint16_t half = (uint16_t)(i % 2 << 15 | (0x3c00 + i % 251));
        const double number = (double)(i % 251 + 1) * (i % 2 == 0 ? 0.37 : -0.37);
        memcpy((char *)data + i * size, size == 2 ? (const void *)&half : &number, size);
    }
}

static struct ggml_tensor *new_view(struct ggml_context *ctx, enum ggml_type type,
                                    const int64_t *ne, enum layout layout) {
    struct ggml_tensor *t = new_tensor(ctx, type, ne);
    const size_t size = ggml_type_size(type);
    if (layout == PADDED) {
        t->nb[1] = (size_t)(ne[0] + 3) * size, t->nb[2] = (size_t)(ne[1] + 2) * t->nb[1];
        t->nb[3] = (size_t)ne[2] * t->nb[2] + size;
    } else if (layout == CHANNELS_LAST) {
        t->nb[2] = size, t->nb[0] = (size_t)ne[2] * size, t->nb[1] = (size_t)ne[0] * t->nb[0];
    }
    if (type == GGML_TYPE_F32) {
        fill((float *)t->data, ROOM / sizeof(float));
    } else {
        fill_type(t->data, type);
    }
    return t;
}

static int32_t dtype_of(enum ggml_type type) {
    return type == GGML_TYPE_F64    ? PLANEDROP_F64
           : type == GGML_TYPE_F16  ? PLANEDROP_F16
           : type == GGML_TYPE_BF16 ? PLANEDROP_BF16
                                    : PLANEDROP_F32;
}

static struct ggml_dropout_state state = {5, 6, 1};
static struct ggml_dropout dropout = {&state, 0.3, GGML_DROPOUT_ELEMENTWISE, 7};
static const planedrop_rng rng = {5, 6 * 65536 + 7};

/* What a dense tensor of this kind of dropout is to planedrop. */
static planedrop_desc desc_of(enum ggml_type type, const int64_t *ne) {
    return dropout.kind == GGML_DROPOUT_ELEMENTWISE
               ? planedrop_desc_elementwise(dtype_of(type), COUNT, dropout.rate)
               : planedrop_desc_nchw(dtype_of(type), (uint64_t)ne[3], (uint64_t)ne[2],
                                     (uint64_t)(ne[0] * ne[1]), dropout.rate);
}

static void compute_view(enum ggml_type type, const int64_t *ne, enum layout layout, int threads,
                         int in_place) {
    static unsigned char dense[COUNT * MAX_ELEM], want[COUNT * MAX_ELEM], got[COUNT * MAX_ELEM];
    static unsigned char before[ROOM];
    const planedrop_desc desc = desc_of(type, ne);
    context.count = 0, context.threads = threads;
    struct ggml_tensor *x = new_view(&context, type, ne, layout);
    memcpy(before, x->data, ROOM);
    copy(x, dense, 0);
    check(planedrop_desc_forward(&desc, rng, dense, want) == PLANEDROP_OK, "the dense tensor");
    struct ggml_tensor *y =
        ggml_map_custom1(&context, x, ggml_dropout_op, GGML_N_TASKS_MAX, &dropout);
    if (in_place) { /* ggml_map_custom1_inplace */
        y->data = x->data, memcpy(y->nb, x->nb, sizeof y->nb);
    }
    compute(&context);
    copy(y, got, 0);
    check_equal(got, want, COUNT * ggml_type_size(type), "a view is dropped as the dense tensor");
    copy(x, dense, in_place);
    check_equal(x->data, before, ROOM, "nothing but y is written");
}

static void every_view(const int64_t *ne, enum ggml_dropout_kind kind, const char *name) {
    static const enum ggml_type types[] = {GGML_TYPE_F32, GGML_TYPE_BF16, GGML_TYPE_F16,
                                           GGML_TYPE_F64};
    dropout.kind = kind;
    for (int i = 0; i < 4; i++) {
        for (int layout = DENSE; layout < LAYOUTS; layout++) {
            for (int threads = 1; threads <= 4; threads++) {
                compute_view(types[i], ne, (enum layout)layout, threads, 0);
                compute_view(types[i], ne, (enum layout)layout, threads, 1);
            }
        }
    }
    printf("%s: computed\n", name);
}

/* The message that ggml ends the process with; here it comes back. */
static void aborts(enum ggml_type type, const int64_t *ne, struct ggml_dropout *bad,
                   const char *why) {
    for (int product = 0; product < 2; product++) {
        context.count = 0, context.threads = 1;
        message[0] = '\0';
        struct ggml_tensor *x = new_view(&context, type, ne, DENSE);
        if (product && type == GGML_TYPE_F32) {
            ggml_dropout_mul(&context, x, bad);
        } else {
            ggml_map_custom1(&context, x, ggml_dropout_op, 1, bad);
        }
        if (setjmp(failure) == 0) {
            compute(&context);
        }
        check(strncmp(message, "dropout: ", 9) == 0, "an abort");
        check(strcmp(message + 9, why) == 0, "the message");
    }
}

static void refusals(void) {
    static struct ggml_dropout bad; /* the graph keeps its address */
    bad = dropout;
    bad.kind = GGML_DROPOUT_SPATIAL;
    aborts(GGML_TYPE_F32, features, &bad, "no kind 2 for a tensor of 2 axes");
    memset(&bad.kind, 0, sizeof bad.kind); /* a caller who did not choose */
    aborts(GGML_TYPE_F32, images, &bad, "no kind 0 for a tensor of 4 axes");
    bad.kind = GGML_DROPOUT_ELEMENTWISE;
    aborts(GGML_TYPE_I32, images, &bad, planedrop_status_string(PLANEDROP_ERR_DTYPE));
    bad.rate = 1.5;
    aborts(GGML_TYPE_F32, images, &bad, planedrop_status_string(PLANEDROP_ERR_RATE));
}

/* Forward and backward, in several steps; then a validation, over the same nodes. */
static void product(const int64_t *ne, enum ggml_dropout_kind kind, enum layout layout) {
    static float multipliers[COUNT], dense[COUNT], want[COUNT], earlier[COUNT];
    dropout.kind = kind;
    const planedrop_desc desc = desc_of(GGML_TYPE_F32, ne);
    const size_t each = kind == GGML_DROPOUT_SPATIAL ? (size_t)(ne[0] * ne[1]) : 1;
    context.count = 0, context.threads = 3;
    struct ggml_tensor *x = new_view(&context, GGML_TYPE_F32, ne, layout);
    struct ggml_tensor *dy = new_view(&context, GGML_TYPE_F32, ne, CHANNELS_LAST);
    struct ggml_tensor *y = ggml_dropout_mul(&context, x, &dropout);
    struct ggml_tensor *by = y->src[0]->src[1];
    check(by->src[0]->src[0] == NULL, "the mask has no operands, so it needs no gradient");
    check(by->ne[0] == (each == 1 ? ne[0] : (int64_t)each), "a feature map is one row");
    /* by ggml's rules: a reshape's gradient is made contiguous, a product's is a product */
    struct ggml_tensor *grad = ggml_reshape(&context, ggml_cont(&context, dy), by);
    struct ggml_tensor *dx = ggml_reshape(&context, ggml_mul(&context, grad, by), y);
    for (state.step = 6; state.step < 9; state.step++) {
        const planedrop_rng now = {rng.seed, state.step * 65536 + dropout.layer};
        compute(&context);
        draw(multipliers, &desc, now);
        copy(x, (unsigned char *)dense, 0);
        for (size_t i = 0; i < COUNT; i++) {
            want[i] = dense[i] * multipliers[i / each]; /* a product: -0 where dropped is right */
        }
        check_equal(y->data, want, sizeof want, "forward");
        copy(dy, (unsigned char *)dense, 0);
        for (size_t i = 0; i < COUNT; i++) {
            want[i] = dense[i] * multipliers[i / each];
        }
        check_equal(dx->data, want, sizeof want, "backward by the same mask");
        check(memcmp(earlier, multipliers, sizeof multipliers) != 0, "a mask of the step's own");
        memcpy(earlier, multipliers, sizeof multipliers);
    }
    state.step = 6, state.active = 0;
    compute(&context);
    copy(x, (unsigned char *)dense, 0);
    check_equal(y->data, dense, sizeof dense, "validation copies");
    state.active = 1;
}

int main(void) {
    every_view(images, GGML_DROPOUT_SPATIAL, "images, by feature maps");
    every_view(images, GGML_DROPOUT_ELEMENTWISE, "images, by elements");
    every_view(sequences, GGML_DROPOUT_ELEMENTWISE, "sequences, by elements");
    every_view(features, GGML_DROPOUT_ELEMENTWISE, "features, by elements");
    refusals();
    for (int layout = DENSE; layout < LAYOUTS; layout++) {
        product(images, GGML_DROPOUT_SPATIAL, (enum layout)layout);
        product(images, GGML_DROPOUT_ELEMENTWISE, (enum layout)layout);
        product(sequences, GGML_DROPOUT_ELEMENTWISE, (enum layout)layout);
        product(features, GGML_DROPOUT_ELEMENTWISE, (enum layout)layout);
    }
    printf("products: computed\n");
    return 0;
}
