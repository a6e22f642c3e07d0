/* SPDX-License-Identifier: MIT
 *
 * ONNX Runtime lends its pool to custom operators: the callback is pthreadpool's, the job the same.
 * An error goes back as an OrtStatus with planedrop's line of English.
 */
#include "ort_dropout.h"
#include "pool_dropout.h"

OrtStatus *ort_dropout(const OrtApi *api, const OrtKernelContext *context,
                       const planedrop_desc *desc, planedrop_rng rng, const void *x, void *y) {
    struct pool_job job = pool_job_of(desc, rng, x, y);
    OrtStatus *failed = NULL;
    if (job.status == PLANEDROP_OK) {
        failed = api->KernelContext_ParallelFor(context, pool_run_part, job.parts, 0, &job);
    }
    if (failed == NULL && job.status != PLANEDROP_OK) {
        failed = api->CreateStatus(ORT_INVALID_ARGUMENT, planedrop_status_string(job.status));
    }
    return failed;
}
