/* SPDX-License-Identifier: MIT
 *
 * Of Python's syntax only what NumPy writes is read, in any order of the keys and with either kind
 * of quotes. Whatever is accepted here NumPy reads in the same way; the reverse is not needed.
 */
#include "npy.h"

#include <errno.h>
#include <string.h>

enum { PREFIX_BYTES = 8, ALIGNMENT = 64, LONGEST_HEADER = 65535 };

static const char MAGIC[] = "\x93NUMPY";
static const char MALFORMED[] = "its header is malformed";

int npy_shape_fits(const struct npy_shape *shape) {
    uint64_t most = INT64_MAX / 8;
    for (int a = 0; a < shape->ndim; a++) {
        if (shape->size[a] > most) {
            return 0;
        }
        most /= shape->size[a] == 0 ? 1 : shape->size[a];
    }
    return 1;
}

uint64_t npy_shape_elements(const struct npy_shape *shape) {
    uint64_t elements = 1;
    for (int a = 0; a < shape->ndim; a++) {
        elements *= shape->size[a];
    }
    return elements;
}

void npy_shape_text(const struct npy_shape *shape, char text[NPY_TEXT_BYTES]) {
    size_t at = 0;
    text[at++] = '(';
    for (int a = 0; a < shape->ndim; a++) {
        at += (size_t)snprintf(text + at, NPY_TEXT_BYTES - at, a == 0 ? "%llu" : ", %llu",
                               (unsigned long long)shape->size[a]);
    }
    snprintf(text + at, NPY_TEXT_BYTES - at, shape->ndim == 1 ? ",)" : ")");
}

/* ---- Python's literals: each function moves on past what it took ------------------------------
 */

struct cursor {
    const char *at, *end;
};

static void skip_blanks(struct cursor *c) {
    while (c->at < c->end && (*c->at == ' ' || *c->at == '\n')) {
        c->at++;
    }
}

static int take(struct cursor *c, const char *word) {
    const size_t length = strlen(word);
    skip_blanks(c);
    if ((size_t)(c->end - c->at) < length || memcmp(c->at, word, length) != 0) {
        return 0;
    }
    c->at += length;
    return 1;
}

/* A string of printable ASCII without escapes, shorter than `bytes`. */
static int take_string(struct cursor *c, char *text, size_t bytes) {
    const char *quote = take(c, "'") ? "'" : take(c, "\"") ? "\"" : NULL;
    if (quote == NULL) {
        return 0;
    }
    size_t length = 0;
    while (c->at < c->end && *c->at != *quote) {
        if (*c->at < ' ' || *c->at > '~' || *c->at == '\\' || length + 1 == bytes) {
            return 0;
        }
        text[length++] = *c->at++;
    }
    text[length] = '\0';
    return c->at++ < c->end;
}

/* A decimal number. One past 64 bits is taken as the largest, which fits no shape. */
static int take_number(struct cursor *c, uint64_t *number) {
    skip_blanks(c);
    const char *start = c->at;
    *number = 0;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9') {
        const uint64_t digit = (uint64_t)(*c->at++ - '0');
        *number = *number > (UINT64_MAX - digit) / 10 ? UINT64_MAX : 10 * *number + digit;
    }
    return c->at > start && (*start != '0' || c->at == start + 1); /* Python refuses 01 */
}

/* A tuple of numbers: a single one must have its comma. */
static int take_shape(struct cursor *c, struct npy_shape *shape) {
    shape->ndim = 0;
    if (!take(c, "(")) {
        return 0;
    }
    while (!take(c, ")")) {
        if (shape->ndim == NPY_MAX_NDIM || !take_number(c, &shape->size[shape->ndim])) {
            return 0;
        }
        shape->ndim++;
        if (!take(c, ",")) {
            return shape->ndim > 1 && take(c, ")");
        }
    }
    return 1;
}

enum { HAS_DESCR = 1, HAS_ORDER = 2, HAS_SHAPE = 4, HAS_ALL = 7, FORTRAN_ORDER = 8 };

