/* SPDX-License-Identifier: MIT
 *
 * The mask as an output: for each draw, or broadcast to the elements, in any form. Multipliers are
 * the kernels' output for a tensor of ones; bytes have their own kernels here. Draws are numbered
 * in the row-major order of this tensor's noise, which need not be the order of its view.
 */
#include "expand.h"
#include "policy.h"
#include "walk.h"

#include <string.h>

/* Consecutive draws of the tensor's mask, with their step in the whole mask. */
struct span {
    uint64_t at, step;
    size_t count;
};

/* The span that starts with this tensor's draw `first`. */
static struct span span_from(const struct pd_view *view, uint64_t first, size_t most) {
    struct span span = {view->first_draw, 1, 0};
    uint64_t count = view->draws - first;
    if (view->draws_contiguous) {
        span.at += first;
    } else {
        struct pd_axis axes[PD_VIEW_AXES];
        const int axis_count = pd_view_axes(view, axes);
        for (int a = 0; a < axis_count; a++) {
            if (axes[a].draw_stride == 0) {
                continue;
            }
            const uint64_t index = first / axes[a].local_draw_stride % axes[a].n;
            span.at += index * axes[a].draw_stride;
            if (axes[a].local_draw_stride == 1) {
                span.step = axes[a].draw_stride;
                count = axes[a].n - index;
            }
        }
    }
    span.count = count < most ? (size_t)count : most;
    return span;
}

/* Writes bits first ... first+count-1 as bytes, eight at a time: each byte gets a copy of the eight
 * bits, byte j keeps bit j, and every byte that is not 0 becomes 1. */
static void bits_to_bytes(uint8_t *bytes, const uint32_t *bits, size_t first, size_t count) {
    size_t i = 0;
    for (; count - i >= 8; i += 8) {
        const size_t word = (first + i) / PD_CELL_BITS, shift = (first + i) % PD_CELL_BITS;
        uint64_t eight = bits[word] >> shift;
        if (shift > PD_CELL_BITS - 8) {
            eight |= bits[word + 1] << (PD_CELL_BITS - shift);
        }
        eight = (eight & 0xff) * UINT64_C(0x0101010101010101) & UINT64_C(0x8040201008040201);
        eight = (eight + UINT64_C(0x7f7f7f7f7f7f7f7f)) >> 7 & UINT64_C(0x0101010101010101);
        for (size_t j = 0; j < 8; j++) {
            bytes[i + j] = (uint8_t)(eight >> 8 * j);
        }
    }
    for (; i < count; i++) {
        bytes[i] = bits[(first + i) / PD_CELL_BITS] >> (first + i) % PD_CELL_BITS & 1;
    }
}

/* The kernels of bytes: outer times inner bytes, with a draw per plane or per element. */
static void fill_bytes(const struct pd_tile *tile, int planes) {
    const uint32_t *bits = (const uint32_t *)tile->draws;
    for (size_t i = 0; i < tile->outer; i++) {
        uint8_t *bytes = (uint8_t *)tile->at[PD_OUT] + (ptrdiff_t)i * tile->outer_stride[PD_OUT];
        if (tile->inner_stride[PD_OUT] != 1) {
            for (size_t j = 0; j < tile->inner; j++) {
                bits_to_bytes(bytes + (ptrdiff_t)j * tile->inner_stride[PD_OUT], bits,
                              planes ? i : tile->first + j, 1);
            }
        } else if (planes) {
            memset(bytes, bits[i / PD_CELL_BITS] >> i % PD_CELL_BITS & 1, tile->inner);
        } else {
            bits_to_bytes(bytes, bits, tile->first, tile->inner);
        }
    }
}
static void planes_of_bytes(const struct pd_tile *tile) { fill_bytes(tile, 1); }
static void rows_of_bytes(const struct pd_tile *tile) { fill_bytes(tile, 0); }

static const struct pd_kernels bytes_kernels = {1, 1, 8, planes_of_bytes, rows_of_bytes};

/* The element type of a form other than bits. */
static const struct pd_kernels *kernels_of(const struct pd_plan *plan, int32_t form) {
    return form == PLANEDROP_MASK_BYTES ? &bytes_kernels
           : form == PLANEDROP_MASK_F32 ? plan->backend->kernels[PLANEDROP_F32]
                                        : plan->kernels;
}

/* The plan's op on a tensor of ones. */
static struct pd_op op_on_ones(const struct pd_plan *plan) {
    struct pd_op op = plan->op[0];
    op.form = (op.form & PD_MUL) | PD_ONES;
    return op;
}

