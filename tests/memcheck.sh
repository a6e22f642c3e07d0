#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Runs a test program under valgrind's memcheck, once that has been seen to work.
#
#   tests/memcheck.sh PROGRAM ISA
set -u
if ! command -v valgrind >/dev/null; then
    echo "SKIPPED: there is no valgrind"
    exit 77
fi
memcheck() {
    valgrind -q --tool=memcheck --leak-check=no --error-exitcode=9 "$@"
}
memcheck "$1" branch 2>/dev/null
if [ $? -ne 9 ]; then
    echo "memcheck does not see a branch on memory that was never written"
    exit 1
fi
memcheck "$1" "$2"
