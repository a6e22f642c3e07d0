/* SPDX-License-Identifier: MIT
 *
 * The promise to distributed engines: ranks that each hold part of a tensor, and say so with
 * `global_noise` and `window_start`, need no communication and together have the bytes of one
 * process. Each rank computes its share of the samples (data parallel) or of the channels (tensor
 * parallel) on an instruction set of its own; rank 0 gathers the shares and compares them with the
 * same call on the whole tensor.
 *
 *     samples    rank 0 | rank 1 | rank 2        channels    rank 0 | rank 1 | rank 2
 *                [#####]  [#####]  [#####]                    ##       ####     ######
 */
#include "dtype.h"
#include "random.h"

#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 7, C = 100, HW = 19, AXES = 3, MOST_BYTES = N * C * HW * DTYPE_MOST_BYTES };

static const planedrop_rng rng = {0x5eed, 3};
static int rank, ranks;

/* A layout, with its axis of samples and its axis of channels. */
struct layout {
    const char *name;
    planedrop_desc (*desc)(int32_t dtype);
    int axes[2];
};

static planedrop_desc nchw(int32_t dtype) { return planedrop_desc_nchw(dtype, N, C, HW, 0.3); }
static planedrop_desc nhwc(int32_t dtype) { return planedrop_desc_nhwc(dtype, N, HW, C, 0.3); }
static planedrop_desc elements(int32_t dtype) {
    planedrop_desc desc = nchw(dtype);
    desc.noise[2] = HW;
    return desc;
}

static const struct layout layouts[] = {
    {"nchw", nchw, {0, 1}}, {"nhwc", nhwc, {0, 2}}, {"elements", elements, {0, 1}}};

/* What one rank holds: [first, first + count) of an axis. */
struct share {
    int axis;
    size_t first, count;
};

/* Shares grow with the rank, so that hardly one begins at a multiple of anything; of 4 ranks the
 * first has no sample at all. */
static size_t share_begin(size_t length, int of) {
    return length * (size_t)of * (size_t)of / ((size_t)ranks * (size_t)ranks);
}

static struct share share_of(const planedrop_desc *whole, int axis, int of) {
    const size_t begin = share_begin(whole->dims[axis], of);
    const struct share share = {axis, begin, share_begin(whole->dims[axis], of + 1) - begin};
    return share;
}

static size_t elements_of(const planedrop_desc *desc) {
    return desc->dims[0] * desc->dims[1] * desc->dims[2];
}

/* The rank's own tensor, dense, as a window of the whole. */
static planedrop_desc window_of(const planedrop_desc *whole, struct share share) {
    planedrop_desc desc = *whole;
    for (int a = 0; a < AXES; a++) {
        desc.global_noise[a] = whole->noise[a];
    }
    desc.dims[share.axis] = desc.noise[share.axis] = share.count;
    desc.window_start[share.axis] = share.first;
    return desc;
}

/* Copies between a share of a whole tensor and the same packed. */
static void pack(const planedrop_desc *whole, struct share share, size_t elem_bytes,
                 unsigned char *all, unsigned char *packed, int unpack) {
    size_t outer = 1, inner = elem_bytes;
    for (int a = 0; a < AXES; a++) {
        *(a < share.axis ? &outer : &inner) *= a == share.axis ? 1 : whole->dims[a];
    }
    for (size_t i = 0; i < outer; i++, packed += share.count * inner) {
        unsigned char *part = all + (i * whole->dims[share.axis] + share.first) * inner;
        memcpy(unpack ? part : packed, unpack ? packed : part, share.count * inner);
    }
}

static void stop_unless(int condition, const char *what) {
    if (!condition) {
        fprintf(stderr, "rank %d of %d: %s\n", rank, ranks, what);
        MPI_Abort(MPI_COMM_WORLD, 1);
        abort();
    }
}

