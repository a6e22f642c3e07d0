/* SPDX-License-Identifier: MIT
 *
 * Reads CPUID and XCR0. XGETBV itself traps on a CPU without OSXSAVE, so that bit is asked first;
 * a CPU that has AVX under an operating system that does not save its registers must not use it.
 */
#include "cpu.h"

#if defined(__x86_64__)
#include <cpuid.h>

static uint64_t read_xcr0(void) {
    uint32_t low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return (uint64_t)high << 32 | low;
}

struct pd_cpu pd_cpu_read(void) {
    const uint32_t osxsave = UINT32_C(1) << 27;
    struct pd_cpu cpu = {0, 0, 0};
    unsigned eax, ebx, ecx, edx;
    if (__get_cpuid(1, &eax, &ebx, &ecx, &edx)) {
        cpu.leaf1_ecx = ecx;
    }
    if (__get_cpuid_count(7, 0, &eax, &ebx, &ecx, &edx)) {
        cpu.leaf7_ebx = ebx;
    }
    if (cpu.leaf1_ecx & osxsave) {
        cpu.xcr0 = read_xcr0();
    }
    return cpu;
}

/* One cache of the list that a leaf describes, by subleaf; 0 past the end, or if it holds no data.
 */
static size_t cache_of(unsigned leaf, unsigned subleaf, int *more) {
    unsigned eax = 0, ebx = 0, ecx = 0, edx = 0;
    const int known = __get_cpuid_count(leaf, subleaf, &eax, &ebx, &ecx, &edx);
    const unsigned type = eax & 31; /* 0: no more, 1: data, 2: instructions, 3: both */
    *more = known && type != 0;
    if (!*more || type == 2) {
        return 0;
    }
    const size_t line = (ebx & 0xfff) + 1, partitions = (ebx >> 12 & 0x3ff) + 1;
    const size_t ways = (ebx >> 22) + 1, sets = (size_t)ecx + 1;
    return line * partitions * ways * sets;
}

size_t pd_cpu_cache_bytes(void) {
    static const unsigned leaves[] = {4, 0x8000001d}; /* Intel's, AMD's: the same form */
    size_t most = 0;
    for (int i = 0; i < 2; i++) {
        int more = 1;
        for (unsigned subleaf = 0; more && subleaf < 16; subleaf++) {
            const size_t bytes = cache_of(leaves[i], subleaf, &more);
            most = bytes > most ? bytes : most;
        }
    }
    return most;
}

#else

size_t pd_cpu_cache_bytes(void) { return 0; }

struct pd_cpu pd_cpu_read(void) {
    struct pd_cpu cpu = {0, 0, 0};
    return cpu;
}

#endif
