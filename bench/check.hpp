/* SPDX-License-Identifier: MIT
 *
 * Nothing is timed that is wrong. Before the first measurement every row runs once and its output
 * is examined: the library's against the test oracle, byte by byte, the yardsticks' against what
 * they are meant to do.
 */
#ifndef PLANEDROP_BENCH_CHECK_HPP
#define PLANEDROP_BENCH_CHECK_HPP

#include "buffers.hpp"
#include "rows.hpp"

#include <vector>

/* Sets the error of every row whose output is wrong and prints it. Returns how many there are. */
size_t check_rows(std::vector<Row> *rows, Buffers *buffers);

#endif
