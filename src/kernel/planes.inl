/* SPDX-License-Identifier: MIT
 *
 * Planes: one bit decides over a run of elements. A dropped plane is filled with zeros and its x is
 * never read; a kept one is copied, scaled or accumulated. This is the kernel for the caches; it
 * hands tensors in memory to ahead.inl.
 */

/* What becomes of kept elements, given the old y where the mode needs it. */
static inline PD_VEC PD_NAME(kept)(PD_VEC x, PD_VEC y, PD_FACTOR scale, enum pd_mode mode) {
    switch (mode) {
    case PD_COPY:
        return x;
    case PD_SCALE:
        return PD_NAME(scale)(x, scale);
    default:
        return PD_NAME(accumulate)(y, x, scale);
    }
}

static inline PD_VEC PD_NAME(kept_at)(const PD_ELEM *x, const PD_ELEM *y, PD_FACTOR scale,
                                      enum pd_mode mode) {
    const PD_VEC value = PD_OP(load)(x);
    return PD_NAME(kept)(value, mode == PD_ACCUMULATE ? PD_OP(load)(y) : value, scale, mode);
}

static inline PD_VEC PD_NAME(kept_part)(const PD_ELEM *x, const PD_ELEM *y, size_t n,
                                        PD_FACTOR scale, enum pd_mode mode) {
    const PD_VEC value = PD_OP(load_part)(x, n);
    return PD_NAME(kept)(value, mode == PD_ACCUMULATE ? PD_OP(load_part)(y, n) : value, scale,
                         mode);
}

static inline void PD_NAME(put)(PD_ELEM *y, PD_VEC value, int stream) {
    if (stream) {
        PD_OP(stream)(y, value);
    } else {
        PD_OP(store)(y, value);
    }
}

/* How many elements to do apart, so that the stores after them start at a whole vector: streaming
 * stores must, and ordinary ones that straddle two lines cost twice as much, which is worth a part
 * of a vector if the run is of more than a few. */
static inline size_t PD_NAME(head_of)(const PD_ELEM *y, size_t n, int stream) {
    const size_t lanes = PD_OP(lanes)();
    const size_t past = (uintptr_t)y / sizeof(PD_ELEM) % lanes;
    if (past == 0 || (n < 4 * lanes && !stream)) {
        return 0;
    }
    return lanes - past < n ? lanes - past : n;
}

static inline __attribute__((__always_inline__)) void
PD_NAME(keep_plane)(const PD_ELEM *x, PD_ELEM *y, size_t n, PD_FACTOR scale, enum pd_mode mode) {
    const size_t lanes = PD_OP(lanes)();
    size_t i = PD_NAME(head_of)(y, n, 0);
    if (i > 0) {
        PD_OP(store_part)(y, PD_NAME(kept_part)(x, y, i, scale, mode), i);
    }
    /* Loads before stores: where x and y are nearly a multiple of 4096 bytes apart, a load right
     * behind a store waits for it. */
    for (; n - i >= 4 * lanes; i += 4 * lanes) {
        const PD_VEC a = PD_NAME(kept_at)(x + i, y + i, scale, mode);
        const PD_VEC b = PD_NAME(kept_at)(x + i + lanes, y + i + lanes, scale, mode);
        const PD_VEC c = PD_NAME(kept_at)(x + i + 2 * lanes, y + i + 2 * lanes, scale, mode);
        const PD_VEC d = PD_NAME(kept_at)(x + i + 3 * lanes, y + i + 3 * lanes, scale, mode);
        PD_OP(store)(y + i, a);
        PD_OP(store)(y + i + lanes, b);
        PD_OP(store)(y + i + 2 * lanes, c);
        PD_OP(store)(y + i + 3 * lanes, d);
    }
    for (; n - i >= lanes; i += lanes) {
        PD_OP(store)(y + i, PD_NAME(kept_at)(x + i, y + i, scale, mode));
    }
    if (i < n) {
        PD_OP(store_part)(y + i, PD_NAME(kept_part)(x + i, y + i, n - i, scale, mode), n - i);
    }
}

static inline void PD_NAME(drop_plane)(PD_ELEM *y, size_t n, int stream) {
    const size_t lanes = PD_OP(lanes)();
    const PD_VEC zero = PD_OP(zero)();
    size_t i = PD_NAME(head_of)(y, n, stream);
    if (i > 0) {
        PD_OP(store_part)(y, zero, i);
    }
    for (; n - i >= 4 * lanes && lanes > 1; i += 4 * lanes) { /* the plain C stays plain */
        PD_NAME(put)(y + i, zero, stream);
        PD_NAME(put)(y + i + lanes, zero, stream);
        PD_NAME(put)(y + i + 2 * lanes, zero, stream);
        PD_NAME(put)(y + i + 3 * lanes, zero, stream);
    }
    for (; n - i >= lanes; i += lanes) {
        PD_NAME(put)(y + i, zero, stream);
    }
    if (i < n) {
        PD_OP(store_part)(y + i, zero, n - i);
    }
}

