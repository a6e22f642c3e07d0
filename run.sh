#!/bin/sh
# SPDX-License-Identifier: MIT
#
# One command for each thing a newcomer wants. Each installs what is missing (Debian and its
# relatives; elsewhere it says what is needed), configures, builds and runs; once that is done it
# works offline.
#
#   ./run.sh test          every test: gcc, clang, sanitizers, old CPUs, NEON, 32 bits and
#                          big-endian under qemu
#   ./run.sh bench [ARG]   the benchmark suite; --quick takes 10 seconds, --help lists the rest
#   ./run.sh demo          draws the picture of what dropout does and names the file
#   ./run.sh engines       the adapters in the real ggml, ONNX Runtime, pthreadpool, PyTorch, JAX and
#                          NumPy; installs some 6 GB (PyTorch and its libraries) under build/
#   ./run.sh train [ARG]   trains a network on Fashion-MNIST without and with dropout, and draws what
#                          came of it; --quick takes a minute, --help lists the rest
set -eu
cd "$(dirname "$0")"

say() { printf '\n== %s\n' "$*"; }
fail() { printf 'run.sh: %s\n' "$*" >&2; exit 1; }

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "needs root or sudo for: $*"; fi
}

# need PACKAGE...: installs the Debian packages that are missing.
need() {
    if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
        printf 'run.sh: not a Debian system; it needs what these Debian packages hold:\n  %s\n' "$*"
        return
    fi
    missing=
    for package in "$@"; do
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null) in
        *' installed') ;;
        *) missing="$missing $package" ;;
        esac
    done
    [ -n "$missing" ] || return 0
    say "installing:$missing"
    for architecture in arm64 i386 s390x; do
        case $missing in *:$architecture*) as_root dpkg --add-architecture $architecture ;; esac
    done
    as_root env DEBIAN_FRONTEND=noninteractive apt-get update -qq
    # shellcheck disable=SC2086 # a list of words
    as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -qq --no-install-recommends $missing
}

build_tools="gcc libc6-dev cmake ninja-build"

# tidy BUILD FILE...: clang-tidy over what was compiled in BUILD, a few files at a time.
tidy() {
    build=$1
    shift
    printf '%s\n' "$@" | xargs -n 4 -P "$(nproc)" clang-tidy --quiet -p "$build" 2>>build/lint.log
}

