/* SPDX-License-Identifier: MIT
 *
 * planedrop over DLPack tensors, which TVM, PyTorch, JAX, NumPy and others exchange.
 */
#ifndef DLPACK_DESC_H
#define DLPACK_DESC_H

#include "dlpack.h"
#include <planedrop/planedrop.h>

/* Fills in dtype, ndim, dims and strides of *desc, which the caller starts from
 * PLANEDROP_DESC_INIT; noise, rate and the rest are the caller's. Refuses what planedrop_plan_init
 * cannot see: tensors outside the CPU's memory (UNSUPPORTED), tensors that differ (DTYPE, SHAPE),
 * tensors without an axis or with too many (SHAPE). */
planedrop_status dlpack_desc(planedrop_desc *desc, const DLTensor *x, const DLTensor *y);

/* The element whose indices are all 0. */
static inline void *dlpack_data(const DLTensor *t) { return (char *)t->data + t->byte_offset; }

#endif
