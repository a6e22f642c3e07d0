/* SPDX-License-Identifier: MIT
 *
 * What test_every_f32.c asks of every_f32.c, its object built for an instruction set.
 */
#ifndef PLANEDROP_TESTS_EVERY_F32_H
#define PLANEDROP_TESTS_EVERY_F32_H

#include <stdint.h>

enum { EVERY_F32_BLOCK = 4096 };

/* to[i] = the f32 with the bits first + i, as the vocabulary narrows it. */
void every_f32_to_bf16(uint32_t first, uint16_t to[EVERY_F32_BLOCK]);
void every_f32_to_f16(uint32_t first, uint16_t to[EVERY_F32_BLOCK]);

#endif
