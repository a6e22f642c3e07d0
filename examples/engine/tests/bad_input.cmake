# SPDX-License-Identifier: MIT
#
# Files that are missing, of another kind, cut off or do not belong together are refused with a
# message that names the file, and nothing is written then. So are options that make no sense.
function(expect_refusal what message)
  execute_process(COMMAND ${TRAIN} --data ${WORK} --out ${WORK} OUTPUT_QUIET ERROR_VARIABLE error
                  RESULT_VARIABLE result)
  if(NOT result EQUAL 1 OR EXISTS ${WORK}/results.csv OR NOT error MATCHES "bad/[a-z0-9-]+-ubyte\\.gz: ${message}")
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
renew()
set(pixels "\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0")
execute_process(COMMAND printf "\\0\\0\\10\\3\\0\\0\\0\\1\\0\\0\\0\\4\\0\\0\\0\\4${pixels}"
                OUTPUT_FILE ${WORK}/t10k-images-idx3-ubyte.gz)
expect_refusal("test images of 4x4" "images of another size")

function(expect_usage_error option value message)
  execute_process(COMMAND ${TRAIN} --data ${DATA} ${option} ${value} OUTPUT_QUIET
                  ERROR_VARIABLE error RESULT_VARIABLE result)
  if(NOT result EQUAL 2 OR NOT error MATCHES "${option} ${value}: ${message}")
    message(FATAL_ERROR "${option} ${value}: exit code ${result}, \"${error}\"")
  endif()
  message(STATUS "${error}")
endfunction()

expect_usage_error(--kind spacial "there is no such kind")
expect_usage_error(--batch 129 "not a number from 1 to 128")
expect_usage_error(--passes 0 "not a number from 1 to 128")
expect_usage_error(--epochs 3x "not a number")
