/* SPDX-License-Identifier: MIT
 *
 * One backend: its generators, and the table of these and its kernels. Compiled once for each row
 * of isa.def, with that instruction set's flags, its folder on the include path and PD_ISA defined
 * as its name. The files of src/dtype/ are compiled in the same way, for the kernels.
 */
#include "backend.h"
#include "compiler.h"

#include "vec.h"

#include <assert.h>

#include "philox.inl"

#include "bit_planes.inl"

#if defined(PLANEDROP_WITH_SLEEF)
#include "box_muller.inl"
#else
#define fill_factors   NULL
#define gather_factors NULL
#endif

static_assert(sizeof(v_u32) / sizeof(uint32_t) <= PD_MAX_LANES_U32, "scratch arrays hold a vector");
static_assert(PD_GROUP_WORDS % (sizeof(v_u32) / sizeof(uint32_t)) == 0, "a group is vectors");
static_assert(PD_GROUP_FACTORS % (4 * sizeof(v_u32) / sizeof(uint32_t)) == 0, "a group is vectors");

#define PD_KERNELS_OF(dtype, isa) PD_KERNELS(dtype, isa)
#define PD_BACKEND_OF(isa)        PD_BACKEND(isa)
#define PD_TEXT_OF(word)          #word
#define PD_TEXT(word)             PD_TEXT_OF(word)

#define PD_DTYPE(enumerator, dtype) extern const struct pd_kernels PD_KERNELS_OF(dtype, PD_ISA);
#include "dtypes.def"
#undef PD_DTYPE

extern const struct pd_backend PD_BACKEND_OF(PD_ISA);
const struct pd_backend PD_BACKEND_OF(PD_ISA) = {
    PD_TEXT(PD_ISA),
    {
        {PD_GROUP_WORDS, 2, fill_bits, gather_bits},         /* PD_BIT_PLANES */
        {PD_GROUP_FACTORS, 0, fill_factors, gather_factors}, /* PD_BOX_MULLER */
    },
    {
#define PD_DTYPE(enumerator, dtype) &PD_KERNELS_OF(dtype, PD_ISA),
#include "dtypes.def"
#undef PD_DTYPE
    },
    v_store_fence,
    V_HAS_NT_STORES,
};
