/* SPDX-License-Identifier: MIT
 *
 * The type that the engine computes with: float, or double where ENGINE_F64 is defined, so that
 * gradients can be checked against finite differences.
 */
#ifndef ENGINE_REAL_H
#define ENGINE_REAL_H

#include <planedrop/planedrop.h>

#ifdef ENGINE_F64
typedef double real;
#define REAL_DTYPE PLANEDROP_F64
#define real_gemm  cblas_dgemm
#else
typedef float real;
#define REAL_DTYPE PLANEDROP_F32
#define real_gemm  cblas_sgemm
#endif

#endif
