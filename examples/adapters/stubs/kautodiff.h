/* SPDX-License-Identifier: MIT
 *
 * The part of KANN's graph interface (kautodiff.h, github.com/attractivechaos/kann) that the
 * adapter and the program which plays KANN touch, in our own words: the names and types are KANN's,
 * the rest of its header is left out.
 */
#ifndef STUB_KAUTODIFF_H
#define STUB_KAUTODIFF_H

#include <stdint.h>

#ifdef __STRICT_ANSI__ /* as in KANN: what a header declares inline after this one is not */
#define inline
#endif

#define KAD_MAX_DIM 4
#define KAD_MAX_OP  64

#define KAD_ALLOC    1
#define KAD_FORWARD  2
#define KAD_BACKWARD 3
#define KAD_SYNC_DIM 4

#define KAD_VAR 0x1 /* the node has a gradient */

#define kad_is_back(p) ((p)->flag & KAD_VAR)

typedef struct kad_node_t {
    uint8_t n_d, flag;
    uint16_t op; /* kad_op_list[op] is the operator */
    int32_t n_child, ptr_size;
    int32_t d[KAD_MAX_DIM];    /* the batch first */
    float *x, *g;              /* value and gradient */
    void *ptr;                 /* the operator's own, ptr_size bytes; copied with the node */
    struct kad_node_t **child; /* operands */
} kad_node_t;

typedef int (*kad_op_f)(kad_node_t *p, int action); /* -1: the operands do not fit */
extern kad_op_f kad_op_list[KAD_MAX_OP];
extern char *kad_op_name[KAD_MAX_OP];

kad_node_t *kad_dropout(kad_node_t *x, kad_node_t *rate); /* operator 15, elementwise */
kad_node_t *kad_switch(int n, kad_node_t **p);            /* operator 12, the first of p at first */

static inline int kad_len(const kad_node_t *p) {
    int count = 1;
    for (int i = 0; i < p->n_d; i++) {
        count *= p->d[i];
    }
    return count;
}

#endif
