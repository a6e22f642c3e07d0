# SPDX-License-Identifier: MIT
#
# check_sections(LIBRARY ERRORS): appends to the list ERRORS what a library or an object has that runs
# at load time, and writable data other than the one word of dispatch.c. SIZE is the program.
function(check_sections library errors_variable)
  set(errors ${${errors_variable}})
  execute_process(COMMAND ${SIZE} -A -d ${library} OUTPUT_VARIABLE sections RESULT_VARIABLE result)
  if(NOT result EQUAL 0 OR NOT sections MATCHES "\n\\.text")
    list(APPEND errors "size ${library} found no code")
  endif()
  if(sections MATCHES "\n(\\.(init_array|preinit_array|ctors|init)[^ ]*) ")
    list(APPEND errors "code that runs at load time: ${CMAKE_MATCH_1}")
  endif()
  string(REGEX MATCHALL "\n\\.(data|bss|tdata|tbss)[^ ]* +[0-9]+" lines "${sections}")
  set(writable 0)
  foreach(line IN LISTS lines)
    string(REGEX MATCH "[0-9]+$" bytes "${line}")
    if(NOT line MATCHES "\\.data\\.rel\\.ro") # constant after the loader's relocations
      math(EXPR writable "${writable} + ${bytes}")
    endif()
  endforeach()
  if(NOT writable EQUAL 8)
    list(APPEND errors "writable data: ${writable} bytes, want the 8 of one word:" "${lines}")
  endif()
  set(${errors_variable} ${errors} PARENT_SCOPE)
endfunction()
