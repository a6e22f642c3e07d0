/* SPDX-License-Identifier: MIT
 *
 * What the CPU and the operating system offer.
 */
#ifndef PD_CPU_H
#define PD_CPU_H

#include "names.h"

#include <stddef.h>
#include <stdint.h>

enum pd_cpu_feature_index {
#define PD_CPU_FEATURE(name, text, reg, bits) PD_CPU_INDEX_##name,
#include "cpu_features.def"
#undef PD_CPU_FEATURE
    PD_CPU_FEATURES
};

/* A set of features is the OR of their bits. */
enum pd_cpu_feature {
#define PD_CPU_FEATURE(name, text, reg, bits) PD_CPU_##name = 1 << PD_CPU_INDEX_##name,
#include "cpu_features.def"
#undef PD_CPU_FEATURE
    PD_CPU_NONE = 0
};

/* The features of this CPU that its operating system supports. On architectures other than x86-64:
 * FMA if every CPU has it, and nothing else. */
uint32_t pd_cpu_read(void);

/* The bytes of the last-level cache; 0 if the CPU does not report them. */
size_t pd_cpu_read_cache(void);

/* The same from any CPUID function, whose registers are eax, ebx, ecx, edx. */
typedef void pd_cpuid_fn(unsigned leaf, unsigned subleaf, unsigned reg[4]);
size_t pd_cache_of(pd_cpuid_fn *cpuid);

#endif
