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

/* The library names the features of every architecture: one that no instruction set here needs is
 * no loss if it is missing. */
static int is_needed(size_t feature, size_t first_isa, size_t end_isa) {
    int needed = 0;
    for (size_t isa = first_isa; isa < end_isa; isa++) {
        needed |= planedrop_isa_needs(isa, feature);
    }
    return needed;
}

/* Ends a line with the features that the CPU has, or with those that it lacks and the instruction
 * sets first_isa ... end_isa-1 need. */
static void print_features(int present, size_t first_isa, size_t end_isa) {
    const char *separator = " ";
    for (size_t i = 0; i < planedrop_cpu_feature_count(); i++) {
        const int has = planedrop_cpu_feature_present(i);
        if (present ? has : !has && is_needed(i, first_isa, end_isa)) {
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
    print_features(1, 0, planedrop_isa_count());
    printf("features looked at, missing:");
    print_features(0, 0, planedrop_isa_count());
}

static void print_isas(const char *chosen, int forced) {
    puts("instruction sets, best first:");
    for (size_t i = 0; i < planedrop_isa_count(); i++) {
        const char *name = planedrop_isa_name(i);
        printf("  %-8s ", name);
        if (!planedrop_isa_usable(i)) {
            printf("not usable here, missing:");
            print_features(0, i, i + 1);
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
