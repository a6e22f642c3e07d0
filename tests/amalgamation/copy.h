/* SPDX-License-Identifier: MIT
 *
 * One copy of planedrop among several in a process, as a table of its functions.
 */
#ifndef PLANEDROP_TESTS_COPY_H
#define PLANEDROP_TESTS_COPY_H

#include "planedrop.h"

/* Those that the test calls, by name, each in COPY_FUNCTION(). */
#define COPY_FUNCTIONS                                                                             \
    COPY_FUNCTION(plan_init)                                                                       \
    COPY_FUNCTION(plan_init_isa)                                                                   \
    COPY_FUNCTION(plan_isa)                                                                        \
    COPY_FUNCTION(plan_draws)                                                                      \
    COPY_FUNCTION(run)                                                                             \
    COPY_FUNCTION(forward)                                                                         \
    COPY_FUNCTION(desc_forward)                                                                    \
    COPY_FUNCTION(mask)                                                                            \
    COPY_FUNCTION(mask_elements)                                                                   \
    COPY_FUNCTION(isa_count)                                                                       \
    COPY_FUNCTION(isa_name)                                                                        \
    COPY_FUNCTION(isa_usable)                                                                      \
    COPY_FUNCTION(cpu_cache_bytes)                                                                 \
    COPY_FUNCTION(status_string)                                                                   \
    COPY_FUNCTION(version)

struct copy {
#define COPY_FUNCTION(name) __typeof__(planedrop_##name) *name;
    COPY_FUNCTIONS
#undef COPY_FUNCTION
};

#endif
