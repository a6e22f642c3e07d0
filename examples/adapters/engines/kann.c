/* SPDX-License-Identifier: MIT
 *
 * Plays KANN: a network of one dropout layer, its evaluation and gradient, the clones of it that
 * kann_mt keeps from step to step, each for a part of the rows, and copies of nodes such as files
 * and unrolled networks have. The rate's node changes at every step. With an argument: an error.
 */
#include "kann_dropout.h"

#include "check.h"
#include <signal.h>
#include <string.h>

enum { BATCH = 7, CHANNELS = 5, ROWS = 4, COLUMNS = 3, MAP = ROWS * COLUMNS };
enum { SAMPLE = CHANNELS * MAP, COUNT = BATCH * SAMPLE, STEPS = 50, MAX_CLONES = 5 };
enum { SEED = 9, LAYER = 3, SWITCH = 12, ELEMENTWISE = 15 };
enum { X, RATE, DROPPED, OUT, NODES }; /* a network's nodes, in the order of evaluation */

/* ---- What KANN has -------------------------------------------------------------------------- */

static int operator_of_kann(kad_node_t *p, int action) {
    check(p->op == SWITCH, "the dropout node has the operator of the adapter");
    kad_node_t *q = p->child[*(const int32_t *)p->ptr];
    for (int i = 0; action == KAD_FORWARD && i < kad_len(p); i++) {
        p->x[i] = q->x[i];
    }
    for (int i = 0; action == KAD_BACKWARD && i < kad_len(p); i++) {
        q->g[i] += p->g[i];
    }
    p->n_d = q->n_d;
    memcpy(p->d, q->d, sizeof p->d);
    return 0;
}

kad_op_f kad_op_list[KAD_MAX_OP] = {[SWITCH] = operator_of_kann, [ELEMENTWISE] = operator_of_kann};
char *kad_op_name[KAD_MAX_OP];

static void *allocate(size_t bytes) {
    void *p = calloc(1, bytes);
    check(p != NULL, "memory");
    return p;
}

static kad_node_t *new_node(int op, kad_node_t *x, kad_node_t *y, int32_t ptr_size) {
    kad_node_t *p = allocate(sizeof *p);
    p->op = (uint16_t)op, p->flag = x->flag, p->n_d = x->n_d;
    memcpy(p->d, x->d, sizeof p->d);
    p->n_child = 2, p->child = allocate(2 * sizeof *p->child);
    p->child[0] = x, p->child[1] = y;
    p->ptr = allocate((size_t)ptr_size), p->ptr_size = ptr_size;
    return p;
}

kad_node_t *kad_dropout(kad_node_t *x, kad_node_t *rate) {
    return new_node(ELEMENTWISE, x, rate, 5 * sizeof(uint64_t)); /* a generator's state */
}

kad_node_t *kad_switch(int n, kad_node_t **p) {
    check(n == 2, "a switch between prediction and training");
    return new_node(SWITCH, p[0], p[1], sizeof(int32_t));
}

/* As the network's clones, unrolled networks and files have it. */
static kad_node_t *copy_node(const kad_node_t *p) {
    kad_node_t *q = allocate(sizeof *q);
    *q = *p;
    if (p->n_child > 0) {
        q->ptr = allocate((size_t)p->ptr_size), q->child = allocate(2 * sizeof *q->child);
        memcpy(q->ptr, p->ptr, (size_t)p->ptr_size);
        memcpy(q->child, p->child, 2 * sizeof *q->child);
    }
    q->x = allocate(COUNT * sizeof *q->x), q->g = allocate(COUNT * sizeof *q->g);
    memcpy(q->x, p->x, (size_t)kad_len(p) * sizeof *q->x);
    return q;
}

static void free_node(kad_node_t *p) {
    free(p->x), free(p->g), free(p->ptr), free(p->child), free(p);
}

static void sync_dim(kad_node_t **v, int rows) {
    v[X]->d[0] = rows;
    for (int i = DROPPED; i < NODES; i++) {
        check(kad_op_list[v[i]->op](v[i], KAD_SYNC_DIM) == 0, "the dimensions");
    }
    check(v[OUT]->n_d == 4 && v[OUT]->d[0] == rows && v[OUT]->d[3] == COLUMNS, "the dimensions");
}

/* ---- What a user writes --------------------------------------------------------------------- */

/* A layer that drops nothing until kann_switch(network, 1). */
static kad_node_t *dropout_layer(kad_node_t *x, kad_node_t *rate, uint64_t seed, uint32_t layer) {
    kad_node_t *branches[2] = {x, kad_spatial_dropout(x, rate, seed, layer)};
    return branches[1] == NULL ? NULL : kad_switch(2, branches);
}

