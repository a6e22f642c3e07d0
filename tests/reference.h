/* SPDX-License-Identifier: MIT
 *
 * The test oracle: the contract of planedrop.h as plain loops over single elements, written from
 * the contract alone. It shares no code and no idea of speed with the library (no ISA, no collapsed
 * shape, no tile, no word of 32 draws), so that a mistake has to be made twice to go unseen.
 *
 * It checks nothing: descriptors are valid (it aborts on an unknown dtype). Of the Gaussian law it
 * knows the numbers to double precision, which no library of f32 has to the last bit: tensors of
 * that law it computes from multipliers that it is given. NaNs and conversions are integer
 * arithmetic on bits: no compiler or CPU has a say in them. Every function is thread-safe; x and y
 * may be the same pointer with the same strides, else they share no element. Compile it with
 * -ffp-contract=off.
 */
#ifndef PLANEDROP_TESTS_REFERENCE_H
#define PLANEDROP_TESTS_REFERENCE_H

#include "planedrop/planedrop.h"
#include "reference_elements.h"

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Philox4x32 (Salmon et al. 2011) with the given number of rounds. out may be counter. */
void reference_philox4x32(const uint32_t counter[4], const uint32_t key[2], int rounds,
                          uint32_t out[4]);

/* T: rate * 2^32 rounded half to even, 0 to 2^32. */
uint64_t reference_threshold(double rate);

/* Draw k of the native Bernoulli stream: 1 = kept, 0 = dropped. */
int reference_keeps(planedrop_rng rng, double rate, uint64_t k);

/* Draw k of the native normal stream. */
double reference_normal(planedrop_rng rng, uint64_t k);

/* The number of draws: the product of noise. */
uint64_t reference_draws(const planedrop_desc *desc);

/* The mask in bits: keep[(draws+31)/32], draw i at bit i%32 of word i/32, unused bits 0. */
void reference_mask(const planedrop_desc *desc, planedrop_rng rng, uint32_t *keep);

/* A multiplier for each draw; of the Gaussian law to 1e-6 of s. */
void reference_multipliers(const planedrop_desc *desc, planedrop_rng rng, float *multipliers);

/* As planedrop_apply and planedrop_forward (of the Bernoulli law). */
void reference_apply(const planedrop_desc *desc, const uint32_t *keep, const void *x, void *y);
void reference_forward(const planedrop_desc *desc, planedrop_rng rng, const void *x, void *y);

/* planedrop_forward under the Gaussian law, with the multiplier of each of this tensor's draws. */
void reference_weigh(const planedrop_desc *desc, const float *multipliers, const void *x, void *y);

/* The descriptor whose forward is the backward of *desc: x's strides are y's, and y's are x's. Both
 * are given, whether or not they were. */
planedrop_desc reference_gradient(const planedrop_desc *desc);

/* The bytes of one draw in a form of mask other than bits. */
size_t reference_mask_bytes(const planedrop_desc *desc, int32_t form);

/* As planedrop_mask and planedrop_mask_elements, in a form other than bits. The mask is keep or,
 * where that is NULL, multipliers, and has all of the tensor's draws. */
void reference_mask_draws(const planedrop_desc *desc, const uint32_t *keep,
                          const float *multipliers, int32_t form, uint64_t first, uint64_t count,
                          void *to);
void reference_mask_elements(const planedrop_desc *desc, const uint32_t *keep,
                             const float *multipliers, int32_t form, void *to);

#ifdef __cplusplus
}
#endif

#endif
