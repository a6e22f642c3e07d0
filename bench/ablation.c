/* SPDX-License-Identifier: MIT
 *
 * The switches of ablation.h: the only file of the suite that reads the inside of a plan.
 */
#include "ablation.h"

#include "plan.h"

#include <string.h>

int bench_without(planedrop_plan *plan, const char *trick) {
    struct pd_plan *p = (void *)plan;
    struct pd_cache_policy *use = &p->policy[0];
    const int planes = p->view.inner.draw_stride == 0, skips = planes && !use->planes_as_rows;
    if (strcmp(trick, "nt-stores") == 0 && use->nt_dropped) {
        use->nt_kept = use->nt_dropped = 0;
    } else if (strcmp(trick, "skipping") == 0 && skips) {
        use->planes_as_rows = 1;
    } else if (strstr(trick, "prefetch") != NULL && skips && use->prefetch) {
        use->prefetch_l2_lines = strcmp(trick, "l1-prefetch") == 0 ? use->prefetch_l2_lines : 0;
        use->prefetch_l1_lines = strcmp(trick, "l2-prefetch") == 0 ? use->prefetch_l1_lines : 0;
    } else if (strcmp(trick, "reading-all") == 0 && planes && use->planes_as_rows) {
        use->planes_as_rows = 0; /* small planes are skipped as large ones are */
        use->prefetch = use->nt_dropped;
    } else {
        return 0;
    }
    return 1;
}
