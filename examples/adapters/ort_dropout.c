/* SPDX-License-Identifier: MIT
 *
 * ONNX Runtime lends its pool to custom operators. An error goes back as an OrtStatus with
 * planedrop's line of English.
 */
#include "ort_dropout.h"
#include "dropout_job.h"

OrtStatus *ort_dropout(const OrtApi *api, const OrtKernelContext *context,
                       const planedrop_desc *desc, planedrop_rng rng, const void *x, void *y,
                       void *mask) {
    struct dropout_job job;
    OrtStatus *failed = NULL;
    if (dropout_job_init(&job, desc, rng, x, y, mask) == PLANEDROP_OK) {
        failed = api->KernelContext_ParallelFor(context, dropout_job_part, job.parts, 0, &job);
    }
    if (failed == NULL && job.status != PLANEDROP_OK) {
        failed = api->CreateStatus(ORT_INVALID_ARGUMENT, planedrop_status_string(job.status));
    }
    return failed;
}
