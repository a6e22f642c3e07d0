/* SPDX-License-Identifier: MIT
 *
 * Fashion-MNIST and whatever else comes in its form: gzipped IDX files of grey images and labels.
 */
#ifndef ENGINE_DATA_H
#define ENGINE_DATA_H

#include "layers.h"

typedef struct dataset {
    int count;
    shape image;
    real *images;          /* count x height x width, 0 (black) to 1 */
    unsigned char *labels; /* 0 to 9 */
} dataset;

/* Reads the first `count` images and labels (all, where there are fewer) of
 * folder/<name>-images-idx3-ubyte.gz and folder/<name>-labels-idx1-ubyte.gz. Ends the program with
 * a message where they cannot be read, or have not the size of `like`'s (if that is not NULL). */
dataset data_read(const char *folder, const char *name, int count, const dataset *like);
void data_free(dataset *data);

#endif