/* Takes the value of `key` and returns what it was, or 0. */
static int take_value(struct cursor *c, const char *key, struct npy *npy) {
    if (strcmp(key, "descr") == 0) {
        return take_string(c, npy->descr, sizeof npy->descr) ? HAS_DESCR : 0;
    }
    if (strcmp(key, "fortran_order") == 0) {
        return take(c, "False") ? HAS_ORDER : take(c, "True") ? HAS_ORDER | FORTRAN_ORDER : 0;
    }
    return strcmp(key, "shape") == 0 && take_shape(c, &npy->shape) ? HAS_SHAPE : 0;
}

static const char *read_dictionary(struct cursor *c, struct npy *npy) {
    int found = 0, more = take(c, "{");
    while (more && !take(c, "}")) {
        char key[16];
        const int value =
            take_string(c, key, sizeof key) && take(c, ":") ? take_value(c, key, npy) : 0;
        if (value == 0 || (value & found)) {
            return MALFORMED;
        }
        found |= value;
        more = take(c, ",");
        if (!more && !take(c, "}")) {
            return MALFORMED;
        }
    }
    skip_blanks(c);
    if ((found & HAS_ALL) != HAS_ALL || c->at != c->end) {
        return MALFORMED;
    }
    if (found & FORTRAN_ORDER) {
        return "it is in Fortran order; only C order is read";
    }
    return npy_shape_fits(&npy->shape) ? NULL : "its shape is too large";
}

/* ---- Files ------------------------------------------------------------------------------------
 */

static const char *read_bytes(FILE *file, void *to, size_t bytes, const char *if_short) {
    if (fread(to, 1, bytes, file) == bytes) {
        return NULL;
    }
    return ferror(file) ? strerror(errno) : if_short;
}

const char *npy_read_header(FILE *file, struct npy *npy) {
    static const char truncated[] = "its header is cut short";
    static char text[LONGEST_HEADER];
    unsigned char prefix[PREFIX_BYTES], length_field[4] = {0, 0, 0, 0};
    const char *wrong = read_bytes(file, prefix, sizeof prefix, "it is not a .npy file");
    if (wrong != NULL) {
        return wrong;
    }
    if (memcmp(prefix, MAGIC, sizeof MAGIC - 1) != 0) {
        return "it is not a .npy file";
    }
    const unsigned major = prefix[6], minor = prefix[7];
    if (major < 1 || major > 3 || minor != 0) {
        return "its .npy version is none of 1.0, 2.0, 3.0";
    }
    wrong = read_bytes(file, length_field, major == 1 ? 2 : 4, truncated);
    const uint32_t length = (uint32_t)length_field[0] | (uint32_t)length_field[1] << 8 |
                            (uint32_t)length_field[2] << 16 | (uint32_t)length_field[3] << 24;
    if (wrong == NULL && length > LONGEST_HEADER) {
        return "its header is longer than that of any array of numbers";
    }
    wrong = wrong == NULL ? read_bytes(file, text, length, truncated) : wrong;
    struct cursor c = {text, text + length};
    return wrong == NULL ? read_dictionary(&c, npy) : wrong;
}

size_t npy_make_header(const struct npy *npy, char header[NPY_HEADER_BYTES]) {
    char shape[NPY_TEXT_BYTES];
    char *text = header + PREFIX_BYTES + 2;
    npy_shape_text(&npy->shape, shape);
    memcpy(header, "\x93NUMPY\x01\x00", PREFIX_BYTES);
    const size_t used = PREFIX_BYTES + 2 +
                        (size_t)snprintf(text, NPY_HEADER_BYTES - PREFIX_BYTES - 2,
                                         "{'descr': '%s', 'fortran_order': False, 'shape': %s, }",
                                         npy->descr, shape);
    const size_t bytes = used / ALIGNMENT * ALIGNMENT + ALIGNMENT; /* room for the newline */
    memset(header + used, ' ', bytes - used);
    header[bytes - 1] = '\n';
    header[PREFIX_BYTES] = (char)((bytes - PREFIX_BYTES - 2) & 0xff);
    header[PREFIX_BYTES + 1] = (char)((bytes - PREFIX_BYTES - 2) >> 8);
    return bytes;
}
