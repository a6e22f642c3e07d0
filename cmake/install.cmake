# SPDX-License-Identifier: MIT
#
# What `cmake --install` copies: the header, the library, the CMake package planedrop::planedrop
# and planedrop.pc. Both packages find the header and the library from where they lie themselves,
# so an installed prefix can be moved, staged with DESTDIR or chosen with `cmake --install
# --prefix`. Only an absolute CMAKE_INSTALL_LIBDIR or CMAKE_INSTALL_INCLUDEDIR ties them to a place.
include(CMakePackageConfigHelpers)

set(planedrop_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/planedrop)

install(FILES include/planedrop/planedrop.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/planedrop)
install(TARGETS planedrop EXPORT planedrop
  RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR}
  LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT planedrop NAMESPACE planedrop:: FILE planedropTargets.cmake
  DESTINATION ${planedrop_package_dir})

# Before 1.0 a minor version may change anything, as the SONAME says too.
write_basic_package_version_file(${PROJECT_BINARY_DIR}/planedropConfigVersion.cmake
  COMPATIBILITY SameMinorVersion)

# The shared library has SLEEF linked; with the static one its users link it.
set(planedrop_needs_sleef OFF)
set(planedrop_pc_sleef "")
if(PLANEDROP_WITH_SLEEF AND NOT BUILD_SHARED_LIBS)
  set(planedrop_needs_sleef ON)
  set(planedrop_pc_sleef " -lsleef")
  get_filename_component(sleef_dir ${PLANEDROP_SLEEF_LIBRARY} DIRECTORY)
  if(NOT sleef_dir IN_LIST CMAKE_C_IMPLICIT_LINK_DIRECTORIES)
    string(PREPEND planedrop_pc_sleef " -L${sleef_dir}")
  endif()
endif()
configure_file(cmake/planedropConfig.cmake.in ${PROJECT_BINARY_DIR}/planedropConfig.cmake @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/planedropConfig.cmake ${PROJECT_BINARY_DIR}/planedropConfigVersion.cmake
  DESTINATION ${planedrop_package_dir})

# ${pcfiledir} is pkg-config's word for the folder of the .pc file.
set(planedrop_pc_prefix ${CMAKE_INSTALL_PREFIX})
set(planedrop_pc_libdir ${CMAKE_INSTALL_LIBDIR})
set(planedrop_pc_includedir ${CMAKE_INSTALL_INCLUDEDIR})
if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_LIBDIR}")
  file(RELATIVE_PATH planedrop_pc_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
  string(REGEX REPLACE "/$" "" planedrop_pc_prefix "\${pcfiledir}/${planedrop_pc_prefix}")
  set(planedrop_pc_libdir "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
endif()
if(NOT IS_ABSOLUTE "${CMAKE_INSTALL_INCLUDEDIR}")
  set(planedrop_pc_includedir "\${prefix}/${CMAKE_INSTALL_INCLUDEDIR}")
endif()
list(TRANSFORM planedrop_definitions PREPEND " -D" OUTPUT_VARIABLE planedrop_pc_definitions)
configure_file(cmake/planedrop.pc.in ${PROJECT_BINARY_DIR}/planedrop.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/planedrop.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

if(EXISTS ${PROJECT_SOURCE_DIR}/LICENSE)
  install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
endif()
