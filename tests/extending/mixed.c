/* SPDX-License-Identifier: MIT
 *
 * The stream of docs/extending.md on every instruction set of this CPU.
 */
#include <planedrop/planedrop.h>
#include <stdio.h>
#include <string.h>

enum { DRAWS = 10000 };

static int errors_of(const char *isa) {
    static unsigned char mixed[DRAWS], native[DRAWS];
    const planedrop_rng rng = {42, 7}, same = {42 ^ 7, 7};
    planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, DRAWS, 0.3);
    planedrop_plan plan;
    int errors = planedrop_plan_init_isa(&plan, &desc, isa) != PLANEDROP_OK;
    errors += planedrop_mask(&plan, same, PLANEDROP_MASK_BYTES, 0, DRAWS, native) != PLANEDROP_OK;
    desc.stream = PLANEDROP_STREAM_MIXED;
    errors += planedrop_plan_init_isa(&plan, &desc, isa) != PLANEDROP_OK;
    errors += planedrop_mask(&plan, rng, PLANEDROP_MASK_BYTES, 0, DRAWS, mixed) != PLANEDROP_OK;
    errors += memcmp(mixed, native, DRAWS) != 0;
    desc.law = PLANEDROP_GAUSSIAN; /* no normal numbers */
    return errors + (planedrop_plan_init_isa(&plan, &desc, isa) != PLANEDROP_ERR_COMBINATION);
}

int main(void) {
    int errors = 0;
    for (size_t i = 0; i < planedrop_isa_count(); i++) {
        if (planedrop_isa_usable(i)) {
            errors += errors_of(planedrop_isa_name(i));
            printf("%s: %d errors so far\n", planedrop_isa_name(i), errors);
        }
    }
    return errors != 0;
}
