/* SPDX-License-Identifier: MIT
 *
 * The external names that are not public, under PLANEDROP_PREFIX; the public header has the others.
 */
#ifndef PD_NAMES_H
#define PD_NAMES_H

#include "planedrop/planedrop.h"

#ifdef PLANEDROP_PREFIX
#define pd_append_bits        PLANEDROP_NAME(pd_append_bits)
#define pd_backend_default    PLANEDROP_NAME(pd_backend_default)
#define pd_backend_named      PLANEDROP_NAME(pd_backend_named)
#define pd_cache_bytes        PLANEDROP_NAME(pd_cache_bytes)
#define pd_cpu_cache_bytes    PLANEDROP_NAME(pd_cpu_cache_bytes)
#define pd_cpu_fma            PLANEDROP_NAME(pd_cpu_fma)
#define pd_cpu_read           PLANEDROP_NAME(pd_cpu_read)
#define pd_gaussian_factors   PLANEDROP_NAME(pd_gaussian_factors)
#define pd_gaussian_init      PLANEDROP_NAME(pd_gaussian_init)
#define pd_gaussian_rectangle PLANEDROP_NAME(pd_gaussian_rectangle)
#define pd_path_choose        PLANEDROP_NAME(pd_path_choose)
#define pd_repeat_bits        PLANEDROP_NAME(pd_repeat_bits)
#define pd_repeat_init        PLANEDROP_NAME(pd_repeat_init)
#define pd_source_bits        PLANEDROP_NAME(pd_source_bits)
#define pd_source_init        PLANEDROP_NAME(pd_source_init)
#define pd_view_axes          PLANEDROP_NAME(pd_view_axes)
#define pd_view_make          PLANEDROP_NAME(pd_view_make)
#define pd_view_separate      PLANEDROP_NAME(pd_view_separate)
#define pd_walk               PLANEDROP_NAME(pd_walk)
#define PD_BACKEND(isa)       PLANEDROP_NAME(planedrop_backend_##isa)
#else
#define PD_BACKEND(isa) planedrop_backend_##isa
#endif

#endif
