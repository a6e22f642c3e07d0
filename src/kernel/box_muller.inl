/* SPDX-License-Identifier: MIT
 *
 * Factors 1 + s*z, z standard normal. Block B of Philox gives draws 4*B ... 4*B+3; its counter is B
 * with the top bit set, which no counter of the bit planes has. Box and Muller (A note on the
 * generation of random normal deviates, 1958) make two normals of two words: the coordinates of a
 * point at a random distance in a random direction.
 *
 *     words     w0 w1 w2 w3       u1 from w0, u2 from w1:  r = sqrt(-2 ln u1)
 *     normals   z0 z1 z2 z3       z0 = r cos(2 pi u2),  z1 = r sin(2 pi u2)
 *
 * s is folded into the radius, s*r = sqrt(-2 s^2 ln u1), so that scaling costs nothing.
 */

/* SLEEF's functions, declared here: sleef.h declares only those that the flags of the compilation
 * allow. sincospi: a = sin(pi * x), b = cos(pi * x). */
v_f32 V_SLEEF(log, u10)(v_f32 x);
v_pair V_SLEEF(sincospi, u05)(v_f32 x);
#if defined(V_SLEEF_NO_FMA)
v_f32 V_SLEEF_NO_FMA(log, u10)(v_f32 x);
v_pair V_SLEEF_NO_FMA(sincospi, u05)(v_f32 x);
PD_INLINE v_f32 log_f32(v_f32 x, int fma) {
    return fma ? V_SLEEF(log, u10)(x) : V_SLEEF_NO_FMA(log, u10)(x);
}
PD_INLINE v_pair sincospi_f32(v_f32 x, int fma) {
    return fma ? V_SLEEF(sincospi, u05)(x) : V_SLEEF_NO_FMA(sincospi, u05)(x);
}
#else
PD_INLINE v_f32 log_f32(v_f32 x, int fma) { return (void)fma, V_SLEEF(log, u10)(x); }
PD_INLINE v_pair sincospi_f32(v_f32 x, int fma) { return (void)fma, V_SLEEF(sincospi, u05)(x); }
#endif

static inline uint64_t counter_of_normal(uint64_t draw) { return UINT64_C(1) << 63 | draw / 4; }

/* 1 + s*z, and the smallest normal number instead of 0, so that Inf * factor is never a NaN. */
PD_INLINE v_f32 factor_of(v_f32 radius, v_f32 direction) {
    return v_replace_zero_f32(v_add_f32(v_set1_f32(1), v_mul_f32(radius, direction)),
                              v_set1_f32(0x1p-126f));
}

/* The factors of both normals. u1 in (0, 1] and u2 in [0, 1) are multiples of 2^-24, and exact. */
PD_INLINE v_pair box_muller(v_u32 radius_bits, v_u32 angle_bits, const struct pd_key *key) {
    const v_f32 u1 = v_mul_f32(v_add_f32(v_cvt_hi24_f32(radius_bits), v_set1_f32(1)),
                               v_set1_f32(1.0f / (1 << 24)));
    const v_f32 minus_2_s2 = v_set1_f32((float)(-2 * key->variance));
    const v_f32 radius = v_sqrt_f32(v_mul_f32(log_f32(u1, key->fma), minus_2_s2));
    const v_f32 twice_u2 = v_mul_f32(v_cvt_hi24_f32(angle_bits), v_set1_f32(1.0f / (1 << 23)));
    const v_pair sincos = sincospi_f32(twice_u2, key->fma);
    return (v_pair){factor_of(radius, sincos.b), factor_of(radius, sincos.a)};
}

enum { CHUNK_FACTORS = 256 }; /* aligned: the counters of a chunk share their high word */
static_assert(CHUNK_FACTORS % (PHILOX_VECTORS * 4 * PD_MAX_LANES_U32) == 0,
              "words of a chunk are whole steps");

/* The words of at least `count` draws of a chunk, in vectors as box_muller reads them: the radii of
 * a vector of pairs, their angles, the radii of the next vector of pairs. */
