/* SPDX-License-Identifier: MIT
 *
 * Bits from bit planes, 32 draws a word. Plane j holds bit 31-j of the 32 numbers U of its word.
 * The planes are compared with the threshold T from the top:
 *
 *     T's bit is 1:  U's 0 -> dropped (U < T)    U's 1 -> still undecided
 *     T's bit is 0:  U's 0 -> still undecided    U's 1 -> kept (U > T)
 *
 * A draw that is undecided when T has no more 1 bits is kept (U >= T). A Philox block is 4 planes.
 * Two blocks decide all but one word in eight. The other words are queued and finished a vector at
 * a time.
 *
 * Draw k is bit k % 32 of word k / 32, and block b of word w has the counter 8 * w + b.
 */

enum {
    CHUNK_WORDS = PD_TILE_WORDS /* aligned: its 8*CHUNK_WORDS counters share their high half */
};

PD_INLINE uint32_t threshold_bit(uint64_t threshold, int plane) {
    return (uint32_t)(threshold >> (31 - plane)) & 1;
}

/* The number of planes that matter: T's bits below are 0. 1 <= threshold < 2^32. */
PD_INLINE int plane_count(uint64_t threshold) { return 32 - (int)pd_ctz64(threshold); }

/* The state of a vector of words while their planes are compared. */
struct decision {
    v_u32 kept, undecided;
};

/* What the words of a chunk have in common. */
struct chunk {
    const struct philox_key *schedule;
    struct philox_common common;
    uint64_t threshold;
    int planes;
};

/* Compares planes 4*block ... of the words whose counters start at low with T. */
PD_INLINE void compare_block(const struct chunk *chunk, v_u32 low, int block, struct decision *d) {
    v_u32 plane[4];
    philox(chunk->schedule, &chunk->common, v_add_u32(low, v_set1_u32((uint32_t)block)), plane);
    for (int j = 0; j < 4 && 4 * block + j < chunk->planes; j++) {
        if (threshold_bit(chunk->threshold, 4 * block + j)) {
            d->kept = v_andnot_u32(d->kept, v_andnot_u32(d->undecided, plane[j]));
            d->undecided = v_and_u32(d->undecided, plane[j]);
        } else {
            d->undecided = v_andnot_u32(d->undecided, plane[j]);
        }
    }
}

/* The same out of line. Inlined, the constants of Philox occupy registers that must be spilled
 * around every yield, which is costly with 32 large registers. */
PD_NOINLINE void compare_block_outlined(const struct chunk *chunk, v_u32 low, int block,
                                        struct decision *d) {
    compare_block(chunk, low, block, d);
}
PD_INLINE void compare(const struct chunk *chunk, v_u32 low, int block, struct decision *d) {
    if (v_outline_rng()) {
        compare_block_outlined(chunk, low, block, d);
    } else {
        compare_block(chunk, low, block, d);
    }
}

/* The words that two blocks leave undecided: their index in the chunk, and the undecided bits. */
struct pending {
    uint32_t index[CHUNK_WORDS + PD_MAX_LANES_U32], bits[CHUNK_WORDS + PD_MAX_LANES_U32];
    size_t count;
};

/* Decides the pending words of a chunk whose counters start at `base`. */
PD_INLINE void finish_pending(const struct chunk *chunk, uint32_t base, struct pending *pending,
                              uint32_t *keep) {
    const size_t lanes = v_lanes_u32();
    for (size_t p = 0; p < pending->count; p += lanes) {
        const size_t count = pending->count - p < lanes ? pending->count - p : lanes;
        for (size_t pad = count; pad < lanes; pad++) {
            pending->index[p + pad] = pending->bits[p + pad] = 0; /* nothing is undecided there */
        }
        const v_u32 low = v_add_u32(v_set1_u32(base), v_shl3_u32(v_load_u32(pending->index + p)));
        struct decision d = {v_set1_u32(~UINT32_C(0)), v_load_u32(pending->bits + p)};
        for (int block = 2; 4 * block < chunk->planes && v_any_u32(v_nonzero_u32(d.undecided));
             block++) {
            compare(chunk, low, block, &d);
        }
        v_store_u32(pending->bits + p, d.kept);
        for (size_t i = p; i < p + count; i++) {
            keep[pending->index[i]] &= pending->bits[i];
        }
    }
}