/* Numbers the dropout nodes of an unrolled network, and sets the step that comes next. */
static void number_layers(int n, kad_node_t **v, uint64_t step) {
    uint32_t layer = 0;
    for (int i = 0; i < n; i++) {
        if (v[i]->op == KAD_SPATIAL_DROPOUT) {
            struct kad_dropout *state = (struct kad_dropout *)v[i]->ptr;
            state->layer = layer++, state->step = step;
        }
    }
}

static void build(kad_node_t **v) {
    kad_node_t x = {.n_d = 4, .flag = KAD_VAR, .d = {BATCH, CHANNELS, ROWS, COLUMNS}}, rate = {0};
    float values[COUNT] = {0};
    x.x = rate.x = values;
    v[X] = copy_node(&x), v[RATE] = copy_node(&rate);
    v[OUT] = dropout_layer(v[X], v[RATE], SEED, LAYER);
    check(v[OUT] != NULL, "a layer");
    v[DROPPED] = v[OUT]->child[1];
    for (int i = DROPPED; i < NODES; i++) {
        v[i]->x = allocate(COUNT * sizeof *v[i]->x), v[i]->g = allocate(COUNT * sizeof *v[i]->g);
    }
    sync_dim(v, BATCH);
}

/* ---- What KANN does with it ----------------------------------------------------------------- */

static void clone(kad_node_t **v, kad_node_t **w) {
    for (int i = 0; i < NODES; i++) {
        w[i] = copy_node(v[i]);
    }
    w[DROPPED]->child[0] = w[X], w[DROPPED]->child[1] = w[RATE];
    w[OUT]->child[0] = w[X], w[OUT]->child[1] = w[DROPPED];
}

static void free_network(kad_node_t **v) {
    for (int i = 0; i < NODES; i++) {
        free_node(v[i]);
    }
}

static void switch_to(kad_node_t **v, int train) { *(int32_t *)v[OUT]->ptr = train; }

static void act(kad_node_t *p, int action) {
    check(kad_op_list[p->op](p, action) == 0, "an operator's result");
}

/* Cost and gradient, as far as there is a network; what is not switched on is not evaluated. */
static void evaluate(void *context, size_t i) {
    kad_node_t **v = (kad_node_t **)context + i * NODES;
    const int train = *(const int32_t *)v[OUT]->ptr;
    if (train) {
        act(v[DROPPED], KAD_FORWARD);
    }
    act(v[OUT], KAD_FORWARD);
    memset(v[DROPPED]->g, 0, COUNT * sizeof *v[DROPPED]->g);
    act(v[OUT], KAD_BACKWARD);
    if (train) {
        act(v[DROPPED], KAD_BACKWARD);
    }
}

/* ---- Checks --------------------------------------------------------------------------------- */

static void begin_step(kad_node_t **v, uint64_t step) {
    *v[RATE]->x = 0.2f + 0.1f * (float)(step % 6);
    fill(v[X]->x, COUNT), fill(v[OUT]->g, COUNT);
    fill(v[X]->g, COUNT); /* what another operator has added already */
}

static void check_step(kad_node_t **v, uint64_t step) {
    static float multipliers[BATCH * CHANNELS], want_x[COUNT], want_g[COUNT], dy[COUNT];
    const int rows = v[X]->d[0];
    const size_t count = (size_t)rows * SAMPLE;
    const planedrop_desc desc =
        planedrop_desc_nchw(PLANEDROP_F32, (uint64_t)rows, CHANNELS, 1, (double)*v[RATE]->x);
    draw(multipliers, &desc, (planedrop_rng){SEED, step << 32 | LAYER});
    fill(dy, COUNT), fill(want_g, COUNT);
    drop_by_hand(want_x, v[X]->x, multipliers, count, MAP);
    add_by_hand(want_g, dy, multipliers, count, MAP);
    check_equal(v[OUT]->x, want_x, count * sizeof *want_x, "forward is the product with the mask");
    check_equal(v[X]->g, want_g, count * sizeof *want_g, "backward adds the product with the mask");
}

/* KANN's trainer calls nothing of the user's: the operator counts its steps. */
static void train(kad_node_t **v, uint64_t step, uint64_t count) {
    for (uint64_t end = step + count; step < end; step++) {
        begin_step(v, step);
        evaluate(v, 0);
        check_step(v, step);
    }
}

static void distinct_masks(kad_node_t **v) {
    static float y[STEPS][COUNT];
    for (int i = 0; i < STEPS; i++) {
        begin_step(v, 3);
        evaluate(v, 0);
        memcpy(y[i], v[OUT]->x, sizeof y[i]);
        for (int j = 0; j < i; j++) {
            check(memcmp(y[i], y[j], sizeof y[i]) != 0, "no two steps have the same mask");
        }
    }
}

static void prediction(kad_node_t **v, uint64_t step) {
    switch_to(v, 0);
    begin_step(v, step);
    evaluate(v, 0);
    check_equal(v[OUT]->x, v[X]->x, COUNT * sizeof(float), "nothing is dropped in prediction");
    switch_to(v, 1);
    train(v, step, 1); /* and no step was counted */
}

