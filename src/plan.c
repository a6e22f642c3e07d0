/* SPDX-License-Identifier: MIT
 *
 * From a descriptor to a plan: every check that needs no data, and what the calls read.
 */
#include "plan.h"
#include "dispatch.h"
#include "policy.h"

#include <assert.h>

static_assert(sizeof(struct pd_plan) <= sizeof(planedrop_plan), "a plan must fit its opaque form");

/* A part with fewer bytes of output is done before another thread has started. */
enum { PART_BYTES = 1 << 16 };

static int reserved_is_zero(const planedrop_desc *desc) {
    uint64_t any = 0;
    for (size_t i = 0; i < sizeof desc->reserved / sizeof desc->reserved[0]; i++) {
        any |= desc->reserved[i];
    }
    return any == 0;
}

/* Whether a backend can generate an op's draws from a stream. */
static planedrop_status check_generator(const struct pd_backend *backend,
                                        const struct pd_stream *stream, const struct pd_op *op) {
    const unsigned id = stream->generator[op->has_bits ? PD_BITS : PD_FACTORS];
    if (id == PD_GENERATORS || stream->generator[op->kind] == PD_GENERATORS) {
        return PLANEDROP_ERR_COMBINATION;
    }
    return backend->generators[id].fill == NULL ? PLANEDROP_ERR_UNSUPPORTED : PLANEDROP_OK;
}

/* Sets everything that depends on the rate. The rest of *plan is set. */
static planedrop_status set_rate(struct pd_plan *plan, double rate) {
    for (int backward = 0; backward < 2; backward++) {
        const struct pd_law_input input = {rate, plan->flags, backward};
        const planedrop_status status = pd_law_make_op(plan->law, &input, &plan->op[backward]);
        if (status != PLANEDROP_OK) {
            return status;
        }
    }
    const planedrop_status status = check_generator(plan->backend, plan->stream, &plan->op[0]);
    if (status != PLANEDROP_OK) {
        return status;
    }
    const unsigned generator = plan->stream->generator[plan->op[0].kind];
    plan->generator = &plan->backend->generators[generator];
    plan->few_generator = &pd_backend_last()->generators[generator];
    plan->key.threshold = plan->stream->threshold(rate);
    plan->key.variance = plan->op[0].variance;
    struct pd_policy_input input = {&plan->view,
                                    &plan->op[0],
                                    plan->kernels->elem_bytes,
                                    plan->kernels->lanes,
                                    planedrop_cpu_cache_bytes(),
                                    rate,
                                    0,
                                    (plan->flags & PLANEDROP_NO_NT_STORES) != 0,
                                    plan->backend->has_nt_stores};
    plan->policy[0] = pd_policy_choose(&input);
    input.in_place = 1;
    plan->policy[1] = pd_policy_choose(&input);
    return PLANEDROP_OK;
}

/* Checks *desc and fills *plan. */
static planedrop_status compile(struct pd_plan *plan, const planedrop_desc *desc,
                                const struct pd_backend *backend) {
    const uint32_t known_flags = PLANEDROP_NO_SCALE | PLANEDROP_ACCUMULATE |
                                 PLANEDROP_NO_NT_STORES | PLANEDROP_X_STRIDED | PLANEDROP_Y_STRIDED;
    if (desc->size != sizeof *desc || !reserved_is_zero(desc)) {
        return PLANEDROP_ERR_VERSION;
    }
    if (backend == NULL) {
        return PLANEDROP_ERR_ISA;
    }
    if (desc->dtype < 0 || desc->dtype >= PD_DTYPES) {
        return PLANEDROP_ERR_DTYPE;
    }
    plan->stream = pd_stream_of(desc->stream);
    if (plan->stream == NULL) {
        return PLANEDROP_ERR_STREAM;
    }
    if (desc->flags & ~known_flags) {
        return PLANEDROP_ERR_FLAGS;
    }
    plan->magic = PD_PLAN_MAGIC;
    plan->backend = backend;
    plan->kernels = backend->kernels[desc->dtype];
    plan->law = desc->law;
    plan->flags = desc->flags;
    plan->key.fma = pd_cpu_has_fma();
    const planedrop_status status = pd_view_make(&plan->view, desc, plan->kernels->elem_bytes);
    return status == PLANEDROP_OK ? set_rate(plan, desc->rate) : status;
}

planedrop_status planedrop_plan_init(planedrop_plan *plan, const planedrop_desc *desc) {
    struct pd_plan compiled;
    if (plan == NULL || desc == NULL) {
        return PLANEDROP_ERR_NULL;
    }
    const planedrop_status status = compile(&compiled, desc, pd_backend_default());
    if (status == PLANEDROP_OK) {
        *(struct pd_plan *)plan = compiled;
        pd_backend_keep_default(compiled.backend);
    }
    return status;
}

planedrop_status planedrop_plan_init_isa(planedrop_plan *plan, const planedrop_desc *desc,
                                         const char *isa) {
    struct pd_plan compiled;
    if (plan == NULL || desc == NULL || isa == NULL) {
        return PLANEDROP_ERR_NULL;
    }
    const planedrop_status status = compile(&compiled, desc, pd_backend_named(isa));
    if (status == PLANEDROP_OK) {
        *(struct pd_plan *)plan = compiled;
    }
    return status;
}

planedrop_status planedrop_plan_set_rate(planedrop_plan *plan, double rate) {
    if (pd_plan_of(plan) == NULL) {
        return pd_plan_error(plan);
    }
    struct pd_plan changed = *pd_plan_of(plan);
    const planedrop_status status = set_rate(&changed, rate);
    if (status == PLANEDROP_OK) {
        *(struct pd_plan *)plan = changed;
    }
    return status;
}

const char *planedrop_plan_isa(const planedrop_plan *plan) {
    const struct pd_plan *p = pd_plan_of(plan);
    return p == NULL ? NULL : p->backend->name;
}

uint64_t planedrop_plan_draws(const planedrop_plan *plan) {
    const struct pd_plan *p = pd_plan_of(plan);
    return p == NULL ? 0 : p->view.draws;
}

size_t planedrop_plan_parts(const planedrop_plan *plan) {
    const struct pd_plan *p = pd_plan_of(plan);
    if (p == NULL) {
        return 0;
    }
    const size_t each = PART_BYTES / p->kernels->elem_bytes, elements = p->view.elements;
    return elements == 0 ? 1 : (elements - 1) / each + 1;
}

int planedrop_supports(int32_t law, int32_t stream, int32_t dtype) {
    const struct pd_law_input input = {0.5, 0, 0};
    const struct pd_stream *found = pd_stream_of(stream);
    struct pd_op op;
    return dtype >= 0 && dtype < PD_DTYPES && found != NULL &&
           pd_law_make_op(law, &input, &op) == PLANEDROP_OK &&
           check_generator(pd_backend_last(), found, &op) == PLANEDROP_OK;
}
