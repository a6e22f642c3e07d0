# SPDX-License-Identifier: MIT
#
# Installs the library from its build directory and builds the engine against what was installed.
include(${CMAKE_CURRENT_LIST_DIR}/../run.cmake)

set(warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wundef -Wcast-qual -Wstrict-prototypes
    -Wmissing-prototypes -Werror)
list(JOIN warnings " " warnings)
file(REMOVE_RECURSE ${WORK}/prefix ${WORK}/build)
run(${CMAKE_COMMAND} --install ${LIBRARY} --config ${BUILD_TYPE} --prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} -S ${SOURCE} -B ${WORK}/build -G ${GENERATOR} -D CMAKE_MAKE_PROGRAM=${MAKE_PROGRAM}
  -D CMAKE_BUILD_TYPE=${BUILD_TYPE} -D CMAKE_C_COMPILER=${C_COMPILER}
  -D "CMAKE_C_FLAGS=${C_FLAGS} ${warnings}" -D CMAKE_PREFIX_PATH=${WORK}/prefix
  -D CMAKE_EXPORT_COMPILE_COMMANDS=ON -D ENGINE_TESTS=ON)
file(STRINGS ${WORK}/build/CMakeCache.txt found REGEX "^planedrop_DIR:")
string(FIND "${found}" "=${WORK}/prefix/" position)
if(position EQUAL -1)
  message(FATAL_ERROR "another planedrop was used: ${found}")
endif()
run(${CMAKE_COMMAND} --build ${WORK}/build --config ${BUILD_TYPE})
