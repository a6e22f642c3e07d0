/* SPDX-License-Identifier: MIT
 *
 * Mask bits in tiles. Drawn words are made in aligned groups and cached, so that small units of a
 * tensor (rows of 8 channels, planes of a padded batch) share one run of the generator. A window
 * may start at any draw: then the bits are shifted into place here, and kernels need not know.
 */
#include "source.h"

#include <string.h>

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

/* So many words are made sooner one by one than as lanes of a vector: a few channels, a sample. */
enum { FEW_WORDS = 2 };
extern const struct pd_backend PD_BACKEND(scalar);

/* Words first ... last of the source, at most PD_TILE_WORDS + 1 of them. */
static const uint32_t *words_at(struct pd_source *source, uint64_t first, uint64_t last) {
    if (source->keep != NULL) {
        return source->keep + first;
    }
    if (first < source->cached_first || last >= source->cached_first + source->cached_words) {
        const uint64_t base = first - first % PD_GROUP_WORDS;
        const uint64_t tile_last = base + PD_TILE_WORDS - 1;
        const uint64_t ahead = source->ahead < tile_last ? source->ahead : tile_last;
        source->cached_first = base;
        source->cached_words = (size_t)((ahead > last ? ahead : last) - base + 1);
        const struct pd_backend *backend =
            source->cached_words <= FEW_WORDS ? &PD_BACKEND(scalar) : source->plan->backend;
        backend->bits(&source->stream, base, source->cached_words, source->cache, NULL);
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
    if (source->keep == NULL && step >= 2 * PD_WORD_BITS && step > PD_TILE_DRAWS / count) {
        /* no later row finds the words between in the cache */
        source->plan->backend->bits_apart(&source->stream, at, step, count, packed);
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
    if (shift == 0) {
        const size_t whole = count / PD_WORD_BITS;
        memcpy(to, from, whole * sizeof *to);
        to += whole;
        from += whole;
        count -= whole * PD_WORD_BITS;
    }
    while (count > 0) {
        const size_t bits = count < PD_WORD_BITS ? count : PD_WORD_BITS;
        const uint64_t word = *from++ & ~UINT32_C(0) >> (PD_WORD_BITS - bits);
        to[0] = (uint32_t)((to[0] & ((UINT32_C(1) << shift) - 1)) | word << shift);
        if (shift + bits > PD_WORD_BITS) {
            to[1] = (uint32_t)(word >> (PD_WORD_BITS - shift));
        }
        to++;
        count -= bits;
    }
}

/* A stream of words made from runs of bits. */
struct run_writer {
    uint32_t *to, *mark; /* mark: how far `meanwhile` has been served */
    uint64_t run;        /* bits not written yet, `held` of them, fewer than a word's */
    size_t held;
    struct pd_meanwhile *meanwhile;
};

/* Appends `count` bits, at most a word's; those above are 0. */
static inline void append_run(struct run_writer *writer, uint32_t bits, size_t count) {
    writer->run |= (uint64_t)bits << writer->held;
    writer->held += count;
    *writer->to = (uint32_t)writer->run;
    const size_t full = writer->held / PD_WORD_BITS;
    writer->to += full;
    writer->run >>= full * PD_WORD_BITS;
    writer->held -= full * PD_WORD_BITS;
}

static inline void serve(struct run_writer *writer) {
    const size_t words = (size_t)(writer->to - writer->mark);
    if (words >= PD_GROUP_WORDS) {
        pd_meanwhile_do(writer->meanwhile, words * PD_WORD_BITS);
        writer->mark = writer->to;
    }
}

static void repeat_long(struct run_writer *writer, const uint32_t *from, size_t count,
                        size_t times) {
    const size_t rest = times % PD_WORD_BITS;
    const uint32_t rest_bits = (UINT32_C(1) << rest) - 1;
    for (size_t i = 0; i < count; i++) {
        const uint32_t ones = 0 - (from[i / PD_WORD_BITS] >> i % PD_WORD_BITS & 1);
        for (size_t w = 0; w < times / PD_WORD_BITS; w++) {
            append_run(writer, ones, PD_WORD_BITS);
        }
        append_run(writer, ones & rest_bits, rest);
        serve(writer);
    }
}

/* The bits of one word, eight at a time if the runs of so many fit a word, or four. */
static inline void repeat_eights(struct run_writer *writer, uint32_t word, size_t count,
                                 const struct pd_repeat *repeat) {
    const size_t half = 4 * repeat->times;
    for (size_t i = 0; i < count; i += 8, word >>= 8) {
        append_run(writer, repeat->four[word & 15][0] | repeat->four[word >> 4 & 15][0] << half,
                   2 * half);
    }
}

static inline void repeat_fours(struct run_writer *writer, uint32_t word, size_t count,
                                const struct pd_repeat *repeat) {
    const size_t whole = 4 * repeat->times / PD_WORD_BITS, rest = 4 * repeat->times % PD_WORD_BITS;
    for (size_t i = 0; i < count; i += 4, word >>= 4) {
        const uint32_t *runs = repeat->four[word & 15];
        for (size_t w = 0; w < whole; w++) {
            append_run(writer, runs[w], PD_WORD_BITS);
        }
        append_run(writer, runs[whole % 4], rest);
    }
}

static void repeat_short(struct run_writer *writer, const uint32_t *from, size_t count,
                         const struct pd_repeat *repeat) {
    for (size_t i = 0; i < count; i += PD_WORD_BITS) {
        const size_t left = count - i, bits = left < PD_WORD_BITS ? left : PD_WORD_BITS;
        if (8 * repeat->times <= PD_WORD_BITS) {
            repeat_eights(writer, from[i / PD_WORD_BITS], bits, repeat);
        } else {
            repeat_fours(writer, from[i / PD_WORD_BITS], bits, repeat);
        }
        serve(writer);
    }
}

void pd_repeat_init(struct pd_repeat *repeat, size_t times) {
    repeat->times = times;
    for (size_t four = 0; four < 16 && times < PD_WORD_BITS; four++) {
        uint32_t *runs = repeat->four[four];
        runs[0] = runs[1] = runs[2] = runs[3] = 0;
        for (size_t bit = 0; bit < 4; bit++) {
            if (four >> bit & 1) {
                const size_t at = bit * times, word = at / PD_WORD_BITS;
                const uint64_t run = ((UINT64_C(1) << times) - 1) << at % PD_WORD_BITS;
                runs[word] |= (uint32_t)run;
                runs[(word + 1) % 4] |= (uint32_t)(run >> PD_WORD_BITS);
            }
        }
    }
}

void pd_repeat_bits(const struct pd_repeat *repeat, uint32_t *to, const uint32_t *from,
                    size_t count, struct pd_meanwhile *meanwhile) {
    struct run_writer writer = {to, to, 0, 0, meanwhile};
    if (repeat->times < PD_WORD_BITS) {
        repeat_short(&writer, from, count, repeat);
    } else {
        repeat_long(&writer, from, count, repeat->times);
    }
    *writer.to = (uint32_t)writer.run;
}
