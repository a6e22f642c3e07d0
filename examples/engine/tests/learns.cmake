# SPDX-License-Identifier: MIT
#
# A run with --out: every kind that is trained must know the test images in the end, and both files
# must have a line for all that was computed. Without dropout, the mean of passes is one pass.
separate_arguments(arguments UNIX_COMMAND "${ARGUMENTS}")
file(MAKE_DIRECTORY ${OUT})
execute_process(COMMAND ${TRAIN} ${arguments} --out ${OUT}
                OUTPUT_VARIABLE output ERROR_VARIABLE error RESULT_VARIABLE result)
message("${output}${error}")
if(NOT result EQUAL 0)
  message(FATAL_ERROR "failed: ${result}")
endif()
if(error)
  message(FATAL_ERROR "a progress bar where there is no terminal")
endif()

set(kinds 0)
foreach(kind IN ITEMS none classifier ordinary spatial gaussian)
  if(output MATCHES "${kind} +not available")
    continue()
  endif()
  if(NOT output MATCHES "\n${kind} +seed 2  epoch  5  train +[0-9.]+%  test +([0-9]+)")
    message(FATAL_ERROR "${kind} was not trained to the end")
  endif()
  if(CMAKE_MATCH_1 LESS 80)
    message(FATAL_ERROR "${kind} learned too little: ${CMAKE_MATCH_1}%")
  endif()
  math(EXPR kinds "${kinds} + 1")
endforeach()

function(count_lines file expected)
  file(STRINGS ${OUT}/${file} lines)
  list(LENGTH lines count)
  math(EXPR expected "${expected} + 1") # the header
  if(NOT count EQUAL expected)
    message(FATAL_ERROR "${file} has ${count} lines, not ${expected}")
  endif()
endfunction()
math(EXPR epochs "${kinds} * 2 * 5")
math(EXPR images "${kinds} * 20")
count_lines(results.csv ${epochs})
count_lines(certainty.csv ${images})

file(STRINGS ${OUT}/certainty.csv lines REGEX "^none,")
foreach(line IN LISTS lines)
  if(NOT line MATCHES "^none,[0-9]+,[0-9],([0-9]),[0-9.]+,([0-9]),[0-9.]+,[0-9.]+$"
     OR NOT CMAKE_MATCH_1 EQUAL CMAKE_MATCH_2)
    message(FATAL_ERROR "passes without dropout differ from one: ${line}")
  endif()
endforeach()
