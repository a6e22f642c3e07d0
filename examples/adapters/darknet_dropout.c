/* SPDX-License-Identifier: MIT
 *
 * darknet works in place, one buffer for activations and one for gradients, and the same call
 * serves both: a batch has its number in *net.seen and a layer its own in index, forward and
 * backward. l.rand, a float for each element, is not used.
 */
#include "darknet_dropout.h"
#include <planedrop/planedrop.h>

unsigned long long dropout_seed = 1;

/* l.spatial: whole feature maps are dropped. Otherwise, or if l has no image, every input is a map
 * of its own. */
static void drop(const layer *l, const network *net, int index, float *values) {
    const int maps = l->spatial && l->out_c > 0 ? l->out_c : l->inputs;
    const planedrop_desc desc =
        planedrop_desc_nchw(PLANEDROP_F32, (uint64_t)l->batch, (uint64_t)maps,
                            (uint64_t)(l->inputs / maps), (double)l->probability);
    const planedrop_rng rng = {dropout_seed, *net->seen * (uint64_t)net->n + (uint64_t)index};
    const planedrop_status status = planedrop_desc_forward(&desc, rng, values, values);
    if (status != PLANEDROP_OK) {
#ifdef DARKNET_LOC /* AlexeyAB/darknet */
        error(planedrop_status_string(status), DARKNET_LOC);
#else
        error(planedrop_status_string(status));
#endif
    }
}

#ifdef DARKNET_LOC
void forward_dropout_layer(dropout_layer l, network_state state) {
    if (state.train) {
        drop(&l, &state.net, state.index, state.input);
    }
}

void backward_dropout_layer(dropout_layer l, network_state state) {
    if (state.delta) {
        drop(&l, &state.net, state.index, state.delta);
    }
}
#else
void forward_dropout_layer(dropout_layer l, network net) {
    if (net.train) {
        drop(&l, &net, net.index, net.input);
    }
}

void backward_dropout_layer(dropout_layer l, network net) {
    if (net.delta) {
        drop(&l, &net, net.index, net.delta);
    }
}
#endif
