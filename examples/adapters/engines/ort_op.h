/* SPDX-License-Identifier: MIT */
#ifndef ORT_OP_H
#define ORT_OP_H

#include <onnxruntime_c_api.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What ONNX Runtime looks for in a library of custom operators. */
#ifdef __GNUC__
__attribute__((visibility("default")))
#endif
OrtStatus *
RegisterCustomOps(OrtSessionOptions *options, const OrtApiBase *base);

#ifdef __cplusplus
}
#endif

#endif
