/* SPDX-License-Identifier: MIT
 *
 * The tests of test_vocabulary.c, between its object (built for an instruction set) and main.
 */
#ifndef PLANEDROP_TESTS_VOCABULARY_H
#define PLANEDROP_TESTS_VOCABULARY_H

#include <stdint.h>

void vocabulary_seed(uint64_t seed);
void vocabulary_lanes(void **state);
void vocabulary_memory(void **state);
void vocabulary_masks(void **state);
void vocabulary_masked_store_faults_nowhere(void **state);
void vocabulary_arithmetic(void **state);

#endif
