/* SPDX-License-Identifier: MIT
 *
 * Choosing a backend.
 */
#ifndef PD_DISPATCH_H
#define PD_DISPATCH_H

struct pd_backend;

/* The best usable backend, or the one that PLANEDROP_ISA names; NULL if that one is unknown or not
 * usable. */
const struct pd_backend *pd_backend_default(void);

/* The backend of that name; NULL if it is unknown or not usable. */
const struct pd_backend *pd_backend_named(const char *name);

#endif
