# SPDX-License-Identifier: MIT
#
# SLEEF, which the Gaussian law needs and nothing else does. Its library is enough
# (src/kernel/box_muller.inl declares what it calls); one without all of these functions counts as
# missing.
# The option is on where the library is found, but off in a project that carries planedrop.
include(CheckCSourceCompiles)

# What src/kernel/box_muller.inl calls.
set(sleef_functions log sincospi)
set(sleef_ulps u10 u05)

function(planedrop_find_sleef)
  find_library(PLANEDROP_SLEEF_LIBRARY sleef DOC "SLEEF, for the Gaussian law")
  mark_as_advanced(PLANEDROP_SLEEF_LIBRARY)
  if(NOT "${PLANEDROP_SLEEF_LIBRARY}" STREQUAL "${PLANEDROP_SLEEF_TESTED}")
    unset(PLANEDROP_SLEEF_WORKS CACHE)
  endif()
  set(PLANEDROP_SLEEF_TESTED "${PLANEDROP_SLEEF_LIBRARY}" CACHE INTERNAL "What PLANEDROP_SLEEF_WORKS is said of")
  if(PLANEDROP_SLEEF_LIBRARY)
    foreach(isa IN LISTS planedrop_isas) # names are pasted by each vec.h's V_SLEEF macros
      file(STRINGS ${PROJECT_SOURCE_DIR}/src/${isa}/vec.h lines REGEX "^#define V_SLEEF")
      foreach(line IN LISTS lines)
        string(REGEX REPLACE ".* Sleef_" "Sleef_" name "${line}")
        foreach(function ulp IN ZIP_LISTS sleef_functions sleef_ulps)
          string(REPLACE "##function##" "${function}" called "${name}")
          string(REPLACE "##ulp##" "${ulp}" called "${called}")
          list(APPEND functions ${called})
        endforeach()
      endforeach()
    endforeach()
    list(REMOVE_DUPLICATES functions)
    set(source "int main(void) { int sum = 0;")
    foreach(function IN LISTS functions)
      string(APPEND source " { extern char ${function}(void); sum += ${function}(); }")
    endforeach()
    set(CMAKE_REQUIRED_LIBRARIES ${PLANEDROP_SLEEF_LIBRARY})
    check_c_source_compiles("${source} return sum; }" PLANEDROP_SLEEF_WORKS)
  endif()
endfunction()

if(planedrop_is_top_level AND NOT DEFINED PLANEDROP_WITH_SLEEF)
  planedrop_find_sleef()
endif()
option(PLANEDROP_WITH_SLEEF "The Gaussian law, by SLEEF's functions" ${PLANEDROP_SLEEF_WORKS})
if(PLANEDROP_WITH_SLEEF)
  planedrop_find_sleef()
  if(NOT PLANEDROP_SLEEF_WORKS)
    message(FATAL_ERROR "PLANEDROP_WITH_SLEEF: no SLEEF (3.4 to 3.9) was found; see PLANEDROP_SLEEF_LIBRARY")
  endif()
  add_library(planedrop::sleef UNKNOWN IMPORTED GLOBAL) # for users of a static planedrop, wherever they are
  set_target_properties(planedrop::sleef PROPERTIES IMPORTED_LOCATION ${PLANEDROP_SLEEF_LIBRARY})
endif()
