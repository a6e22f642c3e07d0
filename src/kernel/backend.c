/* SPDX-License-Identifier: MIT
 *
 * One backend. This file is compiled once for each line of isa.def, with that instruction set's
 * flags, its folder on the include path and PD_ISA defined as its name. Everything below is one
 * text over the vocabulary in vec.h; the table is the only symbol that leaves the object.
 */
#include "backend.h"
#include "planedrop/planedrop.h"

#include "vec.h"

#include "philox.inl"

#include "bits.inl"

#if defined(PLANEDROP_WITH_SLEEF)
#include "normals.inl"
#define PD_NORMALS     normals, normals_apart
#define PD_WEIGH(type) weigh_planes_##type, weigh_rows_##type
#else
#define PD_NORMALS     NULL, NULL
#define PD_WEIGH(type) NULL, NULL
#endif

/* The kernels once for each element type, over the names that its file in dtype/ gives:
 * PD_NAME(x) = x_<dtype>, PD_OP(x) = the word v_x_<lane> of its vectors. */
#define PD_JOIN_OF(a, b) a##b
#define PD_JOIN(a, b)    PD_JOIN_OF(a, b)
#define PD_NAME(word)    PD_JOIN(word##_, PD_TYPE)
#define PD_OP(word)      PD_JOIN(v_##word##_, PD_LANE)
#define PD_VEC           PD_JOIN(v_, PD_LANE)

#include "dtype/f32.h"

#include "planes.inl"
#include "rows.inl"
#include "weigh.inl"

#include "dtype/bf16.h"

#include "planes.inl"
#include "rows.inl"
#include "weigh.inl"

#include "dtype/f16.h"

#include "planes.inl"
#include "rows.inl"
#include "weigh.inl"

#include "dtype/f64.h"

#include "planes.inl"
#include "rows.inl"
#include "weigh.inl"

#define PD_TEXT_OF(word)  #word
#define PD_TEXT(word)     PD_TEXT_OF(word)
#define PD_SYMBOL_OF(isa) PD_BACKEND(isa)
#define PD_SYMBOL         PD_SYMBOL_OF(PD_ISA)

extern const struct pd_backend PD_SYMBOL;
const struct pd_backend PD_SYMBOL = {
    PD_TEXT(PD_ISA),
    bits,
    bits_apart,
    PD_NORMALS,
    v_stream_end,
    {
        /* PLANEDROP_F32 */ {4, sizeof(v_f32) / 4, planes_f32, rows_f32, PD_WEIGH(f32)},
        /* PLANEDROP_BF16 */ {2, sizeof(v_u16) / 2, planes_bf16, rows_bf16, PD_WEIGH(bf16)},
        /* PLANEDROP_F16 */ {2, sizeof(v_u16) / 2, planes_f16, rows_f16, PD_WEIGH(f16)},
        /* PLANEDROP_F64 */ {8, sizeof(v_f64) / 8, planes_f64, rows_f64, PD_WEIGH(f64)},
    },
};
