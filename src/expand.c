/* SPDX-License-Identifier: MIT
 *
 * Repeating draws. Runs of equal bits are appended to a 64-bit buffer, which is written word by
 * word. Short runs come from a table, four draws at a time.
 */
#include "expand.h"

#include <string.h>

void pd_expand_append(uint32_t *to, size_t at, const uint32_t *from, size_t count) {
    const unsigned shift = (unsigned)(at % PD_CELL_BITS);
    to += at / PD_CELL_BITS;
    if (shift == 0) {
        const size_t whole = count / PD_CELL_BITS;
        memcpy(to, from, whole * sizeof *to);
        to += whole;
        from += whole;
        count -= whole * PD_CELL_BITS;
    }
    while (count > 0) {
        const size_t bits = count < PD_CELL_BITS ? count : PD_CELL_BITS;
        const uint64_t word = *from++ & ~UINT32_C(0) >> (PD_CELL_BITS - bits);
        to[0] = (uint32_t)((to[0] & ((UINT32_C(1) << shift) - 1)) | word << shift);
        if (shift + bits > PD_CELL_BITS) {
            to[1] = (uint32_t)(word >> (PD_CELL_BITS - shift));
        }
        to++;
        count -= bits;
    }
}

static void append(enum pd_kind kind, uint32_t *to, size_t at, const uint32_t *from, size_t count) {
    if (kind == PD_BITS) {
        pd_expand_append(to, at, from, count);
    } else {
        memcpy(to + at, from, count * PD_CELL_BYTES);
    }
}

void pd_expand_rows(enum pd_kind kind, uint32_t *cells, const uint32_t *row, size_t inner,
                    size_t rows) {
    append(kind, cells, 0, row, inner);
    for (size_t done = 1; done < rows; done *= 2) {
        append(kind, cells, done * inner, cells, (rows - done < done ? rows - done : done) * inner);
    }
}

struct bit_writer {
    uint32_t *to, *yielded_to;
    uint64_t pending; /* bits that are not written yet */
    size_t held;      /* their number, below PD_CELL_BITS */
    struct pd_yield *yield;
};

/* Appends `count` bits, at most PD_CELL_BITS; the bits above are 0. */
static inline void append_run(struct bit_writer *writer, uint32_t bits, size_t count) {
    writer->pending |= (uint64_t)bits << writer->held;
    writer->held += count;
    *writer->to = (uint32_t)writer->pending;
    const size_t full = writer->held / PD_CELL_BITS;
    writer->to += full;
    writer->pending >>= full * PD_CELL_BITS;
    writer->held -= full * PD_CELL_BITS;
}

static inline void yield_progress(struct bit_writer *writer) {
    const size_t words = (size_t)(writer->to - writer->yielded_to);
    if (words >= PD_GROUP_WORDS && writer->yield != NULL) {
        writer->yield->resume(writer->yield, words * PD_CELL_BITS);
        writer->yielded_to = writer->to;
    }
}

static void repeat_long(struct bit_writer *writer, const uint32_t *from, size_t count,
                        size_t times) {
    const size_t rest = times % PD_CELL_BITS;
    const uint32_t rest_bits = (UINT32_C(1) << rest) - 1;
    for (size_t i = 0; i < count; i++) {
        const uint32_t ones = 0 - (from[i / PD_CELL_BITS] >> i % PD_CELL_BITS & 1);
        for (size_t w = 0; w < times / PD_CELL_BITS; w++) {
            append_run(writer, ones, PD_CELL_BITS);
        }
        append_run(writer, ones & rest_bits, rest);
        yield_progress(writer);
    }
}

/* The bits of one word, eight at a time: their runs fit a word. */
static inline void repeat_eights(struct bit_writer *writer, uint32_t word, size_t count,
                                 const struct pd_expand *expand) {
    const size_t half = 4 * expand->times;
    for (size_t i = 0; i < count; i += 8, word >>= 8) {
        append_run(writer,
                   expand->nibble_lut[word & 15][0] | expand->nibble_lut[word >> 4 & 15][0] << half,
                   2 * half);
    }
}

/* The same, four at a time. */
static inline void repeat_fours(struct bit_writer *writer, uint32_t word, size_t count,
                                const struct pd_expand *expand) {
    const size_t whole = 4 * expand->times / PD_CELL_BITS, rest = 4 * expand->times % PD_CELL_BITS;
    for (size_t i = 0; i < count; i += 4, word >>= 4) {
        const uint32_t *runs = expand->nibble_lut[word & 15];
        for (size_t w = 0; w < whole; w++) {
            append_run(writer, runs[w], PD_CELL_BITS);
        }
        append_run(writer, runs[whole % 4], rest);
    }
}

static void repeat_short(struct bit_writer *writer, const uint32_t *from, size_t count,
                         const struct pd_expand *expand) {
    for (size_t i = 0; i < count; i += PD_CELL_BITS) {
        const size_t left = count - i, bits = left < PD_CELL_BITS ? left : PD_CELL_BITS;
        if (8 * expand->times <= PD_CELL_BITS) {
            repeat_eights(writer, from[i / PD_CELL_BITS], bits, expand);
        } else {
            repeat_fours(writer, from[i / PD_CELL_BITS], bits, expand);
        }
        yield_progress(writer);
    }
}

/* Eight copies at a time: surplus copies are overwritten by the next draw, or are padding. */
static void repeat_factors(uint32_t *to, const uint32_t *from, size_t count, size_t times) {
    for (size_t i = 0; i < count; i++, to += times) {
        for (size_t t = 0; t < times; t += PD_EXPAND_PADDING) {
            for (size_t j = 0; j < PD_EXPAND_PADDING; j++) {
                to[t + j] = from[i];
            }
        }
    }
}

void pd_expand_init(struct pd_expand *expand, enum pd_kind kind, size_t times) {
    expand->kind = kind;
    expand->times = times;
    for (size_t nibble = 0; nibble < 16 && times < PD_CELL_BITS && kind == PD_BITS; nibble++) {
        uint32_t *runs = expand->nibble_lut[nibble];
        runs[0] = runs[1] = runs[2] = runs[3] = 0;
        for (size_t bit = 0; bit < 4; bit++) {
            if (nibble >> bit & 1) {
                const size_t at = bit * times, word = at / PD_CELL_BITS;
                const uint64_t run = ((UINT64_C(1) << times) - 1) << at % PD_CELL_BITS;
                runs[word] |= (uint32_t)run;
                runs[(word + 1) % 4] |= (uint32_t)(run >> PD_CELL_BITS);
            }
        }
    }
}

void pd_expand_repeat(const struct pd_expand *expand, uint32_t *to, const uint32_t *from,
                      size_t count, struct pd_yield *yield) {
    if (expand->kind == PD_FACTORS) {
        repeat_factors(to, from, count, expand->times);
        return;
    }
    struct bit_writer writer = {to, to, 0, 0, yield};
    if (expand->times < PD_CELL_BITS) {
        repeat_short(&writer, from, count, expand);
    } else {
        repeat_long(&writer, from, count, expand->times);
    }
    *writer.to = (uint32_t)writer.pending;
}
