/* SPDX-License-Identifier: MIT
 *
 * darknet works in place, one buffer for activations and one for gradients, and the same call
 * serves both: a batch has its number in *net.seen and a layer its own in net.index, forward and
 * backward. l.rand, a float for each element, is no longer needed.
 */
#include "darknet_dropout.h"
#include <planedrop/planedrop.h>

unsigned long long dropout_seed = 1;

static void drop(layer l, network net, float *values) {
    const int image = l.out_c > 0; /* otherwise every input is a map of its own */
    const uint64_t maps = (uint64_t)(image ? l.out_c : l.inputs);
    const uint64_t spatial = image ? (uint64_t)l.out_w * (uint64_t)l.out_h : 1;
    const planedrop_desc desc =
        planedrop_desc_nchw(PLANEDROP_F32, (uint64_t)l.batch, maps, spatial, (double)l.probability);
    const planedrop_rng rng = {dropout_seed, *net.seen * (uint64_t)net.n + (uint64_t)net.index};
    const planedrop_status status = planedrop_desc_forward(&desc, rng, values, values);
    if (status != PLANEDROP_OK) {
        error(planedrop_status_string(status));
    }
}

void forward_dropout_layer(layer l, network net) {
    if (net.train) {
        drop(l, net, net.input);
    }
}

void backward_dropout_layer(layer l, network net) {
    if (net.delta) {
        drop(l, net, net.delta);
    }
}
