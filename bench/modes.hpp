/* SPDX-License-Identifier: MIT
 *
 * What the suite can be asked to do.
 *
 *     table         every case on every instruction set, beside its yardsticks; Google Benchmark
 * runs targets       what is to be reached and what is; groups are timed by interleave.hpp
 *     performance   the tables and plots of docs/performance.md; likewise
 */
#ifndef PLANEDROP_BENCH_MODES_HPP
#define PLANEDROP_BENCH_MODES_HPP

#include "options.hpp"

/* Returns the exit code: 1 if there was wrong output, 2 if nothing matches the filter. */
int run_mode(const Options &options);

#endif
