/* SPDX-License-Identifier: MIT
 *
 * PLANEDROP_PREFIX for the external names that are not public. The public header has the others.
 */
#ifndef PD_NAMES_H
#define PD_NAMES_H

#include "planedrop/planedrop.h"

#ifdef PLANEDROP_PREFIX
#define pd_backend_default           PLANEDROP_NAME(pd_backend_default)
#define pd_backend_keep_default      PLANEDROP_NAME(pd_backend_keep_default)
#define pd_backend_last              PLANEDROP_NAME(pd_backend_last)
#define pd_backend_named             PLANEDROP_NAME(pd_backend_named)
#define pd_cache_of                  PLANEDROP_NAME(pd_cache_of)
#define pd_cpu_has_fma               PLANEDROP_NAME(pd_cpu_has_fma)
#define pd_cpu_read                  PLANEDROP_NAME(pd_cpu_read)
#define pd_cpu_read_cache            PLANEDROP_NAME(pd_cpu_read_cache)
#define pd_draws_fill                PLANEDROP_NAME(pd_draws_fill)
#define pd_draws_get                 PLANEDROP_NAME(pd_draws_get)
#define pd_expand_append             PLANEDROP_NAME(pd_expand_append)
#define pd_expand_init               PLANEDROP_NAME(pd_expand_init)
#define pd_expand_repeat             PLANEDROP_NAME(pd_expand_repeat)
#define pd_expand_rows               PLANEDROP_NAME(pd_expand_rows)
#define pd_law_make_op               PLANEDROP_NAME(pd_law_make_op)
#define pd_pipeline_init             PLANEDROP_NAME(pd_pipeline_init)
#define pd_pipeline_finish           PLANEDROP_NAME(pd_pipeline_finish)
#define pd_pipeline_push             PLANEDROP_NAME(pd_pipeline_push)
#define pd_policy_choose             PLANEDROP_NAME(pd_policy_choose)
#define pd_stream_of                 PLANEDROP_NAME(pd_stream_of)
#define pd_view_axes                 PLANEDROP_NAME(pd_view_axes)
#define pd_view_in_place_or_disjoint PLANEDROP_NAME(pd_view_in_place_or_disjoint)
#define pd_view_make                 PLANEDROP_NAME(pd_view_make)
#define pd_walk_run                  PLANEDROP_NAME(pd_walk_run)
#define PD_BACKEND(isa)              PLANEDROP_NAME(pd_backend_##isa)
#define PD_KERNELS(dtype, isa)       PLANEDROP_NAME(pd_kernels_##dtype##_##isa)
#else
#define PD_BACKEND(isa)        pd_backend_##isa
#define PD_KERNELS(dtype, isa) pd_kernels_##dtype##_##isa
#endif

#endif
