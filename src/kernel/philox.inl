/* SPDX-License-Identifier: MIT
 *
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3; SC 2011):
 * a bijection of a 128-bit counter under a 64-bit key. Here v_lanes_u32() counters at a time, which
 * differ in their lowest word only. One round, with products split into high and low halves:
 *
 *     c0 c1 c2 c3   ->   hi(M1*c2)^c1^k0   lo(M1*c2)   hi(M0*c0)^c3^k1   lo(M0*c0)
 */

enum { PHILOX_ROUNDS = 10 };
static const uint32_t PHILOX_M0 = UINT32_C(0xd2511f53);
static const uint32_t PHILOX_M1 = UINT32_C(0xcd9e8d57);

/* A vector for each round and key word, in memory: instructions take it as a memory operand. */
struct philox_key {
    v_u32 k0[PHILOX_ROUNDS], k1[PHILOX_ROUNDS];
};

PD_INLINE void philox_key_schedule(struct philox_key *key, uint64_t seed) {
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        key->k0[round] = v_set1_u32(k0);
        key->k1[round] = v_set1_u32(k1);
        k0 += UINT32_C(0x9e3779b9);
        k1 += UINT32_C(0xbb67ae85);
    }
}

/* What is common to counters that differ in their lowest word only: one of the two multiplications
 * in each of the first two rounds, done once in plain C. */
struct philox_common {
    uint32_t c3, c1_after_1, high_in_2, c3_after_2;
};

PD_INLINE struct philox_common philox_common(uint64_t seed, uint32_t high, uint64_t offset) {
    const uint64_t p1 = (uint64_t)PHILOX_M1 * (uint32_t)offset;
    const uint64_t p0 = (uint64_t)PHILOX_M0 * ((uint32_t)(p1 >> 32) ^ high ^ (uint32_t)seed);
    const struct philox_common common = {(uint32_t)(offset >> 32), (uint32_t)p1,
                                         (uint32_t)(p0 >> 32), (uint32_t)p0};
    return common;
}

/* words[v] = the output words at the counters whose lowest words are low[v]. Two vectors at once
 * take less time than twice one: a round waits for the round before. */
enum { PHILOX_VECTORS = 2 };
PD_INLINE void philox_vectors(const struct philox_key *key, const struct philox_common *common,
                              const v_u32 *low, const size_t vectors, v_wide words[][4]) {
    v_wide c0[PHILOX_VECTORS], c1[PHILOX_VECTORS], c2[PHILOX_VECTORS], c3[PHILOX_VECTORS];
    for (size_t v = 0; v < vectors; v++) {
        const v_product p0 = v_mul_wide(v_widen_u32(low[v]), PHILOX_M0);
        c2[v] = v_xor_wide(p0.high, v_widen_u32(v_set1_u32(common->c3)), key->k1[0]);
        const v_product p1 = v_mul_wide(c2[v], PHILOX_M1);
        c0[v] = v_xor_wide(p1.high, v_widen_u32(v_set1_u32(common->c1_after_1)), key->k0[1]);
        c1[v] = p1.low;
        c2[v] = v_xor_wide(p0.low, v_widen_u32(v_set1_u32(common->high_in_2)), key->k1[1]);
        c3[v] = v_widen_u32(v_set1_u32(common->c3_after_2));
    }
    for (int round = 2; round < PHILOX_ROUNDS; round++) {
        for (size_t v = 0; v < vectors; v++) {
            const v_product p0 = v_mul_wide(c0[v], PHILOX_M0);
            const v_product p1 = v_mul_wide(c2[v], PHILOX_M1);
            c0[v] = v_xor_wide(p1.high, c1[v], key->k0[round]);
            c1[v] = p1.low;
            c2[v] = v_xor_wide(p0.high, c3[v], key->k1[round]);
            c3[v] = p0.low;
        }
    }
    for (size_t v = 0; v < vectors; v++) {
        words[v][0] = c0[v];
        words[v][1] = c1[v];
        words[v][2] = c2[v];
        words[v][3] = c3[v];
    }
}

PD_INLINE void philox(const struct philox_key *key, const struct philox_common *common, v_u32 low,
                      v_u32 block[4]) {
    v_wide words[1][4];
    philox_vectors(key, common, &low, 1, words);
    for (int i = 0; i < 4; i++) {
        block[i] = v_narrow_u32(words[0][i]);
    }
}

/* low[i] = the lowest word of the counter of draw at + i*step, for at most a vector and `most`
 * draws, and only while the other words are those of the first. Returns the number of draws. */
PD_INLINE size_t philox_counters(uint64_t (*const counter_of)(uint64_t draw), uint64_t at,
                                 uint64_t step, size_t most, uint32_t *low) {
    const uint64_t high = counter_of(at) >> 32;
    size_t count = 0;
    for (; count < most && count < v_lanes_u32() && counter_of(at) >> 32 == high; at += step) {
        low[count++] = (uint32_t)counter_of(at);
    }
    return count;
}
