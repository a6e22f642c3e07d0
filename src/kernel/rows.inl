/* SPDX-License-Identifier: MIT
 *
 * Rows: every element of a row has a bit of its own, and the row repeats. A word of bits becomes
 * lane masks that select between the value and zero. y decides where whole vectors start; the bits
 * are then taken from the middle of words:
 *
 *     y      . . . [ . . . . ][ . . . . ][ . .
 *     keep   31 ... 3 2 1 0   63 ... 33 32
 *                   ^ head ^
 */

/* Bits first ... first+count-1 of keep, the others 0. 1 <= count <= PD_WORD_BITS. No word is read
 * that holds none of them. */
static inline uint32_t PD_NAME(bits_at)(const uint32_t *keep, size_t first, size_t count) {
    const size_t shift = first % PD_WORD_BITS;
    keep += first / PD_WORD_BITS;
    uint32_t bits = keep[0] >> shift;
    if (shift + count > PD_WORD_BITS) {
        bits |= keep[1] << (PD_WORD_BITS - shift);
    }
    return bits & ~UINT32_C(0) >> (PD_WORD_BITS - count);
}

static inline void PD_NAME(put_row)(PD_ELEM *y, PD_OP(mask) keep, PD_VEC value, enum pd_mode mode,
                                    int stream) {
    if (mode == PD_ACCUMULATE) {
        PD_OP(store_masked)(y, keep, value);
    } else {
        PD_NAME(put)(y, PD_OP(keep)(keep, value), stream);
    }
}

static inline void PD_NAME(row_part)(const uint32_t *keep, size_t first, const PD_ELEM *x,
                                     PD_ELEM *y, size_t n, PD_FACTOR scale, enum pd_mode mode) {
    const PD_OP(mask) mask = PD_OP(mask_bits)(PD_NAME(bits_at)(keep, first, n), 0);
    const PD_VEC value = PD_NAME(kept_part)(x, y, n, scale, mode);
    if (mode == PD_ACCUMULATE) {
        PD_OP(store_masked)(y, mask, value);
    } else {
        PD_OP(store_part)(y, PD_OP(keep)(mask, value), n);
    }
}

/* Two vectors under the bits of word from bit j on. Loads before stores: see keep_plane. */
static inline void PD_NAME(row_vectors)(uint32_t word, size_t j, const PD_ELEM *x, PD_ELEM *y,
                                        PD_FACTOR scale, enum pd_mode mode, int stream) {
    const size_t lanes = PD_OP(lanes)();
    const PD_VEC a = PD_NAME(kept_at)(x, y, scale, mode);
    const PD_VEC b = PD_NAME(kept_at)(x + lanes, y + lanes, scale, mode);
    PD_NAME(put_row)(y, PD_OP(mask_bits)(word, j), a, mode, stream);
    PD_NAME(put_row)(y + lanes, PD_OP(mask_bits)(word, j + lanes), b, mode, stream);
}

/* Whole words of elements, whose bits start in the middle of words (or, with shift 0, do not). */
static inline size_t PD_NAME(row_words)(const uint32_t *keep, size_t shift, const PD_ELEM *x,
                                        PD_ELEM *y, size_t n, PD_FACTOR scale, enum pd_mode mode,
                                        int stream) {
    const size_t lanes = PD_OP(lanes)();
    size_t i = 0;
    for (; n - i >= PD_WORD_BITS; i += PD_WORD_BITS, keep++) {
        const uint32_t word =
            shift == 0 ? keep[0] : keep[0] >> shift | keep[1] << (PD_WORD_BITS - shift);
        for (size_t j = 0; j < PD_WORD_BITS; j += 2 * lanes) {
            if (lanes < PD_WORD_BITS) {
                PD_NAME(row_vectors)(word, j, x + i + j, y + i + j, scale, mode, stream);
            } else {
                PD_NAME(put_row)
                (y + i, PD_OP(mask_bits)(word, 0), PD_NAME(kept_at)(x + i, y + i, scale, mode),
                 mode, stream);
            }
        }
    }
    return i;
}

static inline void PD_NAME(row)(const uint32_t *keep, size_t first, const PD_ELEM *x, PD_ELEM *y,
                                size_t n, PD_FACTOR scale, enum pd_mode mode, int stream) {
    const size_t lanes = PD_OP(lanes)();
    size_t i = PD_NAME(head_of)(y, n, stream);
    if (i > 0) {
        PD_NAME(row_part)(keep, first, x, y, i, scale, mode);
    }
    keep += (first + i) / PD_WORD_BITS;
    first = (first + i) % PD_WORD_BITS;
    x += i;
    y += i;
    n -= i;
    i = first == 0 ? PD_NAME(row_words)(keep, 0, x, y, n, scale, mode, stream)
                   : PD_NAME(row_words)(keep, first, x, y, n, scale, mode, stream);
    for (; n - i >= lanes; i += lanes) {
        PD_NAME(put_row)
        (y + i, PD_OP(mask_bits)(PD_NAME(bits_at)(keep, first + i, lanes), 0),
         PD_NAME(kept_at)(x + i, y + i, scale, mode), mode, stream);
    }
    if (i < n) {
        PD_NAME(row_part)(keep, first + i, x + i, y + i, n - i, scale, mode);
    }
}

static inline void PD_NAME(rows_mode)(const struct pd_tile *tile, enum pd_mode mode, int stream) {
    const PD_FACTOR scale = PD_NAME(factor)(tile->scale);
    const PD_ELEM *x = (const PD_ELEM *)tile->x;
    PD_ELEM *y = (PD_ELEM *)tile->y;
    const int dense = tile->x_inner == 1 && tile->y_inner == 1;
    for (size_t i = 0; i < tile->outer; i++, x += tile->x_outer, y += tile->y_outer) {
        if (dense) {
            PD_NAME(row)(tile->keep, tile->first, x, y, tile->inner, scale, mode, stream);
            continue;
        }
        for (size_t j = 0; j < tile->inner; j++) {
            PD_NAME(one_element)
            (x + (ptrdiff_t)j * tile->x_inner, y + (ptrdiff_t)j * tile->y_inner,
             PD_NAME(bits_at)(tile->keep, tile->first + j, 1), scale, mode);
        }
    }
}

static void PD_NAME(rows)(const struct pd_tile *tile) {
    const int stream = tile->path.stream_kept;
    switch (tile->mode) {
    case PD_COPY:
        PD_NAME(rows_mode)(tile, PD_COPY, stream);
        break;
    case PD_SCALE:
        PD_NAME(rows_mode)(tile, PD_SCALE, stream);
        break;
    default:
        PD_NAME(rows_mode)(tile, PD_ACCUMULATE, 0);
        break;
    }
}
