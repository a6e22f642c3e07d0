/* SPDX-License-Identifier: MIT
 *
 * What becomes of an element: the op (apply_masked in rows.inl applies it under a mask), and what
 * all kernels load and store by.
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

/* Whether an op reads the tensor. */
PD_INLINE int reads(const unsigned form, const enum pd_role role) {
    switch (role) {
    case PD_OUT:
        return (form & PD_ACCUMULATE) != 0;
    case PD_IN:
        return !(form & PD_ONES);
    default:
        return 0;
    }
}

/* A vector of each tensor; 0 of those that are not read. */
struct vectors {
    VEC of[PD_ROLES];
};

/* Kept elements. `factor` is what PD_MUL multiplies by. */
PD_INLINE VEC apply(const unsigned form, const struct constants *c, struct vectors from,
                    WIDE factor) {
    if (form == PD_COPY) {
        return from.of[PD_IN];
    }
    WIDE value = form & PD_ONES ? splat(1) : widen(from.of[PD_IN]);
    if (form & PD_MUL) {
        value = mul(value, factor);
    }
    if (form & PD_ADD) {
        value = add(c->add, value);
    }
    if (form & PD_ACCUMULATE) {
        value = canonical_nan(add(widen(from.of[PD_OUT]), value));
    }
    return narrow(value);
}

/* One element of each tensor, in memory. */
struct place {
    ELEM *of[PD_ROLES];
};

/* The first element of plane or row i. */
PD_INLINE struct place place_of(const struct pd_tile *tile, size_t i) {
    struct place at;
    PD_UNROLL
    for (int r = 0; r < PD_ROLES; r++) {
        at.of[r] = (ELEM *)tile->at[r] + (ptrdiff_t)i * tile->outer_stride[r];
    }
    return at;
}

/* i elements further on, where the elements of a plane or row adjoin in all tensors. */
PD_INLINE struct place place_plus(struct place at, size_t i) {
    PD_UNROLL
    for (int r = 0; r < PD_ROLES; r++) {
        at.of[r] += i;
    }
    return at;
}

/* What an op reads: a vector, or its first n elements. */
PD_INLINE struct vectors load(const unsigned form, struct place at) {
    struct vectors from;
    PD_UNROLL
    for (int r = 0; r < PD_ROLES; r++) {
        from.of[r] = reads(form, (enum pd_role)r) ? V(load)(at.of[r]) : V(zero)();
    }
    return from;
}

PD_INLINE struct vectors load_part(const unsigned form, struct place at, size_t n) {
    struct vectors from;
    PD_UNROLL
    for (int r = 0; r < PD_ROLES; r++) {
        from.of[r] = reads(form, (enum pd_role)r) ? V(load_part)(at.of[r], n) : V(zero)();
    }
    return from;
}

/* Kept elements: a vector, i elements behind a place; and its first n elements, stored. */
PD_INLINE VEC keep_vector(const unsigned form, const struct constants *c, struct place at, size_t i,
                          WIDE factor) {
    return apply(form, c, load(form, place_plus(at, i)), factor);
}

PD_INLINE void keep_part(const unsigned form, const struct constants *c, struct place at, size_t n,
                         WIDE factor) {
    V(store_part)(at.of[PD_OUT], apply(form, c, load_part(form, at, n), factor), n);
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
PD_INLINE size_t peel_count(const ELEM *out, size_t n, int nt) {
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
    struct place at = place_of(tile, i);
    PD_UNROLL
    for (int r = 0; r < PD_ROLES; r++) {
        at.of[r] += (ptrdiff_t)j * tile->inner_stride[r];
    }
    if (keep) {
        keep_part(form, c, at, 1, factor);
    } else if (!(form & PD_ACCUMULATE)) {
        V(store_part)(at.of[PD_OUT], c->fill, 1);
    }
}

/* Bits first ... first+count-1 of bits; the others are 0. 1 <= count <= PD_CELL_BITS. Reads only
 * words that hold one of these bits. */
PD_INLINE uint32_t bits_at(const uint32_t *bits, size_t first, size_t count) {
    const size_t shift = first % PD_CELL_BITS;
    bits += first / PD_CELL_BITS;
    uint32_t word = bits[0] >> shift;
    if (shift + count > PD_CELL_BITS) {
        word |= bits[1] << (PD_CELL_BITS - shift);
    }
    return word & ~UINT32_C(0) >> (PD_CELL_BITS - count);
}

/* Draw i of a tile: whether it keeps, and its factor. */
PD_INLINE int draw_kept(const struct pd_tile *tile, const int kind, size_t i) {
    return kind == PD_FACTORS ||
           (((const uint32_t *)tile->draws)[i / PD_CELL_BITS] >> i % PD_CELL_BITS & 1);
}
PD_INLINE WIDE draw_factor(const struct pd_tile *tile, const struct constants *c, const int kind,
                           size_t i) {
    return kind == PD_FACTORS ? splat((double)((const float *)tile->draws)[i]) : c->mul;
}
