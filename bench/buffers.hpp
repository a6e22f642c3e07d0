/* SPDX-License-Identifier: MIT
 *
 * The memory of the whole run: x, y and the oracle's y, as large as the largest case, allocated and
 * touched once. All are aligned to 64 bytes; y begins half a page further than x, so that loads and
 * stores of one index do not share the low address bits by which CPUs guess at dependences.
 */
#ifndef PLANEDROP_BENCH_BUFFERS_HPP
#define PLANEDROP_BENCH_BUFFERS_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>

class Buffers {
  public:
    explicit Buffers(size_t elements)
        : size_(elements), x_(allocate()), y_(allocate()), want_(allocate()) {
        uint32_t state = 1;
        std::generate(x(), x() + size_,
                      [&state] { /* in (-1, 1), never 0 */
                                 state = state * 1664525u + 1013904223u;
                                 return static_cast<float>(static_cast<int32_t>(state | 1u)) *
                                        0x1p-31f;
                      });
        std::fill(y(), y() + size_, 0.0f);
        std::fill(want(), want() + size_, 0.0f);
    }

    float *x() { return x_.get(); }
    float *y() { return y_.get() + half_page; }
    float *want() { return want_.get(); }
    size_t bytes() const { return 3 * size_ * sizeof(float); }

  private:
    struct Free {
        void operator()(float *p) const { std::free(p); }
    };
    static constexpr size_t page = 4096 / sizeof(float), half_page = page / 2;

    float *allocate() const {
        const size_t pages = (size_ + half_page) / page + 1;
        void *p = std::aligned_alloc(page * sizeof(float), pages * page * sizeof(float));
        if (p == nullptr) {
            throw std::bad_alloc();
        }
        return static_cast<float *>(p);
    }

    size_t size_;
    std::unique_ptr<float, Free> x_, y_, want_;
};

#endif
