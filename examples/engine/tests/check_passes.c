/* SPDX-License-Identifier: MIT
 *
 * Monte-Carlo dropout: passes that share one call with a zero x stride have the bits of the same
 * passes over as many copies of the images; and they differ from each other. Steps and layers draw
 * masks of their own.
 */
#include "net.h"
#include "random.h"

#include <stdio.h>
#include <string.h>

enum { IMAGES = 3, PASSES = 7, PIXELS = 64, LOGITS = IMAGES * PASSES * CLASSES };

static int check(pool *p, const dropout_kind *kind) {
    static real images[IMAGES * PIXELS], copies[PASSES * IMAGES * PIXELS], shared[LOGITS];
    const batch b = {IMAGES * PASSES, 0, IMAGES * PASSES, 1, {9, 120}};
    uint64_t state = 1;
    net n;
    if (net_init(&n, p, (shape){1, 8, 8}, kind, 1) != PLANEDROP_OK) {
        return 0;
    }
    for (int i = 0; i < IMAGES * PIXELS; i++) {
        images[i] = (real)random_symmetric(&state);
    }
    for (int k = 0; k < PASSES; k++) {
        memcpy(copies + k * IMAGES * PIXELS, images, sizeof images);
    }
    net_forward_passes(&n, images, &b, PASSES);
    memcpy(shared, net_output(&n), sizeof shared);
    net_forward(&n, copies, &b);
    const int same = memcmp(shared, net_output(&n), sizeof shared) == 0;
    const int vary = memcmp(shared, shared + IMAGES * CLASSES, sizeof *shared * CLASSES) != 0;
    printf("%s: passes %s copies, %s each other\n", kind->name, same ? "equal" : "DIFFER FROM",
           vary ? "differ from" : "EQUAL");
    net_free(&n);
    return same && vary;
}

/* A step's masks are those of no other: layer i adds i to the offset. */
static int steps_are_apart(void) {
    const net n = {.seed = 7};
    const planedrop_rng first = net_rng(&n, 0), second = net_rng(&n, 1);
    return first.seed == 7 && second.seed == 7 && second.offset - first.offset >= NET_LAYERS;
}

/* Nor are a layer's those of another in the same step. */
static int layers_are_apart(void) {
    static real x[IMAGES * PIXELS], y[2][IMAGES * PIXELS];
    const batch b = {IMAGES, 0, IMAGES, 1, {9, 120}};
    layer l = layer_dropout((shape){1, 8, 8}, 0.5, 0, PLANEDROP_BERNOULLI);
    for (int i = 0; i < IMAGES * PIXELS; i++) {
        x[i] = 1;
    }
    l.x = x;
    for (l.number = 0; l.number < 2; l.number++) {
        l.y = y[l.number];
        for (int part = 0; part < PARTS; part++) {
            l.forward(&l, &b, part);
        }
    }
    return memcmp(y[0], y[1], sizeof y[0]) != 0;
}

int main(void) {
    const dropout_kind spatial = {"spatial", 0.25, 0, 1, PLANEDROP_BERNOULLI};
    const dropout_kind ordinary = {"ordinary", 0.25, 0.5, 0, PLANEDROP_BERNOULLI};
    pool *p = pool_new(2);
    const int apart = steps_are_apart() && layers_are_apart();
    const int right = p != NULL && check(p, &spatial) + check(p, &ordinary) == 2 && apart;
    printf("masks of steps and layers: %s\n", apart ? "apart" : "THE SAME");
    if (p != NULL) {
        pool_free(p);
    }
    return !right;
}