static void host_counts(kad_node_t **v) {
    struct kad_dropout *state = v[DROPPED]->ptr;
    for (int again = 0; again < 2; again++) {
        state->step = 12;
        train(v, 12, 1);
    }
}

/* As KANN hands out rows to its threads, with the line that the adapter asks for. */
static void kick_off(kad_node_t **v, kad_node_t *clones[][NODES], int count) {
    const int rows = v[X]->d[0];
    for (int i = 0, k = 0; i < count; i++) {
        const int size = (rows - k) / (count - i);
        const size_t from = (size_t)k * SAMPLE, bytes = (size_t)size * SAMPLE * sizeof(float);
        memcpy(clones[i][X]->x, v[X]->x + from, bytes);
        memcpy(clones[i][X]->g, v[X]->g + from, bytes);
        memcpy(clones[i][OUT]->g, v[OUT]->g + from, bytes);
        sync_dim(clones[i], size);
        *clones[i][RATE]->x = *v[RATE]->x;
        kad_dropout_copy(NODES, v, clones[i], k);
        k += size;
    }
}

static void many_clones(kad_node_t **whole, int count) {
    kad_node_t *v[NODES], *clones[MAX_CLONES][NODES];
    struct kad_dropout *state;
    clone(whole, v);
    state = v[DROPPED]->ptr;
    for (int i = 0; i < count; i++) {
        clone(v, clones[i]); /* once, as kann_mt does: only then is the node's ptr copied */
    }
    state->step = 100; /* so what the host sets later must reach them */
    for (uint64_t step = 100; step < 104; step++) {
        sync_dim(v, step < 103 ? BATCH : BATCH - 2);
        begin_step(v, step);
        kick_off(v, clones, count);
        run_threads((size_t)count, evaluate, clones);
        kad_dropout_copy(NODES, clones[0], v, 0);
        for (int i = 0, k = 0; i < count; k += clones[i++][X]->d[0]) {
            const size_t bytes = (size_t)clones[i][X]->d[0] * SAMPLE * sizeof(float);
            memcpy(v[OUT]->x + k * SAMPLE, clones[i][OUT]->x, bytes);
            memcpy(v[X]->g + k * SAMPLE, clones[i][X]->g, bytes);
        }
        check_step(v, step);
    }
    train(v, 104, 2); /* one thread goes on where the clones were */
    for (int i = 0; i < count; i++) {
        free_network(clones[i]);
    }
    free_network(v);
}

static void unrolled(kad_node_t **v) {
    kad_node_t *at[2] = {copy_node(v[DROPPED]), copy_node(v[DROPPED])};
    begin_step(v, 3);
    for (int distinct = 0; distinct < 2; distinct++) {
        act(at[0], KAD_FORWARD), act(at[1], KAD_FORWARD);
        check((memcmp(at[0]->x, at[1]->x, COUNT * sizeof(float)) != 0) == distinct,
              "time steps share a mask until their nodes are numbered");
        number_layers(2, at, 7);
    }
    free_node(at[0]), free_node(at[1]);
}

static void no_gradient(kad_node_t **v) {
    static float before[COUNT];
    begin_step(v, 0);
    memcpy(before, v[X]->g, sizeof before);
    v[X]->flag = 0;
    act(v[DROPPED], KAD_BACKWARD);
    check_equal(v[X]->g, before, sizeof before, "a constant gets no gradient");
    v[X]->flag = KAD_VAR;
}

static void too_few_axes(void) {
    kad_node_t x = {.n_d = 1, .flag = KAD_VAR, .d = {BATCH}}, rate = {0};
    check(dropout_layer(&x, &rate, SEED, LAYER) == NULL, "a tensor without channels");
}

static void leave(int signal_number) { _Exit(signal_number == SIGABRT ? EXIT_FAILURE : 2); }

int main(int argc, char **argv) {
    kad_node_t *v[NODES], *loaded[NODES];
    (void)argv;
    kad_dropout_register();
    check(strcmp(kad_op_name[KAD_SPATIAL_DROPOUT], "spatial_dropout") == 0, "the name");
    build(v);
    if (argc > 1) {
        signal(SIGABRT, leave);
        *v[RATE]->x = 1.5f;
        kad_op_list[v[DROPPED]->op](v[DROPPED], KAD_FORWARD);
        check(0, "KANN goes on after an error"); /* as it does whatever an operator returns */
    }
    prediction(v, 0);
    train(v, 1, 5);
    clone(v, loaded); /* a file has the node's ptr, too */
    train(loaded, 6, 2);
    free_network(loaded);
    distinct_masks(v);
    host_counts(v);
    unrolled(v);
    no_gradient(v);
    for (int count = 1; count <= MAX_CLONES; count++) {
        many_clones(v, count);
    }
    too_few_axes();
    free_network(v);
    return 0;
}
