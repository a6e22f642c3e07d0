/* SPDX-License-Identifier: MIT
 *
 * planedrop info: what the library finds on this machine. The list of instruction sets, what each
 * needs and how the CPU is asked are the library's own source (isa.def, cpu.c), so what is printed
 * here is what it looks at.
 */
#include "arguments.h"
#include "commands.h"
#include "cpu.h"
#include "dtypes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PD_CPU(ecx, ebx, xcr)                                                                      \
    { .leaf1_ecx = (ecx), .leaf7_ebx = (ebx), .xcr0 = (xcr) }

static const struct pd_cpu NEEDS[] = {
#define PD_ISA(name, features) features,
#include "isa.def"
#undef PD_ISA
};

static const struct {
    const char *name;
    struct pd_cpu bits;
} FEATURES[] = {
    {"OSXSAVE", PD_CPU(UINT32_C(1) << 27, 0, 0)},  {"F16C", PD_CPU(UINT32_C(1) << 29, 0, 0)},
    {"AVX", PD_CPU(UINT32_C(1) << 28, 0, 0)},      {"AVX2", PD_CPU(0, UINT32_C(1) << 5, 0)},
    {"AVX512F", PD_CPU(0, UINT32_C(1) << 16, 0)},  {"AVX512DQ", PD_CPU(0, UINT32_C(1) << 17, 0)},
    {"AVX512BW", PD_CPU(0, UINT32_C(1) << 30, 0)}, {"AVX512VL", PD_CPU(0, UINT32_C(1) << 31, 0)},
    {"XMM and YMM saved", PD_CPU(0, 0, 0x06)},     {"ZMM saved", PD_CPU(0, 0, 0xe0)},
};
enum { FEATURE_COUNT = sizeof FEATURES / sizeof FEATURES[0] };

static int meets(const struct pd_cpu *all, const struct pd_cpu *bits) {
    return (all->leaf1_ecx & bits->leaf1_ecx) == bits->leaf1_ecx &&
           (all->leaf7_ebx & bits->leaf7_ebx) == bits->leaf7_ebx &&
           (all->xcr0 & bits->xcr0) == bits->xcr0;
}

/* Ends a line with the features that `needs` names and the CPU has (or has not). */
static void print_features(const struct pd_cpu *needs, const struct pd_cpu *cpu, int has) {
    const char *separator = " ";
    for (int i = 0; i < FEATURE_COUNT; i++) {
        if (meets(needs, &FEATURES[i].bits) && meets(cpu, &FEATURES[i].bits) == has) {
            printf("%s%s", separator, FEATURES[i].name);
            separator = ", ";
        }
    }
    puts(*separator == ' ' ? " none" : "");
}

#if defined(__x86_64__)
#include <cpuid.h>

static void print_cpu_name(void) {
    unsigned words[12] = {0};
    char name[sizeof words + 1] = {0};
    for (unsigned i = 0; i < 3; i++) {
        unsigned *w = words + 4 * i;
        if (!__get_cpuid(0x80000002U + i, &w[0], &w[1], &w[2], &w[3])) {
            break;
        }
    }
    memcpy(name, words, sizeof words);
    printf("CPU: %s\n", name[0] == '\0' ? "unknown" : name + strspn(name, " "));
}
#else
static void print_cpu_name(void) { puts("CPU: unknown"); }
#endif

static void print_cpu(const struct pd_cpu *cpu) {
    struct pd_cpu all = {0};
    print_cpu_name();
    const size_t cache = pd_cpu_cache_bytes();
    if (cache > 0) {
        printf("last-level cache: %zu KiB\n", cache >> 10);
    } else {
        puts("last-level cache: unknown");
    }
    for (size_t i = 0; i < sizeof NEEDS / sizeof NEEDS[0]; i++) {
        all.leaf1_ecx |= NEEDS[i].leaf1_ecx;
        all.leaf7_ebx |= NEEDS[i].leaf7_ebx;
        all.xcr0 |= NEEDS[i].xcr0;
    }
    printf("features looked at, present:");
    print_features(&all, cpu, 1);
    printf("features looked at, missing:");
    print_features(&all, cpu, 0);
}

static void print_isas(const struct pd_cpu *cpu, const char *chosen, int forced) {
    puts("instruction sets, best first:");
    for (size_t i = 0; i < planedrop_isa_count(); i++) {
        const char *name = planedrop_isa_name(i);
        printf("  %-8s ", name);
        if (!planedrop_isa_usable(i)) {
            printf("not usable here, missing:");
            print_features(&NEEDS[i], cpu, 0);
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
    const planedrop_desc desc = planedrop_elements(PLANEDROP_F32, 1, 0.5);
    planedrop_plan plan = {{0}};
    const planedrop_status status = planedrop_plan_init(&plan, &desc);
    const struct pd_cpu cpu = pd_cpu_read();
    forced = forced != NULL && *forced != '\0' ? forced : NULL;
    printf("planedrop %s\n", planedrop_version());
    print_cpu(&cpu);
    print_isas(&cpu, planedrop_plan_isa(&plan), forced != NULL);
    print_dtypes();
    if (status != PLANEDROP_OK) {
        return complain("PLANEDROP_ISA=%s: %s", forced == NULL ? "" : forced,
                        planedrop_status_string(status));
    }
    return EXIT_DONE;
}
