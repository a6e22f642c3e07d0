/* SPDX-License-Identifier: MIT
 *
 * The functions that do dropout: what can only be checked with the data at hand, and which share of
 * the elements a call does.
 */
#include "walk.h"

/* The first element of a share: shares are nearly equal and begin at multiples of a grain, so that
 * they do not draw words twice or, where y is dense and aligned, meet in a cache line. */
static size_t share_begin(size_t elements, size_t part, size_t parts) {
    if (part == parts) {
        return elements;
    }
    const size_t grain = 512, grains = elements / grain + (elements % grain != 0);
    const size_t each = grains / parts, extra = grains % parts;
    const size_t begin = (part * each + (part < extra ? part : extra)) * grain;
    return begin < elements ? begin : elements;
}

static planedrop_status run(const planedrop_plan *plan, planedrop_rng rng, const uint32_t *keep,
                            size_t part, size_t parts, const void *x, void *y) {
    const struct pd_plan *p = pd_plan_of(plan);
    if (p == NULL) {
        return PLANEDROP_ERR_NULL;
    }
    if (part >= parts) {
        return PLANEDROP_ERR_PART;
    }
    if (p->view.elements == 0) {
        return PLANEDROP_OK;
    }
    if (x == NULL || y == NULL) {
        return PLANEDROP_ERR_NULL;
    }
    if (!pd_view_separate(&p->view, x, y, p->kernels->elem_bytes)) {
        return PLANEDROP_ERR_OVERLAP;
    }
    const size_t begin = part == 0 ? 0 : share_begin(p->view.elements, part, parts);
    const size_t end = share_begin(p->view.elements, part + 1, parts);
    if (begin < end) {
        pd_walk(p, rng, keep, begin, end, x, y);
    }
    return PLANEDROP_OK;
}

planedrop_status planedrop_forward(const planedrop_plan *plan, planedrop_rng rng, const void *x,
                                   void *y) {
    return run(plan, rng, NULL, 0, 1, x, y);
}

planedrop_status planedrop_forward_part(const planedrop_plan *plan, planedrop_rng rng, size_t part,
                                        size_t parts, const void *x, void *y) {
    return run(plan, rng, NULL, part, parts, x, y);
}

planedrop_status planedrop_backward(const planedrop_plan *plan, planedrop_rng rng, const void *dy,
                                    void *dx) {
    return run(plan, rng, NULL, 0, 1, dy, dx);
}

planedrop_status planedrop_backward_part(const planedrop_plan *plan, planedrop_rng rng, size_t part,
                                         size_t parts, const void *dy, void *dx) {
    return run(plan, rng, NULL, part, parts, dy, dx);
}

planedrop_status planedrop_once(const planedrop_desc *desc, planedrop_rng rng, const void *x,
                                void *y) {
    planedrop_plan plan;
    const planedrop_status status = planedrop_plan_init(&plan, desc);
    return status == PLANEDROP_OK ? planedrop_forward(&plan, rng, x, y) : status;
}

planedrop_status planedrop_apply_part(const planedrop_plan *plan, const uint32_t *keep, size_t part,
                                      size_t parts, const void *x, void *y) {
    const planedrop_rng unused = {0, 0};
    const struct pd_plan *p = pd_plan_of(plan);
    if (keep == NULL && p != NULL && p->view.elements > 0) {
        return PLANEDROP_ERR_NULL;
    }
    if (p != NULL && p->gaussian) {
        return PLANEDROP_ERR_UNSUPPORTED;
    }
    /* The stream of a plan that drops all is all zeros, as the mask must be. */
    return run(plan, unused, p != NULL && p->drops_all ? NULL : keep, part, parts, x, y);
}

planedrop_status planedrop_apply(const planedrop_plan *plan, const uint32_t *keep, const void *x,
                                 void *y) {
    return planedrop_apply_part(plan, keep, 0, 1, x, y);
}
