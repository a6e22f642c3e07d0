/* SPDX-License-Identifier: MIT
 *
 * What the programs that play an engine have in common: data, a mask from planedrop_mask,
 * and dropout by a plain loop over it. A check that fails ends the program.
 */
#ifndef CHECK_H
#define CHECK_H

#include <planedrop/planedrop.h>
#include <stdio.h>
#include <stdlib.h>

static inline void check(int holds, const char *what) {
    if (!holds) {
        fprintf(stderr, "FAILED: %s\n", what);
        exit(EXIT_FAILURE);
    }
}

void check_equal(const void *got, const void *want, size_t bytes, const char *what);

/* Values of which none is 0. */
void fill(float *x, size_t count);

/* The multipliers of desc's mask; checks that it drops some and keeps some. */
void draw(float *multipliers, const planedrop_desc *desc, planedrop_rng rng);

/* y = x * multiplier, or y += where it is not 0; `each` elements in a row share a multiplier. */
void drop_by_hand(float *y, const float *x, const float *multipliers, size_t count, size_t each);
void add_by_hand(float *y, const float *x, const float *multipliers, size_t count, size_t each);

/* Calls task(context, i) for i < tasks on as many threads, and waits for them. */
void run_threads(size_t tasks, void (*task)(void *context, size_t i), void *context);

#endif
