/* SPDX-License-Identifier: MIT
 *
 * The two threads of two_threads.hpp.
 */
#include "two_threads.hpp"

#include <chrono>

namespace {

using std::chrono::steady_clock;

constexpr auto patience = std::chrono::milliseconds(2);

/* Between two looks at the clock, and before giving way: with a CPU too few for both threads, the
 * one that is waited for would otherwise not run. Longer than any wait between timed calls. */
constexpr unsigned spins = 20000;

} // namespace

Pair::~Pair() {
    {
        const std::lock_guard<std::mutex> lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_one();
    worker_.join();
}

void Pair::run_any(Call call, const void *job) {
    call_ = call;
    job_ = job;
    const unsigned long number = ++begun_;
    if (asleep_) {
        { const std::lock_guard<std::mutex> lock(mutex_); }
        wake_.notify_one();
    }
    call(job, 0);
    for (unsigned i = 1; finished_ != number; i++) {
        if (i % spins == 0) {
            std::this_thread::yield();
        }
    }
}

bool Pair::wait_for_more(unsigned long seen) {
    const auto tired = steady_clock::now() + patience;
    while (steady_clock::now() < tired) {
        for (unsigned i = 0; i < spins; i++) {
            if (begun_ != seen) {
                return true;
            }
        }
        if (stopping_) {
            return false;
        }
        std::this_thread::yield();
    }
    std::unique_lock<std::mutex> lock(mutex_);
    asleep_ = true;
    wake_.wait(lock, [&] { return begun_ != seen || stopping_; });
    asleep_ = false;
    return begun_ != seen;
}

void Pair::work() {
    for (unsigned long seen = 0; wait_for_more(seen);) {
        seen++;
        call_(job_, 1);
        finished_ = seen;
    }
}

Row two_thread_row(const Case &c, const Isa &isa, uint64_t offset,
                   const std::shared_ptr<Pair> &pair) {
    Row row = library_row(c, isa, offset);
    row.name += "/2-threads";
    row.wall = true;
    const planedrop_plan plan = plan_of(c.desc, isa, &row.error);
    row.call = [plan, rng = row.rng, pair](const void *x, void *y) {
        pair->run([&](size_t part) { planedrop_forward_part(&plan, rng, part, 2, x, y); });
    };
    return row;
}

Row two_thread_row(Whole what, size_t elements, const std::shared_ptr<Pair> &pair) {
    const size_t half = elements / 2;
    Row row = whole_row(what, half);
    row.name = whole_path(what, elements) + "/2-threads";
    row.wall = true;
    row.elements *= 2;
    row.bytes *= 2;
    row.call = [call = row.call, half, pair](const void *x, void *y) {
        pair->run([&](size_t part) {
            call(static_cast<const float *>(x) + part * half,
                 static_cast<float *>(y) + part * half);
        });
    };
    return row;
}
