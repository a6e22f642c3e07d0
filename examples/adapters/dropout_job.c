/* SPDX-License-Identifier: MIT
 *
 * A pool calls task(context, i) on its own threads and takes nothing back, so a job carries the
 * arguments in and a status out. A call that is wrong is wrong in every part: one part reports.
 */
#include "dropout_job.h"

planedrop_status dropout_job_init(struct dropout_job *job, const planedrop_desc *desc,
                                  planedrop_rng rng, const void *x, void *y, void *mask) {
    job->rng = rng, job->x = x, job->y = y, job->mask = mask;
    job->status = planedrop_plan_init(&job->plan, desc);
    if (job->status == PLANEDROP_OK) {
        const size_t worth = planedrop_plan_parts(&job->plan);
        const size_t most = 64; /* more parts than threads even out their speeds */
        job->parts = worth < most ? worth : most;
    }
    return job->status;
}

void dropout_job_part(void *context, size_t part) {
    struct dropout_job *job = (struct dropout_job *)context;
    planedrop_status status =
        planedrop_forward_part(&job->plan, job->rng, part, job->parts, job->x, job->y);
    if (status == PLANEDROP_OK && job->mask != NULL) {
        status = planedrop_mask_elements(&job->plan, job->rng, PLANEDROP_MASK_BYTES, part,
                                         job->parts, job->mask);
    }
    if (part == 0) {
        job->status = status;
    }
}
