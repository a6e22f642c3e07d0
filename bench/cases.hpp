/* SPDX-License-Identifier: MIT
 *
 * What is measured: the feature maps of ResNet-50 (and, from 112 x 112 x 128 down, of a U-Net with
 * 224 x 224 input) at batch 1 and 32, and smaller maps for the inner caches, under every rate. A
 * case is a shape at a rate; rows.hpp says what is run on it.
 */
#ifndef PLANEDROP_BENCH_CASES_HPP
#define PLANEDROP_BENCH_CASES_HPP

#include "planedrop/planedrop.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

enum class Layout { nchw, nhwc, droppath, elements };

struct Shape {
    Layout layout;
    size_t n, channels, spatial; /* droppath: n x spatial; elements: spatial alone; else 1 */
    bool quick;                  /* part of --quick */
    bool telling;                /* at rate 0.5, part of the printed table */
};

struct Case {
    Shape shape;
    double rate;
    planedrop_desc desc;

    size_t elements() const { return shape.n * shape.channels * shape.spatial; }
    size_t footprint_bytes() const { return 2 * elements() * sizeof(float); }

    /* Whether a draw covers a run of x that need not be read when it is dropped. */
    bool skips_reads() const {
        return shape.layout == Layout::nchw || shape.layout == Layout::droppath;
    }
    /* What a call must move: y is written, and x is read where it is kept or cannot be skipped. */
    double bytes() const;

    std::string layout_name() const; /* "nchw" */
    std::string shape_name() const;  /* "N32_C256_HW3136" */
    std::string rate_name() const;   /* "p0.5" */
};

std::vector<Case> make_cases(bool quick);

/* Whether that many dropped draws are the expected share, to 1% or half a draw. */
bool drops_its_share(uint64_t dropped, uint64_t draws, double rate);

/* The first offset of seed 0 whose mask drops its share: with 32 draws, chance would decide over a
 * tenth of the bytes. 0 where no read is skipped. */
uint64_t fair_offset(const Case &c);

#endif
