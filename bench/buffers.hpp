/* SPDX-License-Identifier: MIT
 *
 * The memory of the whole run: x, y and the oracle's y, as large as the largest case, allocated and
 * touched once. All are aligned to 64 bytes; y begins half a page further than x, so that loads and
 * stores of one index do not share the low address bits by which CPUs guess at dependences.
 *
 * All element types read the same x: whatever the type, its bits are normal numbers.
 */
#ifndef PLANEDROP_BENCH_BUFFERS_HPP
#define PLANEDROP_BENCH_BUFFERS_HPP

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>

/* `bytes` of memory, an even number, filled with the 16-bit units that next() gives. */
template <class Next> void fill_units(void *memory, size_t bytes, Next next) {
    for (size_t i = 0; i < bytes; i += sizeof(uint16_t)) {
        const uint16_t unit = next();
        std::memcpy(static_cast<char *>(memory) + i, &unit, sizeof unit);
    }
}

class Buffers {
  public:
    explicit Buffers(size_t bytes)
        : pages_((bytes + half_page) / page + 1), x_(allocate()), y_(allocate()),
          want_(allocate()) {
        uint32_t state = 1;
        fill_units(x(), pages_ * page,
                   [&state] { /* f16: 1/8 to 2, of either sign */
                              state = state * 1664525u + 1013904223u;
                              return static_cast<uint16_t>((state >> 16 & 0x8fff) | 0x3000);
                   });
        std::memset(y_.get(), 0, pages_ * page);
        std::memset(want_.get(), 0, pages_ * page);
    }

    void *x() { return x_.get(); }
    void *y() { return y_.get() + half_page; }
    void *want() { return want_.get(); }

  private:
    struct Free {
        void operator()(char *p) const { std::free(p); }
    };
    static constexpr size_t page = 4096, half_page = page / 2;

    char *allocate() const {
        void *p = std::aligned_alloc(page, pages_ * page);
        if (p == nullptr) {
            throw std::bad_alloc();
        }
        return static_cast<char *>(p);
    }

    size_t pages_;
    std::unique_ptr<char, Free> x_, y_, want_;
};

#endif
