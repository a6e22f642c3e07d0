/* SPDX-License-Identifier: MIT
 *
 * The laws of laws.def: from a rate and flags to an op.
 */
#include "compiler.h"
#include "law.h"

/* Whether rate is in [0, 1], by its bits: under -ffast-math a NaN may pass a comparison. */
static int is_rate(double rate) {
    const uint64_t one = UINT64_C(0x3ff) << 52, minus_zero = UINT64_C(1) << 63;
    const uint64_t bits = pd_bits_of_double(rate);
    return bits <= one || bits == minus_zero;
}

/* Kept: x / (1-rate), or x. Dropped: +0. At rate 1 there is no finite scale. */
static planedrop_status law_bernoulli(const struct pd_law_input *input, struct pd_op *op) {
    const int unscaled = (input->flags & PLANEDROP_NO_SCALE) || input->rate == 0;
    op->kind = PD_BITS;
    op->has_bits = 1;
    op->keeps_nothing = input->rate == 1 && !unscaled;
    op->mul = unscaled || op->keeps_nothing ? 1.0 : 1.0 / (1.0 - input->rate);
    op->form = unscaled ? PD_COPY : PD_MUL;
    return PLANEDROP_OK;
}

/* x * m, m normal of mean 1 and variance rate / (1-rate). At rate 0 every m is 1: a copy. */
static planedrop_status law_gaussian(const struct pd_law_input *input, struct pd_op *op) {
    if (input->flags & PLANEDROP_NO_SCALE) {
        return PLANEDROP_ERR_COMBINATION;
    }
    if (input->rate == 1) {
        return PLANEDROP_ERR_RATE;
    }
    op->kind = input->rate == 0 ? PD_BITS : PD_FACTORS;
    op->variance = input->rate / (1.0 - input->rate);
    op->form = input->rate == 0 ? PD_COPY : PD_MUL;
    return PLANEDROP_OK;
}

typedef planedrop_status law_fn(const struct pd_law_input *input, struct pd_op *op);
#define PD_LAW(enumerator, function) function,
static law_fn *const laws[] = {
#include "laws.def"
};
#undef PD_LAW

planedrop_status pd_law_make_op(int32_t law, const struct pd_law_input *input, struct pd_op *op) {
    if (law < 0 || (size_t)law >= sizeof laws / sizeof laws[0]) {
        return PLANEDROP_ERR_LAW;
    }
    if (!is_rate(input->rate)) {
        return PLANEDROP_ERR_RATE;
    }
    const struct pd_op none = {1, 0, 0, 0, PD_COPY, PD_BITS, 0, 0};
    *op = none;
    const planedrop_status status = laws[law](input, op);
    if (input->flags & PLANEDROP_ACCUMULATE) { /* an unscaled sum is a sum of products by 1 */
        op->form |= PD_ACCUMULATE | PD_MUL;
    }
    return status;
}
