/* SPDX-License-Identifier: MIT
 *
 * Plans without single tricks, to see what each brings. No trick changes a result.
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

/* Makes the plan, of planes that lie end to end and are short enough to be done as rows, do without
 * the trick when it is run out of place. Returns 0 if the plan does not use it. */
int bench_without(planedrop_plan *plan, const char *trick);

#ifdef __cplusplus
}
#endif

#endif
