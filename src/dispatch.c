/* SPDX-License-Identifier: MIT
 *
 * The list of backends and the choice among them. The list, and what each backend needs of the CPU,
 * are constants made from isa.def. The only writable data of the library is one word here: what is
 * known about the CPU, since asking it is slow (CPUID traps in a virtual machine), and the index of
 * the default backend. The index is set once, by compare-exchange; the rest of the word is the same
 * whichever thread finds it. So relaxed atomics are enough.
 */
#include "dispatch.h"
#include "backend.h"
#include "compiler.h"
#include "cpu.h"
#include "planedrop/planedrop.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#define PD_ISA(isa, features, flags) extern const struct pd_backend PD_BACKEND(isa);
#include "isa.def"
#undef PD_ISA

static const struct {
    const struct pd_backend *backend;
    uint32_t needs; /* features */
} isas[] = {
#define PD_ISA(isa, features, flags) {&PD_BACKEND(isa), features},
#include "isa.def"
#undef PD_ISA
};
enum { ISAS = sizeof isas / sizeof isas[0] };

size_t planedrop_isa_count(void) { return ISAS; }

const char *planedrop_isa_name(size_t i) { return i < ISAS ? isas[i].backend->name : NULL; }

int planedrop_isa_needs(size_t isa, size_t feature) {
    return isa < ISAS && feature < PD_CPU_FEATURES && (isas[isa].needs >> feature & 1);
}

/* The word. Bits 0 to 7: the index + 1 of the default, 0: none yet. Bits 8 to 15: which backends
 * are usable, 0: the CPU has not been asked yet. Bit 16: fused multiply-add. The rest: the size of
 * the cache in units of 64 KiB. */
enum { USABLE_SHIFT = 8, FMA_SHIFT = 16, CACHE_SHIFT = 17, CACHE_UNIT_SHIFT = 16, BYTE = 0xff };
static_assert(ISAS <= 8, "a byte holds a bit for each backend");
static size_t cpu_info_word; /* read and written by pd_atomic_ functions only */

static size_t cpu_info(void) {
    size_t word = pd_atomic_load(&cpu_info_word);
    if ((word >> USABLE_SHIFT & BYTE) == 0) {
        const uint32_t features = pd_cpu_read();
        size_t found = pd_cpu_read_cache() >> CACHE_UNIT_SHIFT << CACHE_SHIFT;
        found |= (size_t)((features & PD_CPU_FMA) != 0) << FMA_SHIFT;
        for (size_t i = 0; i < ISAS; i++) {
            const int usable = (features & isas[i].needs) == isas[i].needs;
            found |= (size_t)usable << (USABLE_SHIFT + i);
        }
        word = found | pd_atomic_or(&cpu_info_word, found);
    }
    return word;
}

size_t planedrop_cpu_cache_bytes(void) { return cpu_info() >> CACHE_SHIFT << CACHE_UNIT_SHIFT; }

int pd_cpu_has_fma(void) { return (int)(cpu_info() >> FMA_SHIFT & 1); }

int planedrop_isa_usable(size_t i) { return i < ISAS && (cpu_info() >> (USABLE_SHIFT + i) & 1); }

static size_t index_named(const char *name) {
    size_t i = 0;
    while (i < ISAS && strcmp(planedrop_isa_name(i), name) != 0) {
        i++;
    }
    return i;
}

static size_t index_best(void) {
    size_t i = 0;
    while (!planedrop_isa_usable(i)) { /* the last one always is */
        i++;
    }
    return i;
}

const struct pd_backend *pd_backend_named(const char *name) {
    const size_t i = index_named(name);
    return planedrop_isa_usable(i) ? isas[i].backend : NULL;
}

const struct pd_backend *pd_backend_last(void) { return isas[ISAS - 1].backend; }

const struct pd_backend *pd_backend_default(void) {
    const size_t chosen = cpu_info() & BYTE;
    if (chosen != 0) {
        return isas[chosen - 1].backend;
    }
    const char *name = getenv("PLANEDROP_ISA");
    return name == NULL || *name == '\0' ? isas[index_best()].backend : pd_backend_named(name);
}

void pd_backend_keep_default(const struct pd_backend *backend) {
    size_t word = cpu_info();
    while ((word & BYTE) == 0) { /* until this or another thread has set it */
        const size_t chosen = index_named(backend->name) + 1;
        word = pd_atomic_replace(&cpu_info_word, word, word | chosen);
    }
}
