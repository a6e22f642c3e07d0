/* SPDX-License-Identifier: MIT
 *
 * Dropout on the threads of pthreadpool, which XNNPACK and others use.
 */
#ifndef POOL_DROPOUT_H
#define POOL_DROPOUT_H

#include <planedrop/planedrop.h>
#include <pthreadpool.h>

#ifdef __cplusplus
extern "C" {
#endif

/* pool: NULL is the caller's thread. mask: see dropout_job.h. Backward is the same call from dy to
 * dx, with y's strides as x_strides and x's as y_strides. */
planedrop_status pool_dropout(pthreadpool_t pool, const planedrop_desc *desc, planedrop_rng rng,
                              const void *x, void *y, void *mask);

#ifdef __cplusplus
}
#endif

#endif
