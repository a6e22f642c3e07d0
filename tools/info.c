/* SPDX-License-Identifier: MIT
 *
 * planedrop info: what the library finds on this machine.
 */
#include "arguments.h"
#include "commands.h"
#include "dtypes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Ends a line with the CPU's features that are present (or not), of those that an instruction set
 * needs; ANY_ISA: of all that the library looks at. */
enum { ANY_ISA = -1 };
static void print_features(int isa, int present) {
    const char *separator = " ";
    for (size_t i = 0; i < planedrop_cpu_feature_count(); i++) {
        const int needed = isa == ANY_ISA || planedrop_isa_needs((size_t)isa, i);
        if (needed && planedrop_cpu_feature_present(i) == present) {
            printf("%s%s", separator, planedrop_cpu_feature_name(i));
            separator = ", ";
        }
    }
    puts(*separator == ' ' ? " none" : "");
}

static void print_cpu(void) {
    const size_t cache = planedrop_cpu_cache_bytes();
    if (cache > 0) {
        printf("last-level cache: %zu KiB\n", cache >> 10);
    } else {
        puts("last-level cache: unknown");
    }
    printf("features looked at, present:");
    print_features(ANY_ISA, 1);
    printf("features looked at, missing:");
    print_features(ANY_ISA, 0);
}

static void print_isas(const char *chosen, int forced) {
    puts("instruction sets, best first:");
    for (size_t i = 0; i < planedrop_isa_count(); i++) {
        const char *name = planedrop_isa_name(i);
        printf("  %-8s ", name);
        if (!planedrop_isa_usable(i)) {
            printf("not usable here, missing:");
            print_features((int)i, 0);
        } else if (chosen == NULL || strcmp(chosen, name) != 0) {
            puts("usable");
        } else {
            printf("usable, chosen (%s)\n", forced ? "PLANEDROP_ISA" : "the best usable");
        }
    }
}

static void print_dtypes(void) {
    printf("element types:");
    for (int i = 0; i < DTYPE_COUNT; i++) {
        if (dtype_supported(&DTYPES[i])) {
            printf(" %s", DTYPES[i].name);
        }
    }
    puts("");
}

int command_info(int argc, char **argv) {
    if (!arguments_read(argc, argv, NULL, 0, NULL, 0)) {
        return EXIT_REFUSED;
    }
    const char *forced = getenv("PLANEDROP_ISA");
    const planedrop_desc desc = planedrop_desc_elementwise(PLANEDROP_F32, 1, 0.5);
    planedrop_plan plan = {{0}};
    const planedrop_status status = planedrop_plan_init(&plan, &desc);
    forced = forced != NULL && *forced != '\0' ? forced : NULL;
    printf("planedrop %s\n", planedrop_version());
    print_cpu();
    print_isas(planedrop_plan_isa(&plan), forced != NULL);
    print_dtypes();
    if (status != PLANEDROP_OK) {
        return complain("PLANEDROP_ISA=%s: %s", forced == NULL ? "" : forced,
                        planedrop_status_string(status));
    }
    return EXIT_DONE;
}
