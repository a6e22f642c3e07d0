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

#include "dtype/f32.h"

#include "planes.inl"

#include "rows.inl"

#define PD_TEXT_OF(word)   #word
#define PD_TEXT(word)      PD_TEXT_OF(word)
#define PD_SYMBOL_OF(word) planedrop_backend_##word
#define PD_SYMBOL(word)    PD_SYMBOL_OF(word)

extern const struct pd_backend PD_SYMBOL(PD_ISA);
const struct pd_backend PD_SYMBOL(PD_ISA) = {
    PD_TEXT(PD_ISA),
    bits,
    v_stream_end,
    {
        [PLANEDROP_F32] = {sizeof(float), sizeof(v_f32) / sizeof(float), planes_f32, rows_f32},
    },
};
