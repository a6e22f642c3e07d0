/* SPDX-License-Identifier: MIT
 *
 * The tests of test_vocabulary*.c, between their objects (built for an
 * instruction set) and main.
 */
#ifndef PLANEDROP_TESTS_VOCABULARY_H
#define PLANEDROP_TESTS_VOCABULARY_H

void vocabulary_lanes(void **state);
void vocabulary_prefetch_faults_nowhere(void **state);
void vocabulary_selection(void **state);
void vocabulary_arithmetic(void **state);
void vocabulary_zip(void **state);
void vocabulary_sleef(void **state);
void vocabulary_memory(void **state);
void vocabulary_masks(void **state);
void vocabulary_masked_store_faults_nowhere(void **state);
void vocabulary_where(void **state);
void vocabulary_f64(void **state);
void vocabulary_widen_f64(void **state);
void vocabulary_bf16(void **state);
void vocabulary_f16(void **state);

#endif
