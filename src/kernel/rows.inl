/* SPDX-License-Identifier: MIT
 *
 * Rows: every element of a row has its own draw, and the row repeats. Bits become lane masks. x is
 * masked before arithmetic, so that a dropped value raises no exception flag. The address of the
 * output decides where whole vectors start, so bits are taken from inside of words:
 *
 *     out    . . . [ . . . . ][ . . . . ][ . .
 *     bits   31 ... 3 2 1 0   63 ... 33 32
 *                   ^ peeled ^
 */

/* As apply, in the lanes of a mask; the other lanes become the fill. */
PD_INLINE VEC apply_masked(const unsigned form, const struct constants *c, V(mask) keep, VEC x,
                           VEC old) {
    if (form == PD_MUL) {
        return narrow(mul_where(keep, x, c->mul));
    }
    if (form == (PD_MUL | PD_ACCUMULATE)) {
        return narrow(canonical_nan(add_where(keep, old, mul_where(keep, x, c->mul))));
    }
    x = V(zero_unless)(keep, x);
    old = form & PD_ACCUMULATE ? V(zero_unless)(keep, old) : x;
    const VEC value = apply(form, c, x, old, c->mul);
    return form == PD_COPY ? value : V(select)(keep, value, c->fill);
}

PD_INLINE VEC load_masked(const unsigned form, const struct constants *c, V(mask) keep,
                          const ELEM *x, const ELEM *out) {
    const VEC value = form & PD_ONES ? V(zero)() : V(load)(x);
    return apply_masked(form, c, keep, value, form & PD_ACCUMULATE ? V(load)(out) : value);
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
                        const void *draws, size_t first, const ELEM *x, ELEM *out, size_t n) {
    if (kind == PD_FACTORS) {
        const WIDE factor = load_factors_part((const float *)draws + first, n);
        V(store_part)(out, load_apply_part(form, c, x, out, n, factor), n);
        return;
    }
    const V(mask) keep = V(mask_bits)(bits_at((const uint32_t *)draws, first, n), 0);
    const VEC value = form & PD_ONES ? V(zero)() : V(load_part)(x, n);
    const VEC old = form & PD_ACCUMULATE ? V(load_part)(out, n) : value;
    const VEC result = apply_masked(form, c, keep, value, old);
    if (form & PD_ACCUMULATE) {
        V(store_masked)(out, keep, result);
    } else {
        V(store_part)(out, result, n);
    }
}

PD_INLINE void row_vector(const unsigned form, const int kind, const struct constants *c,
                          const void *draws, size_t first, const ELEM *x, ELEM *out, int nt) {
    if (kind == PD_FACTORS) {
        const WIDE factor = load_factors((const float *)draws + first);
        store_maybe_nt(out, load_apply(form, c, x, out, factor), nt);
        return;
    }
    const V(mask) keep = V(mask_bits)(bits_at((const uint32_t *)draws, first, V(lanes)()), 0);
    store_masked(form, keep, load_masked(form, c, keep, x, out), out, nt);
}

/* Two vectors under bits j ... of word. Loads before stores: see keep_plane. */
PD_INLINE void row_two_vectors(const unsigned form, const struct constants *c, uint32_t word,
                               size_t j, const ELEM *x, ELEM *out, int nt) {
    const size_t lanes = V(lanes)();
    if (lanes == 1 && (form & PD_ACCUMULATE)) { /* one lane is stored under a branch in any case */
        for (size_t i = 0; i < 2; i++) {
            if (word >> (j + i) & 1) {
                V(store)(out + i, load_apply(form, c, x + i, out + i, c->mul));
            }
        }
        return;
    }
    const V(mask) keep0 = V(mask_bits)(word, j), keep1 = V(mask_bits)(word, j + lanes);
    const VEC v0 = load_masked(form, c, keep0, x, out);
    const VEC v1 = load_masked(form, c, keep1, x + lanes, out + lanes);
    store_masked(form, keep0, v0, out, nt);
    store_masked(form, keep1, v1, out + lanes, nt);
}

/* Elements in whole words of bits, which start at bit `shift` of bits. Returns their number. */
PD_INLINE size_t row_words(const unsigned form, const struct constants *c, const uint32_t *bits,
                           const size_t shift, const ELEM *x, ELEM *out, size_t n, const int nt) {
    const size_t lanes = V(lanes)();
    size_t i = 0;
    for (; n - i >= PD_CELL_BITS; i += PD_CELL_BITS, bits++) {
        const uint32_t word =
            shift == 0 ? bits[0] : bits[0] >> shift | bits[1] << (PD_CELL_BITS - shift);
        for (size_t j = 0; j < PD_CELL_BITS; j += 2 * lanes) {
            if (lanes < PD_CELL_BITS) {
                row_two_vectors(form, c, word, j, x + i + j, out + i + j, nt);
            } else {
                const V(mask) keep = V(mask_bits)(word, 0);
                store_masked(form, keep, load_masked(form, c, keep, x + i, out + i), out + i, nt);
            }
        }
    }
    return i;
}

PD_INLINE void row(const unsigned form, const int kind, const struct constants *c,
                   const void *draws, size_t first, const ELEM *x, ELEM *out, size_t n, int nt) {
    const size_t lanes = V(lanes)();
    size_t i = peel_count(out, n, nt);
    if (i > 0) {
        row_part(form, kind, c, draws, first, x, out, i);
    }
    if (kind == PD_BITS) {
        const uint32_t *bits = (const uint32_t *)draws + (first + i) / PD_CELL_BITS;
        const size_t shift = (first + i) % PD_CELL_BITS;
        if (nt) {
            i += shift == 0 ? row_words(form, c, bits, 0, x + i, out + i, n - i, 1)
                            : row_words(form, c, bits, shift, x + i, out + i, n - i, 1);
        } else {
            i += shift == 0 ? row_words(form, c, bits, 0, x + i, out + i, n - i, 0)
                            : row_words(form, c, bits, shift, x + i, out + i, n - i, 0);
        }
    }
    for (; n - i >= lanes; i += lanes) {
        row_vector(form, kind, c, draws, first + i, x + i, out + i, nt);
    }
    if (i < n) {
        row_part(form, kind, c, draws, first + i, x + i, out + i, n - i);
    }
}

PD_INLINE void rows_of(const struct pd_tile *tile, const unsigned form, const int kind) {
    const struct constants c = constants_of(tile->op, form);
    const int nt = !(form & PD_ACCUMULATE) && tile->policy.nt_kept;
    for (size_t i = 0; i < tile->outer; i++) {
        row(form, kind, &c, tile->draws, tile->first,
            (const ELEM *)tile->at[PD_IN] + (ptrdiff_t)i * tile->outer_stride[PD_IN],
            (ELEM *)tile->at[PD_OUT] + (ptrdiff_t)i * tile->outer_stride[PD_OUT], tile->inner, nt);
    }
}

/* The same of any form, and of strided elements: these are done one at a time. */
PD_NOINLINE void rows_general(const struct pd_tile *tile) {
    const unsigned form = tile->op->form;
    const int kind = tile->op->kind;
    if (tile->inner_stride[PD_IN] == 1 && tile->inner_stride[PD_OUT] == 1) {
        rows_of(tile, form, kind);
        return;
    }
    const struct constants c = constants_of(tile->op, form);
    for (size_t i = 0; i < tile->outer; i++) {
        for (size_t j = 0; j < tile->inner; j++) {
            const size_t draw = tile->first + j;
            one_element(form, &c, tile, i, j, plane_kept(tile, kind, draw),
                        plane_factor(tile, &c, kind, draw));
        }
    }
}