/* Whether the plan has masks of this form, which must not be below `least`. */
static planedrop_status check_form(const planedrop_plan *plan, int32_t form, int32_t least) {
    const struct pd_plan *p = pd_plan_of(plan);
    if (p == NULL) {
        return pd_plan_error(plan);
    }
    if (form < least || form > PLANEDROP_MASK_DTYPE) {
        return PLANEDROP_ERR_FORM;
    }
    return form <= PLANEDROP_MASK_BYTES && !p->op[0].has_bits ? PLANEDROP_ERR_COMBINATION
                                                              : PLANEDROP_OK;
}

static planedrop_status check_storage(const struct pd_plan *p, int32_t form, const void *mask) {
    const size_t align =
        form == PLANEDROP_MASK_BITS ? sizeof(uint32_t) : kernels_of(p, form)->elem_align;
    return mask == NULL                   ? PLANEDROP_ERR_NULL
           : (uintptr_t)mask % align == 0 ? PLANEDROP_OK
                                          : PLANEDROP_ERR_ALIGN;
}

planedrop_status planedrop_mask(const planedrop_plan *plan, planedrop_rng rng, int32_t form,
                                uint64_t first, uint64_t count, void *mask) {
    planedrop_status status = check_form(plan, form, PLANEDROP_MASK_BITS);
    const struct pd_plan *p = pd_plan_of(plan);
    struct pd_draws draws;
    if (status != PLANEDROP_OK) {
        return status;
    }
    if (first > p->view.draws || count > p->view.draws - first) {
        return PLANEDROP_ERR_RANGE;
    }
    if (count == 0) {
        return PLANEDROP_OK;
    }
    status = check_storage(p, form, mask);
    if (status != PLANEDROP_OK) {
        return status;
    }
    const struct pd_kernels *kernels = kernels_of(p, form);
    const struct pd_op op = op_on_ones(p);
    struct pd_tile tile = {NULL, 0, {NULL}, {0}, {0}, 1, 0, &op, {0, 0, 0, 0, 0, 0}};
    for (int r = 0; r < PD_ROLES; r++) { /* ones are not read: all tensors are the mask */
        tile.at[r] = mask;
        tile.inner_stride[r] = 1;
    }
    pd_draws_init(&draws, p, &op, rng, NULL, 0);
    for (uint64_t i = 0; i < count; i += tile.inner) {
        const uint64_t left = count - i;
        const size_t most = left < pd_tile_draws(&draws) ? (size_t)left : pd_tile_draws(&draws);
        const struct span span = span_from(&p->view, first + i, most);
        tile.draws = pd_draws_get(&draws, span.at, span.step, span.count);
        tile.inner = span.count;
        if (form == PLANEDROP_MASK_BITS) {
            pd_expand_append((uint32_t *)mask, (size_t)i, (const uint32_t *)tile.draws, tile.inner);
        } else {
            tile.at[PD_OUT] = (char *)mask + i * kernels->elem_bytes;
            kernels->rows(&tile);
        }
    }
    return PLANEDROP_OK;
}

planedrop_status planedrop_mask_elements(const planedrop_plan *plan, planedrop_rng rng,
                                         int32_t form, size_t part, size_t parts, void *mask) {
    planedrop_status status = check_form(plan, form, PLANEDROP_MASK_BYTES);
    const struct pd_plan *p = pd_plan_of(plan);
    if (status != PLANEDROP_OK) {
        return status;
    }
    if (part >= parts) {
        return PLANEDROP_ERR_PART;
    }
    if (p->view.elements == 0) {
        return PLANEDROP_OK;
    }
    status = check_storage(p, form, mask);
    if (status != PLANEDROP_OK) {
        return status;
    }
    const struct pd_op op = op_on_ones(p);
    const struct pd_kernels *kernels = kernels_of(p, form);
    const struct pd_policy_input input = {
        &p->view, &op, kernels->elem_bytes, kernels->lanes, 0, 0, 1, 1, 0};
    struct pd_walk walk;
    walk.plan = p;
    walk.kernels = kernels;
    walk.tile.op = &op;
    walk.tile.policy = pd_policy_choose(&input);
    for (int r = 0; r < PD_ROLES; r++) {
        walk.tile.at[r] = mask;
        walk.view_role[r] = PD_OUT;
    }
    pd_draws_init(&walk.draws, p, &op, rng, NULL, 0);
    pd_walk_run(&walk, part, parts);
    return PLANEDROP_OK;
}
