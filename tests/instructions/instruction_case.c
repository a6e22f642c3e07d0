/* SPDX-License-Identifier: MIT
 *
 * One case of the instruction counts: instruction_case ISA CASE, or `list` for the names.
 * compare.sh runs it under callgrind, which collects only inside counted(), so starting the
 * program, filling the tensors and making the plan are free. Before that the case runs once:
 * symbols are then bound and the default instruction set is chosen, both of which happen once in a
 * process. Nothing depends on time or address: the seed is fixed, and x and y lie at fixed places
 * of one aligned block.
 */
#include "planedrop/planedrop.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EXIT_USAGE = 2, EXIT_SKIP = 77, ALIGNMENT = 4096 };

/* What a case calls. */
enum call { FORWARD, IN_PLACE, PLAN_INIT };

struct instruction_case {
    const char *name;
    enum call call;
    int repeats; /* enough for some millions of instructions, or a tenth of that if vectorised */
    unsigned flags;
    planedrop_desc desc;
};

struct job {
    const struct instruction_case *what;
    planedrop_desc desc;
    planedrop_plan plan;
    const float *x;
    float *y;
};

int counted(const struct job *job);

static int once(const struct job *job, uint64_t step) {
    const planedrop_rng rng = {2015, step};
    if (job->what->call == PLAN_INIT) {
        planedrop_plan plan;
        return planedrop_plan_init(&plan, &job->desc) == PLANEDROP_OK;
    }
    return planedrop_forward(&job->plan, rng, job->x, job->y) == PLANEDROP_OK;
}

/* All that callgrind collects. compare.sh knows the name; the compiler must not inline it away. */
__attribute__((noinline)) int counted(const struct job *job) {
    int good = 1;
    for (int i = 0; i < job->what->repeats; i++) {
        good &= once(job, (uint64_t)i);
    }
    return good;
}

static int run(struct job *job, const char *isa) {
    size_t elements = 1;
    job->desc = job->what->desc;
    job->desc.flags = job->what->flags;
    const planedrop_status status = planedrop_plan_init_isa(&job->plan, &job->desc, isa);
    if (status != PLANEDROP_OK) {
        fprintf(stderr, "%s: %s\n", isa, planedrop_status_string(status));
        return EXIT_FAILURE;
    }
    for (int a = 0; a < job->desc.ndim; a++) {
        elements *= job->desc.dims[a];
    }
    const size_t bytes = elements * sizeof(float);
    const size_t half_bytes = (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    char *block = aligned_alloc(ALIGNMENT, 2 * half_bytes);
    if (block == NULL) {
        fprintf(stderr, "%s: out of memory\n", job->what->name);
        return EXIT_FAILURE;
    }
    float *x = (void *)block;
    for (size_t i = 0; i < elements; i++) {
        x[i] = (float)((int)(i & 1023) - 512);
    }
    memset(block + half_bytes, 0, bytes);
    job->x = x;
    job->y = job->what->call == IN_PLACE ? x : (void *)(block + half_bytes);
    const int good = once(job, 0) && counted(job);
    free(block);
    if (!good) {
        fprintf(stderr, "%s: the library returned an error\n", job->what->name);
    }
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* 1 if this CPU, which may be valgrind's, has the instruction set, 0 if not, -1 if none is. */
static int usable(const char *isa) {
    for (size_t i = 0; i < planedrop_isa_count(); i++) {
        if (strcmp(planedrop_isa_name(i), isa) == 0) {
            return planedrop_isa_usable(i);
        }
    }
    return -1;
}

int main(int argc, char **argv) {
    const planedrop_dtype f32 = PLANEDROP_F32;
    const unsigned add = PLANEDROP_ACCUMULATE;
    /* In cache, but for the streaming ones, 32 MiB of x and y. valgrind's CPU has 8 MiB of L3. */
    const struct instruction_case cases[] = {
        {"nchw_49_0.5", FORWARD, 20, 0, planedrop_desc_nchw(f32, 8, 128, 49, 0.5)},
        {"nchw_49_0.1", FORWARD, 20, 0, planedrop_desc_nchw(f32, 8, 128, 49, 0.1)},
        {"nchw_196_0.5", FORWARD, 40, 0, planedrop_desc_nchw(f32, 4, 64, 196, 0.5)},
        {"nchw_196_0.1", FORWARD, 40, 0, planedrop_desc_nchw(f32, 4, 64, 196, 0.1)},
        {"nchw_784_0.5", FORWARD, 40, 0, planedrop_desc_nchw(f32, 1, 64, 784, 0.5)},
        {"nchw_784_0.1", FORWARD, 40, 0, planedrop_desc_nchw(f32, 1, 64, 784, 0.1)},
        {"nchw_3136_0.5", FORWARD, 40, 0, planedrop_desc_nchw(f32, 1, 16, 3136, 0.5)},
        {"nchw_3136_0.1", FORWARD, 40, 0, planedrop_desc_nchw(f32, 1, 16, 3136, 0.1)},
        {"nhwc_3", FORWARD, 20, 0, planedrop_desc_nhwc(f32, 4, 4096, 3, 0.5)},
        {"nhwc_64", FORWARD, 20, 0, planedrop_desc_nhwc(f32, 4, 196, 64, 0.5)},
        {"nhwc_256", FORWARD, 20, 0, planedrop_desc_nhwc(f32, 4, 49, 256, 0.5)},
        {"blocked_8", FORWARD, 20, 0, planedrop_desc_nchw_blocked(f32, 4, 64, 196, 8, 0.5)},
        {"elements_0.5", FORWARD, 10, 0, planedrop_desc_elementwise(f32, 50000, 0.5)},
        {"elements_0.1", FORWARD, 10, 0, planedrop_desc_elementwise(f32, 50000, 0.1)},
        {"accumulate_planes", FORWARD, 40, add, planedrop_desc_nchw(f32, 4, 64, 196, 0.5)},
        {"accumulate_rows", FORWARD, 20, add, planedrop_desc_nhwc(f32, 4, 196, 64, 0.5)},
        {"in_place", IN_PLACE, 40, 0, planedrop_desc_nchw(f32, 4, 64, 196, 0.5)},
        {"streaming_planes", FORWARD, 1, 0, planedrop_desc_drop_path(f32, 64, 65536, 0.9)},
        {"streaming_rows", FORWARD, 1, 0, planedrop_desc_nhwc(f32, 16, 1024, 256, 0.5)},
        {"plan_init", PLAN_INIT, 10000, 0, planedrop_desc_nchw(f32, 8, 64, 196, 0.5)},
        {"one_element", FORWARD, 10000, 0, planedrop_desc_nchw(f32, 1, 1, 1, 0.5)},
    };
    const size_t count = sizeof cases / sizeof cases[0];
    if (argc == 2 && strcmp(argv[1], "list") == 0) {
        for (size_t i = 0; i < count; i++) {
            puts(cases[i].name);
        }
        return EXIT_SUCCESS;
    }
    if (argc != 3 || usable(argv[1]) < 0) {
        fprintf(stderr, "usage: %s ISA CASE | list\n", argv[0]);
        return EXIT_USAGE;
    }
    if (!usable(argv[1])) {
        printf("SKIPPED: this CPU cannot run %s under valgrind\n", argv[1]);
        return EXIT_SKIP;
    }
    for (size_t i = 0; i < count; i++) {
        if (strcmp(cases[i].name, argv[2]) == 0) {
            struct job job = {.what = &cases[i]};
            return run(&job, argv[1]);
        }
    }
    fprintf(stderr, "%s: no such case\n", argv[2]);
    return EXIT_USAGE;
}
