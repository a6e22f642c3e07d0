/* SPDX-License-Identifier: MIT
 *
 * The part of ONNX Runtime's C interface (onnxruntime_c_api.h, github.com/microsoft/onnxruntime)
 * that the adapter touches, in our own words: the names and types are ONNX Runtime's, the other
 * members of OrtApi and codes are left out.
 */
#ifndef STUB_ONNXRUNTIME_C_API_H
#define STUB_ONNXRUNTIME_C_API_H

#include <stddef.h>

typedef enum OrtErrorCode { ORT_OK = 0, ORT_FAIL = 1, ORT_INVALID_ARGUMENT = 2 } OrtErrorCode;
typedef struct OrtStatus OrtStatus; /* NULL is success */
typedef struct OrtKernelContext OrtKernelContext;

typedef struct OrtApi {
    OrtStatus *(*CreateStatus)(OrtErrorCode code, const char *message);
    OrtStatus *(*KernelContext_ParallelFor)(const OrtKernelContext *context,
                                            void (*fn)(void *user, size_t i), size_t total,
                                            size_t num_batch, void *user);
} OrtApi;

#endif
