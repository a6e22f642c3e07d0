/* SPDX-License-Identifier: MIT
 *
 * mmap, mprotect and a signal handler that says what was running.
 */
#define _DEFAULT_SOURCE
#include "fence.h"

#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { PATTERN = 0xa5 };

static char case_text[512] = "(no case yet)";

const char *fence_case_text(void) { return case_text; }

static void say(const char *text) {
    if (write(STDERR_FILENO, text, strlen(text)) < 0) {
        _exit(2);
    }
}

static void stopped(int signal_number) {
    say(signal_number == SIGILL   ? "\nILLEGAL INSTRUCTION in "
        : signal_number == SIGFPE ? "\nFLOATING-POINT TRAP in "
                                  : "\nACCESS OUTSIDE THE TENSOR (or another fault) in ");
    say(case_text);
    say("\n");
    _exit(1);
}

void fence_case(const char *format, ...) {
    signal(SIGSEGV, stopped); /* each time: cmocka puts handlers of its own around every test */
    signal(SIGBUS, stopped);
    signal(SIGILL, stopped);
    signal(SIGFPE, stopped);
    va_list list;
    va_start(list, format);
    vsnprintf(case_text, sizeof case_text, format, list);
    va_end(list);
}

struct fence fence_make(size_t bytes, enum fence_side side) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const size_t inside = (bytes + page - 1) / page * page + page;
    struct fence fence;
    fence.bytes = bytes;
    fence.map_bytes = inside + 2 * page;
    fence.map =
        mmap(NULL, fence.map_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (fence.map == MAP_FAILED || mprotect(fence.map, page, PROT_NONE) != 0 ||
        mprotect(fence.map + page + inside, page, PROT_NONE) != 0) {
        perror("fence_make");
        exit(2);
    }
    memset(fence.map + page, PATTERN, inside);
    fence.data = fence.map + page + (side == FENCE_BEFORE ? 0 : inside - bytes);
    return fence;
}

int fence_intact(const struct fence *fence) {
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    const unsigned char *end = fence->map + fence->map_bytes - page;
    for (const unsigned char *p = fence->map + page; p < end; p++) {
        if (p == fence->data) {
            p += fence->bytes;
            if (p >= end) {
                break;
            }
        }
        if (*p != PATTERN) {
            return 0;
        }
    }
    return 1;
}

void fence_free(struct fence *fence) {
    munmap(fence->map, fence->map_bytes);
    fence->map = fence->data = NULL;
}
