# SPDX-License-Identifier: MIT
"""A row is one function on one tensor. Rows of the same group and number of bytes are compared with
one another, and are therefore timed together."""
import collections
import dataclasses
import math

MiB = 1 << 20
ELEMENT_BYTES = {"f32": 4, "bf16": 2, "f16": 2, "f64": 8}
WHOLE = ["memcpy", "scale", "scale_nt", "fill", "fill_nt"]  # depend on the number of bytes alone
IDENTITY = ["kind", "isa", "dtype", "what", "shape", "rate", "threads", "without", "build"]


@dataclasses.dataclass
class Row:
    layout: str  # nchw, nhwc, blocked, droppath, elements
    n: int
    channels: int
    spatial: int  # droppath: elements of a sample; elements: all of them
    rate: float = 0.5
    dtype: str = "f32"
    block: int = 1  # blocked: channels in a block
    variant: str = "plain"  # gaussian, in-place, accumulate
    kind: str = "library"  # plan_init, naive, sleef, scale_in_place, accumulate, WHOLE
    isa: str = ""
    group: str = "table"
    masks: int = 0  # under each of which a call of the row calls once; 0: 20 in the caches
    threads: int = 1  # each does one part
    wall: int = 0  # wall time, not CPU time
    without: str = "nothing"  # a technique that the plan does without
    build: str = "this"  # other
    in_table: bool = False
    error: str = ""
    ns: list = dataclasses.field(default_factory=list)  # samples, each of one call of the library
    time = math.nan  # the fastest one

    def __post_init__(self):
        self.is_library = self.kind in ("library", "plan_init")
        self.elements = self.n * self.channels * self.spatial
        self.tensor_bytes = self.elements * ELEMENT_BYTES[self.dtype]
        # The fraction of x that must be read: a dropped plane need not be. A call moves y, and of x
        # and an old y what is read.
        planes = self.layout in ("nchw", "droppath") or (self.layout, self.channels) == ("nhwc", 1)
        self.read_fraction = 1 - self.rate if planes and self.variant != "gaussian" else 1
        moved = 3 * self.read_fraction if self.variant == "accumulate" else 1 + self.read_fraction
        self.moved_bytes = moved * self.tensor_bytes
        # Names are paths: nchw/naive-avx2/f32/N32_C256_HW3136/p0.5, bound/scale/B102760448.
        self.what = self.layout + f"{self.block}" * (self.block > 1)
        self.what += f"-{self.variant}" * (self.variant != "plain")
        self.shape = {"nhwc": f"N{self.n}_HW{self.spatial}_C{self.channels}",
                      "elements": f"E{self.spatial}", "droppath": f"N{self.n}_E{self.spatial}",
                      }.get(self.layout, f"N{self.n}_C{self.channels}_HW{self.spatial}")
        self.tensor_id = f"{self.what}/{self.dtype}/{self.shape}/p{self.rate:g}"
        function = self.isa if self.kind == "library" else f"{self.kind}-{self.isa}"
        name = f"{self.what}/{function}/{self.dtype}/{self.shape}/p{self.rate:g}"
        if self.kind in WHOLE:
            name = f"{'bound/' * (self.kind != 'memcpy')}{self.kind}/B{self.tensor_bytes}"
        self.name = (f"{self.group}/" * (self.group != "table") + name
                     + f"/no-{self.without}" * (self.without != "nothing")
                     + f"/{self.threads}-threads" * (self.threads > 1)
                     + f"/{self.build}" * (self.build != "this"))

    def case(self):
        """The tensor for people."""
        if self.elements == 1:
            return "making a plan" if self.kind == "plan_init" else "a call on one element"
        what = {"nchw": f"NCHW, planes of {self.spatial}", "elements": "elementwise",
                "nhwc": f"NHWC, {self.channels} channels", "blocked": f"blocks of {self.block}",
                }[self.layout]
        return what + f", {self.variant}" * (self.variant != "plain") + f", rate {self.rate:g}"

    def harness_line(self):
        """What main.cpp reads. Under a single mask of few planes chance would decide how many
        bytes are moved, and the CPU would learn the mask by heart."""
        masks = self.masks or (20 if self.tensor_bytes <= MiB and not self.wall else 1)
        return " ".join(map(str, [
            self.name, f"{self.group}/{self.tensor_id}", f"{self.group}/{self.tensor_bytes}", self.isa,
            self.kind, self.dtype, self.layout, self.variant, self.n, self.channels, self.spatial,
            self.block, self.rate, masks, self.threads, self.wall, self.without, self.build]))

    def beside(self, *ignored, **fields):
        """The first row timed with this one that differs in the fields, or in any ignored way."""
        wanted = {name: getattr(self, name) for name in IDENTITY if name not in ignored} | fields
        return next((row for row in self.together if all(
            getattr(row, name) == value for name, value in wanted.items())), NO_ROW)

    def fastest(self, *kinds):
        """The time of the fastest of these loops over a whole tensor."""
        return min((row.time for row in self.together
                    if row.kind in kinds and row.threads == self.threads), default=math.nan)

    def bound(self):
        """L(p): the least time in which the bytes can be moved."""
        return (self.read_fraction * self.fastest("scale", "scale_nt")
                + (1 - self.read_fraction) * self.fastest("fill", "fill_nt"))


NO_ROW = Row("elements", 1, 1, 1)


def link(rows):
    """Tells every row its time, and which rows were timed with it."""
    together = collections.defaultdict(list)
    for row in rows:
        row.time = min(row.ns, default=math.nan)  # noise only adds time
        row.ns_per_element = row.time / row.elements
        row.together = together[row.group, row.tensor_bytes]
        row.together.append(row)


def bytes_text(count, _=None):
    for unit in ["B", "KiB", "MiB"]:
        if count < 1000:
            return f"{count:.{0 if count >= 10 or count == int(count) else 1}f} {unit}"
        count /= 1024
    return f"{count:.0f} GiB"
