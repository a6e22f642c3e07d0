/* SPDX-License-Identifier: MIT
 *
 * The part of pthreadpool's interface (pthreadpool.h, github.com/google/pthreadpool) that the
 * adapter touches, in our own words: the names and types are pthreadpool's, the rest is left out.
 */
#ifndef STUB_PTHREADPOOL_H
#define STUB_PTHREADPOOL_H

#include <stddef.h>
#include <stdint.h>

typedef struct pthreadpool *pthreadpool_t;
typedef void (*pthreadpool_task_1d_t)(void *context, size_t i);

size_t pthreadpool_get_threads_count(pthreadpool_t pool);
void pthreadpool_parallelize_1d(pthreadpool_t pool, pthreadpool_task_1d_t task, void *context,
                                size_t range, uint32_t flags);

#endif
