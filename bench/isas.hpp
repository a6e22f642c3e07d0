/* SPDX-License-Identifier: MIT
 *
 * The instruction sets of isa.def, best first, each with its yardsticks. The suite knows them only
 * through this list: what exists is isa.def's, what can run is the library's answer.
 */
#ifndef PLANEDROP_BENCH_ISAS_HPP
#define PLANEDROP_BENCH_ISAS_HPP

#include "kernels.h"

#include <string>
#include <vector>

struct Isa {
    std::string name;
    const naive_loops *naive[4]; /* by planedrop_dtype */
    const roof_loops *roof;
    const xorshift_loops *xorshift;
    const sleef_loops *sleef;
    bool usable; /* by this CPU and operating system */
};

/* All that are compiled in. The last one is the baseline that runs everywhere. */
const std::vector<Isa> &isas();

/* The first one that is usable: the roof is measured with it. */
const Isa &best_isa();

/* Whether this build has the Gaussian law. */
bool has_gaussian();

#endif
