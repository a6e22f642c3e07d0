/* SPDX-License-Identifier: MIT
 *
 * The progress line of progress.hpp.
 */
#include "progress.hpp"

#include <cstdio>
#include <unistd.h>

using std::chrono::steady_clock;

Progress::Progress(std::string phase, size_t steps)
    : phase_(std::move(phase)), steps_(steps), terminal_(isatty(STDERR_FILENO) != 0),
      start_(steady_clock::now()), next_update_(start_) {}

double Progress::seconds() const {
    return std::chrono::duration<double>(steady_clock::now() - start_).count();
}

void Progress::show(size_t done, const std::string &current) {
    if (terminal_) {
        const auto now = steady_clock::now();
        if (now >= next_update_) {
            next_update_ = now + std::chrono::milliseconds(100);
            print(done, current);
        }
    } else if (10 * done >= next_line_ * steps_) {
        next_line_ = 10 * done / steps_ + 1;
        print(done, current);
    }
}

void Progress::print(size_t done, const std::string &current) {
    const double share = static_cast<double>(done) / static_cast<double>(steps_);
    const int elapsed = static_cast<int>(seconds());
    char left[32] = "    -";
    if (share > 0.01) {
        const int rest = static_cast<int>(seconds() * (1 - share) / share + 0.5);
        std::snprintf(left, sizeof left, "%2d:%02d", rest / 60, rest % 60);
    }
    std::fprintf(stderr, "%s%-8s %3.0f%%  %2d:%02d elapsed  %s left  %.60s%s",
                 terminal_ ? "\r" : "", phase_.c_str(), 100 * share, elapsed / 60, elapsed % 60,
                 left, current.c_str(), terminal_ ? "\x1b[K" : "\n");
    std::fflush(stderr);
}

void Progress::finish() {
    print(steps_, "done");
    if (terminal_) {
        std::fputc('\n', stderr);
    }
}
