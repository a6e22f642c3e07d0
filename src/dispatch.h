/* SPDX-License-Identifier: MIT
 *
 * Choosing a backend; what is remembered about the CPU.
 */
#ifndef PD_DISPATCH_H
#define PD_DISPATCH_H

#include "names.h"

#include <stddef.h>

struct pd_backend;

/* The best usable backend, or the one that PLANEDROP_ISA names; NULL if that one is unknown or not
 * usable. */
const struct pd_backend *pd_backend_default(void);

/* The backend of that name; NULL if it is unknown or not usable. */
const struct pd_backend *pd_backend_named(const char *name);

/* Whether this CPU has a fused multiply-add, as it must for any backend but the last. */
int pd_cpu_fma(void);

/* The size of this CPU's last-level cache; 0 if it is unknown. */
size_t pd_cache_bytes(void);

#endif
