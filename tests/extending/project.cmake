# SPDX-License-Identifier: MIT
#
# CMakeLists.txt of the project that extend.cmake builds: planedrop, extended, as a subdirectory, and
# a program for each extension.
cmake_minimum_required(VERSION 3.20)
project(extending LANGUAGES C)
add_subdirectory(planedrop)
foreach(program IN ITEMS inverted mixed)
  add_executable(${program} ${PROGRAM_DIR}/${program}.c)
  target_link_libraries(${program} PRIVATE planedrop::planedrop)
  set_target_properties(${program} PROPERTIES C_STANDARD 99 C_EXTENSIONS OFF)
endforeach()
