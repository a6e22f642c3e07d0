/* SPDX-License-Identifier: MIT
 *
 * The part of the oracle (reference.h) that knows how elements lie in memory and what becomes of
 * one.
 */
#ifndef PLANEDROP_TESTS_REFERENCE_ELEMENTS_H
#define PLANEDROP_TESTS_REFERENCE_ELEMENTS_H

#include "planedrop/planedrop.h"

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The bits of a value in another type. Narrowing rounds to nearest, ties to even, keeps subnormals
 * and overflows to infinity; a NaN keeps its sign and the top of its payload and becomes quiet.
 * Widening is exact; a signalling NaN becomes quiet on its way from f16, and not from bf16. */
uint32_t reference_f32_of_bf16(uint16_t bits);
uint16_t reference_bf16_of_f32(uint32_t bits);
uint32_t reference_f32_of_f16(uint16_t bits);
uint16_t reference_f16_of_f32(uint32_t bits);

size_t reference_element_bytes(int32_t dtype);

/* Stores x * factor, or y + x * factor, at y, by desc's dtype, rate and flags. y is read only to
 * accumulate. */
void reference_store_product(const planedrop_desc *desc, double factor, const unsigned char *x,
                             unsigned char *y);

/* Stores a number at `to`: rounded to f32 and then to the dtype, or as it is if that is f64. */
void reference_store_number(int32_t dtype, double number, unsigned char *to);

#ifdef __cplusplus
}
#endif

#endif
