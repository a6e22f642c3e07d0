/* SPDX-License-Identifier: MIT
 *
 * Many addresses and little memory: a page is there once it is written, and reads as zero before.
 */
#ifndef PLANEDROP_TESTS_SPARSE_H
#define PLANEDROP_TESTS_SPARSE_H

#include <stdint.h>

/* Maps so many bytes. Where they cannot be had (32 bits, RLIMIT_AS, strict overcommit) it says that
 * the test is skipped and returns NULL. */
unsigned char *sparse_map(uint64_t bytes);

#endif
