/* SPDX-License-Identifier: MIT
 *
 * The parts of the roof: scale a whole tensor, fill a whole tensor, with stores that go through the
 * cache and with stores that go past it; add a scaled tensor to another. No mask, no random
 * numbers, no decisions: a kernel that must read what it keeps and write everything can hardly be
 * faster. One text over the vocabulary of src/<isa>/vec.h, compiled once per instruction set.
 */
#include "kernels.h"
#include "vec.h"

static inline void put(float *p, v_f32 value, int stream) {
    if (stream) {
        v_stream_f32(p, value);
    } else {
        v_store_f32(p, value);
    }
}

static inline void scale_all(size_t count, float factor, const float *x, float *y, int stream) {
    const size_t lanes = v_lanes_f32();
    const v_f32 scale = v_set1_f32(factor);
    size_t i = 0;
    for (; count - i >= 4 * lanes; i += 4 * lanes) {
        const v_f32 a = v_mul_f32(v_load_f32(x + i), scale);
        const v_f32 b = v_mul_f32(v_load_f32(x + i + lanes), scale);
        const v_f32 c = v_mul_f32(v_load_f32(x + i + 2 * lanes), scale);
        const v_f32 d = v_mul_f32(v_load_f32(x + i + 3 * lanes), scale);
        put(y + i, a, stream);
        put(y + i + lanes, b, stream);
        put(y + i + 2 * lanes, c, stream);
        put(y + i + 3 * lanes, d, stream);
    }
    for (; count - i >= lanes; i += lanes) {
        put(y + i, v_mul_f32(v_load_f32(x + i), scale), stream);
    }
    v_store_part_f32(y + i, v_mul_f32(v_load_part_f32(x + i, count - i), scale), count - i);
    if (stream) {
        v_stream_end();
    }
}

static inline void fill_all(size_t count, float *y, int stream) {
    const size_t lanes = v_lanes_f32();
    const v_f32 zero = v_set1_f32(0);
    size_t i = 0;
    for (; count - i >= 4 * lanes; i += 4 * lanes) {
        put(y + i, zero, stream);
        put(y + i + lanes, zero, stream);
        put(y + i + 2 * lanes, zero, stream);
        put(y + i + 3 * lanes, zero, stream);
    }
    for (; count - i >= lanes; i += lanes) {
        put(y + i, zero, stream);
    }
    v_store_part_f32(y + i, zero, count - i);
    if (stream) {
        v_stream_end();
    }
}

static void accumulate(size_t count, float factor, const float *x, float *y) {
    const size_t lanes = v_lanes_f32();
    const v_f32 scale = v_set1_f32(factor);
    size_t i = 0;
    for (; count - i >= 4 * lanes; i += 4 * lanes) {
        const v_f32 a = v_mul_f32(v_load_f32(x + i), scale);
        const v_f32 b = v_mul_f32(v_load_f32(x + i + lanes), scale);
        const v_f32 c = v_mul_f32(v_load_f32(x + i + 2 * lanes), scale);
        const v_f32 d = v_mul_f32(v_load_f32(x + i + 3 * lanes), scale);
        v_store_f32(y + i, v_add_f32(v_load_f32(y + i), a));
        v_store_f32(y + i + lanes, v_add_f32(v_load_f32(y + i + lanes), b));
        v_store_f32(y + i + 2 * lanes, v_add_f32(v_load_f32(y + i + 2 * lanes), c));
        v_store_f32(y + i + 3 * lanes, v_add_f32(v_load_f32(y + i + 3 * lanes), d));
    }
    for (; i < count; i += lanes) {
        const size_t left = count - i;
        if (left < lanes) {
            const v_f32 more = v_mul_f32(v_load_part_f32(x + i, left), scale);
            v_store_part_f32(y + i, v_add_f32(v_load_part_f32(y + i, left), more), left);
            break;
        }
        v_store_f32(y + i, v_add_f32(v_load_f32(y + i), v_mul_f32(v_load_f32(x + i), scale)));
    }
}

static void scale(size_t count, float factor, const float *x, float *y) {
    scale_all(count, factor, x, y, 0);
}

static void scale_stream(size_t count, float factor, const float *x, float *y) {
    scale_all(count, factor, x, y, 1);
}

static void fill(size_t count, float *y) { fill_all(count, y, 0); }

static void fill_stream(size_t count, float *y) { fill_all(count, y, 1); }

extern const struct roof_loops BENCH_JOIN(bench_roof_, BENCH_ISA);
const struct roof_loops BENCH_JOIN(bench_roof_, BENCH_ISA) = {scale, scale_stream, fill,
                                                              fill_stream, accumulate};
