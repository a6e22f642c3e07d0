/* SPDX-License-Identifier: MIT
 *
 * The cache policy of a plan: whether stores are non-temporal, whether planes are done plane by
 * plane or as rows, how far to prefetch. No choice changes a result. Figures are ns per element of
 * f32, or ratios, on an AMD EPYC of the Zen 4 generation (32 MiB of L3), measured when the
 * threshold was placed. To move one, change it and compare the two builds (bench --compare).
 */
#include "policy.h"

enum {
    /* The assumed size of a last-level cache of unknown size. */
    CACHE_BYTES_UNKNOWN = 32 << 20,

    /* Stores are non-temporal once input and output together exceed this many quarters of the
     * cache. A scale of 12 MiB: ordinary stores 0.100, non-temporal 0.141. 24 MiB: 0.134, 0.142.
     * 49 MiB: 0.221, 0.144. */
    NT_QUARTERS = 3,

    /* From this size on, dropped planes are not read. Smaller planes are done as rows, which read
     * everything but need no branch and no partial vector. (Not with one lane, where rows cost a
     * mask per element.) Rate 0.5, planes of 49 elements: 0.132 as planes, 0.112 as rows; 64
     * elements: 0.069, 0.110. */
    PLANE_BYTES = 256,
    /* In memory, reading stops at a dropped plane and starts again behind it, at rate * (1 - rate)
     * of all planes, and saves rate * bytes each time. That pays from (1 - rate) * RESTART_BYTES
     * on. As planes over as rows: 1 KiB at rate 0.5 1.04, at 0.1 1.13, at 0.9 0.9; 3 KiB at 0.1
     * 0.89; 512 B at 0.5 1.4, at 0.9 0.75. */
    RESTART_BYTES = 2560,
    /* Planes of factors in the caches are done as rows up to this many elements: repeating a factor
     * costs as much as multiplying by it. */
    REPEATED_FACTORS = PD_TILE_FACTORS / 16,

    /* Prefetch distances along the kept planes, in cache lines. The L2 distance covers the latency
     * of memory across dropped planes. The L1 distance keeps the hardware prefetcher idle, which
     * would read on into dropped planes. 3136 elements, rate 0.5: 0.136; without the L1 prefetch
     * 1.05 times that, without the L2 prefetch 1.32, without both 1.52. */
    PREFETCH_L2_LINES = 1024,
    PREFETCH_L1_LINES = 32
};

/* Whether the planes of a view adjoin in every tensor. */
static int planes_adjoin(const struct pd_view *view) {
    for (int r = 0; r < PD_ROLES; r++) {
        if (view->inner.stride[r] != 1 || view->outer.stride[r] != (ptrdiff_t)view->inner.n) {
            return 0;
        }
    }
    return 1;
}

struct pd_cache_policy pd_policy_choose(const struct pd_policy_input *input) {
    struct pd_cache_policy policy = {0, 0, 0, 0, 0, 0};
    const struct pd_view *view = input->view;
    const size_t cache = input->cache_bytes == 0 ? CACHE_BYTES_UNKNOWN : input->cache_bytes;
    const size_t tensors = input->in_place ? 1 : 2;
    const int uncached =
        view->elements / 4 * input->elem_bytes * tensors > cache / 16 * NT_QUARTERS;
    const int nt = uncached && input->has_nt_stores && !input->no_nt_stores &&
                   !(input->op->form & PD_ACCUMULATE);
    /* In place, the line of a kept value has been read: a non-temporal store saves nothing. */
    policy.nt_kept = (uint8_t)(nt && !input->in_place);
    policy.nt_dropped = (uint8_t)nt;
    if (view->inner.draw_stride == 0) {
        const double bytes = (double)(view->inner.n * input->elem_bytes);
        const int one_by_one =
            bytes >= PLANE_BYTES && (!uncached || bytes >= (1 - input->rate) * RESTART_BYTES);
        const size_t most = input->op->kind == PD_BITS ? PD_TILE_WORDS * PD_CELL_BITS / 2
                            : uncached                 ? PD_TILE_FACTORS / 2
                                                       : REPEATED_FACTORS;
        policy.planes_as_rows = (uint8_t)(!one_by_one && input->lanes > 1 && view->outer.n > 1 &&
                                          view->inner.n <= most && planes_adjoin(view));
        policy.prefetch = (uint8_t)(uncached && !policy.planes_as_rows);
        policy.prefetch_l2_lines = PREFETCH_L2_LINES;
        policy.prefetch_l1_lines = PREFETCH_L1_LINES;
    }
    return policy;
}
