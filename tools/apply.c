/* SPDX-License-Identifier: MIT
 *
 * planedrop apply: dropout of a .npy file. One window of the file is in memory at a time.
 */
#include "arguments.h"
#include "commands.h"
#include "dtypes.h"
#include "npy.h"
#include "output.h"
#include "windows.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

struct task {
    const char *files[2]; /* IN, OUT */
    struct npy_shape noise;
    planedrop_desc desc;
    planedrop_rng rng;
    const char *isa; /* NULL: the library chooses */
    int no_scale, bf16;
    FILE *in;
    struct npy npy;
    const struct dtype *dtype;
    struct windows windows;
};

enum { WINDOW_BYTES = 1 << 20 /* stays in L2 or near it between reading and writing */ };
static _Alignas(64) unsigned char window[WINDOW_BYTES];

static int read_arguments(int argc, char **argv, struct task *t) {
    struct option options[] = {
        {"--noise", read_shape, &t->noise, 1}, {"--rate", read_double, &t->desc.rate, 1},
        {"--seed", read_u64, &t->rng.seed, 1}, {"--offset", read_u64, &t->rng.offset, 0},
        {"--isa", read_text, &t->isa, 0},      {"--no-scale", NULL, &t->no_scale, 0},
        {"--bf16", NULL, &t->bf16, 0},
    };
    return arguments_read(argc, argv, options, sizeof options / sizeof options[0], t->files, 2);
}

static int complain_of_input(const struct task *t, const char *wrong) {
    output_discard(); /* before the line, for progress may stand in its place */
    complain("%s: %s", t->files[0], wrong);
    return 0;
}

static int find_dtype(struct task *t) {
    for (size_t i = 0; i < DTYPE_COUNT; i++) {
        const struct dtype *dtype = &DTYPES[i];
        if (strcmp(dtype->descr, t->npy.descr) == 0 &&
            (dtype->dtype == PLANEDROP_BF16) == (t->bf16 != 0)) {
            t->dtype = dtype;
            t->desc.dtype = (int32_t)dtype->dtype;
            return 1;
        }
    }
    complain("%s: its dtype is '%s', not %s", t->files[0], t->npy.descr,
             t->bf16 ? "'<u2', which --bf16 reads"
                     : "'<f2', '<f4' or '<f8' (or '<u2' with --bf16)");
    return 0;
}

static int cut(struct task *t) {
    char shape[NPY_TEXT_BYTES];
    if (windows_begin(&t->windows, &t->npy.shape, &t->noise, WINDOW_BYTES / t->dtype->bytes)) {
        return 1;
    }
    npy_shape_text(&t->npy.shape, shape);
    complain(
        "%s: --noise does not fit its shape %s: on each axis it is the array's size or 1, with "
        "at most %d runs of axes of one kind",
        t->files[0], shape, PLANEDROP_MAX_NDIM);
    return 0;
}

/* Everything that can be refused before there is any output. */
static int prepare(struct task *t) {
    const char *wrong = npy_read_header(t->in, &t->npy);
    if (wrong != NULL) {
        return complain_of_input(t, wrong);
    }
    if (!find_dtype(t) || !cut(t)) {
        return 0;
    }
    planedrop_plan plan;
    t->desc.flags = PLANEDROP_NO_NT_STORES | (t->no_scale ? PLANEDROP_NO_SCALE : 0);
    t->desc.ndim = 1; /* no elements: this checks all but the shape */
    t->desc.noise[0] = t->desc.dims[0] = 0;
    const planedrop_status status = plan_for(t->isa, &plan, &t->desc);
    if (status != PLANEDROP_OK) {
        complain("apply: %s", planedrop_status_string(status));
    }
    return status == PLANEDROP_OK;
}

/* Reads a window, drops in place, writes it. */
static int do_window(struct task *t, size_t bytes) {
    planedrop_plan plan;
    if (fread(window, 1, bytes, t->in) != bytes) {
        return complain_of_input(t, ferror(t->in) ? strerror(errno) : "its data is cut short");
    }
    planedrop_status status = plan_for(t->isa, &plan, &t->desc);
    if (status == PLANEDROP_OK) {
        status = planedrop_forward(&plan, t->rng, window, window);
    }
    if (status != PLANEDROP_OK) {
        return complain_of_input(t, planedrop_status_string(status));
    }
    return output_write(window, bytes);
}

static int do_windows(struct task *t) {
    char header[NPY_HEADER_BYTES];
    size_t elements;
    if (!output_write(header, npy_make_header(&t->npy, header))) {
        return 0;
    }
    while ((elements = windows_next(&t->windows, &t->desc)) > 0) {
        if (!do_window(t, elements * t->dtype->bytes)) {
            return 0;
        }
    }
    if (getc(t->in) != EOF) {
        return complain_of_input(t, "there are bytes after its data");
    }
    return 1;
}

static int run(struct task *t) {
    if (!prepare(t)) {
        return 0;
    }
    const uint64_t bytes = npy_shape_elements(&t->npy.shape) * t->dtype->bytes;
    if (!output_open(t->files[1], bytes)) {
        return 0;
    }
    return do_windows(t) && output_commit();
}

int command_apply(int argc, char **argv) {
    struct task task = {.desc = PLANEDROP_DESC_INIT};
    if (!read_arguments(argc, argv, &task)) {
        return EXIT_REFUSED;
    }
    task.in = fopen(task.files[0], "rb");
    if (task.in == NULL) {
        return complain("%s: %s", task.files[0], strerror(errno));
    }
    const int done = run(&task);
    fclose(task.in);
    return done ? EXIT_DONE : EXIT_REFUSED;
}
