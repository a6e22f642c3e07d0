/* SPDX-License-Identifier: MIT
 *
 * The measurements behind docs/performance.md, all on tensors of 256 MiB and the best instruction
 * set: the time over L(p) by plane size, and what each trick brings alone. plot_performance.py
 * draws both.
 */
#ifndef PLANEDROP_BENCH_PERFORMANCE_HPP
#define PLANEDROP_BENCH_PERFORMANCE_HPP

#include "group.hpp"

class Performance {
  public:
    /* Makes the rows of the parts whose key, "planes" or "ablation", the pattern (an extended
     * regular expression) is found in. Throws std::regex_error. */
    Performance(const std::string &pattern, Workload *workload);

    void print(const Results &results) const;

  private:
    struct Point {
        size_t plane;
        std::vector<Time> times, roofs; /* by rate */
    };
    struct Ablated {
        std::string what;
        Time all;
        std::vector<Time> without; /* by trick; empty where the trick is not used */
    };

    void add_planes(const Group &group);
    void add_ablation(const Group &group, const Shape &shape, double rate, const std::string &what);

    std::vector<Point> points_;
    std::vector<Ablated> ablated_;
};

#endif
