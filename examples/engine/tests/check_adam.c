/* SPDX-License-Identifier: MIT
 *
 * Adam, in f64, against algorithm 1 of Kingma and Ba 2015, which corrects both moments one by one.
 */
#include "net.h"
#include "random.h"

#include <math.h>
#include <stdio.h>

enum { MOST = 30000, STEPS = 9 };

static double want[MOST], moment1[MOST], moment2[MOST];

/* Gradients of 0.5 to 1.5, of either sign: epsilon, which the two forms add in other places, makes
 * no difference that counts. */
static double gradient(uint64_t *state) {
    const double r = random_symmetric(state);
    return r < 0 ? r - 0.5 : r + 0.5;
}

int main(void) {
    const dropout_kind kind = {"none", 0, 0, 0, PLANEDROP_BERNOULLI};
    pool *p = pool_new(2);
    net n;
    if (p == NULL || net_init(&n, p, (shape){1, 8, 8}, &kind, 1) != PLANEDROP_OK ||
        n.parameter_count > MOST) {
        return 1;
    }
    uint64_t state = 1;
    size_t wrong = 0;
    for (size_t i = 0; i < n.parameter_count; i++) {
        want[i] = n.parameters[i];
    }
    for (int t = 1; t <= STEPS; t++) {
        for (size_t i = 0; i < n.parameter_count; i++) {
            const double g = n.gradients[i] = gradient(&state);
            moment1[i] = 0.9 * moment1[i] + 0.1 * g;
            moment2[i] = 0.999 * moment2[i] + 0.001 * g * g;
            const double corrected1 = moment1[i] / (1 - pow(0.9, t));
            const double corrected2 = moment2[i] / (1 - pow(0.999, t));
            want[i] -= 0.01 * corrected1 / (sqrt(corrected2) + 1e-8);
        }
        net_update(&n, 0.01);
        for (size_t i = 0; i < n.parameter_count; i++) {
            wrong += !(fabs(n.parameters[i] - want[i]) <= 1e-7);
        }
    }
    printf("%zu parameters, %d steps: %zu wrong\n", n.parameter_count, STEPS, wrong);
    net_free(&n);
    pool_free(p);
    return wrong > 0;
}
