/* SPDX-License-Identifier: MIT
 *
 * Laws: what a draw means. A law is a function that makes an op; walk and kernels know the op only.
 */
#ifndef PD_LAW_H
#define PD_LAW_H

#include "planedrop/planedrop.h"
#include "tile.h"

/* What a law may depend on. */
struct pd_law_input {
    double rate;
    uint32_t flags; /* of the descriptor */
    int backward;   /* the op of the gradient is wanted */
};

/* Makes the op of planedrop_law `law`. Returns LAW, COMBINATION or RATE errors. */
planedrop_status pd_law_make_op(int32_t law, const struct pd_law_input *input, struct pd_op *op);

#endif
