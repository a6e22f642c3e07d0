/* SPDX-License-Identifier: MIT
 *
 * The threads take parts from a counter under one lock. Which thread does a part is left to chance;
 * what a part computes does not depend on it.
 */
#include "pool.h"

#include <pthread.h>
#include <stdlib.h>

enum { MOST_THREADS = 64 };

struct pool {
    pthread_mutex_t lock;
    pthread_cond_t work, done;
    pool_task *task;
    void *job;
    int next, parts; /* the parts next ... parts-1 are still to be taken */
    int busy;        /* parts that were taken and are not done */
    int stop;
    int helpers;
    pthread_t threads[MOST_THREADS];
};

/* Takes parts until there are none. Called, and returns, with the lock held. */
static void take_parts(pool *p) {
    while (p->next < p->parts) {
        const int part = p->next++;
        p->busy++;
        pthread_mutex_unlock(&p->lock);
        p->task(p->job, part);
        pthread_mutex_lock(&p->lock);
        p->busy--;
    }
    if (p->busy == 0) {
        pthread_cond_signal(&p->done);
    }
}

static void *helper(void *arg) {
    pool *p = arg;
    pthread_mutex_lock(&p->lock);
    while (!p->stop) {
        if (p->next < p->parts) {
            take_parts(p);
        } else {
            pthread_cond_wait(&p->work, &p->lock);
        }
    }
    pthread_mutex_unlock(&p->lock);
    return NULL;
}

pool *pool_new(int threads) {
    pool *p = calloc(1, sizeof *p);
    if (p == NULL || threads > MOST_THREADS) {
        free(p);
        return NULL;
    }
    pthread_mutex_init(&p->lock, NULL);
    pthread_cond_init(&p->work, NULL);
    pthread_cond_init(&p->done, NULL);
    for (; p->helpers < threads - 1; p->helpers++) {
        if (pthread_create(&p->threads[p->helpers], NULL, helper, p) != 0) {
            pool_free(p);
            return NULL;
        }
    }
    return p;
}

void pool_free(pool *p) {
    pthread_mutex_lock(&p->lock);
    p->stop = 1;
    pthread_cond_broadcast(&p->work);
    pthread_mutex_unlock(&p->lock);
    for (int i = 0; i < p->helpers; i++) {
        pthread_join(p->threads[i], NULL);
    }
    pthread_cond_destroy(&p->done);
    pthread_cond_destroy(&p->work);
    pthread_mutex_destroy(&p->lock);
    free(p);
}

void pool_run(pool *p, pool_task *task, void *job, int parts) {
    pthread_mutex_lock(&p->lock);
    p->task = task, p->job = job, p->next = 0, p->parts = parts;
    pthread_cond_broadcast(&p->work);
    take_parts(p);
    while (p->busy > 0) {
        pthread_cond_wait(&p->done, &p->lock);
    }
    pthread_mutex_unlock(&p->lock);
}
