/* SPDX-License-Identifier: MIT */
#define _XOPEN_SOURCE 700

#include "output.h"
#include "commands.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static struct {
    FILE *file;
    const char *name; /* as the user wrote it */
    char *path;       /* links resolved: a link stays, and what it points to is replaced */
    uint64_t bytes, written;
    int shown; /* the percentage on the terminal, plus 1; 0: none */
} output;

/* The temporary file's name while there is one: the signal handler removes it. Signals are held
 * while the name and the file change together. */
static char *volatile temporary;

static const int SIGNALS[] = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGXFSZ};
enum { SIGNAL_COUNT = sizeof SIGNALS / sizeof SIGNALS[0] };

static void on_signal(int number) {
    if (temporary != NULL) {
        unlink(temporary);
    }
    raise(number); /* the handler has been reset, so the caller sees the usual end by a signal */
}

static sigset_t signal_set(void) {
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        sigaddset(&set, SIGNALS[i]);
    }
    return set;
}

static sigset_t hold_signals(void) {
    const sigset_t set = signal_set();
    sigset_t before;
    sigprocmask(SIG_BLOCK, &set, &before);
    return before;
}

static void release_signals(sigset_t before) { sigprocmask(SIG_SETMASK, &before, NULL); }

/* A signal that was ignored, as under nohup, stays so. */
static void catch_signals(void) {
    for (int i = 0; i < SIGNAL_COUNT; i++) {
        struct sigaction action;
        if (sigaction(SIGNALS[i], NULL, &action) == 0 && action.sa_handler == SIG_DFL) {
            action.sa_handler = on_signal;
            action.sa_flags = (int)SA_RESETHAND;
            action.sa_mask = signal_set();
            sigaction(SIGNALS[i], &action, NULL);
        }
    }
}

/* Gives up, for the reason in errno. */
static int refuse(void) {
    const int error = errno;
    output_discard();
    complain("%s: %s", output.name, strerror(error));
    return 0;
}

/* Where the file goes, and its permissions: those of the file it replaces, else the usual ones. */
static int find_place(mode_t *mode) {
    struct stat status;
    if (stat(output.name, &status) == 0) {
        if (!S_ISREG(status.st_mode)) {
            complain("%s: it is not a regular file", output.name);
            return 0;
        }
        *mode = status.st_mode & 0777;
        output.path = access(output.name, W_OK) == 0 ? realpath(output.name, NULL) : NULL;
    } else {
        output.path = errno == ENOENT ? strdup(output.name) : NULL;
        const mode_t mask = umask(0);
        umask(mask);
        *mode = 0666 & ~mask;
    }
    return output.path != NULL || refuse();
}

/* Makes the temporary file in the folder of output.path. Returns its descriptor, or -1. */
static int make_temporary(void) {
    static const char name[] = ".planedrop-XXXXXX";
    const char *slash = strrchr(output.path, '/');
    const size_t folder = slash == NULL ? 0 : (size_t)(slash - output.path) + 1;
    char *const beside = malloc(folder + sizeof name);
    if (beside == NULL) {
        return -1;
    }
    memcpy(beside, output.path, folder);
    memcpy(beside + folder, name, sizeof name);
    const sigset_t before = hold_signals();
    const int descriptor = mkstemp(beside);
    temporary = descriptor < 0 ? NULL : beside;
    release_signals(before);
    if (descriptor < 0) {
        free(beside);
    }
    return descriptor;
}

int output_open(const char *path, uint64_t bytes) {
    mode_t mode;
    output.name = path;
    output.bytes = bytes;
    if (!find_place(&mode)) {
        return 0;
    }
    catch_signals();
    const int descriptor = make_temporary();
    if (descriptor >= 0 && fchmod(descriptor, mode) == 0) {
        output.file = fdopen(descriptor, "wb");
    }
    return output.file != NULL || refuse();
}

static void show_progress(void) {
    const uint64_t much = UINT64_C(64) << 20;
    if (output.bytes < much || !isatty(STDERR_FILENO)) {
        return;
    }
    const int percent = (int)(output.written / (output.bytes / 100));
    if (output.shown != percent + 1) {
        output.shown = percent + 1;
        fprintf(stderr, "\rplanedrop: %3d%%", percent);
    }
}

static void clear_progress(void) {
    if (output.shown != 0) {
        fputs("\r\033[K", stderr);
        output.shown = 0;
    }
}

int output_write(const void *from, size_t bytes) {
    if (fwrite(from, 1, bytes, output.file) != bytes) {
        return refuse();
    }
    output.written += bytes;
    show_progress();
    return 1;
}

int output_commit(void) {
    FILE *const file = output.file;
    output.file = NULL;
    if (fclose(file) != 0) {
        return refuse();
    }
    const sigset_t before = hold_signals();
    const int renamed = rename(temporary, output.path) == 0;
    if (renamed) {
        free(temporary);
        temporary = NULL;
    }
    release_signals(before);
    if (!renamed) {
        return refuse();
    }
    output_discard();
    return 1;
}

void output_discard(void) {
    clear_progress();
    const sigset_t before = hold_signals();
    if (temporary != NULL) {
        unlink(temporary);
        free(temporary);
        temporary = NULL;
    }
    release_signals(before);
    if (output.file != NULL) {
        fclose(output.file);
        output.file = NULL;
    }
    free(output.path);
    output.path = NULL;
}
