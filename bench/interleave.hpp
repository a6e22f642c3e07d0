/* SPDX-License-Identifier: MIT
 *
 * Timing in groups. What one number is made of has to be measured within the same second or so, and
 * a run of minutes over hundreds of rows cannot do that by shuffling them all. So every group goes
 * through its own rows in turn, in random order, again and again, before the next one begins.
 */
#ifndef PLANEDROP_BENCH_INTERLEAVE_HPP
#define PLANEDROP_BENCH_INTERLEAVE_HPP

#include "buffers.hpp"
#include "results.hpp"
#include "rows.hpp"

#include <vector>

/* Times `repetitions` samples of every row. The rows of a group follow each other. */
void time_groups(const std::vector<Row> &rows, size_t repetitions, Buffers *buffers,
                 Results *results);

#endif