PD_INLINE void words_of_chunk(const struct philox_key *schedule, const struct pd_key *key,
                              uint64_t first, size_t count, uint32_t *words) {
    const size_t lanes = v_lanes_u32();
    const uint64_t counter = counter_of_normal(first);
    const struct philox_common common =
        philox_common(key->seed, (uint32_t)(counter >> 32), key->offset);
    const v_u32 low = v_add_u32(v_set1_u32((uint32_t)counter), v_zip_lane_order_u32());
    for (size_t i = 0; i < count;) {
        const uint32_t at = (uint32_t)(i / 4), next = at + (uint32_t)lanes;
        const v_u32 lows[PHILOX_VECTORS] = {v_add_u32(low, v_set1_u32(at)),
                                            v_add_u32(low, v_set1_u32(next))};
        v_wide w[PHILOX_VECTORS][4];
        philox_vectors(schedule, &common, lows, PHILOX_VECTORS, w);
        for (size_t v = 0; v < PHILOX_VECTORS; v++, i += 4 * lanes) {
            v_store_u32(words + i, v_zip_low_u32(w[v][0], w[v][2]));
            v_store_u32(words + i + lanes, v_zip_low_u32(w[v][1], w[v][3]));
            v_store_u32(words + i + 2 * lanes, v_zip_high_u32(w[v][0], w[v][2]));
            v_store_u32(words + i + 3 * lanes, v_zip_high_u32(w[v][1], w[v][3]));
        }
    }
}

/* Draws of one chunk. All words are made before the first factor: the constants of Philox would not
 * stay in registers across calls of SLEEF. */
PD_INLINE void factors_of_chunk(const struct philox_key *schedule, const struct pd_key *key,
                                uint64_t first, size_t count, float *factors) {
    const size_t lanes = v_lanes_u32();
    uint32_t words[CHUNK_FACTORS];
    words_of_chunk(schedule, key, first, count, words);
    for (size_t i = 0; i < count; i += 2 * lanes) {
        const v_pair both = box_muller(v_load_u32(words + i), v_load_u32(words + i + lanes), key);
        v_store_zip_f32(factors + i, both.a, both.b);
    }
}

static void fill_factors(const struct pd_key *key, uint64_t first, size_t count, void *out,
                         struct pd_yield *yield) {
    float *factors = (float *)out;
    struct philox_key schedule;
    (void)yield; /* drawing takes several times as long as moving the data: nothing would overlap */
    philox_key_schedule(&schedule, key->seed);
    while (count > 0) {
        const size_t room = CHUNK_FACTORS - (size_t)(first % CHUNK_FACTORS);
        const size_t draws = count < room ? count : room;
        factors_of_chunk(&schedule, key, first, draws, factors);
        first += draws;
        factors += draws;
        count -= draws;
    }
}

/* At most a vector of draws: each lane makes a block, of which one number is used. Returns the
 * number of draws. */
PD_INLINE size_t gather_factors_vector(const struct philox_key *schedule, const struct pd_key *key,
                                       uint64_t at, uint64_t step, size_t most, float *factors) {
    const size_t lanes = v_lanes_u32();
    uint32_t low[PD_MAX_LANES_U32] = {0};
    uint32_t words[4][PD_MAX_LANES_U32], pair[2][PD_MAX_LANES_U32];
    float factor[2][PD_MAX_LANES_U32];
    const size_t count = philox_counters(counter_of_normal, at, step, most, low);
    const struct philox_common common =
        philox_common(key->seed, (uint32_t)(counter_of_normal(at) >> 32), key->offset);
    v_u32 block[4];
    philox(schedule, &common, v_load_u32(low), block);
    for (size_t w = 0; w < 4; w++) {
        v_store_u32(words[w], block[w]);
    }
    for (size_t i = 0; i < lanes; i++) {
        const size_t first = (at + i * step) % 4 / 2 * 2;
        pair[0][i] = words[first][i];
        pair[1][i] = words[first + 1][i];
    }
    const v_pair both = box_muller(v_load_u32(pair[0]), v_load_u32(pair[1]), key);
    v_store_f32(factor[0], both.a);
    v_store_f32(factor[1], both.b);
    for (size_t i = 0; i < count; i++) {
        factors[i] = factor[(at + i * step) % 2][i];
    }
    return count;
}

static void gather_factors(const struct pd_key *key, uint64_t at, uint64_t step, size_t count,
                           void *out) {
    float *factors = (float *)out;
    struct philox_key schedule;
    philox_key_schedule(&schedule, key->seed);
    for (size_t i = 0; i < count;) {
        const size_t made = gather_factors_vector(&schedule, key, at, step, count - i, factors + i);
        i += made;
        at += made * step;
    }
}
