/* SPDX-License-Identifier: MIT
 *
 * make_data FOLDER: a data set that a network learns in seconds, in the form of Fashion-MNIST. An
 * image of class c is noise with a bright bar in row 2 + 2c, at a random place.
 */
#include "random.h"

#include <stdio.h>
#include <sys/stat.h>
#include <zlib.h>

enum { SIDE = 28, BAR = 12 };

static gzFile create(const char *folder, const char *name, const unsigned char *header, int bytes) {
    char path[4096];
    snprintf(path, sizeof path, "%s/%s-ubyte.gz", folder, name);
    gzFile file = gzopen(path, "wb");
    return file != NULL && gzwrite(file, header, (unsigned)bytes) == bytes ? file : NULL;
}

static void draw(unsigned char image[SIDE][SIDE], int class, uint64_t *state) {
    for (int i = 0; i < SIDE * SIDE; i++) {
        image[i / SIDE][i % SIDE] = (unsigned char)(random_bits(state) % 100);
    }
    const int begin = (int)(random_bits(state) % (SIDE - BAR));
    for (int i = 0; i < BAR; i++) {
        image[2 + 2 * class][begin + i] = 255;
    }
}

static int make(const char *folder, const char *images, const char *labels, int count,
                uint64_t state) {
    const unsigned char high = (unsigned char)(count >> 8), low = (unsigned char)(count & 255);
    const unsigned char header3[16] = {0, 0, 8, 3, 0, 0, high, low, 0, 0, 0, SIDE, 0, 0, 0, SIDE};
    const unsigned char header1[8] = {0, 0, 8, 1, 0, 0, high, low};
    gzFile x = create(folder, images, header3, sizeof header3);
    gzFile y = create(folder, labels, header1, sizeof header1);
    int made = x != NULL && y != NULL;
    for (int i = 0; i < count && made; i++) {
        const int class = (int)(random_bits(&state) % 10);
        unsigned char image[SIDE][SIDE];
        draw(image, class, &state);
        made = gzwrite(x, image, sizeof image) == sizeof image && gzputc(y, class) == class;
    }
    return made && gzclose(x) == Z_OK && gzclose(y) == Z_OK;
}

int main(int argc, char **argv) {
    if (argc != 2) {
        return 2;
    }
    mkdir(argv[1], 0777);
    return !(make(argv[1], "train-images-idx3", "train-labels-idx1", 1000, 1) &&
             make(argv[1], "t10k-images-idx3", "t10k-labels-idx1", 300, 2));
}
