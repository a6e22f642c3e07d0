# SPDX-License-Identifier: MIT
#
# Files that are missing, of another kind, cut off or do not belong together are refused with a
# message that names the file.
function(expect_refusal what message)
  execute_process(COMMAND ${TRAIN} --data ${WORK} OUTPUT_QUIET ERROR_VARIABLE error
                  RESULT_VARIABLE result)
  if(NOT result EQUAL 1 OR NOT error MATCHES "bad/[a-z0-9-]+-ubyte\\.gz: ${message}")
    message(FATAL_ERROR "${what}: exit code ${result}, \"${error}\"")
  endif()
  message(STATUS "${what}: ${error}")
endfunction()

function(renew)
  file(REMOVE_RECURSE ${WORK})
  file(COPY ${DATA}/ DESTINATION ${WORK})
endfunction()

set(images ${WORK}/train-images-idx3-ubyte.gz)
set(labels ${WORK}/train-labels-idx1-ubyte.gz)
renew()
file(REMOVE ${images})
expect_refusal("a missing file" "cannot be opened")
renew()
file(WRITE ${images} "0123456789 no IDX file")
expect_refusal("text" "not an IDX file of bytes")
file(WRITE ${images} "01")
expect_refusal("two bytes" "not an IDX file")
renew()
file(COPY_FILE ${labels} ${images})
expect_refusal("labels for images" "not an IDX file of bytes")
renew()
execute_process(COMMAND head -c 5000 ${DATA}/train-images-idx3-ubyte.gz OUTPUT_FILE ${images})
expect_refusal("a cut-off file" "cannot be read to its end")
renew()
file(COPY_FILE ${WORK}/t10k-labels-idx1-ubyte.gz ${labels})
expect_refusal("fewer labels than images" "not as many labels")