/* Words first ... first+words-1, all in one aligned chunk. */
PD_INLINE void bits_of_chunk(const struct chunk *chunk, uint64_t first, size_t words,
                             const int blocks, uint32_t *keep, struct pending *pending,
                             struct pd_yield *yield) {
    const size_t lanes = v_lanes_u32();
    const uint32_t base = (uint32_t)(8 * first);
    const v_u32 low = v_add_u32(v_set1_u32(base), v_shl3_u32(v_iota_u32()));
    pending->count = 0;

    for (size_t w = 0; w < words; w += lanes) {
        const v_u32 low_w = v_add_u32(low, v_set1_u32((uint32_t)(8 * w)));
        struct decision d = {v_set1_u32(~UINT32_C(0)), v_set1_u32(~UINT32_C(0))};
        for (int block = 0; block < blocks; block++) {
            compare(chunk, low_w, block, &d);
        }
        v_store_u32(keep + w, d.kept);
        if (chunk->planes > 8) {
            const v_mask_u32 is_pending = v_nonzero_u32(d.undecided);
            const v_u32 index = v_add_u32(v_iota_u32(), v_set1_u32((uint32_t)w));
            v_compress_u32(pending->index + pending->count, is_pending, index);
            pending->count +=
                v_compress_u32(pending->bits + pending->count, is_pending, d.undecided);
        }
        if (yield != NULL && (w + lanes) % PD_GROUP_WORDS == 0) {
            yield->resume(yield, PD_GROUP_WORDS * PD_CELL_BITS);
        }
    }
    finish_pending(chunk, base, pending, keep);
}

static void fill_bits(const struct pd_key *key, uint64_t first, size_t words, void *out,
                      struct pd_yield *yield) {
    uint32_t *keep = (uint32_t *)out;
    struct philox_key schedule;
    struct pending pending;
    struct chunk chunk;
    if (key->threshold == 0 || key->threshold >> 32 != 0) {
        for (size_t w = 0; w < words; w++) {
            keep[w] = key->threshold == 0 ? ~UINT32_C(0) : 0;
        }
        return;
    }
    philox_key_schedule(&schedule, key->seed);
    chunk.schedule = &schedule;
    chunk.threshold = key->threshold;
    chunk.planes = plane_count(key->threshold);
    while (words > 0) {
        chunk.common = philox_common(key->seed, (uint32_t)(8 * first >> 32), key->offset);
        const size_t room = CHUNK_WORDS - (size_t)(first % CHUNK_WORDS);
        const size_t count = words < room ? words : room;
        if (chunk.planes <= 4) {
            bits_of_chunk(&chunk, first, count, 1, keep, &pending, yield);
        } else {
            bits_of_chunk(&chunk, first, count, 2, keep, &pending, yield);
        }
        first += count;
        keep += count;
        words -= count;
    }
}

static inline uint64_t counter_of_bit(uint64_t draw) { return 8 * (draw / PD_CELL_BITS); }

/* At most a vector of draws: each lane makes a word, of which one bit is used. Returns the number
 * of draws. */
PD_INLINE size_t gather_vector(const struct chunk *chunk, uint64_t at, uint64_t step, size_t most,
                               uint32_t *kept) {
    uint32_t low[PD_MAX_LANES_U32] = {0}, bit_mask[PD_MAX_LANES_U32] = {0};
    const size_t count = philox_counters(counter_of_bit, at, step, most, low);
    for (size_t i = 0; i < count; i++) {
        bit_mask[i] = UINT32_C(1) << (at + i * step) % PD_CELL_BITS;
    }
    struct decision d = {v_load_u32(bit_mask), v_load_u32(bit_mask)};
    for (int block = 0; 4 * block < chunk->planes && v_any_u32(v_nonzero_u32(d.undecided));
         block++) {
        compare(chunk, v_load_u32(low), block, &d);
    }
    v_store_u32(kept, d.kept);
    return count;
}

static void gather_bits(const struct pd_key *key, uint64_t at, uint64_t step, size_t count,
                        void *out) {
    uint32_t *keep = (uint32_t *)out;
    struct philox_key schedule;
    struct chunk chunk;
    for (size_t w = 0; w < (count + PD_CELL_BITS - 1) / PD_CELL_BITS; w++) {
        keep[w] = key->threshold == 0 ? ~UINT32_C(0) : 0;
    }
    if (key->threshold == 0 || key->threshold >> 32 != 0) {
        return;
    }
    philox_key_schedule(&schedule, key->seed);
    chunk.schedule = &schedule;
    chunk.threshold = key->threshold;
    chunk.planes = plane_count(key->threshold);
    for (size_t i = 0; i < count;) {
        uint32_t kept[PD_MAX_LANES_U32];
        chunk.common = philox_common(key->seed, (uint32_t)(counter_of_bit(at) >> 32), key->offset);
        const size_t made = gather_vector(&chunk, at, step, count - i, kept);
        for (size_t j = 0; j < made; j++, i++, at += step) {
            keep[i / PD_CELL_BITS] |= (uint32_t)(kept[j] != 0) << i % PD_CELL_BITS;
        }
    }
}
