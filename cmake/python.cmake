# SPDX-License-Identifier: MIT
#
# Sets the cache variable to the first Python that has the module; to nothing if none has. Debian's
# Python has Debian's modules, and may come after another one in the path.
function(planedrop_find_python variable module purpose)
  set(${variable} "" CACHE FILEPATH "A Python interpreter with ${module}, for ${purpose}")
  foreach(name python3 /usr/bin/python3)
    if(NOT ${variable})
      find_program(python ${name} NO_CACHE)
      execute_process(COMMAND ${python} -c "import ${module}"
                      RESULT_VARIABLE failed OUTPUT_QUIET ERROR_QUIET)
      if(python AND NOT failed)
        set_property(CACHE ${variable} PROPERTY VALUE ${python})
      endif()
      unset(python)
    endif()
  endforeach()
endfunction()
