/* SPDX-License-Identifier: MIT
 *
 * planedrop over DLPack tensors, which TVM, PyTorch, JAX, NumPy and others exchange.
 */
#ifndef DLPACK_DESC_H
#define DLPACK_DESC_H

#include <dlpack/dlpack.h>
#include <planedrop/planedrop.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Fills in dtype, ndim, dims and strides of *d, which the caller starts from
 * PLANEDROP_DESC_INIT; noise, rate and the rest are the caller's. A tensor without an axis becomes
 * one with an axis of 1. y_flags: the flags of y's DLManagedTensorVersioned, which say whether y
 * may be written; 0 for a DLTensor that is known to be writable. Do not take y from a capsule of
 * the older kind, "dltensor": it has no flags, and JAX gives its immutable arrays so. Returns NULL,
 * or a line of English that says why planedrop cannot take these tensors, where planedrop_plan_init
 * cannot see it: a type that planedrop does not compute is planedrop_plan_init's to refuse. */
const char *dlpack_desc(planedrop_desc *d, const DLTensor *x, const DLTensor *y, uint64_t y_flags);

#ifdef __cplusplus
}
#endif

/* The element whose indices are all 0. */
static inline void *dlpack_data(const DLTensor *t) { return (char *)t->data + t->byte_offset; }

#endif
