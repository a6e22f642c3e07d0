/* SPDX-License-Identifier: MIT
 *
 * KANN reads the rate from a node at every step and clones the graph for each thread, with a part
 * of the batch. So the operator plans at every call, and draws the rows of the whole batch's mask
 * that are its own: the mask does not depend on the number of threads. Nothing but the step is kept
 * for backward.
 */
#include "kann_dropout.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* KANN ignores what an operator returns after the graph is built, and would go on with stale
 * values: an error ends the process here, as KANN's own assertions do. */
static void drop(const kad_node_t *p, uint64_t step, const float *x, float *y, uint32_t flags) {
    const kad_node_t *q = p->child[0], *rate = p->child[1];
    const struct kad_dropout *state = (const struct kad_dropout *)p->ptr;
    const uint64_t rows = (uint64_t)q->d[0], channels = (uint64_t)q->d[1];
    const uint64_t map = (uint64_t)kad_len(q) / (rows * channels);
    planedrop_desc desc = planedrop_desc_nchw(PLANEDROP_F32, rows, channels, map, (double)*rate->x);
    desc.flags = flags, desc.window_start[0] = state->first_row;
    desc.global_noise[0] = state->first_row + rows; /* the rows after these make no difference */
    desc.global_noise[1] = channels, desc.global_noise[2] = 1;
    const planedrop_rng rng = {state->seed, step << 32 | state->layer};
    const planedrop_status status = planedrop_desc_forward(&desc, rng, x, y);
    if (status != PLANEDROP_OK) {
        fprintf(stderr, "spatial_dropout: %s\n", planedrop_status_string(status));
        abort();
    }
}

int kad_op_spatial_dropout(kad_node_t *p, int action) {
    kad_node_t *q = p->child[0];
    struct kad_dropout *state = (struct kad_dropout *)p->ptr;
    if (action == KAD_SYNC_DIM) {
        p->n_d = q->n_d;
        memcpy(p->d, q->d, sizeof p->d);
    } else if (action == KAD_FORWARD) {
        drop(p, state->step++, q->x, p->x, 0);
    } else if (action == KAD_BACKWARD && kad_is_back(q)) {
        drop(p, state->step - 1, p->g, q->g, PLANEDROP_ACCUMULATE); /* q->g += */
    }
    return 0;
}

void kad_dropout_register(void) {
    kad_op_list[KAD_SPATIAL_DROPOUT] = kad_op_spatial_dropout;
    kad_op_name[KAD_SPATIAL_DROPOUT] = (char *)"spatial_dropout"; /* KANN does not write to it */
}

kad_node_t *kad_spatial_dropout(kad_node_t *x, kad_node_t *rate, uint64_t seed, uint32_t layer) {
    if (x->n_d < 2) {
        return NULL;
    }
    kad_node_t *p = kad_dropout(x, rate); /* the constructor that KANN exports */
    struct kad_dropout *state = (struct kad_dropout *)realloc(p->ptr, sizeof *state);
    if (state == NULL) {
        abort();
    }
    state->seed = seed, state->step = 0, state->layer = layer, state->first_row = 0;
    p->op = KAD_SPATIAL_DROPOUT, p->ptr = state, p->ptr_size = sizeof *state;
    return p;
}

void kad_dropout_copy(int n, kad_node_t *const *v, kad_node_t *const *w, int first_row) {
    for (int i = 0; i < n; i++)
        if (v[i]->op == KAD_SPATIAL_DROPOUT) {
            memcpy(w[i]->ptr, v[i]->ptr, sizeof(struct kad_dropout));
            ((struct kad_dropout *)w[i]->ptr)->first_row = (uint32_t)first_row;
        }
}
