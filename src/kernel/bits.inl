/* SPDX-License-Identifier: MIT
 *
 * The native Bernoulli stream: keep bits, 32 draws a word, from bit planes that are compared with
 * the threshold T from the top. Plane j holds bit 31-j of the 32 numbers U of its word:
 *
 *     T's bit is 1:  U's 0 -> dropped (U < T)    U's 1 -> still undecided
 *     T's bit is 0:  U's 0 -> still undecided    U's 1 -> kept (U > T)
 *
 * A draw that is undecided when T has no more 1 bits is kept (U >= T). A Philox block is 4 planes.
 * Two blocks decide all but one word in eight; those are queued and finished together, a vector of
 * them at a time.
 */

enum {
    CHUNK_WORDS = PD_TILE_WORDS
}; /* aligned: its 8*CHUNK_WORDS counters share their high half */

static inline uint32_t plane_bit(uint64_t threshold, int plane) {
    return (uint32_t)(threshold >> (31 - plane)) & 1;
}

/* How many planes matter: T's bits below the last are 0. 1 <= threshold < 2^32. */
static inline int plane_count(uint64_t threshold) { return 32 - __builtin_ctzll(threshold); }

/* Compares planes 4*block ... of the words whose counters start at low with T. */
static inline __attribute__((__always_inline__)) void
compare_block(const struct pd_stream *stream, const struct philox_key *key, v_u32 low,
              uint32_t high, int block, int planes, v_u32 *kept, v_u32 *undecided) {
    v_u32 plane[4];
    const struct philox_run run = philox_run(stream->seed, high, stream->offset);
    philox(key, &run, v_add_u32(low, v_set1_u32((uint32_t)block)), plane);
    for (int j = 0; j < 4 && 4 * block + j < planes; j++) {
        if (plane_bit(stream->threshold, 4 * block + j)) {
            *kept = v_andnot_u32(*kept, v_andnot_u32(*undecided, plane[j]));
            *undecided = v_and_u32(*undecided, plane[j]);
        } else {
            *undecided = v_andnot_u32(*undecided, plane[j]);
        }
    }
}

/* The same, called: inlined, the constants of Philox stay in registers and are saved around each
 * piece of a row that is done meanwhile, which costs more where registers are large and many. */
static __attribute__((__noinline__)) void compare_apart(const struct pd_stream *stream,
                                                        const struct philox_key *key, v_u32 low,
                                                        uint32_t high, int block, int planes,
                                                        v_u32 *kept, v_u32 *undecided) {
    compare_block(stream, key, low, high, block, planes, kept, undecided);
}

/* Words first ... first+words-1, all in one aligned chunk. */
static inline __attribute__((__always_inline__)) void
bits_chunk(const struct pd_stream *stream, const struct philox_key *key, uint64_t first,
           size_t words, int planes, const int blocks, uint32_t *keep,
           struct pd_meanwhile *meanwhile) {
    const size_t lanes = v_lanes_u32();
    const uint32_t high = (uint32_t)(8 * first >> 32);
    const v_u32 low = v_add_u32(v_set1_u32((uint32_t)(8 * first)), v_times8_u32(v_iota_u32()));
    uint32_t queue[CHUNK_WORDS + PD_GROUP_WORDS], doubt[CHUNK_WORDS + PD_GROUP_WORDS];
    size_t queued = 0;

    for (size_t w = 0; w < words; w += lanes) {
        const v_u32 low_w = v_add_u32(low, v_set1_u32((uint32_t)(8 * w)));
        v_u32 kept = v_set1_u32(~UINT32_C(0)), undecided = kept;
        for (int block = 0; block < blocks; block++) {
            if (v_draws_apart()) {
                compare_apart(stream, key, low_w, high, block, planes, &kept, &undecided);
            } else {
                compare_block(stream, key, low_w, high, block, planes, &kept, &undecided);
            }
        }
        v_store_u32(keep + w, kept);
        if (planes > 8) {
            const v_mask_u32 open = v_nonzero_u32(undecided);
            const v_u32 index = v_add_u32(v_iota_u32(), v_set1_u32((uint32_t)w));
            v_compress_u32(queue + queued, open, index);
            queued += v_compress_u32(doubt + queued, open, undecided);
        }
        if (meanwhile != NULL) {
            pd_meanwhile_do(meanwhile, lanes * PD_WORD_BITS);
        }
    }

    for (size_t q = 0; q < queued; q += lanes) {
        const size_t count = queued - q < lanes ? queued - q : lanes;
        for (size_t spare = count; spare < lanes; spare++) {
            queue[q + spare] = doubt[q + spare] = 0; /* nothing is in doubt there */
        }
        const v_u32 low_q =
            v_add_u32(v_set1_u32((uint32_t)(8 * first)), v_times8_u32(v_load_u32(queue + q)));
        v_u32 kept = v_set1_u32(~UINT32_C(0)), undecided = v_load_u32(doubt + q);
        for (int block = 2; 4 * block < planes && v_any_u32(v_nonzero_u32(undecided)); block++) {
            compare_block(stream, key, low_q, high, block, planes, &kept, &undecided);
        }
        v_store_u32(doubt + q, kept);
        for (size_t i = q; i < q + count; i++) {
            keep[queue[i]] &= doubt[i];
        }
    }
}

