#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""NEON without the hardware: finds the inner loops and the generator that gcc makes for arm64, and
asks llvm-mca for their cycles on two Neoverse cores, beside what the busiest port alone would take.
Needs the Debian packages gcc-aarch64-linux-gnu and llvm-19."""
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True  # leaves nothing in the source tree
from rows import ELEMENT_BYTES

ROOT = pathlib.Path(__file__).resolve().parent.parent
CPUS = ["neoverse-n1", "neoverse-v1"]
# As cmake/options.cmake and cmake/isas.cmake have it, without SLEEF.
COMPILE = ["aarch64-linux-gnu-gcc", "-std=c11", "-O3", "-fPIC", "-fvisibility=hidden",
           "-fno-fast-math", "-ffp-contract=off", "-fno-math-errno",
           "-fno-tree-loop-distribute-patterns", "-S", "-o", "-",
           "-DPD_ISA=neon", "-Iinclude", "-Isrc", "-Isrc/neon"]
SOURCES = [ROOT / "src/kernel/backend.c", *sorted((ROOT / "src/dtype").glob("*.c"))]
BRANCH = re.compile(r"(b|b\.?(eq|ne|cs|cc|mi|pl|hi|ls|ge|lt|gt|le)|cbn?z|tbn?z|ret|br)\s")


def basic_blocks(source):
    """(function, label, instructions) of every basic block."""
    function, label, lines = "", "", []
    for line in subprocess.check_output([*COMPILE, source], cwd=ROOT, text=True).splitlines():
        text = line.split("//")[0].strip()
        named = re.match(r"^([.\w]+):$", text)
        if named:
            if lines:
                yield function, label, lines
            label, lines = named.group(1), []
            function = function if label.startswith(".L") else label
        elif text and not text.startswith("."):
            lines.append(text)
            if BRANCH.match(text + " "):
                yield function, label, lines
                label, lines = "", []


def stored_bytes(lines):
    """What the vector stores of a block write."""
    stores = (re.match(r"(stp|str|st1)\s+\{?(q|v)\d+", line) for line in lines)
    return sum(32 if store.group(1) == "stp" else 16 for store in stores if store)


def chosen():
    """(what, elements an iteration, instructions): of the loops that jump to themselves and store
    whole vectors, told apart by what they do, the one that does most at a time; and the largest
    run of widening multiplies, Philox for four counters: 128 draws where a block decides."""
    found = {}
    blocks = [(source, *block) for source in SOURCES for block in basic_blocks(source)]
    for source, function, label, lines in blocks:
        if sum(line.startswith("umull") for line in lines) >= 32:
            found.setdefault("philox", (128, lines))
        text = "\n".join(lines)
        is_loop = text.endswith(label) and not re.search(r"^bl\s|\[sp", text, re.MULTILINE)
        if function not in ("rows", "planes") or not stored_bytes(lines) or not is_loop:
            continue
        what = f"{source.stem} {function}" + (
            ", accumulate" if "fadd" in text else
            ", scale" if "fmul" in text else
            ", copy" if re.search(r"\bld[pr1]", text) else ", zeros")
        if what.endswith(" rows, zeros"):  # ends of planes that are done element by element
            continue
        elements = stored_bytes(lines) // ELEMENT_BYTES[source.stem]
        if what not in found or (-elements, len(lines)) < (-found[what][0], len(found[what][1])):
            found[what] = elements, lines
    return sorted((what, elements, lines) for what, (elements, lines) in found.items())


def cycles(lines, cpu):
    """Cycles an iteration, and the busiest port's."""
    text = subprocess.check_output(["llvm-mca-19", "-mtriple=aarch64", f"-mcpu={cpu}",
                                    "-iterations=200"], input="\n".join(lines) + "\n", text=True)
    total = float(re.search(r"Total Cycles:\s+(\d+)", text).group(1)) / 200
    return total, float(re.search(r"Block RThroughput:\s+([\d.]+)", text).group(1))


def main():
    print(f"{'inner loop':28}{'elements':>9}", *(f"{cpu:>28}" for cpu in CPUS), sep="")
    print(" " * 37 + f"{'cycles/el  minimum  ratio':>28}" * len(CPUS))
    for what, elements, lines in chosen():
        row = f"{what:28}{elements:9}"
        for cpu in CPUS:
            took, least = cycles(lines, cpu)
            row += f"{took / elements:13.3f}{least / elements:9.3f}{took / least:6.2f}"
        print(row)


if __name__ == "__main__":
    main()
