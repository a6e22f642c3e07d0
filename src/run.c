/* SPDX-License-Identifier: MIT
 *
 * The functions that do dropout: the checks that need the tensors at hand, and the wrappers.
 */
#include "walk.h"

static int aligned(const void *p, size_t bytes) { return (uintptr_t)p % bytes == 0; }

/* The caller's struct, as long as it is, as one of this version. */
static planedrop_status read_call(planedrop_call *call, const planedrop_call *from) {
    const unsigned char *bytes = (const unsigned char *)from;
    if (from->size < sizeof *call) {
        return PLANEDROP_ERR_VERSION;
    }
    for (size_t i = sizeof *call; i < from->size; i++) {
        if (bytes[i] != 0) { /* a field of a later version, and in use */
            return PLANEDROP_ERR_VERSION;
        }
    }
    *call = *from;
    return PLANEDROP_OK;
}

/* All that can be wrong with *call, but for tensors that overlap. */
static planedrop_status check_call(const struct pd_plan *plan, const planedrop_call *call) {
    if (call->direction != PLANEDROP_FORWARD && call->direction != PLANEDROP_BACKWARD) {
        return PLANEDROP_ERR_FORM;
    }
    if (call->part >= call->parts) {
        return PLANEDROP_ERR_PART;
    }
    if (call->direction == PLANEDROP_BACKWARD && !plan->view.input_distinct) {
        return PLANEDROP_ERR_BROADCAST;
    }
    if (call->keep != NULL) {
        if (call->keep_form != PLANEDROP_MASK_BITS && call->keep_form != PLANEDROP_MASK_BYTES) {
            return PLANEDROP_ERR_FORM;
        }
        if (!plan->op[0].has_bits) {
            return PLANEDROP_ERR_COMBINATION;
        }
        if (call->keep_form == PLANEDROP_MASK_BITS && !aligned(call->keep, sizeof(uint32_t))) {
            return PLANEDROP_ERR_ALIGN;
        }
    }
    if (plan->view.elements > 0) {
        if (call->input == NULL || call->output == NULL) {
            return PLANEDROP_ERR_NULL;
        }
        const size_t align = plan->elements->elem_align;
        if (!aligned(call->input, align) || !aligned(call->output, align)) {
            return PLANEDROP_ERR_ALIGN;
        }
    }
    return PLANEDROP_OK;
}

static planedrop_status run(const struct pd_plan *plan, const planedrop_call *call) {
    const planedrop_status status = check_call(plan, call);
    if (status != PLANEDROP_OK || plan->view.elements == 0) {
        return status;
    }
    const int backward = call->direction == PLANEDROP_BACKWARD;
    const int in_place = call->input == call->output;
    const struct pd_op *op = &plan->op[backward];
    struct pd_view swapped;
    struct pd_walk walk;
    walk.plan = plan;
    walk.view = &plan->view;
    walk.elements = plan->elements;
    walk.tile.op = op;
    walk.tile.policy = plan->policy[in_place];
    walk.tile.at[PD_IN] = (void *)(uintptr_t)call->input; /* never written */
    walk.tile.at[PD_OUT] = call->output;
    if (backward && !plan->view.same_strides) {
        swapped = plan->view;
        pd_view_swap(&swapped);
        walk.view = &swapped;
    }
    if (!pd_view_in_place_or_disjoint(walk.view, walk.tile.at, plan->elements->elem_bytes)) {
        return PLANEDROP_ERR_OVERLAP;
    }
    if (in_place && (op->form & PD_ACCUMULATE)) {
        return PLANEDROP_ERR_IN_PLACE;
    }
    /* Of a plan that keeps nothing the stream has no kept draw, as the caller's mask must have
     * none. */
    pd_draws_init(&walk.draws, plan, op, call->rng, op->keeps_nothing ? NULL : call->keep,
                  call->keep_form);
    pd_walk_run(&walk, call->part, call->parts);
    return PLANEDROP_OK;
}

planedrop_status planedrop_run(const planedrop_plan *plan, const planedrop_call *call) {
    const struct pd_plan *p = pd_plan_of(plan);
    planedrop_call read;
    if (call == NULL || p == NULL) {
        return call == NULL ? PLANEDROP_ERR_NULL : pd_plan_error(plan);
    }
    const planedrop_status status = read_call(&read, call);
    return status == PLANEDROP_OK ? run(p, &read) : status;
}

/* What the wrappers have in common. */
static planedrop_status run_simple(const planedrop_plan *plan, int32_t direction, planedrop_rng rng,
                                   const uint32_t *keep, size_t part, size_t parts,
                                   const void *input, void *output) {
    const struct pd_plan *p = pd_plan_of(plan);
    const planedrop_call call = {sizeof call, direction,          rng, part, parts, input, output,
                                 keep,        PLANEDROP_MASK_BITS};
    return p == NULL ? pd_plan_error(plan) : run(p, &call);
}

planedrop_status planedrop_forward(const planedrop_plan *plan, planedrop_rng rng, const void *x,
                                   void *y) {
    return run_simple(plan, PLANEDROP_FORWARD, rng, NULL, 0, 1, x, y);
}

planedrop_status planedrop_forward_part(const planedrop_plan *plan, planedrop_rng rng, size_t part,
                                        size_t parts, const void *x, void *y) {
    return run_simple(plan, PLANEDROP_FORWARD, rng, NULL, part, parts, x, y);
}

planedrop_status planedrop_backward(const planedrop_plan *plan, planedrop_rng rng, const void *dy,
                                    void *dx) {
    return run_simple(plan, PLANEDROP_BACKWARD, rng, NULL, 0, 1, dy, dx);
}

planedrop_status planedrop_backward_part(const planedrop_plan *plan, planedrop_rng rng, size_t part,
                                         size_t parts, const void *dy, void *dx) {
    return run_simple(plan, PLANEDROP_BACKWARD, rng, NULL, part, parts, dy, dx);
}

planedrop_status planedrop_apply_part(const planedrop_plan *plan, const uint32_t *keep, size_t part,
                                      size_t parts, const void *x, void *y) {
    const planedrop_rng unused = {0, 0};
    if (keep == NULL && planedrop_plan_draws(plan) > 0) {
        return PLANEDROP_ERR_NULL;
    }
    return run_simple(plan, PLANEDROP_FORWARD, unused, keep, part, parts, x, y);
}

planedrop_status planedrop_apply(const planedrop_plan *plan, const uint32_t *keep, const void *x,
                                 void *y) {
    return planedrop_apply_part(plan, keep, 0, 1, x, y);
}

planedrop_status planedrop_desc_forward(const planedrop_desc *desc, planedrop_rng rng,
                                        const void *x, void *y) {
    planedrop_plan plan;
    const planedrop_status status = planedrop_plan_init(&plan, desc);
    return status == PLANEDROP_OK ? planedrop_forward(&plan, rng, x, y) : status;
}
