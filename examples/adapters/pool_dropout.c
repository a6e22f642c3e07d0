/* SPDX-License-Identifier: MIT */
#include "pool_dropout.h"
#include "dropout_job.h"

planedrop_status pool_dropout(pthreadpool_t pool, const planedrop_desc *desc, planedrop_rng rng,
                              const void *x, void *y, void *mask) {
    struct dropout_job job;
    if (dropout_job_init(&job, desc, rng, x, y, mask) == PLANEDROP_OK) {
        pthreadpool_parallelize_1d(pool, dropout_job_part, &job, job.parts, 0);
    }
    return job.status;
}
