/* SPDX-License-Identifier: MIT
 *
 * Dropout for a thread pool that calls back with a task's number: the arguments and the status of
 * one call, and its task. It knows no pool; pool_dropout.c and ort_dropout.c show two.
 */
#ifndef DROPOUT_JOB_H
#define DROPOUT_JOB_H

#include <planedrop/planedrop.h>

struct dropout_job {
    planedrop_plan plan;
    planedrop_rng rng;
    const void *x;
    void *y, *mask;
    size_t parts; /* at most 64; the bytes are the same for any number of parts */
    planedrop_status status;
};

#ifdef __cplusplus
extern "C" {
#endif

/* mask: NULL, or a byte for each element, at y's strides, which becomes 1 (kept) or 0. On OK, call
 * dropout_job_part(job, i) once for each i < job->parts, on any threads; then read job->status. */
planedrop_status dropout_job_init(struct dropout_job *job, const planedrop_desc *desc,
                                  planedrop_rng rng, const void *x, void *y, void *mask);
void dropout_job_part(void *context, size_t part);

#ifdef __cplusplus
}
#endif

#endif
