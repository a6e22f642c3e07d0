/* SPDX-License-Identifier: MIT
 *
 * A file that appears under its name when it is whole, and not at all on an error or when the
 * process is interrupted. It is written to a temporary file beside it and renamed. One at a time.
 */
#ifndef OUTPUT_H
#define OUTPUT_H

#include <stddef.h>
#include <stdint.h>

/* Starts the file at `path`, which may exist as a regular file. `bytes` is what will be written in
 * all: progress is shown on a terminal if that is much. Each function returns 1, or 0 after a line
 * on standard error, and then nothing is left of the file. */
int output_open(const char *path, uint64_t bytes);
int output_write(const void *from, size_t bytes);
int output_commit(void);

/* Gives the file up, if there is one. */
void output_discard(void);

#endif
