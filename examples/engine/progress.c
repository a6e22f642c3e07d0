/* SPDX-License-Identifier: MIT */
#include "progress.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 40 };

static double seconds(void) {
    struct timespec now;
    timespec_get(&now, TIME_UTC);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

progress progress_begin(long total, int wanted) {
    const int shown = wanted && isatty(STDERR_FILENO);
    return (progress){.shown = shown, .percent = -1, .total = total, .start = seconds()};
}

void progress_step(progress *p) {
    const int percent = (int)(100 * ++p->done / p->total);
    if (!p->shown || percent == p->percent) {
        return;
    }
    const double elapsed = seconds() - p->start;
    const int left = (int)(elapsed * (double)(p->total - p->done) / (double)p->done);
    p->percent = percent;
    fprintf(stderr, "\r[%-*.*s] %3d%%  %d:%02d left\x1b[K", WIDTH, percent * WIDTH / 100,
            "########################################", percent, left / 60, left % 60);
}

void progress_clear(progress *p) {
    if (p->shown) {
        fputs("\r\x1b[K", stderr);
        p->percent = -1;
    }
}
