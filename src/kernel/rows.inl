/* SPDX-License-Identifier: MIT
 *
 * Rows: every element of a row has its own draw, and the row repeats. Bits become lane masks. x is
 * masked before arithmetic, so that a dropped value raises no exception flag. The address of the
 * output decides where whole vectors start, so bits are taken from inside of words:
 *
 *     out    . . . | . . . . | . . . . | . .
 *     bits   0 1 2 | 3 4 5 6 | 7 8 ...
 *            peeled, then whole vectors
 */

/* As apply, in the lanes of a mask; the other lanes become the fill. */
PD_INLINE VEC apply_masked(const unsigned form, const struct constants *c, V(mask) keep,
                           struct vectors from) {
    const VEC x = from.of[PD_IN], old = from.of[PD_OUT];
    if (form == PD_MUL) {
        return narrow(mul_where(keep, x, c->mul));
    }
    if (form == (PD_MUL | PD_ACCUMULATE)) {
        return narrow(canonical_nan(add_where(keep, old, mul_where(keep, x, c->mul))));
    }
    PD_UNROLL
    for (int r = 0; r < PD_ROLES; r++) {
        from.of[r] = V(zero_unless)(keep, from.of[r]);
    }
    const VEC value = apply(form, c, from, c->mul);
    return form == PD_COPY ? value : V(select)(keep, value, c->fill);
}

PD_INLINE void store_masked(const unsigned form, V(mask) keep, VEC value, ELEM *out, int nt) {
    if (form & PD_ACCUMULATE) {
        V(store_masked)(out, keep, value);
    } else {
        store_maybe_nt(out, value, nt);
    }
}

/* n elements, fewer than a vector, with draws first, first + 1, ... */
PD_INLINE void row_part(const unsigned form, const int kind, const struct constants *c,
                        const void *draws, size_t first, struct place at, size_t n) {
    if (kind == PD_FACTORS) {
        keep_part(form, c, at, n, load_factors_part((const float *)draws + first, n));
        return;
    }
    const V(mask) keep = V(mask_bits)(bits_at((const uint32_t *)draws, first, n), 0);
    const VEC result = apply_masked(form, c, keep, load_part(form, at, n));
    if (form & PD_ACCUMULATE) {
        V(store_masked)(at.of[PD_OUT], keep, result);
    } else {
        V(store_part)(at.of[PD_OUT], result, n);
    }
}

PD_INLINE void row_vector(const unsigned form, const int kind, const struct constants *c,
                          const void *draws, size_t first, struct place at, int nt) {
    if (kind == PD_FACTORS) {
        const WIDE factor = load_factors((const float *)draws + first);
        store_maybe_nt(at.of[PD_OUT], keep_vector(form, c, at, 0, factor), nt);
        return;
    }
    const V(mask) keep = V(mask_bits)(bits_at((const uint32_t *)draws, first, V(lanes)()), 0);
    store_masked(form, keep, apply_masked(form, c, keep, load(form, at)), at.of[PD_OUT], nt);
}

/* Two vectors under bits j ... of word. Loads before stores: see keep_plane. */
PD_INLINE void row_two_vectors(const unsigned form, const struct constants *c, uint32_t word,
                               size_t j, struct place at, int nt) {
    const size_t lanes = V(lanes)();
    const struct place at1 = place_plus(at, lanes);
    if (lanes == 1 && (form & PD_ACCUMULATE)) { /* one lane is stored under a branch in any case */
        for (size_t i = 0; i < 2; i++) {
            if (word >> (j + i) & 1) {
                V(store)(at.of[PD_OUT] + i, keep_vector(form, c, at, i, c->mul));
            }
        }
        return;
    }
    const V(mask) keep0 = V(mask_bits)(word, j), keep1 = V(mask_bits)(word, j + lanes);
    const VEC v0 = apply_masked(form, c, keep0, load(form, at));
    const VEC v1 = apply_masked(form, c, keep1, load(form, at1));
    store_masked(form, keep0, v0, at.of[PD_OUT], nt);
    store_masked(form, keep1, v1, at1.of[PD_OUT], nt);
}

/* Elements in whole words of bits, which start at bit `shift` of bits. Returns their number. */
PD_INLINE size_t row_words(const unsigned form, const struct constants *c, const uint32_t *bits,
                           const size_t shift, struct place at, size_t n, const int nt) {
    const size_t lanes = V(lanes)();
    size_t i = 0;
    for (; n - i >= PD_CELL_BITS; i += PD_CELL_BITS, bits++) {
        /* One load of two words is the faster; behind non-temporal stores it is the slower. */
        const uint32_t word =
            shift == 0 ? bits[0]
            : nt       ? bits[0] >> shift | bits[1] << (PD_CELL_BITS - shift)
                       : (uint32_t)(((uint64_t)bits[1] << PD_CELL_BITS | bits[0]) >> shift);
        for (size_t j = 0; j < PD_CELL_BITS; j += 2 * lanes) {
            const struct place here = place_plus(at, i + j);
            if (lanes < PD_CELL_BITS) {
                row_two_vectors(form, c, word, j, here, nt);
            } else {
                const V(mask) keep = V(mask_bits)(word, 0);
                store_masked(form, keep, apply_masked(form, c, keep, load(form, here)),
                             here.of[PD_OUT], nt);
            }
        }
    }
    return i;
}

PD_INLINE void row(const unsigned form, const int kind, const struct constants *c,
                   const void *draws, size_t first, struct place at, size_t n, int nt) {
    const size_t lanes = V(lanes)();
    size_t i = peel_count(at.of[PD_OUT], n, nt);
    if (i > 0) {
        row_part(form, kind, c, draws, first, at, i);
    }
    if (kind == PD_BITS) {
        const uint32_t *bits = (const uint32_t *)draws + (first + i) / PD_CELL_BITS;
        const size_t shift = (first + i) % PD_CELL_BITS;
        const struct place here = place_plus(at, i);
        if (nt) {
            i += shift == 0 ? row_words(form, c, bits, 0, here, n - i, 1)
                            : row_words(form, c, bits, shift, here, n - i, 1);
        } else {
            i += shift == 0 ? row_words(form, c, bits, 0, here, n - i, 0)
                            : row_words(form, c, bits, shift, here, n - i, 0);
        }
    }
    for (; n - i >= lanes; i += lanes) {
        row_vector(form, kind, c, draws, first + i, place_plus(at, i), nt);
    }
    if (i < n) {
        row_part(form, kind, c, draws, first + i, place_plus(at, i), n - i);
    }
}

PD_INLINE void rows_of(const struct pd_tile *tile, const unsigned form, const int kind) {
    const struct constants c = constants_of(tile->op, form);
    const int nt = !(form & PD_ACCUMULATE) && tile->policy.nt_kept;
    for (size_t i = 0; i < tile->outer; i++) {
        row(form, kind, &c, tile->draws, tile->first, place_of(tile, i), tile->inner, nt);
    }
}

/* The same of any form, and of strided elements: these are done one at a time. */
PD_NOINLINE void rows_general(const struct pd_tile *tile) {
    const unsigned form = tile->op->form;
    const int kind = tile->op->kind;
    if (pd_elements_adjoin(tile)) {
        rows_of(tile, form, kind);
        return;
    }
    const struct constants c = constants_of(tile->op, form);
    for (size_t i = 0; i < tile->outer; i++) {
        for (size_t j = 0; j < tile->inner; j++) {
            const size_t draw = tile->first + j;
            one_element(form, &c, tile, i, j, draw_kept(tile, kind, draw),
                        draw_factor(tile, &c, kind, draw));
        }
    }
}
