/* SPDX-License-Identifier: MIT
 *
 * What is measured: the feature maps of ResNet-50 (and, from 112 x 112 x 128 down, of a U-Net with
 * 224 x 224 input) at batch 1 and 32, and smaller maps for the inner caches, under every rate. A
 * case is a shape at a rate, of an element type; rows.hpp says what is run on it.
 */
#ifndef PLANEDROP_BENCH_CASES_HPP
#define PLANEDROP_BENCH_CASES_HPP

#include "planedrop/planedrop.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/* The element types, in the order of planedrop_dtype. */
constexpr planedrop_dtype dtypes[] = {PLANEDROP_F32, PLANEDROP_BF16, PLANEDROP_F16, PLANEDROP_F64};
constexpr size_t dtype_bytes(planedrop_dtype dtype) {
    return dtype == PLANEDROP_F64 ? 8 : dtype == PLANEDROP_F32 ? 4 : 2;
}
const char *dtype_name(planedrop_dtype dtype);

enum class Layout { nchw, nhwc, blocked, droppath, elements };

struct Shape {
    Layout layout;
    size_t n, channels, spatial; /* droppath: n x spatial; elements: spatial alone; else 1 */
    bool quick = false;          /* part of --quick */
    bool telling = false;        /* at rate 0.5, part of the printed table */
    size_t block = 1;            /* blocked: channels in a block */
};

struct Case {
    Shape shape;
    double rate;
    planedrop_desc desc;
    bool in_place = false;
    size_t masks = 1; /* a timed call goes through so many masks, one after the other */

    size_t elements() const { return shape.n * shape.channels * shape.spatial; }
    size_t tensor_bytes() const { return elements() * dtype_bytes(desc.dtype); }
    size_t footprint_bytes() const { return 2 * tensor_bytes(); }
    /* The roof is measured in f32: of elements of another type, as many as are as many bytes. */
    size_t roof_elements() const { return tensor_bytes() / sizeof(float); }

    /* Whether a draw covers a run of x that need not be read when it is dropped. */
    bool skips_reads() const {
        return desc.law == PLANEDROP_BERNOULLI &&
               (shape.layout == Layout::nchw || shape.layout == Layout::droppath ||
                (shape.layout == Layout::nhwc && shape.channels == 1));
    }
    bool accumulates() const { return (desc.flags & PLANEDROP_ACCUMULATE) != 0; }
    /* What a call must move: y is written, and x is read where it is kept or cannot be skipped.
     * Accumulating, the y of what is kept is read too, and that of the rest not touched. */
    double bytes() const;

    std::string layout_name() const; /* "nchw", "blocked8", "nchw-in-place", "nchw-gaussian" */
    std::string shape_name() const;  /* "N32_C256_HW3136" */
    std::string rate_name() const;   /* "p0.5" */
};

Case make_case(const Shape &shape, double rate, planedrop_dtype dtype = PLANEDROP_F32);
Case make_gaussian_case(const Shape &shape, double rate);

/* The list of the default run: f32, fewer shapes and rates of the other types, and a few shapes of
 * the Gaussian law; or all. */
enum class Extent { quick, usual, all };
std::vector<Case> make_cases(Extent extent);

/* Whether that many dropped draws are the expected share, to 1% or half a draw. */
bool drops_its_share(uint64_t dropped, uint64_t draws, double rate);

/* The first offset of seed 0 from which on the case's masks together drop their share: with 32
 * draws, chance would decide over a tenth of the bytes. Each of so many parts, nearly equal in
 * draws, drops its share then. 0 where no read is skipped. */
uint64_t fair_offset(const Case &c, uint64_t parts = 1);

#endif