# Formatting, and clang-tidy over what the clang preset compiled.
lint() {
    : >build/lint.log
    find include src tools tests bench examples -name '*.[ch]' -o -name '*.inl' -o -name '*.[ch]pp' |
        xargs clang-format --dry-run -Werror &&
        tidy build/clang src/kernel/backend.c src/dtype/*.c src/*.c tools/*.c tests/*.c tests/cli/*.c tests/amalgamation/*.c \
            tests/instructions/*.c tests/mpi/*.c examples/*.c examples/adapters/*.c examples/adapters/*/*.c &&
        tidy build/clang/tests/engine/build examples/engine/*.c examples/engine/tests/*.c
}

run_tests() {
    presets="test clang asan tsan no-sleef"
    need $build_tools g++ clang clang-format clang-tidy binutils pkg-config libcmocka-dev libsleef-dev libcairo2-dev fonts-dejavu-core \
        openmpi-bin libopenmpi-dev zlib1g-dev libopenblas-dev python3 python3-numpy python3-venv libpthreadpool-dev
    if [ "$(uname -m)" = x86_64 ]; then
        need qemu-user valgrind gcc-aarch64-linux-gnu g++-aarch64-linux-gnu libcmocka-dev:arm64 libsleef-dev:arm64 libstdc++6:arm64 \
            gcc-i686-linux-gnu libc6-dev-i386-cross libcmocka-dev:i386 \
            gcc-s390x-linux-gnu libc6-dev-s390x-cross libcmocka-dev:s390x
        presets="$presets arm64 i686 s390x"
    fi
    status=0
    closing=
    mkdir -p build
    for preset in $presets; do
        say "preset $preset"
        log=build/$preset.log
        { CTEST_PARALLEL_LEVEL=$(nproc) cmake --workflow --preset "$preset" 2>&1 || echo "workflow failed"; } | tee "$log"
        if grep -q '^workflow failed' "$log"; then
            status=1
        fi
        closing="$closing
$preset: $(grep 'tests passed' "$log" || echo 'FAILED before any test ran')"
    done
    say "engines (but PyTorch and JAX: ./run.sh engines)"
    if engines_python ggml.txt onnxruntime.txt >build/engines-python.log 2>&1; then
        { cmake --workflow --preset engines 2>&1 || echo "workflow failed"; } | tee build/engines.log
        ! grep -q '^workflow failed' build/engines.log || status=1
        closing="$closing
engines: $(grep 'tests passed' build/engines.log || echo 'FAILED before any test ran')"
    else
        tail -n 5 build/engines-python.log
        closing="$closing
engines: SKIPPED: their Python packages cannot be installed (build/engines-python.log)"
    fi
    say "lint"
    if lint; then closing="$closing
lint: clean"; else
        status=1
        closing="$closing
lint: FAILED (see above)"
    fi
    say "closing lines$closing"
    return $status
}

run_bench() {
    need $build_tools g++ libbenchmark-dev libsleef-dev python3 python3-matplotlib
    mkdir -p build
    cmake --workflow --preset bench >build/bench.log 2>&1 || { cat build/bench.log; exit 1; }
    build/bench/bench/planedrop_bench --out build/bench/planedrop "$@"
}

run_demo() {
    need $build_tools pkg-config libcairo2-dev fonts-dejavu-core
    mkdir -p build
    cmake --workflow --preset demo >build/demo.log 2>&1 || { cat build/demo.log; exit 1; }
    build/demo/examples/worked_case
    build/demo/examples/feature_maps examples/grace_hopper.png build/feature_maps.png
}

# The engine finds planedrop as in any other project: installed, in a prefix of its own.
build_engine() {
    cmake -S . -B build/engine/planedrop -G Ninja &&
        cmake --build build/engine/planedrop &&
        cmake --install build/engine/planedrop --prefix build/engine/prefix &&
        cmake -S examples/engine -B build/engine/build -G Ninja -D CMAKE_PREFIX_PATH="$PWD/build/engine/prefix" &&
        cmake --build build/engine/build
}

# engines_python LIST...: an environment with the packages of tests/engines/LIST. ggml_python builds
# ggml while it is installed; of its dependencies none is used.
engines_python() {
    environment=build/engines-python
    $environment/bin/python -c 'import pip' 2>/dev/null ||
        { rm -rf $environment && python3 -m venv $environment; } || return 1
    for list in "$@"; do
        list=tests/engines/$list
        cmp -s "$list" "$environment/${list##*/}" && continue
        no_deps=
        case $list in *ggml*) no_deps=--no-deps ;; esac
        # newer versions of pip read the second variable
        PIP_CONSTRAINT=tests/engines/constraints.txt PIP_BUILD_CONSTRAINT=tests/engines/constraints.txt \
            $environment/bin/python -m pip install -q --disable-pip-version-check $no_deps -r "$list" &&
            cp "$list" $environment/ || return 1
    done
}

run_engines() {
    need $build_tools g++ libsleef-dev libpthreadpool-dev python3 python3-venv
    engines_python ggml.txt onnxruntime.txt tensors.txt
    build/engines-python/bin/python -c 'import jax, torch' # else their test would be skipped
    cmake --workflow --preset engines
}

# A Python with matplotlib: Debian's may come after another one in the path.
plotting_python() {
    for python in python3 /usr/bin/python3; do
        if "$python" -c 'import matplotlib' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    fail "no Python with matplotlib"
}

run_train() {
    need $build_tools libsleef-dev zlib1g-dev libopenblas-dev dataset-fashion-mnist python3 python3-matplotlib
    python=$(plotting_python)
    data=/usr/share/datasets/fashion-mnist
    results=build/engine/results
    mkdir -p $results
    build_engine >build/engine.log 2>&1 || { cat build/engine.log; exit 1; }
    size="--seeds 4 --epochs 40 --test 5000 --certain 5000"
    if [ "${1:-}" = --quick ]; then
        size="--seeds 1 --epochs 8 --train 1000 --test 2000 --certain 1000"
        shift
    fi
    # shellcheck disable=SC2086 # a list of words
    build/engine/build/train --data $data --out $results --threads "$(nproc)" $size "$@"
    for argument in "$@"; do # the plots are of what was asked for
        case ${option:-} in
        --data) data=$argument ;;
        --out) results=$argument ;;
        esac
        option=$argument
    done
    "$python" examples/engine/plot.py "$results" "$data"
}

command=${1:-}
[ $# -eq 0 ] || shift
case $command in
test) run_tests "$@" ;;
bench) run_bench "$@" ;;
demo) run_demo "$@" ;;
engines) run_engines "$@" ;;
train) run_train "$@" ;;
*) sed -n '4,15s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac
