/* SPDX-License-Identifier: MIT
 *
 * The list of backends and the choice among them. The list and what each needs of the CPU are
 * constants made from isa.def. The only writable data of the library is one word here: what was
 * found out about the CPU, since asking it is slow (CPUID traps in a virtual machine), and the
 * index of the default backend, found at the first plan. Bits are only ever added to it, and
 * threads that race add the same ones, so a relaxed atomic is enough.
 */
#include "dispatch.h"
#include "backend.h"
#include "cpu.h"
#include "planedrop/planedrop.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define PD_CPU(leaf1_ecx, leaf7_ebx, xcr0)                                                         \
    { leaf1_ecx, leaf7_ebx, xcr0 }

#define PD_ISA(name, features) extern const struct pd_backend PD_BACKEND(name);
#include "isa.def"
#undef PD_ISA

static const struct {
    const struct pd_backend *backend;
    struct pd_cpu needs;
} isas[] = {
#define PD_ISA(name, features) {&PD_BACKEND(name), features},
#include "isa.def"
#undef PD_ISA
};

size_t planedrop_isa_count(void) { return sizeof isas / sizeof isas[0]; }

const char *planedrop_isa_name(size_t i) {
    return i < planedrop_isa_count() ? isas[i].backend->name : NULL;
}

/* The word: bits 0 to 7 are the default's index + 1 (0: not chosen yet), 8 to 15 say which backends
 * are usable (0: not asked yet), the rest is the size of the cache in units of 64 KiB. */
enum { USABLE_SHIFT = 8, CACHE_SHIFT = 16, BYTE = 0xff };
static_assert(sizeof isas / sizeof isas[0] <= 8, "a byte holds a bit for each backend");
static size_t known; /* read and written only by __atomic builtins, which C and C++ share */

static int usable(const struct pd_cpu *needs, const struct pd_cpu *cpu) {
    return (cpu->leaf1_ecx & needs->leaf1_ecx) == needs->leaf1_ecx &&
           (cpu->leaf7_ebx & needs->leaf7_ebx) == needs->leaf7_ebx &&
           (cpu->xcr0 & needs->xcr0) == needs->xcr0;
}

static size_t recall(void) {
    size_t word = __atomic_load_n(&known, __ATOMIC_RELAXED);
    if ((word >> USABLE_SHIFT & BYTE) == 0) {
        const struct pd_cpu cpu = pd_cpu_read();
        size_t found = pd_cpu_cache_bytes() >> 16 << CACHE_SHIFT;
        for (size_t i = 0; i < planedrop_isa_count(); i++) {
            found |= (size_t)usable(&isas[i].needs, &cpu) << (USABLE_SHIFT + i);
        }
        word = found | __atomic_fetch_or(&known, found, __ATOMIC_RELAXED);
    }
    return word;
}

size_t pd_cache_bytes(void) { return recall() >> CACHE_SHIFT << 16; }

int planedrop_isa_usable(size_t i) {
    return i < planedrop_isa_count() && (recall() >> (USABLE_SHIFT + i) & 1);
}

static size_t index_named(const char *name) {
    size_t i = 0;
    while (i < planedrop_isa_count() && strcmp(planedrop_isa_name(i), name) != 0) {
        i++;
    }
    return i;
}

static size_t index_best(void) {
    size_t i = 0;
    while (i < planedrop_isa_count() && !planedrop_isa_usable(i)) {
        i++;
    }
    return i;
}

int pd_cpu_fma(void) { return index_best() + 1 < planedrop_isa_count(); }

const struct pd_backend *pd_backend_named(const char *name) {
    size_t i = index_named(name);
    return planedrop_isa_usable(i) ? isas[i].backend : NULL;
}

const struct pd_backend *pd_backend_default(void) {
    size_t chosen = recall() & BYTE;
    if (chosen == 0) {
        const char *name = getenv("PLANEDROP_ISA");
        const size_t i = name == NULL || *name == '\0' ? index_best() : index_named(name);
        if (!planedrop_isa_usable(i)) {
            return NULL;
        }
        chosen = i + 1;
        __atomic_fetch_or(&known, chosen, __ATOMIC_RELAXED);
    }
    return isas[chosen - 1].backend;
}