static void run(const planedrop_desc *desc, const char *isa, void *x, void *y) {
    planedrop_plan plan;
    planedrop_status status = planedrop_plan_init_isa(&plan, desc, isa);
    stop_unless(status == PLANEDROP_OK, planedrop_status_string(status));
    status = planedrop_forward(&plan, rng, x, y);
    stop_unless(status == PLANEDROP_OK, planedrop_status_string(status));
}

/* The i-th instruction set that can run here, from the best on and around. */
static const char *usable_isa(int i) {
    for (size_t isa = 0;; isa = isa + 1 < planedrop_isa_count() ? isa + 1 : 0) {
        if (planedrop_isa_usable(isa) && i-- == 0) {
            return planedrop_isa_name(isa);
        }
    }
}

/* Brings the ranks' shares of y together at rank 0. */
static void gather(const planedrop_desc *whole, int axis, size_t elem_bytes, unsigned char *mine,
                   unsigned char *y) {
    static unsigned char packed[MOST_BYTES];
    int *counts = malloc(2 * (size_t)ranks * sizeof *counts), *begins = counts + ranks;
    int end = 0;
    for (int r = 0; r < ranks; r++) {
        const planedrop_desc part = window_of(whole, share_of(whole, axis, r));
        begins[r] = end;
        counts[r] = (int)(elements_of(&part) * elem_bytes);
        end += counts[r];
    }
    MPI_Gatherv(mine, counts[rank], MPI_BYTE, packed, counts, begins, MPI_BYTE, 0, MPI_COMM_WORLD);
    for (int r = 0; r < ranks && rank == 0; r++) {
        pack(whole, share_of(whole, axis, r), elem_bytes, y, packed + begins[r], 1);
    }
    free(counts);
}

static void check(int32_t dtype, const struct layout *layout, int tensor_parallel, uint32_t flags) {
    static unsigned char x[MOST_BYTES], y[MOST_BYTES], want[MOST_BYTES];
    static unsigned char my_x[MOST_BYTES], my_y[MOST_BYTES];
    struct random random = {1}; /* the same data on every rank */
    planedrop_desc whole = layout->desc(dtype);
    const int axis = layout->axes[tensor_parallel];
    whole.flags = flags;
    const size_t elements = elements_of(&whole), elem_bytes = dtype_bytes(dtype);
    const size_t bytes = elements * elem_bytes;
    random_elements(&random, dtype, x, elements);
    random_elements(&random, dtype, want, elements);

    const struct share share = share_of(&whole, axis, rank);
    const planedrop_desc mine = window_of(&whole, share);
    pack(&whole, share, elem_bytes, x, my_x, 0);
    pack(&whole, share, elem_bytes, want, my_y, 0);
    run(&mine, usable_isa(rank), my_x, my_y);
    memset(y, 0x77, bytes);
    gather(&whole, axis, elem_bytes, my_y, y);
    if (rank == 0) {
        run(&whole, usable_isa(ranks), x, want);
        for (size_t i = 0; i < bytes; i++) {
            if (y[i] != want[i]) {
                fprintf(stderr, "%s %s, split on axis %d, flags %u: element %zu differs\n",
                        dtype_format(dtype)->name, layout->name, axis, flags, i / elem_bytes);
                stop_unless(0, "ranks and single process differ");
            }
        }
    }
}

int main(int argc, char **argv) {
    MPI_Init(&argc, &argv);
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &ranks);
    stop_unless(argc == 2 && atoi(argv[1]) == ranks, "not started as the ranks of one job");
    int compared = 0;
    for (int32_t dtype = 0; dtype <= PLANEDROP_F64; dtype++) {
        for (size_t i = 0; i < sizeof layouts / sizeof layouts[0]; i++, compared += 4) {
            for (int tensor_parallel = 0; tensor_parallel < 2; tensor_parallel++) {
                check(dtype, &layouts[i], tensor_parallel, 0);
                check(dtype, &layouts[i], tensor_parallel, PLANEDROP_ACCUMULATE);
            }
        }
    }
    printf("rank %d of %d on %s: %d tensors\n", rank, ranks, usable_isa(rank), compared);
    stop_unless(compared > 0, "nothing was compared");
    MPI_Finalize();
    return 0;
}
