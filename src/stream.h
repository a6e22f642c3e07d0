/* SPDX-License-Identifier: MIT
 *
 * Streams: where random numbers come from. A stream names the generators of its draws, and makes
 * their threshold and key.
 */
#ifndef PD_STREAM_H
#define PD_STREAM_H

#include "backend.h"
#include "planedrop/planedrop.h"

struct pd_stream {
    uint8_t generator[PD_KINDS]; /* enum pd_generator_id; PD_GENERATORS: no draws of this kind */
    uint64_t (*threshold)(double rate);
    void (*set_key)(struct pd_key *key, planedrop_rng rng);
};

/* The stream of a planedrop_stream; NULL if there is none. */
const struct pd_stream *pd_stream_of(int32_t stream);

#endif
