/* SPDX-License-Identifier: MIT
 *
 * Where a long run is: on a terminal one line on stderr that keeps changing, elsewhere a plain line
 * every tenth of the way.
 *
 *     timing   42%   1:03 elapsed   1:27 left   nchw/avx2/f32/N32_C256_HW3136/p0.5
 */
#ifndef PLANEDROP_BENCH_PROGRESS_HPP
#define PLANEDROP_BENCH_PROGRESS_HPP

#include <chrono>
#include <cstddef>
#include <string>

class Progress {
  public:
    Progress(std::string phase, size_t steps);

    /* `done` of the steps lie behind, `current` is under way. Cheap enough for every step. */
    void show(size_t done, const std::string &current);
    void finish();
    double seconds() const;

  private:
    void print(size_t done, const std::string &current);

    std::string phase_;
    size_t steps_, next_line_ = 0;
    bool terminal_;
    std::chrono::steady_clock::time_point start_, next_update_;
};

#endif
