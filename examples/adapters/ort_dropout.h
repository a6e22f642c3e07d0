/* SPDX-License-Identifier: MIT
 *
 * Dropout in a custom operator of ONNX Runtime, on the threads of its session.
 */
#ifndef ORT_DROPOUT_H
#define ORT_DROPOUT_H

#include "onnxruntime_c_api.h"
#include <planedrop/planedrop.h>

/* Called by the operator's compute function. NULL, or a status that the runtime releases. */
OrtStatus *ort_dropout(const OrtApi *api, const OrtKernelContext *context,
                       const planedrop_desc *desc, planedrop_rng rng, const void *x, void *y);

#endif
