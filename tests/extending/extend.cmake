# SPDX-License-Identifier: MIT
#
# Applies the diffs of docs/extending.md to a copy of the tree, builds the library with them, and runs
# a program for each. A "```text" block behind a diff is what `git apply --stat` prints for it.
cmake_minimum_required(VERSION 3.20)
include(${CMAKE_CURRENT_LIST_DIR}/../run.cmake)
find_program(git git)
if(NOT git)
  message("SKIPPED: no git to apply the diffs with")
  return()
endif()

set(programs inverted mixed)
set(tree ${WORK}/planedrop)
set(apply ${CMAKE_COMMAND} -E chdir ${tree} # the copy is in no repository, wherever the build is
    ${CMAKE_COMMAND} -E env GIT_CEILING_DIRECTORIES=${WORK} ${git} apply)
file(REMOVE_RECURSE ${WORK})
file(COPY ${SOURCE_DIR}/CMakeLists.txt ${SOURCE_DIR}/cmake ${SOURCE_DIR}/include ${SOURCE_DIR}/src
     DESTINATION ${tree})

# The blocks, in order. Characters that CMake's lists treat in their own way are replaced meanwhile.
file(READ ${SOURCE_DIR}/docs/extending.md text)
string(REPLACE ";" "<semicolon>" text "${text}")
string(REPLACE "[" "<open>" text "${text}")
string(REPLACE "]" "<close>" text "${text}")
string(REGEX MATCHALL "```diff\n[^`]+```\n```text\n[^`]+```" blocks "${text}")
list(LENGTH blocks count)
list(LENGTH programs wanted)
if(NOT count EQUAL wanted)
  message(FATAL_ERROR "docs/extending.md: ${count} diffs with their stat, and ${wanted} programs")
endif()
foreach(program block IN ZIP_LISTS programs blocks)
  string(REPLACE "<semicolon>" ";" block "${block}")
  string(REPLACE "<open>" "[" block "${block}")
  string(REPLACE "<close>" "]" block "${block}")
  string(REGEX MATCH "^```diff\n([^`]+)```\n```text\n([^`]+)```$" match "${block}")
  set(stat "${CMAKE_MATCH_2}")
  file(WRITE ${WORK}/${program}.diff "${CMAKE_MATCH_1}")
  run(${apply} --check ${WORK}/${program}.diff) # by itself
  run(${apply} --stat ${WORK}/${program}.diff)
  if(NOT output STREQUAL stat)
    message(FATAL_ERROR "docs/extending.md: the stat of ${program}.diff is\n${output}and not\n${stat}")
  endif()
endforeach()
foreach(program IN LISTS programs) # together, so that one build is enough
  run(${apply} ${WORK}/${program}.diff)
endforeach()

configure_file(${SOURCE_DIR}/tests/extending/project.cmake ${WORK}/CMakeLists.txt COPYONLY)
run(${CMAKE_COMMAND} -S ${WORK} -B ${WORK}/build -G ${GENERATOR} -D CMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}
    -D CMAKE_BUILD_TYPE=Debug -D CMAKE_C_COMPILER=${C_COMPILER} # Debug compiles faster
    -D PROGRAM_DIR=${SOURCE_DIR}/tests/extending)
run(${CMAKE_COMMAND} --build ${WORK}/build)
foreach(program IN LISTS programs)
  run(${WORK}/build/${program})
  message("${program}:\n${output}")
endforeach()