static void bits(const struct pd_stream *of, uint64_t first_word, size_t words, uint32_t *keep,
                 struct pd_meanwhile *meanwhile) {
    const uint64_t all = UINT64_C(1) << 32;
    const struct pd_stream copy = *of, *stream = &copy; /* known not to change as keep is written */
    if (stream->threshold == 0 || stream->threshold == all) {
        for (size_t w = 0; w < words; w++) {
            keep[w] = stream->threshold == 0 ? ~UINT32_C(0) : 0;
        }
        return;
    }
    struct philox_key key;
    philox_key_schedule(&key, stream->seed);
    const int planes = plane_count(stream->threshold);
    while (words > 0) {
        const size_t room = CHUNK_WORDS - (size_t)(first_word % CHUNK_WORDS);
        const size_t count = words < room ? words : room;
        if (planes <= 4) {
            bits_chunk(stream, &key, first_word, count, planes, 1, keep, meanwhile);
        } else {
            bits_chunk(stream, &key, first_word, count, planes, 2, keep, meanwhile);
        }
        first_word += count;
        keep += count;
        words -= count;
    }
}

static inline uint64_t counter_of_bit(uint64_t draw) { return 8 * (draw / PD_WORD_BITS); }

/* A vector of draws, or fewer: each lane has a word, of which one bit is wanted. Returns how many.
 */
static inline size_t bits_vector(const struct pd_stream *stream, const struct philox_key *key,
                                 uint64_t at, uint64_t step, size_t most, uint32_t *bit) {
    uint32_t low[PD_GROUP_WORDS] = {0}, wanted[PD_GROUP_WORDS] = {0};
    const size_t count = philox_counters(counter_of_bit, at, step, most, low);
    const uint32_t high = (uint32_t)(counter_of_bit(at) >> 32);
    const int planes = plane_count(stream->threshold);
    for (size_t i = 0; i < count; i++) {
        wanted[i] = UINT32_C(1) << (at + i * step) % PD_WORD_BITS;
    }
    v_u32 undecided = v_load_u32(wanted), kept = undecided;
    for (int block = 0; 4 * block < planes && v_any_u32(v_nonzero_u32(undecided)); block++) {
        compare_block(stream, key, v_load_u32(low), high, block, planes, &kept, &undecided);
    }
    v_store_u32(bit, kept);
    return count;
}

static void bits_apart(const struct pd_stream *stream, uint64_t at, uint64_t step, size_t count,
                       uint32_t *keep) {
    struct philox_key key;
    philox_key_schedule(&key, stream->seed);
    for (size_t w = 0; w < (count + PD_WORD_BITS - 1) / PD_WORD_BITS; w++) {
        keep[w] = stream->threshold == 0 ? ~UINT32_C(0) : 0;
    }
    for (size_t i = 0; i < count && stream->threshold - 1 < UINT32_MAX;) { /* not all, not none */
        uint32_t bit[PD_GROUP_WORDS];
        const size_t made = bits_vector(stream, &key, at, step, count - i, bit);
        for (size_t j = 0; j < made; j++, i++, at += step) {
            keep[i / PD_WORD_BITS] |= (uint32_t)(bit[j] != 0) << i % PD_WORD_BITS;
        }
    }
}
