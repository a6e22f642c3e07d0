/* SPDX-License-Identifier: MIT */
#include "arguments.h"
#include "commands.h"
#include "npy.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static int is_digit(char c) { return c >= '0' && c <= '9'; }

/* strtoull without what it lets pass: blanks, signs, octal, numbers that are too large. */
static int read_number(const char *text, const char **end, uint64_t *value) {
    const int base = text[0] == '0' && (text[1] == 'x' || text[1] == 'X') ? 16 : 10;
    char *rest;
    errno = 0;
    *value = strtoull(text, &rest, base);
    *end = rest;
    return is_digit(*text) && errno == 0;
}

int read_u64(const char *text, void *value) {
    const char *end;
    return read_number(text, &end, value) && *end == '\0';
}

int read_double(const char *text, void *value) {
    char *end;
    *(double *)value = strtod(text, &end);
    return (is_digit(*text) || *text == '.') && *end == '\0';
}

int read_text(const char *text, void *value) {
    *(const char **)value = text;
    return 1;
}

int read_shape(const char *text, void *value) {
    struct npy_shape *shape = value;
    shape->ndim = 0;
    if (*text == '\0') {
        return 1;
    }
    while (shape->ndim < NPY_MAX_NDIM && read_number(text, &text, &shape->size[shape->ndim])) {
        shape->ndim++;
        if (*text == '\0') {
            return npy_shape_fits(shape);
        }
        if (*text++ != ',') {
            return 0;
        }
    }
    return 0;
}

static struct option *find(const char *word, size_t length, struct option *options, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (strlen(options[i].name) == length && strncmp(options[i].name, word, length) == 0) {
            return &options[i];
        }
    }
    return NULL;
}

/* Reads the option at argv[*at], and its value, which may be the next word. */
static int read_option(int argc, char **argv, int *at, struct option *options, size_t count) {
    const char *word = argv[*at];
    const size_t length = strcspn(word, "=");
    const char *value = word[length] == '=' ? word + length + 1 : NULL;
    struct option *option = find(word, length, options, count);
    if (option == NULL) {
        complain("%s is not an option of this command; see planedrop --help", word);
        return 0;
    }
    option->needed = 0;
    if (option->read == NULL && value == NULL) {
        *(int *)option->value = 1;
        return 1;
    }
    if (option->read != NULL && value == NULL && *at + 1 < argc) {
        value = argv[++*at];
    }
    if (option->read == NULL || value == NULL) {
        complain("%s takes %s value; see planedrop --help", option->name,
                 option->read == NULL ? "no" : "a");
        return 0;
    }
    if (!option->read(value, option->value)) {
        complain("%s cannot be '%s'; see planedrop --help", option->name, value);
        return 0;
    }
    return 1;
}

static int complete(const struct option *options, size_t option_count, size_t missing_files) {
    for (size_t i = 0; i < option_count; i++) {
        if (options[i].needed) {
            complain("%s is missing; see planedrop --help", options[i].name);
            return 0;
        }
    }
    if (missing_files > 0) {
        complain("a file is missing; see planedrop --help");
        return 0;
    }
    return 1;
}

int arguments_read(int argc, char **argv, struct option *options, size_t option_count,
                   const char **files, size_t file_count) {
    size_t found = 0;
    int options_end = 0;
    for (int i = 0; i < argc; i++) {
        if (!options_end && strcmp(argv[i], "--") == 0) {
            options_end = 1;
        } else if (!options_end && argv[i][0] == '-') {
            if (!read_option(argc, argv, &i, options, option_count)) {
                return 0;
            }
        } else if (found < file_count) {
            files[found++] = argv[i];
        } else {
            complain("'%s' is one argument too many; see planedrop --help", argv[i]);
            return 0;
        }
    }
    return complete(options, option_count, file_count - found);
}
