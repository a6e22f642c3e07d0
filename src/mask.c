/* SPDX-License-Identifier: MIT
 *
 * The mask itself: as bits, and as one factor a draw. Draws come in the row-major order of this
 * tensor's noise shape, which need not be the order in which a view walks its elements.
 */
#include "plan.h"
#include "source.h"

/* A run of draws that follow each other in the tensor's mask and are `step` apart in the whole's.
 */
struct run {
    uint64_t at, step;
    size_t count;
};

/* The run that starts with this tensor's draw `first`. */
static struct run run_from(const struct pd_view *view, uint64_t first) {
    struct run run = {view->first_draw, 1, 0};
    uint64_t count = view->draws - first;
    if (view->is_whole) {
        run.at += first;
    } else {
        struct pd_axis axes[PD_VIEW_AXES];
        const int axis_count = pd_view_axes(view, axes);
        for (int a = 0; a < axis_count; a++) {
            if (axes[a].draw == 0) {
                continue;
            }
            const uint64_t index = first / axes[a].local % axes[a].n;
            run.at += index * axes[a].draw;
            if (axes[a].local == 1) {
                run.step = axes[a].draw;
                count = axes[a].n - index;
            }
        }
    }
    run.count = count < PD_TILE_DRAWS ? (size_t)count : PD_TILE_DRAWS;
    return run;
}

planedrop_status planedrop_mask(const planedrop_plan *plan, planedrop_rng rng, uint32_t *keep) {
    const struct pd_plan *p = pd_plan_of(plan);
    if (p == NULL || (keep == NULL && p->view.draws > 0)) {
        return PLANEDROP_ERR_NULL;
    }
    struct pd_source source;
    pd_source_init(&source, p, rng, NULL);
    struct run run;
    for (uint64_t i = 0; i < p->view.draws; i += run.count) {
        run = run_from(&p->view, i);
        pd_append_bits(keep, (size_t)i, pd_source_bits(&source, run.at, run.step, run.count),
                       run.count);
    }
    return PLANEDROP_OK;
}

planedrop_status planedrop_multipliers(const planedrop_plan *plan, planedrop_rng rng,
                                       float *multipliers) {
    const struct pd_plan *p = pd_plan_of(plan);
    if (p == NULL || (multipliers == NULL && p->view.draws > 0)) {
        return PLANEDROP_ERR_NULL;
    }
    const float factor[2] = {0, (float)p->scale}; /* no branch on what is random */
    struct pd_source source;
    pd_source_init(&source, p, rng, NULL);
    struct run run;
    for (uint64_t i = 0; i < p->view.draws; i += run.count) {
        run = run_from(&p->view, i);
        const uint32_t *keep = pd_source_bits(&source, run.at, run.step, run.count);
        for (size_t j = 0; j < run.count; j++) {
            multipliers[i + j] = factor[keep[j / PD_WORD_BITS] >> j % PD_WORD_BITS & 1];
        }
    }
    return PLANEDROP_OK;
}
