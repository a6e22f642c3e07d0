/* SPDX-License-Identifier: MIT
 *
 * What becomes of an element: the op. (apply_masked in rows.inl applies it under a mask.)
 */

/* The constants of an op, as vectors. */
struct constants {
    WIDE mul, add;
    VEC fill; /* of dropped elements */
};

PD_INLINE struct constants constants_of(const struct pd_op *op, const unsigned form) {
    const struct constants c = {splat(op->mul), splat(form & PD_ADD ? op->add : 0),
                                form & PD_FILL ? narrow(splat(op->fill)) : V(zero)()};
    return c;
}

/* Kept elements, from x and the old output. `factor` is what PD_MUL multiplies by. */
PD_INLINE VEC apply(const unsigned form, const struct constants *c, VEC x, VEC old, WIDE factor) {
    if (form == PD_COPY) {
        return x;
    }
    WIDE value = form & PD_ONES ? splat(1) : widen(x);
    if (form & PD_MUL) {
        value = mul(value, factor);
    }
    if (form & PD_ADD) {
        value = add(c->add, value);
    }
    if (form & PD_ACCUMULATE) {
        value = canonical_nan(add(widen(old), value));
    }
    return narrow(value);
}

/* The same for elements in memory: a vector, or its first n elements. */
PD_INLINE VEC load_apply(const unsigned form, const struct constants *c, const ELEM *x,
                         const ELEM *out, WIDE factor) {
    const VEC value = form & PD_ONES ? V(zero)() : V(load)(x);
    return apply(form, c, value, form & PD_ACCUMULATE ? V(load)(out) : value, factor);
}

PD_INLINE VEC load_apply_part(const unsigned form, const struct constants *c, const ELEM *x,
                              const ELEM *out, size_t n, WIDE factor) {
    const VEC value = form & PD_ONES ? V(zero)() : V(load_part)(x, n);
    return apply(form, c, value, form & PD_ACCUMULATE ? V(load_part)(out, n) : value, factor);
}

PD_INLINE void store_maybe_nt(ELEM *out, VEC value, int nt) {
    if (nt) {
        V(store_nt)(out, value);
    } else {
        V(store)(out, value);
    }
}

/* The number of elements to peel, so that the next store starts at a multiple of the vector's size.
 * Non-temporal stores must; ordinary stores across two lines cost twice as much, so that peeling
 * pays if there are more than a few elements. */
static inline size_t peel_count(const ELEM *out, size_t n, int nt) {
    const size_t lanes = V(lanes)();
    const size_t past = (uintptr_t)out / sizeof(ELEM) % lanes;
    if (past == 0 || (n < 4 * lanes && !nt)) {
        return 0;
    }
    return lanes - past < n ? lanes - past : n;
}

/* Element j of plane or row i, by the same operations: a vector with one lane in use. */
PD_INLINE void one_element(const unsigned form, const struct constants *c,
                           const struct pd_tile *tile, size_t i, size_t j, int keep, WIDE factor) {
    const ptrdiff_t *outer = tile->outer_stride, *inner = tile->inner_stride;
    const ELEM *x = (const ELEM *)tile->at[PD_IN] + (ptrdiff_t)i * outer[PD_IN];
    ELEM *out = (ELEM *)tile->at[PD_OUT] + (ptrdiff_t)i * outer[PD_OUT];
    x += (ptrdiff_t)j * inner[PD_IN];
    out += (ptrdiff_t)j * inner[PD_OUT];
    if (keep) {
        V(store_part)(out, load_apply_part(form, c, x, out, 1, factor), 1);
    } else if (!(form & PD_ACCUMULATE)) {
        V(store_part)(out, c->fill, 1);
    }
}

/* Bits first ... first+count-1 of bits; the others are 0. 1 <= count <= PD_CELL_BITS. Reads only
 * words that hold one of these bits. */
static inline uint32_t bits_at(const uint32_t *bits, size_t first, size_t count) {
    const size_t shift = first % PD_CELL_BITS;
    bits += first / PD_CELL_BITS;
    uint32_t word = bits[0] >> shift;
    if (shift + count > PD_CELL_BITS) {
        word |= bits[1] << (PD_CELL_BITS - shift);
    }
    return word & ~UINT32_C(0) >> (PD_CELL_BITS - count);
}

/* Draw i of a tile: whether it keeps, and its factor. */
PD_INLINE int plane_kept(const struct pd_tile *tile, const int kind, size_t i) {
    return kind == PD_FACTORS ||
           (((const uint32_t *)tile->draws)[i / PD_CELL_BITS] >> i % PD_CELL_BITS & 1);
}
PD_INLINE WIDE plane_factor(const struct pd_tile *tile, const struct constants *c, const int kind,
                            size_t i) {
    return kind == PD_FACTORS ? splat((double)((const float *)tile->draws)[i]) : c->mul;
}
