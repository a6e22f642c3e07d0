# SPDX-License-Identifier: MIT
#
# Ranks that share each batch, and one process: they print the same losses and accuracies, so they
# drew the same masks. Fingerprints of the weights differ, as sums are formed in another order.
function(run result)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE error RESULT_VARIABLE code)
  if(NOT code EQUAL 0 OR NOT output MATCHES "spatial +seed 1  epoch  2")
    message(FATAL_ERROR "${ARGN}: failed (${code}):\n${output}${error}")
  endif()
  string(REGEX REPLACE "weights [0-9a-f]+" "" output "${output}")
  set(${result} "${output}" PARENT_SCOPE)
endfunction()

separate_arguments(flags UNIX_COMMAND "${FLAGS}")
separate_arguments(arguments UNIX_COMMAND "${ARGUMENTS}")
run(one ${ONE} ${arguments})
run(ranks ${MPIEXEC} ${flags} ${RANKS} ${arguments})
message("${ranks}")
if(NOT one STREQUAL ranks)
  message(FATAL_ERROR "one process printed something else:\n${one}")
endif()
