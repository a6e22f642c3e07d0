/* SPDX-License-Identifier: MIT
 *
 * The streams of streams.def: their thresholds and keys.
 */
#include "stream.h"

/* round_half_even(rate * 2^32), for rate in [0, 1]; the product is exact. */
static uint64_t threshold_native(double rate) {
    const double scaled = rate * 4294967296.0;
    const uint64_t below = (uint64_t)scaled;
    const double rest = scaled - (double)below;
    return below + (rest > 0.5 || (rest == 0.5 && below % 2 == 1));
}

static void set_key_native(struct pd_key *key, planedrop_rng rng) {
    key->seed = rng.seed;
    key->offset = rng.offset;
}

#define PD_STREAM(enumerator, bits, factors, threshold, set_key)                                   \
    {{bits, factors}, threshold, set_key},
static const struct pd_stream streams[] = {
#include "streams.def"
};
#undef PD_STREAM

const struct pd_stream *pd_stream_of(int32_t stream) {
    return stream >= 0 && (size_t)stream < sizeof streams / sizeof streams[0] ? &streams[stream]
                                                                              : NULL;
}
