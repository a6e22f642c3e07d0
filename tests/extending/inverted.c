/* SPDX-License-Identifier: MIT
 *
 * The law of docs/extending.md on every instruction set of this CPU, as rows and as planes.
 */
#include <math.h>
#include <planedrop/planedrop.h>
#include <stdio.h>

enum { PLANES = 40, SPATIAL = 100, ELEMENTS = PLANES * SPATIAL };

static int errors_of(planedrop_desc desc, const char *isa) {
    static float x[ELEMENTS], y[ELEMENTS], dx[ELEMENTS];
    static unsigned char keep[ELEMENTS];
    const planedrop_rng rng = {42, 7};
    planedrop_plan plan;
    int errors = 0;
    desc.law = PLANEDROP_INVERTED;
    for (int i = 0; i < ELEMENTS; i++)
        x[i] = (float)i;
    errors += planedrop_plan_init_isa(&plan, &desc, isa) != PLANEDROP_OK;
    errors += planedrop_mask_elements(&plan, rng, PLANEDROP_MASK_BYTES, 0, 1, keep) != PLANEDROP_OK;
    errors += planedrop_forward(&plan, rng, x, y) != PLANEDROP_OK;
    errors += planedrop_backward(&plan, rng, x, dx) != PLANEDROP_OK;
    for (int i = 0; i < ELEMENTS; i++) {
        errors += y[i] != (keep[i] ? 1 - x[i] : 0.5f);
        errors += dx[i] != (keep[i] ? -x[i] : 0);
        errors += !keep[i] && signbit(dx[i]) != 0;
    }
    return errors;
}

int main(void) {
    int errors = 0;
    for (size_t i = 0; i < planedrop_isa_count(); i++) {
        if (planedrop_isa_usable(i)) {
            const char *isa = planedrop_isa_name(i);
            errors += errors_of(planedrop_desc_elementwise(PLANEDROP_F32, ELEMENTS, 0.3), isa);
            errors += errors_of(planedrop_desc_nchw(PLANEDROP_F32, 1, PLANES, SPATIAL, 0.3), isa);
            printf("%s: %d errors so far\n", isa, errors);
        }
    }
    return errors != 0;
}
