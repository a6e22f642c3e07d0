/* SPDX-License-Identifier: MIT
 *
 * The results for people: a table of telling cases, instruction set by instruction set, and the
 * means over all of them, in at most 100 columns.
 */
#ifndef PLANEDROP_BENCH_REPORT_HPP
#define PLANEDROP_BENCH_REPORT_HPP

#include "results.hpp"
#include "rows.hpp"

#include <vector>

/* What will be measured on what, and what will not: to be printed before the run. */
void print_machine();
void print_plan(const std::vector<Case> &cases, const std::vector<Row> &rows, size_t repetitions);

void print_table(const std::vector<Row> &rows, const Results &results);

#endif
