# SPDX-License-Identifier: MIT
#
# How all of the project's C is compiled: strict C11, IEEE arithmetic whatever flags a parent project
# sets (-Ofast is common among engines), no fused multiply-add, no errno, hidden symbols.
function(planedrop_compile_options target)
  set_target_properties(${target} PROPERTIES
    C_STANDARD 11
    C_STANDARD_REQUIRED ON
    C_EXTENSIONS OFF
    C_VISIBILITY_PRESET hidden
    POSITION_INDEPENDENT_CODE ON)
  target_compile_options(${target} PRIVATE
    $<$<COMPILE_LANGUAGE:C>:-fno-fast-math> $<$<COMPILE_LANGUAGE:C>:-ffp-contract=off>
    $<$<COMPILE_LANGUAGE:C>:-fno-math-errno>)
  if(PLANEDROP_WARNINGS)
    target_compile_options(${target} PRIVATE
      -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef -Wcast-qual
      $<$<COMPILE_LANGUAGE:C>:-Wstrict-prototypes> $<$<COMPILE_LANGUAGE:C>:-Wmissing-prototypes>)
  endif()
endfunction()
