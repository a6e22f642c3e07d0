/* SPDX-License-Identifier: MIT
 *
 * Reads CPUID and XCR0. XCR0 says which registers the operating system saves: AVX must not be used
 * where it does not save them. XGETBV traps on a CPU without OSXSAVE, so that bit is tested first.
 */
#include "cpu.h"
#include "compiler.h"
#include "planedrop/planedrop.h"

size_t planedrop_cpu_feature_count(void) { return PD_CPU_FEATURES; }

const char *planedrop_cpu_feature_name(size_t i) {
    static const char *const names[] = {
#define PD_CPU_FEATURE(name, text, reg, bits) text,
#include "cpu_features.def"
#undef PD_CPU_FEATURE
    };
    return i < PD_CPU_FEATURES ? names[i] : NULL;
}

int planedrop_cpu_feature_present(size_t i) {
    return i < PD_CPU_FEATURES && (pd_cpu_read() >> i & 1);
}

enum { EAX, EBX, ECX, EDX };

/* A leaf describes a cache in each subleaf, up to one of type 0. Types 1 and 3 hold data. */
size_t pd_cache_of(pd_cpuid_fn *cpuid) {
    static const unsigned leaves[] = {4, 0x8000001d}; /* Intel's and AMD's, of one form */
    size_t largest = 0;
    for (int i = 0; i < 2; i++) {
        for (unsigned subleaf = 0; subleaf < 16; subleaf++) {
            unsigned reg[4];
            cpuid(leaves[i], subleaf, reg);
            const unsigned type = reg[EAX] & 31;
            if (type == 0) {
                break;
            }
            const size_t line = (reg[EBX] & 0xfff) + 1, partitions = (reg[EBX] >> 12 & 0x3ff) + 1;
            const size_t ways = (reg[EBX] >> 22) + 1, sets = (size_t)reg[ECX] + 1;
            const size_t bytes = line * partitions * ways * sets;
            largest = type != 2 && bytes > largest ? bytes : largest;
        }
    }
    return largest;
}

#if defined(__x86_64__) && defined(__LP64__)

enum pd_cpu_register { LEAF1_ECX, LEAF7_EBX, XCR0, CPU_REGISTERS };

uint32_t pd_cpu_read(void) {
    static const struct {
        enum pd_cpu_register reg;
        uint64_t bits;
    } features[] = {
#define PD_CPU_FEATURE(name, text, reg, bits) {reg, bits},
#include "cpu_features.def"
#undef PD_CPU_FEATURE
    };
    const unsigned osxsave = 1u << 27;
    uint64_t value[CPU_REGISTERS] = {0, 0, 0};
    unsigned reg[4];
    pd_cpuid(1, 0, reg);
    value[LEAF1_ECX] = reg[ECX];
    if (reg[ECX] & osxsave) {
        value[XCR0] = pd_xgetbv();
    }
    pd_cpuid(7, 0, reg);
    value[LEAF7_EBX] = reg[EBX];
    uint32_t found = 0;
    for (size_t i = 0; i < PD_CPU_FEATURES; i++) {
        const uint64_t bits = features[i].bits;
        found |= (uint32_t)((value[features[i].reg] & bits) == bits) << i;
    }
    return found;
}

size_t pd_cpu_read_cache(void) { return pd_cache_of(pd_cpuid); }

#else

uint32_t pd_cpu_read(void) {
    uint32_t found = 0;
    PD_IF_ARM64(found |= PD_CPU_FMA;)
    return found;
}

size_t pd_cpu_read_cache(void) { return 0; }

#endif
