/* SPDX-License-Identifier: MIT
 *
 * The two functions of darknet's dropout layer that compute, for pjreddie/darknet and for its fork
 * AlexeyAB/darknet. darknet's dropout_layer.h declares them.
 */
#ifndef DARKNET_DROPOUT_H
#define DARKNET_DROPOUT_H

#include "dropout_layer.h"
#include "utils.h"

extern unsigned long long dropout_seed; /* the user's; a global as darknet's gpu_index is one */

#endif
