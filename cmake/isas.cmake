# SPDX-License-Identifier: MIT
#
# The instruction sets of the target, best first, and how each is compiled: the rows of src/isa.def
# that the compiler says are for its target.
include(CheckCSourceCompiles)

set(planedrop_isas)
file(STRINGS ${PROJECT_SOURCE_DIR}/src/isa.def rows REGEX "^PD_IF_")
foreach(row IN LISTS rows)
  if(NOT row MATCHES "^PD_IF_([A-Z0-9_]+)\\(PD_ISA\\(([a-z0-9]+), [^,]*, ([^)]*)\\)\\)$")
    message(FATAL_ERROR "src/isa.def: ${row}")
  endif()
  set(condition ${CMAKE_MATCH_1})
  set(isa ${CMAKE_MATCH_2})
  separate_arguments(planedrop_flags_${isa} UNIX_COMMAND "${CMAKE_MATCH_3}")
  set(CMAKE_REQUIRED_INCLUDES ${PROJECT_SOURCE_DIR}/src)
  check_c_source_compiles("#include \"compiler.h\"
    PD_IF_${condition}(typedef int is_target;)
    int main(void) { return (int)sizeof(is_target) == 0; }" PLANEDROP_TARGET_IS_${condition})
  unset(CMAKE_REQUIRED_INCLUDES)
  if(PLANEDROP_TARGET_IS_${condition})
    list(APPEND planedrop_isas ${isa})
  endif()
endforeach()

# The baseline that the others are measured against: one element at a time.
if(CMAKE_C_COMPILER_ID MATCHES "Clang")
  list(APPEND planedrop_flags_scalar -fno-vectorize -fno-slp-vectorize)
else()
  list(APPEND planedrop_flags_scalar -fno-tree-vectorize -fno-tree-slp-vectorize)
endif()

# Compiles a target's C files for one instruction set. The kernels' loops stay loops: a library
# function in their place costs a call for each plane.
function(planedrop_isa_options target isa)
  target_compile_options(${target} PRIVATE
    $<$<NOT:$<CONFIG:Debug>>:-O3> ${planedrop_flags_${isa}}
    $<IF:$<C_COMPILER_ID:GNU>,-fno-tree-loop-distribute-patterns,-fno-builtin>)
endfunction()
