/* SPDX-License-Identifier: MIT
 *
 * darknet's dropout layer, with whole feature maps dropped where the input is an image.
 */
#ifndef DARKNET_DROPOUT_H
#define DARKNET_DROPOUT_H

#include "darknet.h"

extern unsigned long long dropout_seed; /* the user's; a global as darknet's gpu_index is one */

void forward_dropout_layer(layer l, network net);
void backward_dropout_layer(layer l, network net);

#endif
