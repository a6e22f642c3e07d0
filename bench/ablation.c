/* SPDX-License-Identifier: MIT
 *
 * The switches of ablation.h: the only file of the suite that reads the inside of a plan.
 */
#include "ablation.h"

#include "plan.h"

#include <string.h>

int bench_without(planedrop_plan *plan, const char *technique) {
    struct pd_plan *p = (void *)plan;
    struct pd_cache_policy *use = &p->policy[0];
    const int planes = p->view.inner.draw_stride == 0, skips = planes && !use->planes_as_rows;
    if (strcmp(technique, "nt-stores") == 0 && use->nt_dropped) {
        use->nt_kept = use->nt_dropped = 0;
    } else if (strcmp(technique, "skipping") == 0 && skips &&
               p->view.inner.n <= PD_TILE_WORDS * PD_CELL_BITS) {
        use->planes_as_rows = 1;
    } else if (strstr(technique, "prefetch") != NULL && skips && use->prefetch) {
        use->prefetch_l2_lines = strcmp(technique, "l1-prefetch") == 0 ? use->prefetch_l2_lines : 0;
        use->prefetch_l1_lines = strcmp(technique, "l2-prefetch") == 0 ? use->prefetch_l1_lines : 0;
    } else if (strcmp(technique, "reading-all") == 0 && planes && use->planes_as_rows) {
        use->planes_as_rows = 0; /* small planes are skipped as large ones are */
        use->prefetch = use->nt_dropped;
    } else {
        return 0;
    }
    return 1;
}
