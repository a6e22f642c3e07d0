/* SPDX-License-Identifier: MIT
 *
 * Every decision about speed that depends on sizes, made once per plan and gathered here. None of
 * them changes a result. The figures are ns an element of f32, or ratios, on an AMD EPYC of the
 * Zen 4 generation (32 MiB of L3). To place a threshold anew, change it and compare what the named
 * command prints; docs/performance.md has the larger picture.
 */
#include "path.h"

enum {
    /* A cache of unknown size is taken for so many bytes. */
    CACHE_BYTES_UNKNOWN = 32 << 20,

    /* Stores go past the cache once x and y together take more of it than this many quarters.
     * A scale of 12 MiB: ordinary 0.100, streaming 0.141. 24 MiB: 0.134, 0.142. 49 MiB: 0.221,
     * 0.144. (bench: the rows roof/.../scale) */
    STREAM_QUARTERS = 3,

    /* Planes are taken one by one, and dropped ones not read, from a size on; below it all is read
     * as rows, which needs no branch and no partial vector. (Not with one lane: there rows cost a
     * mask an element.) Rate 0.5, elements a plane: 49: 0.132 one by one, 0.112 as rows; 64: 0.069,
     * 0.110. (bench --targets --filter nchw-any-256K) */
    PLANE_BYTES = 256,
    /* In memory, moreover, reads are begun anew behind dropped planes, at rate * (1 - rate) of all
     * planes, and save rate * bytes each time: worth it from (1 - rate) * so many bytes on. One by
     * one over as rows: 1 KiB at rate 0.5 1.04, at 0.1 1.13, at 0.9 0.9; 3 KiB at 0.1 0.89; 512 B
     * at 0.5 1.4, at 0.9 0.75. (bench --performance) */
    RESTART_BYTES = 2560,

    /* Lines ahead along the kept planes: into L2 to cover memory's latency across dropped planes,
     * into L1 so that the hardware prefetcher, which would read on into dropped planes, stays idle.
     * 3136 elements, rate 0.5: 0.136; without the near one 1.05 times that, without the far one
     * 1.32, without both 1.52. (bench --performance) */
    FAR_LINES = 1024,
    NEAR_LINES = 32
};

/* Whether the planes of a unit lie end to end, in x and in y. */
static int adjoin(const struct pd_view *view) {
    const ptrdiff_t n = (ptrdiff_t)view->inner.n;
    return view->inner.x == 1 && view->inner.y == 1 && view->mid.x == n && view->mid.y == n;
}

struct pd_path pd_path_choose(const struct pd_path_case *c) {
    struct pd_path path = {0, 0, 0, 0, 0, 0};
    const struct pd_view *view = c->view;
    const size_t cache = c->cache_bytes == 0 ? CACHE_BYTES_UNKNOWN : c->cache_bytes;
    const size_t tensors = c->in_place ? 1 : 2;
    const int uncached =
        view->elements / 4 * c->elem_bytes * tensors > cache / 16 * STREAM_QUARTERS;
    const int stream = uncached && !c->keep_cached && c->mode != PD_ACCUMULATE;
    /* In place the line of a kept value is in the cache already, and must leave it anyway. */
    path.stream_kept = stream && !c->in_place;
    path.stream_dropped = (uint8_t)stream;
    if (view->inner.draw == 0) {
        const double bytes = (double)(view->inner.n * c->elem_bytes);
        const int large =
            bytes >= PLANE_BYTES && (!uncached || bytes >= (1 - c->rate) * RESTART_BYTES);
        const int tile_holds_two = view->inner.n <= PD_TILE_WORDS * PD_WORD_BITS / 2;
        path.planes_as_rows = !large && c->lanes > 1 && tile_holds_two && adjoin(view);
        path.ahead = (uint8_t)(uncached && !path.planes_as_rows);
        path.far_lines = FAR_LINES;
        path.near_lines = NEAR_LINES;
    }
    return path;
}
