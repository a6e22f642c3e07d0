/* SPDX-License-Identifier: MIT
 *
 * An IDX file: 0, 0, the type (8: bytes), the number of axes, each axis as a big-endian 32-bit
 * number, and the elements.
 */
#include "data.h"

#include <stdio.h>
#include <stdlib.h>
#include <zlib.h>

enum { BYTES = 8 };

static void stop(const char *path, const char *why) {
    fprintf(stderr, "%s: %s\n", path, why);
    exit(1);
}

static int read_number(gzFile file, const char *path) {
    unsigned char bytes[4];
    if (gzread(file, bytes, 4) != 4 || bytes[0] > 0x7f) {
        stop(path, "not an IDX file");
    }
    return bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

/* The elements of the first `count` entries; axes are the file's, the first at most `count`. */
static unsigned char *read_idx(const char *path, int count, int axis_count, int *axes) {
    gzFile file = gzopen(path, "rb");
    if (file == NULL) {
        stop(path, "cannot be opened (Debian: dataset-fashion-mnist; else --data FOLDER)");
    }
    if (read_number(file, path) != (BYTES << 8 | axis_count)) {
        stop(path, "not an IDX file of bytes with the expected axes");
    }
    size_t size = 1;
    for (int i = 0; i < axis_count; i++) {
        axes[i] = read_number(file, path);
        axes[i] = i == 0 && axes[i] > count ? count : axes[i];
        if (axes[i] < 1 || axes[i] > 1 << 20 || (size *= (size_t)axes[i]) > 1u << 30) {
            stop(path, "empty, or too large");
        }
    }
    unsigned char *bytes = malloc(size);
    if (bytes == NULL || gzread(file, bytes, (unsigned)size) != (int)size) {
        stop(path, "cannot be read to its end");
    }
    gzclose(file);
    return bytes;
}

dataset data_read(const char *folder, const char *name, int count, const dataset *like) {
    dataset data;
    char path[4096];
    int axes[3], labels;
    snprintf(path, sizeof path, "%s/%s-images-idx3-ubyte.gz", folder, name);
    unsigned char *bytes = read_idx(path, count, 3, axes);
    data.count = axes[0];
    data.image = (shape){1, axes[1], axes[2]};
    if (axes[1] % 4 != 0 || axes[2] % 4 != 0) {
        stop(path, "height and width must be multiples of 4");
    }
    if (like != NULL && (axes[1] != like->image.height || axes[2] != like->image.width)) {
        stop(path, "images of another size than those of the training");
    }
    const size_t size = (size_t)data.count * (size_t)shape_size(data.image);
    data.images = malloc(size * sizeof *data.images);
    if (data.images == NULL) {
        stop(path, "out of memory");
    }
    for (size_t i = 0; i < size; i++) {
        data.images[i] = bytes[i] / (real)255;
    }
    free(bytes);
    snprintf(path, sizeof path, "%s/%s-labels-idx1-ubyte.gz", folder, name);
    data.labels = read_idx(path, count, 1, &labels);
    if (labels != data.count) {
        stop(path, "not as many labels as images");
    }
    for (int i = 0; i < labels; i++) {
        if (data.labels[i] > 9) {
            stop(path, "a label above 9");
        }
    }
    return data;
}

void data_free(dataset *data) {
    free(data->images);
    free(data->labels);
}
