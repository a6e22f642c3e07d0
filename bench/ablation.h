/* SPDX-License-Identifier: MIT
 *
 * Plans without single techniques, to see what each brings. No technique changes a result.
 *
 *     nt-stores      y is written past the cache
 *     skipping       dropped planes are not read
 *     l2-prefetch    the kept planes are prefetched into L2, far ahead
 *     l1-prefetch    and into L1, shortly before they are read
 *     prefetch       both
 *     reading-all    small planes are read whether kept or not
 */
#ifndef PLANEDROP_BENCH_ABLATION_H
#define PLANEDROP_BENCH_ABLATION_H

#include "planedrop/planedrop.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Makes the plan, of the Bernoulli law and of planes that lie end to end, do without the technique
 * when it is run out of place. Returns 0 if it does not use it, or cannot do without. */
int bench_without(planedrop_plan *plan, const char *technique);

#ifdef __cplusplus
}
#endif

#endif
