/* SPDX-License-Identifier: MIT
 *
 * A pool calls task(context, i) on its own threads and takes nothing back, so a job carries the
 * arguments in and a status out. A call that is wrong is wrong in every part: one part reports.
 */
#include "pool_dropout.h"

struct pool_job pool_job_of(const planedrop_desc *desc, planedrop_rng rng, const void *x, void *y) {
    struct pool_job job = {.rng = rng, .x = x, .y = y};
    job.status = planedrop_plan_init(&job.plan, desc);
    if (job.status == PLANEDROP_OK) {
        job.parts = planedrop_plan_parts(&job.plan);
        job.parts = job.parts < POOL_MOST_PARTS ? job.parts : POOL_MOST_PARTS;
    }
    return job;
}

void pool_run_part(void *context, size_t part) {
    struct pool_job *job = context;
    const planedrop_status status =
        planedrop_forward_part(&job->plan, job->rng, part, job->parts, job->x, job->y);
    if (part == 0) {
        job->status = status;
    }
}

planedrop_status pool_dropout(pthreadpool_t pool, const planedrop_desc *desc, planedrop_rng rng,
                              const void *x, void *y) {
    struct pool_job job = pool_job_of(desc, rng, x, y);
    if (job.status == PLANEDROP_OK) {
        pthreadpool_parallelize_1d(pool, pool_run_part, &job, job.parts, 0);
    }
    return job.status;
}
