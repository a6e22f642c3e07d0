/* SPDX-License-Identifier: MIT
 *
 * f16 elements (IEEE binary16): computed in f32, rounded once at the end.
 */
#include "vec.h"

#define PD_TYPE f16

#include "dtype/pair.inl"

#include "kernel/instances.inl"
