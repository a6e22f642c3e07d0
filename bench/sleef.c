/* SPDX-License-Identifier: MIT
 *
 * What the Gaussian law cannot do without: a logarithm, a sine and a cosine of SLEEF's for every
 * two elements, and nothing else. One text, compiled once per instruction set.
 */
#include "kernels.h"
#include "vec.h"

#if defined(PLANEDROP_WITH_SLEEF)
static void elements(size_t count, const float *restrict x, float *restrict y) {
    const size_t lanes = v_lanes_f32();
    for (size_t i = 0; count - i >= 2 * lanes; i += 2 * lanes) {
        const v_f32 log = v_log_f32(v_load_f32(x + i), 1);
        const v_pair at = v_sincospi_f32(v_load_f32(x + i + lanes), 1);
        v_store_f32(y + i, v_mul_f32(log, at.p));
        v_store_f32(y + i + lanes, at.q);
    }
}
#define ELEMENTS elements
#else
#define ELEMENTS NULL
#endif

extern const struct sleef_loops BENCH_JOIN(bench_sleef_, BENCH_ISA);
const struct sleef_loops BENCH_JOIN(bench_sleef_, BENCH_ISA) = {ELEMENTS};
