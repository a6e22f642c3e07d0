# SPDX-License-Identifier: MIT
#
# run(COMMAND...): runs it, silently if it succeeds; its standard output is left in `output`. A command
# that fails is shown with all of its output, and ends the script.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE out ERROR_VARIABLE err)
  if(NOT result STREQUAL "0")
    list(JOIN ARGV " " command)
    message("$ ${command}\n${out}${err}")
    message(FATAL_ERROR "the command above failed (${result})")
  endif()
  set(output "${out}" PARENT_SCOPE)
endfunction()
