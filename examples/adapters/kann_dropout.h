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
    planedrop_rng rng;        /* offset: step * layers + layer, set before each step */
    uint64_t rows, first_row; /* of the whole batch; where this clone's rows start in it */
};

int kad_op_spatial_dropout(kad_node_t *p, int action);

#endif
