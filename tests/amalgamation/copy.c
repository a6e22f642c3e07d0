/* SPDX-License-Identifier: MIT
 *
 * A copy's table, whose name is COPY.
 */
#include "copy.h"

extern const struct copy COPY;
#define COPY_FUNCTION(name) planedrop_##name,
const struct copy COPY = {COPY_FUNCTIONS};
