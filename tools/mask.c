/* SPDX-License-Identifier: MIT
 *
 * planedrop mask: the mask alone, as text or as a .npy file of bool, a window of draws at a time.
 */
#include "arguments.h"
#include "commands.h"
#include "npy.h"
#include "output.h"

#include <stdio.h>

struct task {
    struct npy npy; /* its shape, and bool */
    double rate;
    planedrop_rng rng;
    planedrop_plan plan;
    const char *isa, *out; /* NULL: the library chooses; text on standard output */
    uint64_t column;       /* of the text */
};

enum { WINDOW_DRAWS = 1 << 16 };

static int read_arguments(int argc, char **argv, struct task *t) {
    struct option options[] = {
        {"--shape", read_shape, &t->npy.shape, 1}, {"--rate", read_double, &t->rate, 1},
        {"--seed", read_u64, &t->rng.seed, 1},     {"--offset", read_u64, &t->rng.offset, 0},
        {"--isa", read_text, &t->isa, 0},          {"--out", read_text, &t->out, 0},
    };
    return arguments_read(argc, argv, options, sizeof options / sizeof options[0], NULL, 0);
}

/* Draws are numbered in C order, so the mask of any shape is a row. */
static int plan(struct task *t) {
    const planedrop_desc desc =
        planedrop_desc_elementwise(PLANEDROP_F32, npy_shape_elements(&t->npy.shape), t->rate);
    const planedrop_status status = plan_for(t->isa, &t->plan, &desc);
    if (status != PLANEDROP_OK) {
        complain("mask: %s", planedrop_status_string(status));
    }
    return status == PLANEDROP_OK;
}

static int print(struct task *t, const unsigned char *bytes, size_t count) {
    const int ndim = t->npy.shape.ndim;
    const uint64_t row = ndim == 0 ? 1 : t->npy.shape.size[ndim - 1];
    for (size_t i = 0; i < count; i++) {
        putchar('0' + bytes[i]);
        t->column = (t->column + 1) % row;
        if (t->column == 0) {
            putchar('\n');
        }
    }
    return !ferror(stdout); /* main says why */
}

static int do_windows(struct task *t) {
    const uint64_t draws = planedrop_plan_draws(&t->plan);
    for (uint64_t first = 0; first < draws; first += WINDOW_DRAWS) {
        unsigned char bytes[WINDOW_DRAWS];
        const uint64_t left = draws - first;
        const size_t count = left < WINDOW_DRAWS ? (size_t)left : WINDOW_DRAWS;
        const planedrop_status status =
            planedrop_mask(&t->plan, t->rng, PLANEDROP_MASK_BYTES, first, count, bytes);
        if (status != PLANEDROP_OK) {
            complain("mask: %s", planedrop_status_string(status));
            return 0;
        }
        if (!(t->out == NULL ? print(t, bytes, count) : output_write(bytes, count))) {
            return 0;
        }
    }
    return 1;
}

static int write_file(struct task *t) {
    char header[NPY_HEADER_BYTES];
    const int done = output_open(t->out, npy_shape_elements(&t->npy.shape)) &&
                     output_write(header, npy_make_header(&t->npy, header)) && do_windows(t) &&
                     output_commit();
    output_discard();
    return done;
}

int command_mask(int argc, char **argv) {
    struct task task = {.npy.descr = "|b1"};
    if (!read_arguments(argc, argv, &task) || !plan(&task)) {
        return EXIT_REFUSED;
    }
    return (task.out == NULL ? do_windows(&task) : write_file(&task)) ? EXIT_DONE : EXIT_REFUSED;
}
