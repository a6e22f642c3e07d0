/* SPDX-License-Identifier: MIT
 *
 * Spatial dropout as a KANN operator of two operands, a tensor (batch, channels, ...) and the rate.
 */
#ifndef KANN_DROPOUT_H
#define KANN_DROPOUT_H

#include "kautodiff.h"
#include <planedrop/planedrop.h>

/* p->ptr of the node; KANN copies it into every clone of the graph. */
struct kad_dropout {
    planedrop_rng rng;  /* offset: step * layers + layer, set before each step */
    uint64_t first_row; /* where this clone's rows start in the whole batch */
};

int kad_op_spatial_dropout(kad_node_t *p, int action);

#endif
