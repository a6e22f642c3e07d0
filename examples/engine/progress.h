/* SPDX-License-Identifier: MIT
 *
 * A bar on standard error while that is a terminal; nothing at all where it is not.
 */
#ifndef ENGINE_PROGRESS_H
#define ENGINE_PROGRESS_H

typedef struct progress {
    int shown, percent;
    long done, total;
    double start;
} progress;

progress progress_begin(long total, int wanted);
void progress_step(progress *p);

/* Takes the bar away, so that a line can be printed, or for good. The next step draws it again. */
void progress_clear(progress *p);

#endif
