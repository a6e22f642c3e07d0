/* SPDX-License-Identifier: MIT
 *
 * Dropout by a thread pool that calls back with a task's number. pthreadpool (XNNPACK) is one such;
 * ort_dropout.c uses the same job for another.
 */
#ifndef POOL_DROPOUT_H
#define POOL_DROPOUT_H

#include "pthreadpool.h"
#include <planedrop/planedrop.h>

enum { POOL_MOST_PARTS = 64 }; /* more than threads evens out their speeds */

struct pool_job {
    planedrop_plan plan;
    planedrop_rng rng;
    const void *x;
    void *y;
    size_t parts; /* the bytes are the same for any number of parts */
    planedrop_status status;
};

/* A job that has a plan, unless its status is an error. */
struct pool_job pool_job_of(const planedrop_desc *desc, planedrop_rng rng, const void *x, void *y);
void pool_run_part(void *context, size_t part);
planedrop_status pool_dropout(pthreadpool_t pool, const planedrop_desc *desc, planedrop_rng rng,
                              const void *x, void *y);

#endif
