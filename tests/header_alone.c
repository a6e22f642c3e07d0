/* SPDX-License-Identifier: MIT
 *
 * The public header by itself, twice, compiled as C99 and as C++11 with every warning an error.
 */
#include "planedrop/planedrop.h"

#include "planedrop/planedrop.h"

int header_alone(void);
int header_alone(void) {
    const planedrop_desc desc = planedrop_desc_nchw_blocked(PLANEDROP_F32, 1, 10, 3, 8, 0.5);
    return desc.ndim;
}
