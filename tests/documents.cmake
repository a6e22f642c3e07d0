# SPDX-License-Identifier: MIT
#
# The C in a document, as it stands there: every block opened by "```c" compiles, as C99, and every
# block with a main function is a program of its own and a test (<name>.0, <name>.1, ...), linked with
# the blocks that have none. A "```text" block right behind a program is what it must print. A block
# opened by "```c <file>" is a quotation: check_documents.cmake finds it in that file.

# planedrop_document(<name> <document> <blocks>): `blocks` is how many are at least to be found.
function(planedrop_document name document blocks)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/${document})
  file(READ ${PROJECT_SOURCE_DIR}/${document} text)
  string(REPLACE ";" "<semicolon>" text "${text}") # or CMake takes the text for a list
  string(REGEX MATCHALL "```c\n[^`]+```(\n```text\n[^`]+```)?" found "${text}")
  list(LENGTH found number)
  if(number LESS blocks)
    message(FATAL_ERROR "${document}: found only ${number} blocks of C")
  endif()
  set(parts)
  set(programs)
  foreach(block IN LISTS found)
    list(LENGTH parts number)
    list(LENGTH programs program)
    string(REGEX REPLACE "^```c\n|```(\n```text\n.*)?$" "" code "${block}")
    string(REPLACE "<semicolon>" ";" code "${code}")
    if(NOT code MATCHES "\nint main\\(")
      file(CONFIGURE OUTPUT ${name}_part_${number}.c CONTENT "${code}" @ONLY)
      list(APPEND parts ${CMAKE_CURRENT_BINARY_DIR}/${name}_part_${number}.c)
      continue()
    endif()
    file(CONFIGURE OUTPUT ${name}_${program}.c CONTENT "${code}" @ONLY)
    list(APPEND programs ${name}_${program})
    add_executable(${name}_${program} ${CMAKE_CURRENT_BINARY_DIR}/${name}_${program}.c)
    planedrop_test(${name}.${program} ${name}_${program})
    if(block MATCHES "\n```text\n([^`]+)```$")
      string(REGEX REPLACE "([][+.*()^$?|\\\\])" "\\\\\\1" output "${CMAKE_MATCH_1}")
      set_tests_properties(${name}.${program} PROPERTIES PASS_REGULAR_EXPRESSION "^${output}$")
    endif()
  endforeach()
  foreach(program IN LISTS programs)
    target_sources(${program} PRIVATE ${parts})
    target_link_libraries(${program} PRIVATE planedrop::planedrop)
    target_compile_options(${program} PRIVATE -Wall -Wextra -Wno-unknown-pragmas)
    set_target_properties(${program} PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
  endforeach()
endfunction()
