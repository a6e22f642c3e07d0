/* SPDX-License-Identifier: MIT
 *
 * The native normal stream, and the factors 1 + s*z made of it. Block B of the generator has the
 * numbers of draws 4*B ... 4*B+3; its counter is B with the top bit set, where no counter of the
 * Bernoulli stream is. Two words make two normals by Box and Muller (A note on the generation of
 * random normal deviates, 1958): a point of the plane at a random distance, in a random direction.
 *
 *     words     w0 w1 w2 w3       u1 from w0, u2 from w1:  r = sqrt(-2 ln u1)
 *     normals   z0 z1 z2 z3       z0 = r cos(2 pi u2),  z1 = r sin(2 pi u2)
 *
 * s*r is had at the cost of r: as sqrt(-2 s^2 ln u1).
 */

static inline uint64_t counter_of_normal(uint64_t draw) { return UINT64_C(1) << 63 | draw / 4; }

/* The factors of both normals, where scale is -2 s^2. u1 is in (0, 1], and u2 in [0, 1) a multiple
 * of 2^-24: both exact in f32. */
static inline v_pair box_muller_factors(v_u32 w, v_u32 turn, v_f32 scale, int fma) {
    const v_f32 u1 =
        v_mul_f32(v_add_f32(v_top24_f32(w), v_set1_f32(1)), v_set1_f32(1.0f / (1 << 24)));
    const v_f32 r = v_sqrt_f32(v_mul_f32(v_log_f32(u1, fma), scale));
    const v_f32 twice_u2 = v_mul_f32(v_top24_f32(turn), v_set1_f32(1.0f / (1 << 23)));
    const v_pair at = v_sincospi_f32(twice_u2, fma);
    const v_f32 one = v_set1_f32(1);
    return (v_pair){v_add_f32(one, v_mul_f32(r, at.q)), v_add_f32(one, v_mul_f32(r, at.p))};
}

enum { CHUNK_NORMALS = 256 }; /* aligned: the counters of a chunk share their high word */

/* The words of a chunk's first draws; some more may follow. As vectors, for box_muller_factors:
 * radii of as many pairs as there are lanes, directions of these, radii of the next. */
static inline void words_chunk(const struct philox_key *key, const struct pd_normals *stream,
                               uint64_t first, size_t count, uint32_t *words) {
    const size_t lanes = v_lanes_u32();
    const uint64_t counter = counter_of_normal(first);
    const struct philox_run run =
        philox_run(stream->seed, (uint32_t)(counter >> 32), stream->offset);
    const v_u32 low = v_add_u32(v_set1_u32((uint32_t)counter), v_order_zip_u32());
    for (size_t i = 0; i < count;) {
        const uint32_t at = (uint32_t)(i / 4), next = at + (uint32_t)lanes;
        const v_u32 lows[PHILOX_VECTORS] = {v_add_u32(low, v_set1_u32(at)),
                                            v_add_u32(low, v_set1_u32(next))};
        v_wide w[PHILOX_VECTORS][4];
        philox_vectors(key, &run, lows, PHILOX_VECTORS, w);
        for (size_t v = 0; v < PHILOX_VECTORS; v++, i += 4 * lanes) {
            v_store_u32(words + i, v_zip_low_u32(w[v][0], w[v][2]));
            v_store_u32(words + i + lanes, v_zip_low_u32(w[v][1], w[v][3]));
            v_store_u32(words + i + 2 * lanes, v_zip_high_u32(w[v][0], w[v][2]));
            v_store_u32(words + i + 3 * lanes, v_zip_high_u32(w[v][1], w[v][3]));
        }
    }
}

/* Draws that are all in one chunk. Words first, then numbers: between two calls of SLEEF the
 * constants of Philox would not stay in registers. */
static inline void normals_chunk(const struct philox_key *key, const struct pd_normals *stream,
                                 uint64_t first, size_t count, float *factors) {
    const size_t lanes = v_lanes_u32();
    const v_f32 scale = v_set1_f32((float)(-2 * stream->variance));
    uint32_t words[CHUNK_NORMALS + PD_GROUP_NORMALS];
    words_chunk(key, stream, first, count, words);
    for (size_t i = 0; i < count; i += 2 * lanes) {
        const v_pair both = box_muller_factors(v_load_u32(words + i), v_load_u32(words + i + lanes),
                                               scale, stream->fma);
        v_store_zip_f32(factors + i, both.p, both.q);
    }
}

static void normals(const struct pd_normals *stream, uint64_t first, size_t count, float *factors) {
    struct philox_key key;
    philox_key_schedule(&key, stream->seed);
    while (count > 0) {
        const size_t room = CHUNK_NORMALS - (size_t)(first % CHUNK_NORMALS);
        const size_t draws = count < room ? count : room;
        normals_chunk(&key, stream, first, draws, factors);
        first += draws;
        factors += draws;
        count -= draws;
    }
}

/* A vector of draws, or fewer: each lane has a block, of which one number is wanted. Returns how
 * many. */
static inline size_t normals_vector(const struct philox_key *key, const struct pd_normals *stream,
                                    uint64_t at, uint64_t step, size_t most, float *factors) {
    const size_t lanes = v_lanes_u32();
    const v_f32 scale = v_set1_f32((float)(-2 * stream->variance));
    uint32_t low[PD_GROUP_WORDS] = {0}, words[4][PD_GROUP_WORDS], pair[2][PD_GROUP_WORDS];
    float factor[2][PD_GROUP_WORDS];
    const size_t count = philox_counters(counter_of_normal, at, step, most, low);
    const struct philox_run run =
        philox_run(stream->seed, (uint32_t)(counter_of_normal(at) >> 32), stream->offset);
    v_u32 block[4];
    philox(key, &run, v_load_u32(low), block);
    for (size_t w = 0; w < 4; w++) {
        v_store_u32(words[w], block[w]);
    }
    for (size_t i = 0; i < lanes; i++) {
        const size_t first = (at + i * step) % 4 / 2 * 2;
        pair[0][i] = words[first][i];
        pair[1][i] = words[first + 1][i];
    }
    const v_pair both =
        box_muller_factors(v_load_u32(pair[0]), v_load_u32(pair[1]), scale, stream->fma);
    v_store_f32(factor[0], both.p);
    v_store_f32(factor[1], both.q);
    for (size_t i = 0; i < count; i++) {
        factors[i] = factor[(at + i * step) % 2][i];
    }
    return count;
}

static void normals_apart(const struct pd_normals *stream, uint64_t at, uint64_t step, size_t count,
                          float *factors) {
    struct philox_key key;
    philox_key_schedule(&key, stream->seed);
    for (size_t i = 0; i < count;) {
        const size_t made = normals_vector(&key, stream, at, step, count - i, factors + i);
        i += made;
        at += made * step;
    }
}
