/* SPDX-License-Identifier: MIT
 *
 * Rows that two threads do together. The second thread exists before anything is timed and waits by
 * spinning, as the workers of an engine do between two layers; when nothing has come for a while it
 * sleeps, so as not to disturb the rows of one thread.
 */
#ifndef PLANEDROP_BENCH_TWO_THREADS_HPP
#define PLANEDROP_BENCH_TWO_THREADS_HPP

#include "rows.hpp"

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>

class Pair {
  public:
    Pair() : worker_([this] { work(); }) {}
    ~Pair();

    /* Calls job(0) here and job(1) on the other thread, and returns when both are done. */
    template <class Job> void run(const Job &job) {
        run_any([](const void *any, size_t part) { (*static_cast<const Job *>(any))(part); }, &job);
    }

  private:
    using Call = void (*)(const void *job, size_t part); /* std::function would allocate */

    void run_any(Call call, const void *job);
    void work();
    bool wait_for_more(unsigned long seen); /* false: there will be none */

    Call call_ = nullptr; /* the worker reads these two after begun_ */
    const void *job_ = nullptr;
    std::atomic<unsigned long> begun_{0}, finished_{0}; /* jobs */
    std::atomic<bool> asleep_{false}, stopping_{false};
    std::mutex mutex_;
    std::condition_variable wake_;
    std::thread worker_; /* the last: it uses all of the above */
};

/* A row of the library with each thread doing one part. */
Row two_thread_row(const Case &c, const Isa &isa, uint64_t offset,
                   const std::shared_ptr<Pair> &pair);

/* The same with each thread doing one half of a whole tensor. */
Row two_thread_row(Whole what, size_t elements, const std::shared_ptr<Pair> &pair);

#endif
