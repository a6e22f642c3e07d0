/* SPDX-License-Identifier: MIT
 *
 * Where mask bits come from: drawn from the stream, or read from a mask of the caller's. Either way
 * they are handed out packed, bit 0 first, as the kernels take them.
 */
#ifndef PD_SOURCE_H
#define PD_SOURCE_H

#include "plan.h"

enum { PD_TILE_DRAWS = PD_TILE_WORDS * PD_WORD_BITS };

struct pd_source {
    const struct pd_plan *plan;
    const uint32_t *keep; /* the caller's mask; NULL: draw */
    struct pd_stream stream;
    uint64_t ahead; /* words up to this one may be drawn before they are asked for */
    uint64_t cached_first;
    size_t cached_words; /* so many words of the stream, from cached_first on, are in cache */
    uint32_t cache[PD_TILE_WORDS + PD_GROUP_WORDS];
    uint32_t packed[PD_TILE_WORDS];
};

/* keep is NULL to draw from rng. */
void pd_source_init(struct pd_source *source, const struct pd_plan *plan, planedrop_rng rng,
                    const uint32_t *keep);

/* Draws are numbered as the source numbers them: in the whole's mask, or in the caller's. */
static inline uint64_t pd_source_first(const struct pd_source *source) {
    return source->keep != NULL ? 0 : source->plan->view.first_draw;
}
static inline uint64_t pd_source_step(const struct pd_source *source, const struct pd_axis *axis) {
    return source->keep != NULL ? axis->local : axis->draw;
}

/* The bits of draws at, at + step, ... (count of them, 1 ... PD_TILE_DRAWS), bit i for the i-th.
 * Bits past count are anything. Valid until the next call. */
const uint32_t *pd_source_bits(struct pd_source *source, uint64_t at, uint64_t step, size_t count);

/* Appends `count` bits of from (bit 0 first) to the `at` bits in to; the rest of the last word
 * becomes 0. from may be to itself. */
void pd_append_bits(uint32_t *to, size_t at, const uint32_t *from, size_t count);

/* Repeats bits, each `times` times. */
struct pd_repeat {
    size_t times;
    uint32_t four[16][4]; /* what each four bits become, if times is less than a word's bits */
};
enum { PD_REPEAT_SLACK = 4 };

void pd_repeat_init(struct pd_repeat *repeat, size_t times);

/* Writes the `count` bits of from, repeated, to to. What lies behind them is overwritten up to
 * PD_REPEAT_SLACK words. Works through *meanwhile as far as it gets. */
void pd_repeat_bits(const struct pd_repeat *repeat, uint32_t *to, const uint32_t *from,
                    size_t count, struct pd_meanwhile *meanwhile);

#endif
