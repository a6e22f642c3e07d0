/* SPDX-License-Identifier: MIT
 *
 * The functions that do dropout: the checks that need the tensors, and the wrappers.
 */
#include "walk.h"

/* align is a power of 2. */
static int aligned(const void *p, size_t align) { return ((uintptr_t)p & (align - 1)) == 0; }

/* Whether this version knows all that the caller's struct says. */
static planedrop_status check_call(const planedrop_call *call) {
    const unsigned char *bytes = (const unsigned char *)call;
    if (call->size < sizeof *call || call->reserved != 0) {
        return PLANEDROP_ERR_VERSION;
    }
    for (size_t i = sizeof *call; i < call->size; i++) {
        if (bytes[i] != 0) { /* a field of a later version, in use */
            return PLANEDROP_ERR_VERSION;
        }
    }
    return call->direction == PLANEDROP_FORWARD || call->direction == PLANEDROP_BACKWARD
               ? PLANEDROP_OK
               : PLANEDROP_ERR_FORM;
}

static planedrop_status check_keep(const struct pd_plan *plan, const void *keep, int32_t form) {
    if (form != PLANEDROP_MASK_BITS && form != PLANEDROP_MASK_BYTES) {
        return PLANEDROP_ERR_FORM;
    }
    if (!plan->op[0].has_bits) {
        return PLANEDROP_ERR_COMBINATION;
    }
    return form == PLANEDROP_MASK_BYTES || aligned(keep, sizeof(uint32_t)) ? PLANEDROP_OK
                                                                           : PLANEDROP_ERR_ALIGN;
}

/* The parameters are the fields of a planedrop_call. (Not as a struct, which would be read right
 * after it was written: wider loads wait for the stores.) */
PD_INLINE planedrop_status run(const planedrop_plan *opaque, int32_t direction, planedrop_rng rng,
                               size_t part, size_t parts, const void *input, void *output,
                               const void *keep, int32_t keep_form) {
    const struct pd_plan *plan = pd_plan_of(opaque);
    const int backward = direction == PLANEDROP_BACKWARD, in_place = input == output;
    if (plan == NULL) {
        return pd_plan_error(opaque);
    }
    if (part >= parts) {
        return PLANEDROP_ERR_PART;
    }
    if (backward && !plan->view.input_distinct) {
        return PLANEDROP_ERR_BROADCAST;
    }
    if (keep != NULL) {
        const planedrop_status status = check_keep(plan, keep, keep_form);
        if (status != PLANEDROP_OK) {
            return status;
        }
    }
    if (plan->view.elements == 0) {
        return PLANEDROP_OK;
    }
    if (input == NULL || output == NULL) {
        return PLANEDROP_ERR_NULL;
    }
    const size_t align = plan->kernels->elem_align;
    if (!aligned(input, align) || !aligned(output, align)) {
        return PLANEDROP_ERR_ALIGN;
    }
    const struct pd_op *op = &plan->op[backward];
    struct pd_walk walk;
    walk.plan = plan;
    walk.kernels = plan->kernels;
    walk.tile.op = op;
    walk.tile.policy = plan->policy[in_place];
    walk.tile.at[PD_IN] = (void *)(uintptr_t)input; /* never written */
    walk.tile.at[PD_OUT] = output;
    walk.view_role[PD_IN] = backward ? PD_OUT : PD_IN;
    walk.view_role[PD_OUT] = backward ? PD_IN : PD_OUT;
    if (!pd_view_in_place_or_disjoint(&plan->view, backward ? output : input,
                                      backward ? input : output, plan->kernels->elem_bytes)) {
        return PLANEDROP_ERR_OVERLAP;
    }
    if (in_place && (op->form & PD_ACCUMULATE)) {
        return PLANEDROP_ERR_IN_PLACE;
    }
    /* A plan that keeps nothing ignores the caller's mask: its stream drops every draw. */
    pd_draws_init(&walk.draws, plan, op, rng, op->keeps_nothing ? NULL : keep, keep_form);
    pd_walk_run(&walk, part, parts);
    return PLANEDROP_OK;
}

planedrop_status planedrop_run(const planedrop_plan *plan, const planedrop_call *call) {
    const planedrop_status status = call == NULL ? PLANEDROP_ERR_NULL : check_call(call);
    return status != PLANEDROP_OK ? status
                                  : run(plan, call->direction, call->rng, call->part, call->parts,
                                        call->input, call->output, call->keep, call->keep_form);
}

planedrop_status planedrop_forward(const planedrop_plan *plan, planedrop_rng rng, const void *x,
                                   void *y) {
    return run(plan, PLANEDROP_FORWARD, rng, 0, 1, x, y, NULL, 0);
}

planedrop_status planedrop_forward_part(const planedrop_plan *plan, planedrop_rng rng, size_t part,
                                        size_t parts, const void *x, void *y) {
    return run(plan, PLANEDROP_FORWARD, rng, part, parts, x, y, NULL, 0);
}

planedrop_status planedrop_backward(const planedrop_plan *plan, planedrop_rng rng, const void *dy,
                                    void *dx) {
    return run(plan, PLANEDROP_BACKWARD, rng, 0, 1, dy, dx, NULL, 0);
}

planedrop_status planedrop_backward_part(const planedrop_plan *plan, planedrop_rng rng, size_t part,
                                         size_t parts, const void *dy, void *dx) {
    return run(plan, PLANEDROP_BACKWARD, rng, part, parts, dy, dx, NULL, 0);
}

planedrop_status planedrop_apply_part(const planedrop_plan *plan, const uint32_t *keep, size_t part,
                                      size_t parts, const void *x, void *y) {
    const planedrop_rng unused = {0, 0};
    const struct pd_plan *p = pd_plan_of(plan);
    if (keep == NULL && p != NULL && p->view.elements > 0) {
        return PLANEDROP_ERR_NULL;
    }
    return run(plan, PLANEDROP_FORWARD, unused, part, parts, x, y, keep, PLANEDROP_MASK_BITS);
}

planedrop_status planedrop_apply(const planedrop_plan *plan, const uint32_t *keep, const void *x,
                                 void *y) {
    return planedrop_apply_part(plan, keep, 0, 1, x, y);
}

planedrop_status planedrop_desc_forward(const planedrop_desc *desc, planedrop_rng rng,
                                        const void *x, void *y) {
    struct pd_plan plan; /* the part of a planedrop_plan that is used: it takes less stack */
    planedrop_plan *opaque = (planedrop_plan *)&plan;
    const planedrop_status status = planedrop_plan_init(opaque, desc);
    return status == PLANEDROP_OK ? planedrop_forward(opaque, rng, x, y) : status;
}
