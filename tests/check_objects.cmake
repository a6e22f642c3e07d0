# SPDX-License-Identifier: MIT
#
# Rules of the built objects: each backend defines one global symbol, its table; the library defines
# only planedrop_ and pd_ globals, runs nothing at load time and has one word of writable data.
cmake_minimum_required(VERSION 3.20)
set(errors)
string(REPLACE "," ";" BACKENDS "${BACKENDS}") # name=object,name=object
set(isas)
foreach(backend IN LISTS BACKENDS)
  string(REGEX MATCH "^([^=]+)=(.+)$" backend "${backend}")
  set(isa ${CMAKE_MATCH_1})
  set(object ${CMAKE_MATCH_2})
  list(APPEND isas ${isa})
  execute_process(COMMAND ${NM} -g --defined-only -P ${object} OUTPUT_VARIABLE symbols
                  RESULT_VARIABLE result)
  string(STRIP "${symbols}" symbols)
  if(NOT result EQUAL 0 OR NOT symbols MATCHES "^${PREFIX}planedrop_backend_${isa} [RDr][^\n]*$")
    list(APPEND errors "${isa}: more or other globals than ${PREFIX}planedrop_backend_${isa}:" "${symbols}")
  endif()
endforeach()

execute_process(COMMAND ${NM} -g --defined-only -P ${LIBRARY} OUTPUT_VARIABLE symbols
                RESULT_VARIABLE result)
string(REGEX MATCHALL "[^\n]+ [A-Z] [^\n]*" symbols "${symbols}")
list(LENGTH symbols count)
if(NOT result EQUAL 0 OR count LESS 18)
  list(APPEND errors "nm found only ${count} symbols in ${LIBRARY}")
endif()
foreach(symbol IN LISTS symbols)
  if(NOT symbol MATCHES "^${PREFIX}(planedrop|pd)_")
    list(APPEND errors "global symbol without the project's prefix: ${symbol}")
  endif()
endforeach()

# Sections of all objects: .data.rel.ro is constant after the loader's relocations.
execute_process(COMMAND ${SIZE} -A -d ${LIBRARY} OUTPUT_VARIABLE sections RESULT_VARIABLE result)
if(NOT result EQUAL 0 OR NOT sections MATCHES "\n\\.text")
  list(APPEND errors "size ${LIBRARY} found no code")
endif()
if(sections MATCHES "\n(\\.(init_array|preinit_array|ctors|init)[^ ]*) ")
  list(APPEND errors "code that runs at load time: ${CMAKE_MATCH_1}")
endif()
string(REGEX MATCHALL "\n\\.(data|bss|tdata|tbss)[^ ]* +[0-9]+" lines "${sections}")
set(writable 0)
foreach(line IN LISTS lines)
  string(REGEX MATCH "[0-9]+$" bytes "${line}")
  if(NOT line MATCHES "\\.data\\.rel\\.ro")
    math(EXPR writable "${writable} + ${bytes}")
  endif()
endforeach()
if(NOT writable EQUAL 8)
  list(APPEND errors "writable data: ${writable} bytes, want the 8 of one index:" "${lines}")
endif()

if(errors)
  string(REPLACE ";" "\n" errors "${errors}")
  message(FATAL_ERROR "${errors}")
endif()
message(STATUS "one global per backend (${isas}); ${writable} bytes of writable data")
