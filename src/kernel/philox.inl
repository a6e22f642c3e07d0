/* SPDX-License-Identifier: MIT
 *
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3; SC 2011):
 * a bijection of a 128-bit counter under a 64-bit key, here for v_lanes() counters at a time that
 * differ in their lowest word. One round, with the products split into high and low halves:
 *
 *     c0 c1 c2 c3   ->   hi(M1*c2)^c1^k0   lo(M1*c2)   hi(M0*c0)^c3^k1   lo(M0*c0)
 */

enum { PHILOX_ROUNDS = 10 };

struct philox_key {
    uint32_t k0[PHILOX_ROUNDS], k1[PHILOX_ROUNDS];
};

static inline struct philox_key philox_key_schedule(uint64_t seed) {
    struct philox_key key;
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        key.k0[round] = k0;
        key.k1[round] = k1;
        k0 += UINT32_C(0x9e3779b9);
        k1 += UINT32_C(0xbb67ae85);
    }
    return key;
}

/* block[0..3] = the output words at the counters whose words are (low, high, offset). */
static inline __attribute__((__always_inline__)) void
philox(const struct philox_key *key, v_u32 low, uint32_t high, uint64_t offset, v_u32 block[4]) {
    v_wide c0 = v_widen_u32(low);
    v_wide c1 = v_widen_u32(v_set1_u32(high));
    v_wide c2 = v_widen_u32(v_set1_u32((uint32_t)offset));
    v_wide c3 = v_widen_u32(v_set1_u32((uint32_t)(offset >> 32)));
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
        v_product p0 = v_mul_wide(c0, UINT32_C(0xd2511f53));
        v_product p1 = v_mul_wide(c2, UINT32_C(0xcd9e8d57));
        c0 = v_xor_wide(p1.high, c1, key->k0[round]);
        c1 = p1.low;
        c2 = v_xor_wide(p0.high, c3, key->k1[round]);
        c3 = p0.low;
    }
    block[0] = v_narrow_u32(c0);
    block[1] = v_narrow_u32(c1);
    block[2] = v_narrow_u32(c2);
    block[3] = v_narrow_u32(c3);
}
