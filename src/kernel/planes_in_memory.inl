/* SPDX-License-Identifier: MIT
 *
 * Planes in memory: in order, with non-temporal stores if the policy says so, and with prefetches
 * of the lines of kept planes. The hardware prefetcher sees too little of a plane to help, and
 * reads on into the dropped plane behind it.
 *
 *     kept planes:   [#### here ####]   dropped   [..L1 distance.....]   [.....L2 distance..]
 */

/* A position that moves along the lines of the kept planes, and stops behind the last line. */
struct prefetch_cursor {
    struct place at;
    size_t plane, lines; /* lines left in the plane */
};

PD_INLINE size_t elems_per_line(void) { return PD_CACHE_LINE_BYTES / sizeof(ELEM); }

/* Goes to the first kept plane from `plane` on. */
PD_INLINE void prefetch_from(struct prefetch_cursor *cursor, const struct pd_tile *tile,
                             const int kind, size_t plane) {
    while (kind == PD_BITS && plane < tile->outer) {
        const uint32_t word =
            ((const uint32_t *)tile->draws)[plane / PD_CELL_BITS] >> plane % PD_CELL_BITS;
        if (word != 0) {
            plane += pd_ctz32(word);
            break;
        }
        plane += PD_CELL_BITS - plane % PD_CELL_BITS;
    }
    cursor->lines = 0;
    cursor->plane = plane;
    if (plane < tile->outer) {
        const size_t line = elems_per_line();
        cursor->at = place_of(tile, plane);
        const size_t past = (uintptr_t)cursor->at.of[PD_IN] / sizeof(ELEM) % line;
        cursor->lines = (past + tile->inner + line - 1) / line;
    }
}

PD_INLINE void prefetch_step(struct prefetch_cursor *cursor, const struct pd_tile *tile,
                             const unsigned form, const int kind, const int level) {
    if (cursor->lines == 0) {
        return;
    }
    PD_UNROLL
    for (int r = 0; r < PD_ROLES; r++) {
        if (reads(form, (enum pd_role)r)) {
            pd_prefetch(cursor->at.of[r], level);
        }
    }
    if (--cursor->lines == 0) {
        prefetch_from(cursor, tile, kind, cursor->plane + 1);
    } else {
        cursor->at = place_plus(cursor->at, elems_per_line());
    }
}

/* The cache line that two adjacent planes share, assembled here and written by non-temporal stores:
 * ordinary stores of its two parts would make all later stores wait for memory. It is flushed one
 * plane late: a load of what was just stored in parts waits for these stores. */
struct split_line {
    ELEM line[PD_CACHE_LINE_BYTES / sizeof(ELEM)];
    ELEM *to;     /* where the line belongs */
    size_t count; /* elements that are in line */
};

PD_INLINE void flush_split_line(struct split_line *split) {
    if (split->count == elems_per_line()) {
        for (size_t i = 0; i < split->count; i += V(lanes)()) {
            V(store_nt)(split->to + i, V(load)(split->line + i));
        }
        split->count = 0;
    }
}

/* n elements of a plane, by ordinary stores. */
PD_INLINE void write_span(const unsigned form, const struct constants *c, int keep, struct place at,
                          size_t n, WIDE factor) {
    if (keep) {
        keep_plane(form, c, at, n, factor);
    } else {
        fill_plane(at.of[PD_OUT], n, c->fill);
    }
}

PD_INLINE void planes_in_memory_of(const struct pd_tile *tile, const unsigned form,
                                   const int kind) {
    const struct constants c = constants_of(tile->op, form);
    const size_t lanes = V(lanes)(), line = elems_per_line(), n = tile->inner;
    const struct pd_cache_policy policy = tile->policy;
    const int merge = policy.nt_kept && n >= 2 * line && tile->outer_stride[PD_OUT] == (ptrdiff_t)n;
    struct split_line splits[2];
    splits[0].count = splits[1].count = 0;
    struct prefetch_cursor near_cursor = {{{NULL}}, 0, 0};
    prefetch_from(&near_cursor, tile, kind, 0);
    struct prefetch_cursor far_cursor = near_cursor;
    for (size_t i = 0; i < policy.prefetch_l2_lines; i++) {
        prefetch_step(&far_cursor, tile, form, kind, 2);
    }
    for (size_t i = 0; i < policy.prefetch_l1_lines; i++) {
        prefetch_step(&near_cursor, tile, form, kind, 1);
    }
    for (size_t plane = 0; plane < tile->outer; plane++) {
        struct place at = place_of(tile, plane);
        ELEM *out = at.of[PD_OUT];
        const int keep = draw_kept(tile, kind, plane);
        const int nt = keep ? policy.nt_kept : policy.nt_dropped;
        struct split_line *before = &splits[plane % 2], *after = &splits[(plane + 1) % 2];
        if (!keep && (form & PD_ACCUMULATE)) {
            continue;
        }
        const WIDE factor = draw_factor(tile, &c, kind, plane);
        const size_t past = (uintptr_t)out / sizeof(ELEM) % line;
        size_t i = past == 0 ? 0 : line - past < n ? line - past : n;
        if (before->count > 0) {
            at.of[PD_OUT] = before->line + before->count;
            before->count += i;
        }
        write_span(form, &c, keep, at, i, factor);
        at.of[PD_OUT] = out;
        if (keep) {
            /* A step for every line: of the first and the last part, then of the whole lines. */
            const size_t parts = (size_t)(i > 0) + ((n - i) % line > 0);
            for (size_t part = 0; part < parts; part++) {
                prefetch_step(&far_cursor, tile, form, kind, 2);
                prefetch_step(&near_cursor, tile, form, kind, 1);
            }
            for (; n - i >= line; i += line) {
                prefetch_step(&far_cursor, tile, form, kind, 2);
                prefetch_step(&near_cursor, tile, form, kind, 1);
                const struct place here = place_plus(at, i);
                PD_UNROLL
                for (size_t j = 0; j < line; j += lanes) {
                    store_maybe_nt(here.of[PD_OUT] + j, keep_vector(form, &c, here, j, factor), nt);
                }
            }
        } else {
            for (; n - i >= line; i += line) {
                for (size_t j = 0; j < line; j += lanes) {
                    store_maybe_nt(out + i + j, c.fill, nt);
                }
            }
        }
        flush_split_line(before);
        at = place_plus(at, i);
        if (i < n && merge && plane + 1 < tile->outer) {
            at.of[PD_OUT] = after->line;
            after->to = out + i;
            after->count = n - i;
        }
        write_span(form, &c, keep, at, n - i, factor);
    }
}
