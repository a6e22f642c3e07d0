/* SPDX-License-Identifier: MIT
 *
 * The switches of ablation.h: the only file of the suite that looks inside a plan.
 */
#include "ablation.h"

#include "plan.h"

const char *bench_trick_name(enum bench_trick trick) {
    static const char *const names[BENCH_TRICKS] = {"streaming",     "skipping", "far-prefetch",
                                                    "near-prefetch", "prefetch", "reading-all"};
    return names[trick];
}

static int without(struct pd_path *path, const struct pd_view *view, enum bench_trick trick) {
    const int planes = view->inner.draw == 0, skips = planes && !path->planes_as_rows;
    switch (trick) {
    case BENCH_STREAMING:
        if (!path->stream_dropped) {
            return 0;
        }
        path->stream_kept = path->stream_dropped = 0;
        return 1;
    case BENCH_SKIPPING: /* only planes that lie end to end and fit a tile can be rows */
        if (!skips || view->inner.x != 1 || view->inner.y != 1 ||
            view->mid.x != (ptrdiff_t)view->inner.n || view->mid.y != (ptrdiff_t)view->inner.n ||
            view->inner.n > PD_TILE_WORDS * PD_WORD_BITS) {
            return 0;
        }
        path->planes_as_rows = 1;
        return 1;
    case BENCH_FAR_PREFETCH:
    case BENCH_NEAR_PREFETCH:
    case BENCH_PREFETCH:
        if (!skips || !path->ahead) {
            return 0;
        }
        path->far_lines = trick == BENCH_NEAR_PREFETCH ? path->far_lines : 0;
        path->near_lines = trick == BENCH_FAR_PREFETCH ? path->near_lines : 0;
        return 1;
    default: /* then planes are skipped as large ones are */
        if (!planes || !path->planes_as_rows) {
            return 0;
        }
        path->planes_as_rows = 0;
        path->ahead = path->stream_dropped;
        return 1;
    }
}

int bench_without(planedrop_plan *plan, enum bench_trick trick) {
    struct pd_plan *p = (void *)plan;
    const int out_of_place = without(&p->path[0], &p->view, trick);
    without(&p->path[1], &p->view, trick);
    return out_of_place;
}
