#!/bin/sh
# SPDX-License-Identifier: MIT
#
# Counts the instructions of every case of instruction_case under callgrind and compares them with a
# baseline. Time is noisy on a shared machine, instructions are not: a case that takes more than 3%
# more of them than the baseline fails. CMakeLists.txt has the two calls:
#
#   compare.sh check  PROGRAM BASELINE BUILD ISA       exit code 1: too many, 77: cannot be judged
#   compare.sh update PROGRAM BASELINE BUILD ISA...    writes the baseline
#
# BUILD is one line that names the compiler and its flags: counts of two builds are not comparable.
set -eu
export LC_ALL=C
limit=3

skip() { printf 'SKIPPED: %s\n' "$*"; exit 77; }
fail() { printf 'compare.sh: %s\n' "$*" >&2; exit 1; }

[ $# -ge 5 ] || { sed -n '7,10s/^# \{0,1\}//p' "$0"; exit 2; }
mode=$1 program=$2 baseline=$3 build=$4
shift 4

if [ "$mode" = check ]; then
    [ -f "$baseline" ] || fail "no $baseline: build the target instructions_update"
    built=$(sed -n 's/^build: //p' "$baseline")
    [ "$build" = "$built" ] || skip "the baseline is for another build
  baseline: $built
  this:     $build"
fi
command -v valgrind >/dev/null || skip "no valgrind"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The C library's memset and memcpy without rep, of which valgrind counts every byte as one
# instruction, and without a choice that depends on the size of a cache.
tunables=
for name in rep_stosb rep_movsb non_temporal; do
    tunables=$tunables${tunables:+:}glibc.cpu.x86_${name}_threshold=0x10000000
done

# count ISA: a line "ISA CASE COUNT" for each case, to $work/counts. The environment and valgrind's
# own option files are kept out: the first moves the stack, the second change what is counted.
count() {
    for name in $("$program" list); do
        status=0
        env -i PATH="$PATH" GLIBC_TUNABLES="$tunables" \
            valgrind --command-line-only=yes --quiet --vgdb=no --tool=callgrind \
            --toggle-collect=counted --callgrind-out-file="$work/profile" \
            "$program" "$1" "$name" >"$work/log" 2>&1 || status=$?
        if [ $status -ne 0 ]; then
            cat "$work/log"
            [ $status -ne 77 ] || exit 77
            fail "$1 $name: exit code $status"
        fi
        instructions=$(sed -n 's/^summary: *\([0-9][0-9]*\).*/\1/p' "$work/profile")
        [ "${instructions:-0}" -gt 0 ] || fail "$1 $name: valgrind collected nothing in counted()"
        printf '%s %s %s\n' "$1" "$name" "$instructions" >>"$work/counts"
    done
}

check() {
    printf '%s, %s\n' "$1" "$build"
    awk -v isa="$1" -v limit="$limit" '
        NR == FNR { if ($1 == isa) { base[$2] = $3; left[$2] = 1 }; next }
        FNR == 1 { printf "%-20s %12s %12s %9s\n", "case", "baseline", "now", "change" }
        !($2 in base) {
            printf "%-20s %12s %12d %9s  FAILED: not in the baseline\n", $2, "-", $3, "-"
            failed++; next
        }
        {
            delete left[$2]
            change = ($3 - base[$2]) * 100 / base[$2]
            note = ""
            if (change > limit) { note = "  FAILED"; failed++ }
            if (change < -limit) { note = "  fewer"; fewer++ }
            printf "%-20s %12d %12d %+8.2f%%%s\n", $2, base[$2], $3, change, note
        }
        END {
            for (name in left) {
                printf "%-20s %12d %12s %9s  FAILED: no such case\n", name, base[name], "-", "-"
                failed++
            }
            if (fewer) {
                printf "%d of %s take over %d%% fewer instructions: the baseline can be lowered\n",
                       fewer, isa, limit
            }
            if (failed) {
                printf "FAILED: %d of %s; limit +%d%%\n", failed, isa, limit
            }
            if (fewer || failed) {
                print "if that is meant: cmake --build BUILD --target instructions_update"
            }
            exit failed > 0
        }' "$baseline" "$work/counts"
}

case $mode in
check)
    count "$1"
    check "$1"
    ;;
update)
    for isa in "$@"; do count "$isa"; done
    {
        echo '# Instructions of each case under callgrind. Written by the target instructions_update.'
        printf 'build: %s\n' "$build"
        cat "$work/counts"
    } >"$work/baseline"
    cp "$work/baseline" "$baseline"
    printf 'wrote %s: %s\n' "$baseline" "$build"
    ;;
*) fail "$mode: neither check nor update" ;;
esac
