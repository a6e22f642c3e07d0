/* SPDX-License-Identifier: MIT
 *
 * Taking single tricks out of a plan, to see what each brings alone. The decisions about speed all
 * stand in the plan, and none of them changes a result: they can be overruled where it is made.
 */
#ifndef PLANEDROP_BENCH_ABLATION_H
#define PLANEDROP_BENCH_ABLATION_H

#include "planedrop/planedrop.h"

#ifdef __cplusplus
extern "C" {
#endif

enum bench_trick {
    BENCH_STREAMING,     /* y is written past the cache */
    BENCH_SKIPPING,      /* dropped planes are not read */
    BENCH_FAR_PREFETCH,  /* the kept planes are asked for long before they are read */
    BENCH_NEAR_PREFETCH, /* and once more shortly before */
    BENCH_PREFETCH,      /* both */
    BENCH_READING_ALL,   /* small planes are read whether kept or not */
    BENCH_TRICKS
};

const char *bench_trick_name(enum bench_trick trick);

/* Has the plan do without the trick. Returns 0, and leaves it alone, if it does not use it or
 * cannot do without. */
int bench_without(planedrop_plan *plan, enum bench_trick trick);

#ifdef __cplusplus
}
#endif

#endif
