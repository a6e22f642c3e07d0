# SPDX-License-Identifier: MIT
#
# Trains with several numbers of threads, and on every instruction set that can be used here: all
# must print the same, fingerprints of the weights included. Kinds of dropout must not.
separate_arguments(arguments UNIX_COMMAND "${ARGUMENTS}")
execute_process(COMMAND ${LIST} OUTPUT_VARIABLE isas RESULT_VARIABLE result)
string(REGEX MATCHALL "[^\n]+" isas "${isas}")
if(NOT result EQUAL 0 OR NOT isas)
  message(FATAL_ERROR "no instruction set is usable")
endif()

function(train threads isa)
  execute_process(COMMAND ${CMAKE_COMMAND} -E env PLANEDROP_ISA=${isa} ${TRAIN} ${arguments}
                          --threads ${threads}
                  OUTPUT_VARIABLE output ERROR_VARIABLE error RESULT_VARIABLE result)
  if(NOT result EQUAL 0 OR NOT output MATCHES "spatial +seed 1  weights [0-9a-f]+")
    message(FATAL_ERROR "${threads} threads on ${isa} failed (${result}):\n${output}${error}")
  endif()
  if(DEFINED first AND NOT output STREQUAL first)
    message(FATAL_ERROR "${threads} threads on ${isa} differ:\n${output}\nfrom before:\n${first}")
  endif()
  set(first "${output}" PARENT_SCOPE)
  message(STATUS "${threads} threads on ${isa}")
endfunction()

foreach(isa IN LISTS isas)
  train(2 ${isa})
endforeach()
list(GET isas 0 best)
train(1 ${best})
train(3 ${best})
message("${first}")

# Every kind of dropout has weights of its own, so dropout was on.
string(REGEX MATCHALL "weights [0-9a-f]+" weights "${first}")
set(distinct ${weights})
list(REMOVE_DUPLICATES distinct)
if(NOT distinct STREQUAL weights)
  message(FATAL_ERROR "kinds of dropout end with the same weights")
endif()
