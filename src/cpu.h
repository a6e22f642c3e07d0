/* SPDX-License-Identifier: MIT
 *
 * What the CPU and the operating system offer, as the raw register bits of x86's CPUID and XGETBV.
 * On other architectures every field is 0, and so is every requirement.
 */
#ifndef PD_CPU_H
#define PD_CPU_H

#include "names.h"

#include <stddef.h>
#include <stdint.h>

struct pd_cpu {
    uint32_t leaf1_ecx, leaf7_ebx;
    uint64_t xcr0;
};

struct pd_cpu pd_cpu_read(void);

/* The size of the last-level cache; 0 if the CPU does not tell. */
size_t pd_cpu_cache_bytes(void);

#endif
