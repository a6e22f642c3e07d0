/* SPDX-License-Identifier: MIT
 *
 * The switches of ablation.h: the only file of the suite that reads the inside of a plan.
 */
#include "ablation.h"

#include "plan.h"

#include <string.h>

int bench_without(planedrop_plan *plan, const char *trick) {
    struct pd_plan *p = (void *)plan;
    struct pd_path *path = &p->path[0];
    const int planes = p->view.inner.draw == 0, skips = planes && !path->planes_as_rows;
    if (strcmp(trick, "nt-stores") == 0 && path->stream_dropped) {
        path->stream_kept = path->stream_dropped = 0;
    } else if (strcmp(trick, "skipping") == 0 && skips) {
        path->planes_as_rows = 1;
    } else if (strstr(trick, "prefetch") != NULL && skips && path->ahead) {
        path->far_lines = strcmp(trick, "l1-prefetch") == 0 ? path->far_lines : 0;
        path->near_lines = strcmp(trick, "l2-prefetch") == 0 ? path->near_lines : 0;
    } else if (strcmp(trick, "reading-all") == 0 && planes && path->planes_as_rows) {
        path->planes_as_rows = 0; /* small planes are skipped as large ones are */
        path->ahead = path->stream_dropped;
    } else {
        return 0;
    }
    return 1;
}
