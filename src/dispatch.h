/* SPDX-License-Identifier: MIT
 *
 * The choice of a backend, and what the library remembers about the CPU.
 */
#ifndef PD_DISPATCH_H
#define PD_DISPATCH_H

#include "names.h"

#include <stddef.h>

struct pd_backend;

/* The default: the backend of the first planedrop_plan_init that succeeded; before, the one that
 * PLANEDROP_ISA names, or the best usable one. NULL if the named one is unknown or not usable. */
const struct pd_backend *pd_backend_default(void);

/* Makes a backend the default, if there is no default yet. */
void pd_backend_keep_default(const struct pd_backend *backend);

/* The backend of that name; NULL if it is unknown or not usable. */
const struct pd_backend *pd_backend_named(const char *name);

/* The last row of isa.def, which every CPU can run. */
const struct pd_backend *pd_backend_last(void);

/* Whether this CPU has a fused multiply-add. */
int pd_cpu_has_fma(void);

#endif
