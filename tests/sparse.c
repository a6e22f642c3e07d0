/* SPDX-License-Identifier: MIT
 *
 * mmap without a reservation.
 */
#define _DEFAULT_SOURCE
#include "sparse.h"

#include <stdio.h>
#include <sys/mman.h>

unsigned char *sparse_map(uint64_t bytes) {
    if (bytes > SIZE_MAX / 2) {
        puts("SKIPPED: the test needs 64 bits of addresses");
        return NULL;
    }
    void *map = mmap(NULL, (size_t)bytes, PROT_READ | PROT_WRITE,
                     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (map == MAP_FAILED) {
        perror("SKIPPED: mmap of so many addresses");
        return NULL;
    }
    (void)madvise(map, (size_t)bytes, MADV_NOHUGEPAGE); /* a page takes 4 KiB, not 2 MiB */
    return map;
}
