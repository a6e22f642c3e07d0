/* SPDX-License-Identifier: MIT
 *
 * Rows: every element of a row has a bit of its own, and the row repeats. A word of bits becomes
 * lane masks that select between the value and zero.
 */

static inline void PD_NAME(row_vector)(const PD_ELEM *x, PD_ELEM *y, v_mask keep, v_f32 scale,
                                       enum pd_mode mode) {
    const v_f32 value = PD_NAME(kept_at)(x, y, scale, mode);
    if (mode == PD_ACCUMULATE) {
        PD_NAME(store_masked)(y, keep, value);
    } else {
        PD_NAME(store)(y, v_keep_f32(keep, value));
    }
}

static inline void PD_NAME(row_part)(const PD_ELEM *x, PD_ELEM *y, size_t n, v_mask keep,
                                     v_f32 scale, enum pd_mode mode) {
    const v_f32 value = PD_NAME(kept_part)(x, y, n, scale, mode);
    if (mode == PD_ACCUMULATE) {
        PD_NAME(store_masked)(y, keep, value);
    } else {
        PD_NAME(store_part)(y, v_keep_f32(keep, value), n);
    }
}

static inline void PD_NAME(row)(const uint32_t *keep, const PD_ELEM *x, PD_ELEM *y, size_t n,
                                v_f32 scale, enum pd_mode mode) {
    const size_t lanes = v_lanes();
    for (; n >= PD_WORD_BITS; n -= PD_WORD_BITS, x += PD_WORD_BITS, y += PD_WORD_BITS, keep++) {
        for (size_t j = 0; j < PD_WORD_BITS; j += lanes) {
            PD_NAME(row_vector)(x + j, y + j, v_mask_bits(*keep, j), scale, mode);
        }
    }
    if (n > 0) {
        const uint32_t word =
            *keep & ((UINT32_C(1) << n) - 1); /* the bits above belong to nobody */
        size_t j = 0;
        for (; n - j >= lanes; j += lanes) {
            PD_NAME(row_vector)(x + j, y + j, v_mask_bits(word, j), scale, mode);
        }
        if (j < n) {
            PD_NAME(row_part)(x + j, y + j, n - j, v_mask_bits(word, j), scale, mode);
        }
    }
}

static inline void PD_NAME(rows_mode)(const struct pd_tile *tile, enum pd_mode mode) {
    const v_f32 scale = v_set1_f32((float)tile->scale);
    const PD_ELEM *x = tile->x;
    PD_ELEM *y = tile->y;
    const int dense = tile->x_inner == 1 && tile->y_inner == 1;
    for (size_t i = 0; i < tile->outer; i++, x += tile->x_outer, y += tile->y_outer) {
        if (dense) {
            PD_NAME(row)(tile->keep, x, y, tile->inner, scale, mode);
            continue;
        }
        for (size_t j = 0; j < tile->inner; j++) {
            const uint32_t keep = tile->keep[j / PD_WORD_BITS] >> j % PD_WORD_BITS & 1;
            PD_NAME(one_element)
            (x + (ptrdiff_t)j * tile->x_inner, y + (ptrdiff_t)j * tile->y_inner, keep, scale, mode);
        }
    }
}

static void PD_NAME(rows)(const struct pd_tile *tile) {
    switch (tile->mode) {
    case PD_COPY:
        PD_NAME(rows_mode)(tile, PD_COPY);
        break;
    case PD_SCALE:
        PD_NAME(rows_mode)(tile, PD_SCALE);
        break;
    default:
        PD_NAME(rows_mode)(tile, PD_ACCUMULATE);
        break;
    }
}
