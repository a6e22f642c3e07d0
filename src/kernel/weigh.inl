/* SPDX-License-Identifier: MIT
 *
 * The Gaussian law: every plane has a factor of its own, or every element of a row, and the row
 * repeats. Nothing is dropped. Planes are done as those of planes.inl that are kept. Where a factor
 * is 0, which is rare, a product may be a new NaN, of Inf * 0: that has its own way.
 */
#if defined(PLANEDROP_WITH_SLEEF)

/* zeros: whether the factor may be 0. */
static inline PD_VEC PD_NAME(weighed)(PD_VEC x, PD_VEC y, PD_FACTOR factor, enum pd_mode mode,
                                      int zeros) {
    if (mode == PD_ACCUMULATE) {
        return PD_NAME(accumulate)(y, x, factor);
    }
    return zeros ? PD_NAME(weigh)(x, factor) : PD_NAME(scale)(x, factor);
}

static inline void PD_NAME(weigh_vector)(PD_FACTOR factor, const PD_ELEM *x, PD_ELEM *y,
                                         enum pd_mode mode, int zeros, int stream) {
    const PD_VEC value = PD_OP(load)(x);
    const PD_VEC old = mode == PD_ACCUMULATE ? PD_OP(load)(y) : value;
    PD_NAME(put)(y, PD_NAME(weighed)(value, old, factor, mode, zeros), stream);
}

static inline void PD_NAME(weigh_part)(PD_FACTOR factor, const PD_ELEM *x, PD_ELEM *y, size_t n,
                                       enum pd_mode mode) {
    const PD_VEC value = PD_OP(load_part)(x, n);
    const PD_VEC old = mode == PD_ACCUMULATE ? PD_OP(load_part)(y, n) : value;
    PD_OP(store_part)(y, PD_NAME(weighed)(value, old, factor, mode, 1), n);
}

static inline void PD_NAME(weigh_row)(const float *factors, const PD_ELEM *x, PD_ELEM *y, size_t n,
                                      enum pd_mode mode, int zeros, int stream) {
    const size_t lanes = PD_OP(lanes)();
    size_t i = PD_NAME(head_of)(y, n, stream);
    if (i > 0) {
        PD_NAME(weigh_part)(PD_NAME(factors)(factors), x, y, i, mode);
    }
    for (; n - i >= lanes; i += lanes) {
        PD_NAME(weigh_vector)(PD_NAME(factors)(factors + i), x + i, y + i, mode, zeros, stream);
    }
    if (i < n) {
        PD_NAME(weigh_part)(PD_NAME(factors)(factors + i), x + i, y + i, n - i, mode);
    }
}

static inline void PD_NAME(weigh_rows_mode)(const struct pd_tile *tile, enum pd_mode mode,
                                            int zeros, int stream) {
    const PD_ELEM *x = (const PD_ELEM *)tile->x;
    PD_ELEM *y = (PD_ELEM *)tile->y;
    const int dense = tile->x_inner == 1 && tile->y_inner == 1;
    for (size_t i = 0; i < tile->outer; i++, x += tile->x_outer, y += tile->y_outer) {
        if (dense) {
            PD_NAME(weigh_row)(tile->factors, x, y, tile->inner, mode, zeros, stream);
            continue;
        }
        for (size_t j = 0; j < tile->inner; j++) {
            PD_NAME(weigh_part)
            (PD_NAME(factors)(tile->factors + j), x + (ptrdiff_t)j * tile->x_inner,
             y + (ptrdiff_t)j * tile->y_inner, 1, mode);
        }
    }
}

static void PD_NAME(weigh_rows)(const struct pd_tile *tile) {
    const int stream = tile->path.stream_kept;
    if (tile->mode == PD_ACCUMULATE) {
        PD_NAME(weigh_rows_mode)(tile, PD_ACCUMULATE, 1, 0);
        return;
    }
    const size_t searched = tile->outer > 1 ? tile->inner : 0; /* not worth it for a single row */
    int zeros = searched == 0;
    for (size_t i = 0; i < searched; i++) {
        zeros |= tile->factors[i] == 0;
    }
    if (zeros) {
        PD_NAME(weigh_rows_mode)(tile, PD_SCALE, 1, stream);
    } else {
        PD_NAME(weigh_rows_mode)(tile, PD_SCALE, 0, stream);
    }
}

static inline void PD_NAME(weigh_planes_mode)(const struct pd_tile *tile, enum pd_mode mode) {
    const PD_FACTOR unused = PD_NAME(factor)(1);
    const PD_ELEM *x = (const PD_ELEM *)tile->x;
    PD_ELEM *y = (PD_ELEM *)tile->y;
    if (tile->x_inner != 1 || tile->y_inner != 1) {
        PD_NAME(planes_strided)(tile, unused, mode);
    } else if (tile->path.ahead) {
        PD_NAME(planes_ahead)(tile, unused, mode);
    } else {
        for (size_t i = 0; i < tile->outer; i++, x += tile->x_outer, y += tile->y_outer) {
            PD_NAME(keep_plane)(x, y, tile->inner, PD_NAME(factor_of)(tile, i, unused), mode);
        }
    }
}

/* Planes up to the next one whose factor is 0; or that one. Returns how many. */
static inline size_t PD_NAME(weigh_some)(const struct pd_tile *tile) {
    struct pd_tile run = *tile;
    run.outer = 0;
    while (run.outer < tile->outer && run.factors[run.outer] != 0) {
        run.outer++;
    }
    if (run.outer > 0) {
        PD_NAME(weigh_planes_mode)(&run, PD_SCALE);
        return run.outer;
    }
    for (ptrdiff_t j = 0; j < (ptrdiff_t)run.inner; j++) {
        PD_NAME(weigh_part)
        (PD_NAME(factor)((double)*run.factors), (const PD_ELEM *)run.x + j * run.x_inner,
         (PD_ELEM *)run.y + j * run.y_inner, 1, PD_SCALE);
    }
    return 1;
}

static void PD_NAME(weigh_planes)(const struct pd_tile *tile) {
    struct pd_tile rest = *tile;
    if (tile->mode == PD_ACCUMULATE) {
        PD_NAME(weigh_planes_mode)(tile, PD_ACCUMULATE);
        return;
    }
    while (rest.outer > 0) {
        const size_t done = PD_NAME(weigh_some)(&rest);
        rest.outer -= done;
        rest.factors += done;
        rest.x = (const PD_ELEM *)rest.x + (ptrdiff_t)done * rest.x_outer;
        rest.y = (PD_ELEM *)rest.y + (ptrdiff_t)done * rest.y_outer;
    }
}

#endif
