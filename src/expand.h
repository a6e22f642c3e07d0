/* SPDX-License-Identifier: MIT
 *
 * Repeating draws, of both kinds: each draw for the elements of its plane, or a row of draws for
 * rows that adjoin.
 */
#ifndef PD_EXPAND_H
#define PD_EXPAND_H

#include "backend.h"

/* Sets the bits from i on, in one word. Bits are set in order; bit 0 of a word clears the others.
 */
static inline void pd_put_bits(uint32_t *bits, size_t i, uint32_t some) {
    uint32_t *word = &bits[i / PD_CELL_BITS];
    *word = i % PD_CELL_BITS == 0 ? some : *word | some << i % PD_CELL_BITS;
}

/* Appends `count` bits of from (bit 0 first) to the `at` bits in to; the rest of the last word
 * becomes 0. from may be equal to to. */
void pd_expand_append(uint32_t *to, size_t at, const uint32_t *from, size_t count);

/* Writes a row of `inner` draws to cells, `rows` times. */
void pd_expand_rows(enum pd_kind kind, uint32_t *cells, const uint32_t *row, size_t inner,
                    size_t rows);

/* Repeats each draw, `times` times. */
struct pd_expand {
    enum pd_kind kind;
    size_t times;
    uint32_t nibble_lut[16][4]; /* what each four bits become, if times is below PD_CELL_BITS */
};
enum { PD_EXPAND_PADDING = 8 }; /* cells behind the last one that pd_expand_repeat may overwrite */

void pd_expand_init(struct pd_expand *expand, enum pd_kind kind, size_t times);

/* Writes `count` draws of from, repeated, to to. Calls yield, if it is not NULL, now and then. */
void pd_expand_repeat(const struct pd_expand *expand, uint32_t *to, const uint32_t *from,
                      size_t count, struct pd_yield *yield);

#endif
