/* SPDX-License-Identifier: MIT
 *
 * Stands between the tool and planedrop_forward (ld --wrap) and spoils the first byte of y, on the
 * instruction set that BROKEN_ISA names, for masks of at least BROKEN_DRAWS draws: selftest must
 * see it.
 */
#include <planedrop/planedrop.h>
#include <stdlib.h>
#include <string.h>

planedrop_status __real_planedrop_forward(const planedrop_plan *plan, planedrop_rng rng,
                                          const void *x, void *y);
planedrop_status __wrap_planedrop_forward(const planedrop_plan *plan, planedrop_rng rng,
                                          const void *x, void *y);

planedrop_status __wrap_planedrop_forward(const planedrop_plan *plan, planedrop_rng rng,
                                          const void *x, void *y) {
    const planedrop_status status = __real_planedrop_forward(plan, rng, x, y);
    const char *isa = getenv("BROKEN_ISA"), *draws = getenv("BROKEN_DRAWS");
    if (isa != NULL && draws != NULL && strcmp(isa, planedrop_plan_isa(plan)) == 0 &&
        planedrop_plan_draws(plan) >= strtoull(draws, NULL, 10)) {
        *(unsigned char *)y ^= 1;
    }
    return status;
}
