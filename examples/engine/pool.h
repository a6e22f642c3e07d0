/* SPDX-License-Identifier: MIT
 *
 * A pool of threads that does the parts of one job at a time.
 */
#ifndef ENGINE_POOL_H
#define ENGINE_POOL_H

typedef struct pool pool;
typedef void pool_task(void *job, int part);

/* The calling thread is one of the threads. NULL if they cannot be had. */
pool *pool_new(int threads);
void pool_free(pool *p);

/* Calls task(job, part) for part = 0 ... parts-1, on whichever thread is free, and waits. */
void pool_run(pool *p, pool_task *task, void *job, int parts);

#endif
