/* SPDX-License-Identifier: MIT
 *
 * The list of backends and the choice among them. The list and what each needs of the CPU are
 * constants made from isa.def. The only writable data of the library is here: the index of the
 * default backend, found at the first plan and then kept. Threads that race to find it all find the
 * same value, so a relaxed atomic is enough.
 */
#include "dispatch.h"
#include "backend.h"
#include "cpu.h"
#include "planedrop/planedrop.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define PD_CPU(leaf1_ecx, leaf7_ebx, xcr0)                                                         \
    { leaf1_ecx, leaf7_ebx, xcr0 }

#define PD_ISA(name, features) extern const struct pd_backend planedrop_backend_##name;
#include "isa.def"
#undef PD_ISA

static const struct {
    const struct pd_backend *backend;
    struct pd_cpu needs;
} isas[] = {
#define PD_ISA(name, features) {&planedrop_backend_##name, features},
#include "isa.def"
#undef PD_ISA
};

size_t planedrop_isa_count(void) { return sizeof isas / sizeof isas[0]; }

const char *planedrop_isa_name(size_t i) {
    return i < planedrop_isa_count() ? isas[i].backend->name : NULL;
}

int planedrop_isa_usable(size_t i) {
    if (i >= planedrop_isa_count()) {
        return 0;
    }
    const struct pd_cpu *needs = &isas[i].needs;
    struct pd_cpu cpu = pd_cpu_read();
    return (cpu.leaf1_ecx & needs->leaf1_ecx) == needs->leaf1_ecx &&
           (cpu.leaf7_ebx & needs->leaf7_ebx) == needs->leaf7_ebx &&
           (cpu.xcr0 & needs->xcr0) == needs->xcr0;
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

const struct pd_backend *pd_backend_named(const char *name) {
    size_t i = index_named(name);
    return planedrop_isa_usable(i) ? isas[i].backend : NULL;
}

const struct pd_backend *pd_backend_default(void) {
    static _Atomic size_t chosen; /* index + 1; 0 until the first plan */
    size_t found = atomic_load_explicit(&chosen, memory_order_relaxed);
    if (found == 0) {
        const char *name = getenv("PLANEDROP_ISA");
        size_t i = name == NULL || *name == '\0' ? index_best() : index_named(name);
        if (!planedrop_isa_usable(i)) {
            return NULL;
        }
        found = i + 1;
        atomic_store_explicit(&chosen, found, memory_order_relaxed);
    }
    return isas[found - 1].backend;
}
