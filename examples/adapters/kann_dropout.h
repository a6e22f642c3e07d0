/* SPDX-License-Identifier: MIT
 *
 * Spatial dropout as a KANN operator of two operands, a tensor (batch, channels, ...) and the rate,
 * a scalar. A tensor of two axes has maps of one element: its dropout is elementwise.
 */
#ifndef KANN_DROPOUT_H
#define KANN_DROPOUT_H

#include <planedrop/planedrop.h> /* before kautodiff.h, which undoes `inline` under -std=c99 */

#include "kautodiff.h"

/* The operator's number, which files hold too: the first that KANN leaves free. */
#define KAD_SPATIAL_DROPOUT 37

/* p->ptr of a node. KANN copies it with the node and writes it to files. A host may set any of it
 * before KAD_FORWARD: with the step of an earlier pass that pass is repeated. */
struct kad_dropout {
    uint64_t seed;      /* the user's */
    uint64_t step;      /* of the next KAD_FORWARD, which adds 1 to it */
    uint32_t layer;     /* the mask is that of (seed, step, layer) */
    uint32_t first_row; /* where the rows of a clone start in the whole batch */
};

#ifdef __cplusplus
extern "C" {
#endif

/* Once in a process, before a network with the operator is loaded or evaluated. */
void kad_dropout_register(void);

/* A node, or NULL if x has fewer than two axes. Every node of a network takes another layer. */
kad_node_t *kad_spatial_dropout(kad_node_t *x, kad_node_t *rate, uint64_t seed, uint32_t layer);

/* Copies the state of every dropout node of graph v to its counterpart in w, a clone of v or its
 * original, whose rows start at first_row of the batch. */
void kad_dropout_copy(int n, kad_node_t *const *v, kad_node_t *const *w, int first_row);

int kad_op_spatial_dropout(kad_node_t *p, int action); /* the operator itself */

#ifdef __cplusplus
}
#endif

#endif