/* The kept planes of a word, then the dropped ones: walking the set bits costs one mispredicted
 * branch a word, where asking bit by bit would cost one for every other plane. */
static inline void PD_NAME(planes_cached)(const struct pd_tile *tile, PD_FACTOR scale,
                                          enum pd_mode mode) {
    const PD_ELEM *x = (const PD_ELEM *)tile->x;
    PD_ELEM *y = (PD_ELEM *)tile->y;
    for (size_t i = 0; i < tile->outer; i += PD_WORD_BITS) {
        const size_t left = tile->outer - i, planes = left < PD_WORD_BITS ? left : PD_WORD_BITS;
        const uint32_t used = ~UINT32_C(0) >> (PD_WORD_BITS - planes);
        uint32_t kept = tile->keep[i / PD_WORD_BITS] & used, dropped = kept ^ used;
        for (; kept != 0; kept &= kept - 1) {
            const ptrdiff_t plane = (ptrdiff_t)i + __builtin_ctz(kept);
            PD_NAME(keep_plane)
            (x + plane * tile->x_outer, y + plane * tile->y_outer, tile->inner, scale, mode);
        }
        for (; dropped != 0 && mode != PD_ACCUMULATE; dropped &= dropped - 1) {
            const ptrdiff_t plane = (ptrdiff_t)i + __builtin_ctz(dropped);
            PD_NAME(drop_plane)(y + plane * tile->y_outer, tile->inner, 0);
        }
    }
}

/* One element of a strided run: the same operations, on a vector with one lane in use. */
static inline void PD_NAME(one_element)(const PD_ELEM *x, PD_ELEM *y, uint32_t keep,
                                        PD_FACTOR scale, enum pd_mode mode) {
    if (keep) {
        PD_OP(store_part)(y, PD_NAME(kept_part)(x, y, 1, scale, mode), 1);
    } else if (mode != PD_ACCUMULATE) {
        PD_OP(store_part)(y, PD_OP(zero)(), 1);
    }
}

/* What multiplies a kept plane: the same for all, or a factor of its own. */
static inline PD_FACTOR PD_NAME(factor_of)(const struct pd_tile *tile, size_t plane,
                                           PD_FACTOR scale) {
    return tile->factors == NULL ? scale : PD_NAME(factor)((double)tile->factors[plane]);
}

static inline void PD_NAME(planes_strided)(const struct pd_tile *tile, PD_FACTOR scale,
                                           enum pd_mode mode) {
    const PD_ELEM *x = (const PD_ELEM *)tile->x;
    PD_ELEM *y = (PD_ELEM *)tile->y;
    for (size_t i = 0; i < tile->outer; i++, x += tile->x_outer, y += tile->y_outer) {
        const uint32_t keep = tile->keep[i / PD_WORD_BITS] >> i % PD_WORD_BITS & 1;
        const PD_FACTOR factor = PD_NAME(factor_of)(tile, i, scale);
        for (size_t j = 0; j < tile->inner; j++) {
            PD_NAME(one_element)
            (x + (ptrdiff_t)j * tile->x_inner, y + (ptrdiff_t)j * tile->y_inner, keep, factor,
             mode);
        }
    }
}

#include "ahead.inl"

static inline void PD_NAME(planes_mode)(const struct pd_tile *tile, enum pd_mode mode) {
    const PD_FACTOR scale = PD_NAME(factor)(tile->scale);
    if (tile->x_inner != 1 || tile->y_inner != 1) {
        PD_NAME(planes_strided)(tile, scale, mode);
    } else if (tile->path.ahead) {
        PD_NAME(planes_ahead)(tile, scale, mode);
    } else {
        PD_NAME(planes_cached)(tile, scale, mode);
    }
}

static void PD_NAME(planes)(const struct pd_tile *tile) {
    switch (tile->mode) {
    case PD_COPY:
        PD_NAME(planes_mode)(tile, PD_COPY);
        break;
    case PD_SCALE:
        PD_NAME(planes_mode)(tile, PD_SCALE);
        break;
    default:
        PD_NAME(planes_mode)(tile, PD_ACCUMULATE);
        break;
    }
}
