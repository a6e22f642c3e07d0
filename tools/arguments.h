/* SPDX-License-Identifier: MIT
 *
 * Reading a command's arguments: --name VALUE, --name=VALUE, --flag, and files, in any order; after
 * "--" files only.
 */
#ifndef ARGUMENTS_H
#define ARGUMENTS_H

#include <stddef.h>

struct option {
    const char *name;                           /* with its two dashes */
    int (*read)(const char *text, void *value); /* 0 if text is no such value; NULL: a flag */
    void *value;                                /* what read fills; a flag: int, set to 1 */
    int needed;                                 /* cleared when the option is found */
};

/* The readers: uint64_t (decimal, or hexadecimal after 0x), double, const char *, struct npy_shape
 * (sizes with commas between them). */
int read_u64(const char *text, void *value);
int read_double(const char *text, void *value);
int read_text(const char *text, void *value);
int read_shape(const char *text, void *value);

/* Reads argv[argc] into options[option_count] and files[file_count]. Returns 1, or 0 after a line
 * on standard error. */
int arguments_read(int argc, char **argv, struct option *options, size_t option_count,
                   const char **files, size_t file_count);

#endif
