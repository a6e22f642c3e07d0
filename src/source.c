/* SPDX-License-Identifier: MIT
 *
 * Mask bits in tiles. Drawn words are made in aligned groups and cached, so that small units of a
 * tensor (rows of 8 channels, planes of a padded batch) share one run of the generator. A window
 * may start at any draw: then the bits are shifted into place here, and kernels need not know.
 */
#include "source.h"

void pd_source_init(struct pd_source *source, const struct pd_plan *plan, planedrop_rng rng,
                    const uint32_t *keep) {
    const struct pd_view *view = &plan->view;
    source->plan = plan;
    source->keep = keep;
    source->stream.seed = rng.seed;
    source->stream.offset = rng.offset;
    source->stream.threshold = plan->threshold;
    source->ahead =
        view->is_whole && view->draws > 0 ? (view->first_draw + view->draws - 1) / PD_WORD_BITS : 0;
    source->cached_first = 0;
    source->cached_words = 0;
}

/* Words first ... last of the source, at most PD_TILE_WORDS + 1 of them. */
static const uint32_t *words_at(struct pd_source *source, uint64_t first, uint64_t last) {
    if (source->keep != NULL) {
        return source->keep + first;
    }
    if (first < source->cached_first || last >= source->cached_first + source->cached_words) {
        const size_t room = sizeof source->cache / sizeof source->cache[0];
        const uint64_t base = first - first % PD_GROUP_WORDS;
        uint64_t stop = last + 1;
        if (source->ahead >= stop) {
            stop = source->ahead - base < room ? source->ahead + 1 : base + room;
        }
        source->cached_first = base;
        source->cached_words = (size_t)(stop - base);
        source->plan->backend->bits(&source->stream, base, source->cached_words, source->cache);
    }
    return source->cache + (first - source->cached_first);
}

const uint32_t *pd_source_bits(struct pd_source *source, uint64_t at, uint64_t step, size_t count) {
    uint32_t *packed = source->packed;
    if (step == 1 || count == 1) {
        const uint64_t last = (at + count - 1) / PD_WORD_BITS;
        const uint32_t *words = words_at(source, at / PD_WORD_BITS, last);
        const unsigned shift = (unsigned)(at % PD_WORD_BITS);
        if (shift == 0) {
            return words;
        }
        const size_t whole = (size_t)(last - at / PD_WORD_BITS);
        for (size_t w = 0; w < whole; w++) {
            packed[w] = words[w] >> shift | words[w + 1] << (PD_WORD_BITS - shift);
        }
        if (whole < PD_TILE_WORDS) {
            packed[whole] = words[whole] >> shift;
        }
        return packed;
    }
    for (size_t i = 0; i < count; i++, at += step) {
        const uint32_t bit =
            *words_at(source, at / PD_WORD_BITS, at / PD_WORD_BITS) >> at % PD_WORD_BITS & 1;
        packed[i / PD_WORD_BITS] =
            i % PD_WORD_BITS == 0 ? bit : packed[i / PD_WORD_BITS] | bit << i % PD_WORD_BITS;
    }
    return packed;
}

void pd_append_bits(uint32_t *to, size_t at, const uint32_t *from, size_t count) {
    const unsigned shift = (unsigned)(at % PD_WORD_BITS);
    to += at / PD_WORD_BITS;
    while (count > 0) {
        const size_t bits = count < PD_WORD_BITS ? count : PD_WORD_BITS;
        const uint32_t word = *from++ & ~UINT32_C(0) >> (PD_WORD_BITS - bits);
        if (shift == 0) {
            *to = word;
        } else {
            *to = (*to & ((UINT32_C(1) << shift) - 1)) | word << shift;
            if (shift + bits > PD_WORD_BITS) {
                to[1] = word >> (PD_WORD_BITS - shift);
            }
        }
        to++;
        count -= bits;
    }
}
