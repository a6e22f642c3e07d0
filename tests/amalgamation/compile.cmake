# SPDX-License-Identifier: MIT
#
# Makes the amalgamation twice, which must give the same bytes; compiles it with one compiler in one
# standard, as README's line does but with warnings as errors; and looks into the object: the
# public names and no other, under the prefix; no constructor; one word of writable data.
cmake_minimum_required(VERSION 3.20)

# Runs a command, which must succeed and print nothing.
function(run)
  execute_process(COMMAND ${ARGV} RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT result STREQUAL "0" OR output)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "$ ${command}\n${output}(${result})")
  endif()
endfunction()

list(GET COMPILER 0 program)
if(NOT program)
  message("SKIPPED: no such compiler")
  return()
endif()
set(language c)
if(STANDARD MATCHES "\\+\\+")
  set(language c++)
endif()
file(REMOVE_RECURSE ${WORK})
file(MAKE_DIRECTORY ${WORK})
file(WRITE ${WORK}/probe.c "#include <stdlib.h>\n")
execute_process(COMMAND ${COMPILER} -x ${language} -std=${STANDARD} -c probe.c WORKING_DIRECTORY ${WORK}
                RESULT_VARIABLE result ERROR_VARIABLE output)
if(NOT result STREQUAL "0")
  message("SKIPPED: ${program} cannot compile ${STANDARD} for this target: ${output}")
  return()
endif()

foreach(hash_seed 1 2)
  run(${CMAKE_COMMAND} -E env PYTHONHASHSEED=${hash_seed} ${PYTHON} ${SCRIPT} ${WORK}/made${hash_seed})
endforeach()
foreach(file planedrop.c planedrop.h)
  run(${CMAKE_COMMAND} -E compare_files ${WORK}/made1/${file} ${WORK}/made2/${file})
endforeach()

set(as_language)
if(language STREQUAL "c++")
  set(as_language -x c++ -std=c++17)
endif()
set(compile ${CMAKE_COMMAND} -E chdir ${WORK}/made1
    ${COMPILER} ${as_language} -O2 -c planedrop.c -o ${WORK}/planedrop.o)
set(strict -std=${STANDARD} -Wall -Wextra -Wpedantic -Werror)
run(${compile} ${strict} -fPIC -DPLANEDROP_PREFIX=engine_)

# The last object has the prefix: what the header declares is there, and nothing else.
file(READ ${WORK}/made1/planedrop.h header)
string(REGEX MATCHALL "#define planedrop_[a-z_]+ +PLANEDROP_NAME" names "${header}")
list(TRANSFORM names REPLACE "#define (planedrop_[a-z_]+) .*" "engine_\\1")
execute_process(COMMAND ${NM} -g --defined-only -P ${WORK}/planedrop.o OUTPUT_VARIABLE symbols)
string(REGEX MATCHALL "[^\n]+ [A-Z] " symbols "${symbols}")
list(TRANSFORM symbols REPLACE " . $" "")
list(SORT names)
list(SORT symbols)
if(NOT names STREQUAL symbols)
  message(FATAL_ERROR "global names:\n${symbols}\nwanted:\n${names}")
endif()
set(errors)
include(${CMAKE_CURRENT_LIST_DIR}/../check_sections.cmake)
check_sections(${WORK}/planedrop.o errors)
if(errors)
  message(FATAL_ERROR "${errors}")
endif()
