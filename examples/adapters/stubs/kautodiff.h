/* SPDX-License-Identifier: MIT
 *
 * The part of KANN's graph interface (kautodiff.h, github.com/attractivechaos/kann) that the
 * adapter touches, in our own words: the names and types are KANN's, the rest of its header is left
 * out.
 */
#ifndef STUB_KAUTODIFF_H
#define STUB_KAUTODIFF_H

#include <stdint.h>

enum { KAD_MAX_DIM = 4 };
enum { KAD_ALLOC = 1, KAD_FORWARD = 2, KAD_BACKWARD = 3, KAD_SYNC_DIM = 4 };
enum { KAD_VAR = 0x1 }; /* the node has a gradient */

#define kad_is_back(p) ((p)->flag & KAD_VAR)

typedef struct kad_node_t {
    uint8_t n_d, flag;
    int32_t n_child, ptr_size;
    int32_t d[KAD_MAX_DIM];    /* the batch first */
    float *x, *g;              /* value and gradient */
    void *ptr;                 /* the operator's own, ptr_size bytes; copied with the node */
    struct kad_node_t **child; /* operands */
} kad_node_t;

typedef int (*kad_op_f)(kad_node_t *p, int action); /* 0, or -1 on an error */

#endif
