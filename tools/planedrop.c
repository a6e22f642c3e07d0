/* SPDX-License-Identifier: MIT
 *
 * planedrop: what the library would do here, and the same masks and bytes from the command line.
 */
#include "commands.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char HELP[] =
    "usage: planedrop COMMAND ...\n"
    "\n"
    "  info      the CPU, the instruction sets and which is chosen, the element types\n"
    "  selftest  golden masks and bytes on every instruction set; exit code 0 or 1\n"
    "  apply IN.npy OUT.npy --noise SHAPE --rate RATE --seed N\n"
    "            dropout of a NumPy file (float16, float32, float64; C order)\n"
    "  mask --shape SHAPE --rate RATE --seed N\n"
    "            a mask as lines of 0 and 1, 1 = kept\n"
    "\n"
    "  --noise SHAPE   the mask's shape, as in 2,64,1,1: on each axis the array's size or 1\n"
    "  --shape SHAPE   the shape of the mask alone\n"
    "  --rate RATE     probability of dropping, from 0 to 1\n"
    "  --seed N        selects the mask, together with\n"
    "  --offset N      a number for each (step, layer); default 0\n"
    "  --isa NAME      use this instruction set (info lists them)\n"
    "  --no-scale      apply: copy what is kept, without the factor 1/(1-rate)\n"
    "  --bf16          apply: the file holds bfloat16 as uint16\n"
    "  --out FILE.npy  mask: write an array of bool instead of text\n"
    "  --help, --version\n"
    "\n"
    "OUT.npy appears when it is whole, and not at all on an error; it may be IN.npy.\n"
    "Exit code 2: bad usage or a bad file, with one line on standard error.\n";

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} COMMANDS[] = {
    {"apply", command_apply},
    {"info", command_info},
    {"mask", command_mask},
    {"selftest", command_selftest},
};

int complain(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    fputs("planedrop: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return EXIT_REFUSED;
}

planedrop_status plan_for(const char *isa, planedrop_plan *plan, const planedrop_desc *desc) {
    return isa == NULL ? planedrop_plan_init(plan, desc) : planedrop_plan_init_isa(plan, desc, isa);
}

static int asks_for(const char *option, int argc, char **argv) {
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], option) == 0) {
            return 1;
        }
    }
    return 0;
}

static int run(int argc, char **argv) {
    if (argc < 2) {
        return complain("a command is missing; see planedrop --help");
    }
    if (asks_for("--help", argc, argv)) {
        fputs(HELP, stdout);
        return EXIT_DONE;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("planedrop %s\n", planedrop_version());
        return EXIT_DONE;
    }
    for (size_t i = 0; i < sizeof COMMANDS / sizeof COMMANDS[0]; i++) {
        if (strcmp(argv[1], COMMANDS[i].name) == 0) {
            return COMMANDS[i].run(argc - 2, argv + 2);
        }
    }
    return complain("'%s' is not a command; see planedrop --help", argv[1]);
}

int main(int argc, char **argv) {
    const int code = run(argc, argv);
    if (fflush(stdout) != 0 || ferror(stdout)) {
        return complain("standard output: %s", strerror(errno));
    }
    return code;
}
