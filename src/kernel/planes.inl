/* SPDX-License-Identifier: MIT
 *
 * Planes: one draw for a run of elements. A dropped plane is filled, and its x is not read; a kept
 * plane is computed. This is the kernel for tensors in the caches; planes_in_memory.inl has
 * the kernel for tensors in memory.
 */

PD_INLINE void keep_plane(const unsigned form, const struct constants *c, struct place at, size_t n,
                          WIDE factor) {
    const size_t lanes = V(lanes)();
    ELEM *out = at.of[PD_OUT];
    size_t i = peel_count(out, n, 0);
    if (i > 0) {
        keep_part(form, c, at, i, factor);
    }
    /* Loads before stores: where x and out are nearly a multiple of 4096 bytes apart, a load right
     * behind a store waits for it. */
    for (; n - i >= 4 * lanes; i += 4 * lanes) {
        const VEC v0 = keep_vector(form, c, at, i, factor);
        const VEC v1 = keep_vector(form, c, at, i + lanes, factor);
        const VEC v2 = keep_vector(form, c, at, i + 2 * lanes, factor);
        const VEC v3 = keep_vector(form, c, at, i + 3 * lanes, factor);
        V(store)(out + i, v0);
        V(store)(out + i + lanes, v1);
        V(store)(out + i + 2 * lanes, v2);
        V(store)(out + i + 3 * lanes, v3);
    }
    for (; n - i >= lanes; i += lanes) {
        V(store)(out + i, keep_vector(form, c, at, i, factor));
    }
    if (i < n) {
        keep_part(form, c, place_plus(at, i), n - i, factor);
    }
}

PD_INLINE void fill_plane(ELEM *out, size_t n, VEC fill) {
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
    for (; kept != 0; kept &= kept - 1) {
        keep_plane(form, c, place_of(tile, first + pd_ctz32(kept)), tile->inner, c->mul);
    }
    for (; dropped != 0 && !(form & PD_ACCUMULATE); dropped &= dropped - 1) {
        fill_plane(place_of(tile, first + pd_ctz32(dropped)).of[PD_OUT], tile->inner, c->fill);
    }
}

PD_INLINE void planes_of(const struct pd_tile *tile, const unsigned form, const int kind) {
    const struct constants c = constants_of(tile->op, form);
    if (kind == PD_FACTORS) {
        for (size_t i = 0; i < tile->outer; i++) {
            keep_plane(form, &c, place_of(tile, i), tile->inner, draw_factor(tile, &c, kind, i));
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

/* The same of any form, and of strided elements: these are done one at a time. */
PD_NOINLINE void planes_general(const struct pd_tile *tile) {
    const unsigned form = tile->op->form;
    const int kind = tile->op->kind;
    if (pd_elements_adjoin(tile)) {
        planes_of(tile, form, kind);
        return;
    }
    const struct constants c = constants_of(tile->op, form);
    for (size_t i = 0; i < tile->outer; i++) {
        const int keep = draw_kept(tile, kind, i);
        const WIDE factor = draw_factor(tile, &c, kind, i);
        for (size_t j = 0; j < tile->inner; j++) {
            one_element(form, &c, tile, i, j, keep, factor);
        }
    }
}
