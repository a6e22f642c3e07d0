# SPDX-License-Identifier: MIT
#
# 32-bit x86 with SSE2 from a 64-bit Linux, with Debian's cross compiler; tests run under qemu-i386.
# (Floating-point arithmetic must be SSE's: x87 rounds twice.)
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR i686)
set(CMAKE_C_COMPILER i686-linux-gnu-gcc)
set(CMAKE_C_FLAGS_INIT "-msse2 -mfpmath=sse")
set(CMAKE_LIBRARY_ARCHITECTURE i386-linux-gnu)
set(CMAKE_CROSSCOMPILING_EMULATOR qemu-i386)
