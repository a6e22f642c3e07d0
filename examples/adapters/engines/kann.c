/* SPDX-License-Identifier: MIT
 *
 * Plays KANN: a graph of one operator over a batch, then its clones on threads, each with a part of
 * the rows and a copy of the node's ptr. The rate's node changes at every step.
 */
#include "kann_dropout.h"

#include "check.h"
#include <string.h>

enum { BATCH = 7, CHANNELS = 5, ROWS = 4, COLUMNS = 3, STEPS = 4, MAX_CLONES = 4 };
enum { MAP = ROWS * COLUMNS, SAMPLE = CHANNELS * MAP, COUNT = BATCH * SAMPLE };

/* q and the rate are leaves, p = dropout(q, rate); every array belongs to the graph. */
struct graph {
    kad_node_t q, rate, p;
    kad_node_t *operands[2];
    struct kad_dropout state;
    float rate_value;
};

struct arrays {
    float qx[COUNT], qg[COUNT], px[COUNT], pg[COUNT];
};

static kad_op_f op = kad_op_spatial_dropout;
static struct arrays whole, split;
static struct graph clones[MAX_CLONES];

static void build(struct graph *graph, struct arrays *arrays, int first_row, int rows) {
    memset(graph, 0, sizeof *graph);
    const size_t at = (size_t)first_row * SAMPLE;
    graph->q = (kad_node_t){.n_d = 4, .flag = KAD_VAR, .d = {rows, CHANNELS, ROWS, COLUMNS}};
    graph->q.x = arrays->qx + at, graph->q.g = arrays->qg + at;
    graph->rate.x = &graph->rate_value;
    graph->operands[0] = &graph->q, graph->operands[1] = &graph->rate;
    graph->p = (kad_node_t){.n_child = 2, .child = graph->operands};
    graph->p.x = arrays->px + at, graph->p.g = arrays->pg + at;
    graph->p.ptr = &graph->state, graph->p.ptr_size = sizeof graph->state;
    graph->state.first_row = (uint64_t)first_row;
    check(op(&graph->p, KAD_SYNC_DIM) == 0 && op(&graph->p, KAD_ALLOC) == 0, "sync and alloc");
    check(graph->p.n_d == 4 && graph->p.d[0] == rows && graph->p.d[3] == COLUMNS, "dims of p");
}

static void begin_step(struct graph *graph, uint64_t step, float rate) {
    graph->state.rng = (planedrop_rng){1, step * 10 + 3}; /* layer 3 of 10 */
    graph->rate_value = rate;
}

static void forward_and_backward(void *context, size_t i) {
    struct graph *graph = (struct graph *)context + i;
    check(op(&graph->p, KAD_FORWARD) == 0, "forward");
    check(op(&graph->p, KAD_BACKWARD) == 0, "backward");
}

static void start_arrays(struct arrays *arrays) {
    fill(arrays->qx, COUNT), fill(arrays->pg, COUNT);
    fill(arrays->qg, COUNT); /* what another operator has added already */
    memset(arrays->px, 0xff, sizeof arrays->px);
}

static void one_graph(uint64_t step, float rate) {
    static float multipliers[BATCH * CHANNELS], want_x[COUNT], want_g[COUNT];
    static struct graph graph;
    const planedrop_desc desc =
        planedrop_desc_nchw(PLANEDROP_F32, BATCH, CHANNELS, 1, (double)rate);
    draw(multipliers, &desc, (planedrop_rng){1, step * 10 + 3});
    start_arrays(&whole);
    drop_by_hand(want_x, whole.qx, multipliers, COUNT, MAP);
    memcpy(want_g, whole.qg, sizeof want_g);
    add_by_hand(want_g, whole.pg, multipliers, COUNT, MAP);

    build(&graph, &whole, 0, BATCH);
    begin_step(&graph, step, rate);
    forward_and_backward(&graph, 0);
    check_equal(whole.px, want_x, sizeof want_x, "forward is the product with the mask");
    check_equal(whole.qg, want_g, sizeof want_g, "backward adds the product with the mask");
}

/* As KANN hands out rows to its threads; here it must also say which is the first. */
static void many_clones(uint64_t step, float rate, int count) {
    start_arrays(&split);
    for (int i = 0, row = 0; i < count; i++) {
        const int rows = (BATCH - row) / (count - i);
        build(&clones[i], &split, row, rows);
        begin_step(&clones[i], step, rate);
        row += rows;
    }
    run_threads((size_t)count, forward_and_backward, clones);
    check_equal(split.px, whole.px, sizeof whole.px, "clones draw the batch's mask, forward");
    check_equal(split.qg, whole.qg, sizeof whole.qg, "clones draw the batch's mask, backward");
}

static void errors(void) {
    static float before[COUNT];
    static struct graph graph;
    start_arrays(&whole);
    build(&graph, &whole, 0, BATCH);
    memcpy(before, whole.px, sizeof before);
    begin_step(&graph, 0, 1.5f);
    check(op(&graph.p, KAD_FORWARD) == -1, "a rate of 1.5 is an error");
    check_equal(whole.px, before, sizeof before, "and nothing is written");
    graph.q.n_d = 1;
    check(op(&graph.p, KAD_SYNC_DIM) == -1, "a tensor without channels is an error");
}

static void no_gradient(void) {
    static float before[COUNT];
    static struct graph graph;
    start_arrays(&whole);
    build(&graph, &whole, 0, BATCH);
    begin_step(&graph, 0, 0.5f);
    graph.q.flag = 0;
    memcpy(before, whole.qg, sizeof before);
    check(op(&graph.p, KAD_BACKWARD) == 0, "backward into a constant");
    check_equal(whole.qg, before, sizeof before, "a constant gets no gradient");
}

int main(void) {
    for (uint64_t step = 0; step < STEPS; step++) {
        const float rate = 0.2f + 0.15f * (float)step;
        one_graph(step, rate);
        for (int count = 1; count <= MAX_CLONES; count++) {
            many_clones(step, rate, count);
        }
    }
    errors();
    no_gradient();
    return 0;
}
