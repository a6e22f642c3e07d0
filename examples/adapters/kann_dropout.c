/* SPDX-License-Identifier: MIT
 *
 * KANN reads the rate from a node at every step and clones the graph for each thread, with a part
 * of the batch. So the operator plans at every call, and draws the rows of the whole batch's mask
 * that are its own: the mask does not depend on the number of threads. Nothing is kept for
 * backward.
 */
#include "kann_dropout.h"
#include <string.h>

static planedrop_status drop(const kad_node_t *p, const float *x, float *y, uint32_t flags) {
    const kad_node_t *q = p->child[0], *rate = p->child[1];
    const struct kad_dropout *state = (const struct kad_dropout *)p->ptr;
    const uint64_t rows = (uint64_t)q->d[0], channels = (uint64_t)q->d[1];
    uint64_t map = 1;
    for (int i = 2; i < q->n_d; i++) {
        map *= (uint64_t)q->d[i];
    }
    planedrop_desc desc = planedrop_desc_nchw(PLANEDROP_F32, rows, channels, map, (double)*rate->x);
    desc.window_start[0] = state->first_row;
    desc.global_noise[0] = state->first_row + rows; /* the rows after these make no difference */
    desc.global_noise[1] = channels, desc.global_noise[2] = 1;
    desc.flags = flags;
    return planedrop_desc_forward(&desc, state->rng, x, y);
}

int kad_op_spatial_dropout(kad_node_t *p, int action) {
    kad_node_t *q = p->child[0];
    planedrop_status status = PLANEDROP_OK;
    if (action == KAD_SYNC_DIM) {
        p->n_d = q->n_d;
        memcpy(p->d, q->d, sizeof p->d);
        return q->n_d < 2 ? -1 : 0;
    } else if (action == KAD_FORWARD) {
        status = drop(p, q->x, p->x, 0);
    } else if (action == KAD_BACKWARD && kad_is_back(q)) {
        status = drop(p, p->g, q->g, PLANEDROP_ACCUMULATE); /* q->g += */
    }
    return status == PLANEDROP_OK ? 0 : -1;
}
