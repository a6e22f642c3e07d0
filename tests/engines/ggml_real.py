#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs ggml_real.c with the ggml that the Python package ggml_python built.

usage: ggml_real.py LIBRARY     LIBRARY: the CMake target ggml_real
Prints a line for each check; the exit status is 0 if all are right.
"""
import ctypes
import importlib.util
import os
import sys

if len(sys.argv) != 2:
    sys.exit(__doc__)
os.environ["OMP_WAIT_POLICY"] = "passive"  # of more threads than cores none shall spin
package = importlib.util.find_spec("ggml")
if package is None:
    sys.exit("ggml_real.py: this Python has no package ggml_python")
folder = os.path.join(os.path.dirname(package.origin), "lib")
for name in ("ggml-base", "ggml-cpu", "ggml"):
    ctypes.CDLL(os.path.join(folder, f"lib{name}.so"), mode=ctypes.RTLD_GLOBAL)
sys.exit(ctypes.CDLL(os.path.abspath(sys.argv[1])).ggml_real())
