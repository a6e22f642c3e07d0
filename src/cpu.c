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

#else

struct pd_cpu pd_cpu_read(void) {
    struct pd_cpu cpu = {0, 0, 0};
    return cpu;
}

#endif
