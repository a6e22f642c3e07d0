/* SPDX-License-Identifier: MIT
 *
 * Planes: one draw for a run of elements. A dropped plane is filled, and its x is not read; a kept
 * plane is computed. This is the kernel for tensors in the caches; planes_prefetch.inl has the
 * kernel for tensors in memory.
 */

PD_INLINE void keep_plane(const unsigned form, const struct constants *c, const ELEM *x, ELEM *out,
                          size_t n, WIDE factor) {
    const size_t lanes = V(lanes)();
    size_t i = peel_count(out, n, 0);
    if (i > 0) {
        V(store_part)(out, load_apply_part(form, c, x, out, i, factor), i);
    }
    /* Loads before stores: where x and out are nearly a multiple of 4096 bytes apart, a load right
     * behind a store waits for it. */
    for (; n - i >= 4 * lanes; i += 4 * lanes) {
        const VEC v0 = load_apply(form, c, x + i, out + i, factor);
        const VEC v1 = load_apply(form, c, x + i + lanes, out + i + lanes, factor);
        const VEC v2 = load_apply(form, c, x + i + 2 * lanes, out + i + 2 * lanes, factor);
        const VEC v3 = load_apply(form, c, x + i + 3 * lanes, out + i + 3 * lanes, factor);
        V(store)(out + i, v0);
        V(store)(out + i + lanes, v1);
        V(store)(out + i + 2 * lanes, v2);
        V(store)(out + i + 3 * lanes, v3);
    }
    for (; n - i >= lanes; i += lanes) {
        V(store)(out + i, load_apply(form, c, x + i, out + i, factor));
    }
    if (i < n) {
        V(store_part)(out + i, load_apply_part(form, c, x + i, out + i, n - i, factor), n - i);
    }
}

static inline void fill_plane(ELEM *out, size_t n, VEC fill) {
    const size_t lanes = V(lanes)();
    size_t i = peel_count(out, n, 0);
    if (i > 0) {
        V(store_part)(out, fill, i);
    }
    for (; n - i >= 4 * lanes && lanes > 1; i += 4 * lanes) { /* scalar is not unrolled */
        V(store)(out + i, fill);
        V(store)(out + i + lanes, fill);
        V(store)(out + i + 2 * lanes, fill);
        V(store)(out + i + 3 * lanes, fill);
    }
    for (; n - i >= lanes; i += lanes) {
        V(store)(out + i, fill);
    }
    if (i < n) {
        V(store_part)(out + i, fill, n - i);
    }
}

/* The kept planes of a word, then its dropped planes. Walking the set bits costs one mispredicted
 * branch a word; testing bit by bit would cost one for every other plane. */
PD_INLINE void planes_of_word(const struct pd_tile *tile, const unsigned form,
                              const struct constants *c, size_t first, uint32_t kept,
                              uint32_t dropped) {
    const ELEM *x = (const ELEM *)tile->at[PD_IN];
    ELEM *out = (ELEM *)tile->at[PD_OUT];
    for (; kept != 0; kept &= kept - 1) {
        const ptrdiff_t i = (ptrdiff_t)first + (ptrdiff_t)pd_ctz32(kept);
        keep_plane(form, c, x + i * tile->outer_stride[PD_IN], out + i * tile->outer_stride[PD_OUT],
                   tile->inner, c->mul);
    }
    for (; dropped != 0 && !(form & PD_ACCUMULATE); dropped &= dropped - 1) {
        const ptrdiff_t i = (ptrdiff_t)first + (ptrdiff_t)pd_ctz32(dropped);
        fill_plane(out + i * tile->outer_stride[PD_OUT], tile->inner, c->fill);
    }
}

PD_INLINE void planes_of(const struct pd_tile *tile, const unsigned form, const int kind) {
    const struct constants c = constants_of(tile->op, form);
    if (kind == PD_FACTORS) {
        const ELEM *x = (const ELEM *)tile->at[PD_IN];
        ELEM *out = (ELEM *)tile->at[PD_OUT];
        for (size_t i = 0; i < tile->outer; i++) {
            keep_plane(form, &c, x + (ptrdiff_t)i * tile->outer_stride[PD_IN],
                       out + (ptrdiff_t)i * tile->outer_stride[PD_OUT], tile->inner,
                       plane_factor(tile, &c, kind, i));
        }
        return;
    }
    for (size_t i = 0; i < tile->outer; i += PD_CELL_BITS) {
        const size_t left = tile->outer - i, planes = left < PD_CELL_BITS ? left : PD_CELL_BITS;
        const uint32_t used = ~UINT32_C(0) >> (PD_CELL_BITS - planes);
        const uint32_t kept = ((const uint32_t *)tile->draws)[i / PD_CELL_BITS] & used;
        planes_of_word(tile, form, &c, i, kept, kept ^ used);
    }
}

#include "planes_prefetch.inl"

/* The same of any form, and of strided elements: these are done one at a time. */
PD_NOINLINE void planes_general(const struct pd_tile *tile) {
    const unsigned form = tile->op->form;
    const int kind = tile->op->kind;
    if (tile->inner_stride[PD_IN] == 1 && tile->inner_stride[PD_OUT] == 1) {
        planes_of(tile, form, kind);
        return;
    }
    const struct constants c = constants_of(tile->op, form);
    for (size_t i = 0; i < tile->outer; i++) {
        const int keep = plane_kept(tile, kind, i);
        const WIDE factor = plane_factor(tile, &c, kind, i);
        for (size_t j = 0; j < tile->inner; j++) {
            one_element(form, &c, tile, i, j, keep, factor);
        }
    }
}
