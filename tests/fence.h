/* SPDX-License-Identifier: MIT
 *
 * Buffers that lie flush against inaccessible pages, so that one byte read or written outside them
 * is a crash, named by the text that fence_case set. The rest of their own page is filled with a
 * pattern, which fence_intact checks.
 */
#ifndef PLANEDROP_TESTS_FENCE_H
#define PLANEDROP_TESTS_FENCE_H

#include <stddef.h>

enum fence_side { FENCE_BEFORE, FENCE_AFTER }; /* where the buffer touches the inaccessible page */

struct fence {
    unsigned char *data, *map;
    size_t bytes, map_bytes;
};

struct fence fence_make(size_t bytes, enum fence_side side);
int fence_intact(const struct fence *fence);
void fence_free(struct fence *fence);

/* What is being tested: printed if the process is stopped by a signal. */
void fence_case(const char *format, ...) __attribute__((format(printf, 1, 2)));
const char *fence_case_text(void);

#endif
