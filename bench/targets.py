# SPDX-License-Identifier: MIT
"""What the library is to reach, as data. docs/performance.md says where the limits come from. All
that is measured is a time: less is better."""
import math
from dataclasses import dataclass, replace

from cases import ONE_CALL, ONE_PLAN, channels_last, elements, planes, with_baselines
from rows import ELEMENT_BYTES, MiB


def over(*kinds):
    """Over the fastest of these loops over a whole tensor."""
    return lambda row: row.time / row.fastest(*kinds)


def over_row(*ignored, factor=1, **fields):
    """Over `factor` times the row that differs in the fields, or in any ignored way."""
    return lambda row: row.time / (factor * row.beside(*ignored, **fields).time)


def over_bound(row):
    return row.time / row.bound()


def ns(row):
    return row.ns_per_element


over_scale, over_memcpy = over("scale", "scale_nt"), over("memcpy")
over_sleef, over_f32 = over_row(kind="sleef"), over_row("shape", dtype="f32")
over_best_isa, over_half = over_row("isa"), over_row(threads=1, factor=0.5)

KiB = 1024
L2, MEMORY, BOTH = [256 * KiB], [256 * MiB], [256 * KiB, 256 * MiB]
BLOCKED = [replace(row, layout="blocked", block=block)
           for block in (8, 16) for row in channels_last(BOTH, [64])]
# 27 x 27 and 55 x 55 end within a cache line, as nearly all odd maps do.
ANY = [64, 100, 196, 256, 512, 729, 784, 3025, 3136, 12544, 100000], [0.1, 0.5, 0.9]


@dataclass
class Line:
    """Rows, what is measured, and its limit; no limit: none is known that can be reached. Nothing
    measured: other lines need the rows."""
    rows: list
    measure: object = None
    limit: float = math.inf
    on: str = "best"  # of the instruction sets; second, last, vector: all but the last
    beside: tuple = ()  # what else is done to the same tensors

    def expanded(self, group, isas):
        on = {"best": isas[:1], "second": isas[1:-1][:1], "vector": isas[:-1], "last": isas[-1:]}
        return [replace(row, group=group, isa=isa) for row in self.rows for isa in on[self.on]]


LONG_PLANES = Line([*planes(MEMORY, [3136, 12544, 100352], [0.1, 0.2, 0.5])], over_bound, 1.15)
TARGETS = [
    ("nchw-bound", "NCHW, 256 MiB: over L(p)", [LONG_PLANES]),
    ("nchw-any-16K", "NCHW, 16 KiB: over scaling the whole tensor", [
        Line([*planes([16 * KiB], [64], ANY[1])], over_scale, 2.1),
        Line([*planes([16 * KiB], [100], ANY[1])], over_scale, 1.5),
        Line([*planes([16 * KiB], ANY[0][2:], ANY[1])], over_scale, 1.2)]),
    *((f"nchw-any-{text.replace(' ', '')[:-2]}", f"NCHW, {text}: over scaling the whole tensor", [
        Line([*planes([size], *ANY)], over_scale, 1.05)])
      for size, text in [(256 * KiB, "256 KiB"), (4 * MiB, "4 MiB"), (16 * MiB, "16 MiB"),
                         (256 * MiB, "256 MiB")]),
    ("nchw-cached", "NCHW in L2 and L3: over memcpy", [
        Line([*planes([256 * KiB, 4 * MiB], [196, 784, 3136])], over_memcpy, 0.75)]),
    ("nchw-tiny", "NCHW, tiny planes: over memcpy", [
        Line([*planes([12544 * KiB], [49], [0.1, 0.5])], over_memcpy, 1.2),
        Line([*planes([12544 * KiB], [9, 4], [0.1, 0.5])], over_memcpy, 1.4)]),
    ("in-place-and-accumulate", "NCHW: over scaling in place; over y += s * x", [
        Line([*planes(MEMORY, [3136], variant="in-place")], over("scale_in_place"), 0.75),
        Line([*planes(MEMORY, [3136], variant="accumulate")], over("accumulate"), 0.7)]),
    ("nhwc", "NHWC and blocked channels: over scaling the whole tensor", [
        Line([*channels_last(BOTH, [64, 256, 2048])], over_scale, 1.1),
        Line([*channels_last(BOTH, [1, 3, 5, 17]), *BLOCKED], over_scale, 1.3)]),
    ("elements", "elementwise: ns an element; in memory over scaling the whole tensor", [
        Line([*elements(L2, [0.5, 0.25])], ns, 0.12),
        Line([*elements(L2, [0.1])], ns, 0.17),
        Line([*elements(MEMORY, [0.5, 0.1])], over_scale, 1.1)]),
    ("gaussian", "Gaussian: elementwise over SLEEF's calls alone; else over scaling", [
        *(Line([*elements([256 * KiB, 64 * MiB], variant="gaussian")], over_sleef, limit, on,
               ("sleef",)) for on, limit in [("vector", math.inf), ("last", 1.3)]),
        Line([*planes(L2, [256], variant="gaussian"), *planes(MEMORY, [3136], variant="gaussian"),
              *channels_last(BOTH, [256], variant="gaussian")], over_scale, 1.15, "vector")]),
    ("fixed", "fixed costs: ns", [
        Line([ONE_PLAN], ns, 100), Line([ONE_CALL], ns, 30)]),
    ("threads", "two threads: over half the time of one; in memory over L(p) of two threads", [
        *(Line([*elements([512 * KiB], threads=threads, wall=1),
                *planes([512 * KiB], [256], threads=threads, wall=1)], measure, 1.08)
          for threads, measure in [(1, None), (2, over_half)]),
        Line([*planes(MEMORY, [3136], [0.1, 0.5], threads=2, wall=1)], over_bound, 1.15)]),
    ("types", "other types: over f32's time for as many bytes", [
        Line([*planes(size, [3136], dtype=dtype), *channels_last(size, [256], dtype=dtype),
              *elements(size, dtype=dtype)], None if dtype == "f32" else over_f32, limit)
        for size, limit in [(L2, 1.6), (MEMORY, 1.11)] for dtype in ELEMENT_BYTES]),
    ("second-isa", "the second instruction set over the best", [
        Line([*elements(L2, [0.1]), *planes(MEMORY, [3136])]),
        Line([*elements(L2, [0.1])], over_best_isa, 1.7, "second"),
        Line([*planes(MEMORY, [3136])], over_best_isa, 1.1, "second")]),
]


def target_rows(machine):
    for group, _, lines in TARGETS:
        for line in lines if group != "gaussian" or machine["gaussian"] else []:
            for row in line.expanded(group, machine["isas"]):
                yield from with_baselines([row], [row.isa], machine["isas"][0], line.beside)
