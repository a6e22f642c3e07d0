/* SPDX-License-Identifier: MIT
 *
 * Planes that do not fit the caches: in order, with streaming stores, and with the lines of kept
 * planes asked for long before they are read. The hardware prefetcher sees too little of a plane to
 * help, and reads on into the dropped one behind it.
 *
 *     kept planes:   [#### here ####]   dropped   [..near...........]   [.....far.........]
 */

/* A place that runs ahead along the lines of the kept planes, and rests at the last one. */
struct PD_NAME(ahead) {
    const PD_ELEM *x, *y;
    size_t plane, lines; /* lines left in the plane */
};

static inline size_t PD_NAME(line)(void) {
    const size_t line = PD_LINE_BYTES / sizeof(PD_ELEM);
    return line < PD_OP(lanes)() ? PD_OP(lanes)() : line;
}

static inline void PD_NAME(ahead_to)(struct PD_NAME(ahead) * ahead, const struct pd_tile *tile,
                                     size_t plane) {
    while (plane < tile->outer) {
        const uint32_t word = tile->keep[plane / PD_WORD_BITS] >> plane % PD_WORD_BITS;
        if (word != 0) {
            plane += (size_t)__builtin_ctz(word);
            break;
        }
        plane += PD_WORD_BITS - plane % PD_WORD_BITS;
    }
    ahead->lines = 0;
    ahead->plane = plane;
    if (plane < tile->outer) {
        ahead->x = (const PD_ELEM *)tile->x + (ptrdiff_t)plane * tile->x_outer;
        ahead->y = (const PD_ELEM *)tile->y + (ptrdiff_t)plane * tile->y_outer;
        const size_t line = PD_NAME(line)(), past = (uintptr_t)ahead->x / sizeof(PD_ELEM) % line;
        ahead->lines = (past + tile->inner + line - 1) / line;
    }
}

static inline void PD_NAME(ahead_step)(struct PD_NAME(ahead) * ahead, const struct pd_tile *tile,
                                       enum pd_mode mode, void (*prefetch)(const void *)) {
    if (ahead->lines == 0) {
        return;
    }
    prefetch(ahead->x);
    if (mode == PD_ACCUMULATE) {
        prefetch(ahead->y);
    }
    if (--ahead->lines == 0) {
        PD_NAME(ahead_to)(ahead, tile, ahead->plane + 1);
    } else {
        ahead->x += PD_NAME(line)();
        ahead->y += PD_NAME(line)();
    }
}

/* The line that two planes share, put together here and streamed as one: ordinary stores of its two
 * halves would make all stores wait for memory. It is sent a plane later, since a load of what was
 * just stored in parts waits for all the stores before. */
struct PD_NAME(edge) {
    PD_ELEM line[2 * PD_LINE_BYTES / sizeof(PD_ELEM)];
    PD_ELEM *to; /* where the line belongs */
    size_t held; /* elements of it that are here */
};

static inline void PD_NAME(send_edge)(struct PD_NAME(edge) * edge) {
    if (edge->held == PD_NAME(line)()) {
        for (size_t i = 0; i < edge->held; i += PD_OP(lanes)()) {
            PD_OP(stream)(edge->to + i, PD_OP(load)(edge->line + i));
        }
        edge->held = 0;
    }
}

/* n elements of a kept or dropped plane, in ordinary stores. */
static inline void PD_NAME(plain)(int keep, const PD_ELEM *x, PD_ELEM *y, size_t n, PD_FACTOR scale,
                                  enum pd_mode mode) {
    if (keep) {
        PD_NAME(keep_plane)(x, y, n, scale, mode);
    } else {
        PD_NAME(drop_plane)(y, n, 0);
    }
}

static inline void PD_NAME(planes_ahead)(const struct pd_tile *tile, PD_FACTOR scale,
                                         enum pd_mode mode) {
    const size_t lanes = PD_OP(lanes)(), line = PD_NAME(line)(), n = tile->inner;
    const int merge = tile->path.stream_kept && tile->path.stream_dropped && n >= 2 * line &&
                      tile->y_outer == (ptrdiff_t)n;
    const PD_VEC zero = PD_OP(zero)();
    const PD_ELEM *x = (const PD_ELEM *)tile->x;
    PD_ELEM *y = (PD_ELEM *)tile->y;
    struct PD_NAME(edge) edges[2];
    edges[0].held = edges[1].held = 0;
    struct PD_NAME(ahead) near = {x, y, 0, 0};
    PD_NAME(ahead_to)(&near, tile, 0);
    struct PD_NAME(ahead) far = near;
    for (size_t i = 0; i < tile->path.far_lines; i++) {
        PD_NAME(ahead_step)(&far, tile, mode, v_prefetch_far);
    }
    for (size_t i = 0; i < tile->path.near_lines; i++) {
        PD_NAME(ahead_step)(&near, tile, mode, v_prefetch_near);
    }
    for (size_t plane = 0; plane < tile->outer; plane++, x += tile->x_outer, y += tile->y_outer) {
        const int keep = tile->keep[plane / PD_WORD_BITS] >> plane % PD_WORD_BITS & 1;
        const int stream = keep ? tile->path.stream_kept : tile->path.stream_dropped;
        struct PD_NAME(edge) *before = &edges[plane % 2], *after = &edges[(plane + 1) % 2];
        if (!keep && mode == PD_ACCUMULATE) {
            continue;
        }
        const PD_FACTOR factor = PD_NAME(factor_of)(tile, plane, scale);
        const size_t past = (uintptr_t)y / sizeof(PD_ELEM) % line;
        size_t i = past == 0 ? 0 : line - past < n ? line - past : n;
        if (before->held > 0) {
            PD_NAME(plain)(keep, x, before->line + before->held, i, factor, mode);
            before->held += i;
        } else {
            PD_NAME(plain)(keep, x, y, i, factor, mode);
        }
        if (keep) {
            /* A step ahead for every line: the head's and the tail's, then the whole ones. */
            const size_t parts = (size_t)(i > 0) + ((n - i) % line > 0);
            for (size_t part = 0; part < parts; part++) {
                PD_NAME(ahead_step)(&far, tile, mode, v_prefetch_far);
                PD_NAME(ahead_step)(&near, tile, mode, v_prefetch_near);
            }
            for (; n - i >= line; i += line) {
                PD_NAME(ahead_step)(&far, tile, mode, v_prefetch_far);
                PD_NAME(ahead_step)(&near, tile, mode, v_prefetch_near);
                for (size_t j = i; j < i + line; j += lanes) {
                    PD_NAME(put)(y + j, PD_NAME(kept_at)(x + j, y + j, factor, mode), stream);
                }
            }
        } else {
            for (; n - i >= line; i += line) {
                for (size_t j = i; j < i + line; j += lanes) {
                    PD_NAME(put)(y + j, zero, stream);
                }
            }
        }
        PD_NAME(send_edge)(before);
        if (i < n && merge && plane + 1 < tile->outer) {
            PD_NAME(plain)(keep, x + i, after->line, n - i, factor, mode);
            after->to = y + i;
            after->held = n - i;
        } else {
            PD_NAME(plain)(keep, x + i, y + i, n - i, factor, mode);
        }
    }
}
