# SPDX-License-Identifier: MIT
"""What is measured by default, and by --performance."""
import itertools
from dataclasses import replace

from rows import ELEMENT_BYTES, WHOLE, MiB, Row

# The feature maps of ResNet-50 (and, from 112 x 112 x 128 down, of a U-Net with 224 x 224 input) at
# batch 1 and 32, and smaller maps for the inner caches: N, C, HW. Q: part of --quick. T: a line of
# the table, at rate 0.5.
SHAPES = {
    "nchw": [(1, 64, 49, "QT"), (1, 16, 196, ""), (1, 64, 256, "QT"), (1, 256, 256, "QT"),
             (1, 16, 3136, "QT"), (1, 2048, 49, "QT"), (1, 1024, 196, ""), (1, 512, 784, ""),
             (1, 256, 3136, "QT"), (1, 64, 12544, ""), (1, 128, 12544, ""), (32, 2048, 49, "QT"),
             (32, 1024, 196, ""), (32, 512, 784, ""), (32, 256, 3136, "QT"), (32, 64, 12544, "")],
    "nhwc": [(1, 64, 49, ""), (1, 2048, 49, "QT"), (1, 3, 50176, "QT"), (1, 512, 784, ""),
             (1, 256, 3136, "QT"), (32, 2048, 49, ""), (32, 256, 3136, "T"), (32, 64, 12544, "")],
    "droppath": [(32, 1, 3136, ""), (32, 1, 100352, "Q"), (32, 1, 802816, "T")],
    "elements": [(1, 1, 3136, ""), (1, 1, 16384, "QT"), (1, 1, 100352, ""), (1, 1, 802816, ""),
                 (1, 1, 6422528, "QT")],
}
# Of the other element types and of the Gaussian law.
FEW_SHAPES = {"nchw": [(1, 16, 3136, "QT"), (32, 256, 3136, "T")], "nhwc": [(1, 256, 3136, "T")],
              "elements": [(1, 1, 16384, "QT"), (1, 1, 6422528, "T")]}
# Powers of two, maps of a side of 7, 14, 28 ... and halves of these; and, as they do not end with a
# cache line, maps of a side of 27, 35, 55 and 111.
CURVE = [64, 112, 128, 196, 256, 392, 512, 729, 784, 1225, 1568, 3025, 3136, 6272, 12321, 12544,
         25088, 50176, 100352]
TECHNIQUES = ["nt-stores", "skipping", "l2-prefetch", "l1-prefetch", "prefetch", "reading-all"]

ONE_CALL = Row("nchw", 1, 1, 1, masks=100, group="fixed")  # too short to be timed alone
ONE_PLAN = replace(ONE_CALL, kind="plan_init")


def planes(sizes, lengths, rates=(0.5,), **fields):
    """NCHW tensors of about these sizes in bytes: one sample, as many planes as fit. Where they can be,
    all tensors of one size are of the very same number of bytes."""
    common = 100352  # 2^11 * 7^2: most maps of convolutional nets divide it
    for size, plane, rate in itertools.product(sizes, lengths, rates):
        unit = common if common % plane == 0 and size >= 4 * common else plane
        row = Row("nchw", 1, size // 4 // unit * unit // plane, plane, rate, **fields)
        if row.channels > 0:
            yield replace(row, channels=row.channels * 4 // ELEMENT_BYTES[row.dtype])


def channels_last(sizes, counts, **fields):
    for size, count in itertools.product(sizes, counts):
        row = Row("nhwc", 32 if size > MiB else 1, count, 1, **fields)
        yield replace(row, spatial=size // row.tensor_bytes)


def elements(sizes, rates=(0.5,), dtype="f32", **fields):
    for size, rate in itertools.product(sizes, rates):
        yield Row("elements", 1, 1, size // ELEMENT_BYTES[dtype], rate, dtype, **fields)


def with_baselines(rows, isas, best, kinds=()):
    """The rows on each of the instruction sets, and what they are compared with."""
    for row in rows:
        yield from (replace(row, kind=kind, isa=isa) for kind in (row.kind, *kinds) for isa in isas)
        more = {"in-place": ["scale_in_place"], "accumulate": ["accumulate"]}.get(row.variant, [])
        for kind in WHOLE + more:
            if row.elements > 1 and (row.threads == 1 or kind != "memcpy"):
                yield Row("elements", 1, 1, row.tensor_bytes // 4, kind=kind, isa=best,
                          group=row.group, threads=row.threads, wall=row.wall)


def table_rows(machine, quick, everything):
    """The default run. Everything: all shapes and rates in all element types."""
    isas = machine["isas"]
    kinds = [(dtype, "plain", ["naive"]) for dtype in ELEMENT_BYTES]
    for dtype, variant, beside in kinds + [("f32", "gaussian", [])] * machine["gaussian"]:
        many = variant == "plain" and (dtype == "f32" or everything)
        rates = [0.5] if quick or variant == "gaussian" else [0.1, 0.2, 0.5] if many else [0.1, 0.5]
        rows = [Row(layout, n, channels, spatial, rate, dtype, variant=variant,
                    in_table=rate == 0.5 and "T" in part)
                for layout, shapes in (SHAPES if many else FEW_SHAPES).items()
                for n, channels, spatial, part in shapes if not quick or "Q" in part
                for rate in rates]
        yield from with_baselines(rows, isas, isas[0], beside)
    yield from with_baselines([ONE_PLAN], isas[:1], isas[0])
    yield from with_baselines([ONE_CALL], isas, isas[0])


def performance_rows(machine):
    """Planes of all lengths; and the rows of plans without single techniques."""
    best, size = machine["isas"][0], [256 * MiB]
    curves = planes(size, CURVE, [0.1, 0.2, 0.5, 0.9], group="planes")
    yield from with_baselines(curves, [best], best)
    for row in [*planes(size, [3136, 784, 256], [0.5, 0.1], group="ablation"),
                *channels_last(size, [256], group="ablation"), *elements(size, group="ablation")]:
        yield from (replace(row, isa=best, without=without) for without in ["nothing", *TECHNIQUES])
