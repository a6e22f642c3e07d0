/* SPDX-License-Identifier: MIT
 *
 * Dropout in a custom operator of ONNX Runtime, on the threads of its session.
 */
#ifndef ORT_DROPOUT_H
#define ORT_DROPOUT_H

#include <onnxruntime_c_api.h>
#include <planedrop/planedrop.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Called by the operator's compute function. mask: see dropout_job.h; the bool tensor that is the
 * second output of ONNX' Dropout, or NULL. NULL, or a status that the runtime releases. */
OrtStatus *ort_dropout(const OrtApi *api, const OrtKernelContext *context,
                       const planedrop_desc *desc, planedrop_rng rng, const void *x, void *y,
                       void *mask);

#ifdef __cplusplus
}
#endif

#endif
