/* SPDX-License-Identifier: MIT
 *
 * The mask itself: as bits, and as one factor a draw. Draws come in the row-major order of this
 * tensor's noise shape, which need not be the order in which a view walks its elements.
 */
#include "gaussian.h"
#include "plan.h"
#include "source.h"

#include <string.h>

/* A run of draws that follow each other in the tensor's mask and are `step` apart in the whole's.
 */
struct run {
    uint64_t at, step;
    size_t count;
};

/* The run that starts with this tensor's draw `first`. */
static struct run run_from(const struct pd_view *view, uint64_t first, size_t most) {
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
    run.count = count < most ? (size_t)count : most;
    return run;
}

planedrop_status planedrop_mask(const planedrop_plan *plan, planedrop_rng rng, uint32_t *keep) {
    const struct pd_plan *p = pd_plan_of(plan);
    if (p == NULL || (keep == NULL && p->view.draws > 0)) {
        return PLANEDROP_ERR_NULL;
    }
    if (p->gaussian) {
        return PLANEDROP_ERR_UNSUPPORTED;
    }
    struct pd_source source;
    pd_source_init(&source, p, rng, NULL);
    struct run run;
    for (uint64_t i = 0; i < p->view.draws; i += run.count) {
        run = run_from(&p->view, i, PD_TILE_DRAWS);
        pd_append_bits(keep, (size_t)i, pd_source_bits(&source, run.at, run.step, run.count),
                       run.count);
    }
    return PLANEDROP_OK;
}

static void gaussian_multipliers(const struct pd_plan *plan, planedrop_rng rng,
                                 float *multipliers) {
    struct pd_gaussian gaussian;
    pd_gaussian_init(&gaussian, plan, rng);
    struct run run;
    for (uint64_t i = 0; i < plan->view.draws; i += run.count) {
        run = run_from(&plan->view, i, PD_TILE_FACTORS);
        memcpy(multipliers + i, pd_gaussian_factors(&gaussian, run.at, run.step, run.count),
               run.count * sizeof *multipliers);
    }
}

planedrop_status planedrop_multipliers(const planedrop_plan *plan, planedrop_rng rng,
                                       float *multipliers) {
    const struct pd_plan *p = pd_plan_of(plan);
    if (p == NULL || (multipliers == NULL && p->view.draws > 0)) {
        return PLANEDROP_ERR_NULL;
    }
    if (p->variance > 0) {
        gaussian_multipliers(p, rng, multipliers);
        return PLANEDROP_OK;
    }
    const float factor[2] = {0, (float)p->scale}; /* no branch on what is random */
    struct pd_source source;
    pd_source_init(&source, p, rng, NULL);
    struct run run;
    for (uint64_t i = 0; i < p->view.draws; i += run.count) {
        run = run_from(&p->view, i, PD_TILE_DRAWS);
        const uint32_t *keep = pd_source_bits(&source, run.at, run.step, run.count);
        for (size_t j = 0; j < run.count; j++) {
            multipliers[i + j] = factor[keep[j / PD_WORD_BITS] >> j % PD_WORD_BITS & 1];
        }
    }
    return PLANEDROP_OK;
}
