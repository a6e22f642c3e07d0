# SPDX-License-Identifier: MIT
#
# The instruction sets of the target architecture, best first, and how each is compiled. The same
# lines as in src/isa.def; a missing one does not link.
set(planedrop_isas scalar)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(x86_64|AMD64|amd64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
  set(planedrop_isas avx512 avx2 scalar)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm64|ARM64)$" AND CMAKE_SIZEOF_VOID_P EQUAL 8)
  set(planedrop_isas neon scalar)
endif()

set(planedrop_flags_avx512 -mavx512f -mavx512bw -mavx512dq -mavx512vl)
set(planedrop_flags_avx2 -mavx2 -mf16c)
set(planedrop_flags_neon)
# The baseline that the others are measured against: one element at a time, in the kernels' own
# loops, with no vector or library loop put in their place.
if(CMAKE_C_COMPILER_ID MATCHES "Clang")
  set(planedrop_flags_scalar -fno-vectorize -fno-slp-vectorize -fno-builtin)
else()
  set(planedrop_flags_scalar
      -fno-tree-vectorize -fno-tree-slp-vectorize -fno-tree-loop-distribute-patterns)
endif()

# Compiles a target's C files for one instruction set. gcc would stop to inline the vocabulary once the
# file has grown by so many percent, by default 40; it is one text many times over.
function(planedrop_isa_options target isa)
  target_compile_options(${target} PRIVATE
    $<$<NOT:$<CONFIG:Debug>>:-O3> ${planedrop_flags_${isa}}
    $<$<C_COMPILER_ID:GNU>:--param=inline-unit-growth=200>)
endfunction()
