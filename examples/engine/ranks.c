/* SPDX-License-Identifier: MIT */
#include "ranks.h"

#ifdef ENGINE_MPI

#include <mpi.h>

static const MPI_Comm all = MPI_COMM_WORLD;

ranks ranks_begin(int *argc, char ***argv) {
    ranks r;
    int provided; /* funneled: only the thread that calls this calls MPI */
    MPI_Init_thread(argc, argv, MPI_THREAD_FUNNELED, &provided);
    MPI_Comm_rank(all, &r.rank);
    MPI_Comm_size(all, &r.count);
    return r;
}

void ranks_end(void) { MPI_Finalize(); }

void ranks_add_reals(real *values, size_t count) {
    MPI_Allreduce(MPI_IN_PLACE, values, (int)count,
                  sizeof *values == sizeof(float) ? MPI_FLOAT : MPI_DOUBLE, MPI_SUM, all);
}

void ranks_add(double *values, size_t count) {
    MPI_Allreduce(MPI_IN_PLACE, values, (int)count, MPI_DOUBLE, MPI_SUM, all);
}

#else

ranks ranks_begin(int *argc, char ***argv) {
    (void)argc, (void)argv;
    return (ranks){0, 1};
}

void ranks_end(void) {}
void ranks_add_reals(real *values, size_t count) { (void)values, (void)count; }
void ranks_add(double *values, size_t count) { (void)values, (void)count; }

#endif
