/* SPDX-License-Identifier: MIT
 *
 * Data-parallel training by MPI, where the program is built with it; else there is one rank, and
 * nothing to add up.
 */
#ifndef ENGINE_RANKS_H
#define ENGINE_RANKS_H

#include "real.h"

typedef struct ranks {
    int rank, count;
} ranks;

ranks ranks_begin(int *argc, char ***argv);
void ranks_end(void);

/* Each element becomes its sum over the ranks. */
void ranks_add_reals(real *values, size_t count);
void ranks_add(double *values, size_t count);

#endif
