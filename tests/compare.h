/* SPDX-License-Identifier: MIT
 *
 * Tensors compared byte for byte, with a failure that a person can read.
 */
#ifndef PLANEDROP_TESTS_COMPARE_H
#define PLANEDROP_TESTS_COMPARE_H

#include "planedrop/planedrop.h"

#include <stddef.h>

/* Fails the test at the first of `count` elements that differs; the message gives the case (see
 * fence_case), the type, the index in memory, and both values in decimal and hex. */
void assert_elements_equal(int32_t dtype, const void *got, const void *want, size_t count);

/* The same for mask words. */
void assert_words_equal(const uint32_t *got, const uint32_t *want, size_t count);

/* Fails the test unless status is PLANEDROP_OK. */
void assert_ok(planedrop_status status);

/* A descriptor in a line. */
void describe(char *text, size_t size, const planedrop_desc *desc, planedrop_rng rng);

#endif
