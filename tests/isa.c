/* SPDX-License-Identifier: MIT
 *
 * Which instruction set a test program runs on.
 */
#include "isa.h"
#include "fence.h"
#include "planedrop/planedrop.h"
#include "random.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char *name = NULL;

const char *isa_under_test(void) { return name; }

int isa_begin(int argc, char **argv) {
    size_t i = 0;
    if (argc != 2) {
        fprintf(stderr, "usage: %s ISA\n", argv[0]);
        return 2;
    }
    name = argv[1];
    while (i < planedrop_isa_count() && strcmp(planedrop_isa_name(i), name) != 0) {
        i++;
    }
    if (i == planedrop_isa_count()) {
        fprintf(stderr, "%s: not compiled into this library\n", name);
        return 2;
    }
    if (!planedrop_isa_usable(i)) {
        printf("SKIPPED: this CPU or operating system cannot run %s\n", name);
        return EXIT_SKIP;
    }
    printf("isa %s, seed %" PRIu64 " (repeat with PLANEDROP_TEST_SEED)\n", name, random_seed());
    fflush(stdout);
    fence_case("%s: start", name);
    return 0;
}
