/* SPDX-License-Identifier: MIT
 *
 * bf16 elements, the upper halves of f32: computed in f32, rounded once at the end.
 */
#include "vec.h"

#define PD_TYPE bf16

#include "dtype/pair.inl"

#include "kernel/instances.inl"
