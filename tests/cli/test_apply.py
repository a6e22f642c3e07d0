# SPDX-License-Identifier: MIT
"""test_apply.py DTYPE TOOL...: what `apply` writes, byte for byte."""
import random
import sys

import numpy as np
import tool

import contract

DTYPE = tool.first_argument()
NUMPY = {"f32": np.float32, "f64": np.float64, "f16": np.float16, "bf16": np.uint16}[DTYPE]
FLAGS = ["--bf16"] if DTYPE == "bf16" else []

# Small ones, and some that take several windows of 1 MiB, cut through each kind of axis.
CASES = [
    ((2, 8, 5, 7), (2, 8, 1, 1)),
    ((2, 5, 7, 8), (2, 1, 1, 8)),
    ((2, 3, 35, 8), (2, 3, 1, 8)),
    ((1000,), (1000,)),
    ((7, 33), (7, 1)),
    ((5, 40, 13), (1, 40, 1)),
    ((3, 4), (1, 1)),
    ((1, 1), (1, 1)),
    ((), ()),
    ((0, 3), (0, 1)),
    ((3, 0), (1, 0)),
    ((0,), (1,)),
    ((2, 2, 3, 2, 2, 3, 2, 2, 3, 2), (2, 2, 1, 2, 2, 1, 1, 2, 3, 1)),
    ((2, 1) * 9, (2, 1) * 9),
    ((1, 1, 700001), (1, 1, 700001)),
    ((1, 1, 700001), (1, 1, 1)),
    ((1, 2, 600001), (1, 2, 1)),
    ((1, 2, 600001), (1, 1, 600001)),
    ((1, 3, 250001, 2), (1, 3, 1, 2)),
    ((600001, 2), (600001, 1)),
    ((600001, 2), (1, 2)),
    ((3, 1000, 333), (1, 1000, 1)),
    ((3, 1000, 333), (3, 1, 333)),
    ((3, 1000, 333), (1, 1, 333)),
    ((3, 1000, 333), (3, 1000, 1)),
    ((3, 1000, 333), (3, 1000, 333)),
    ((2, 2, 2, 2, 60000, 3), (2, 1, 2, 1, 60000, 1)),
]
RATES = [0, 0.1, 0.5, 0.3, 0.9375, 1, 2**-32, 0.999]


def comma(shape):
    return ",".join(map(str, shape))


class Apply(tool.Test):
    def setUp(self):
        super().setUp()
        self.random = np.random.default_rng(1411)

    def any_bits(self, shape):
        """Every kind of number: NaNs, infinities and subnormals too, and not only them."""
        count = int(np.prod(shape))
        x = np.frombuffer(self.random.bytes(count * np.dtype(NUMPY).itemsize), NUMPY).copy()
        if DTYPE != "bf16":
            x[::2] = self.random.standard_normal(len(x[::2])).astype(NUMPY)
        return x.reshape(shape)

    def apply(self, x, noise, *options, version=(1, 0)):
        with open(self.path("in.npy"), "wb") as file:
            np.lib.format.write_array(file, x, version=version)
        arguments = ["--noise", comma(noise), *options, *FLAGS]
        self.run_well("apply", self.path("in.npy"), self.path("out.npy"), *arguments)
        y = np.load(self.path("out.npy"))
        self.assertEqual((y.dtype, y.shape), (x.dtype, x.shape))
        return y

    def assert_same(self, got, want, case):
        """Equal bytes; NaNs that were rounded to a narrower type need only be quiet NaNs."""
        if got.tobytes() == want.tobytes():
            return
        bits = np.dtype(f"u{got.itemsize}")
        differ = got.reshape(-1).view(bits) != want.reshape(-1).view(bits)
        if got.itemsize == 2:
            quiet = {"f16": 0x7E00, "bf16": 0x7FC0}[DTYPE]
            both = got.reshape(-1).view(bits) & want.reshape(-1).view(bits)
            differ &= both & quiet != quiet
        at = np.flatnonzero(differ)
        if len(at):
            values = got.reshape(-1)[at[0]], want.reshape(-1)[at[0]]
            self.fail(f"{case}: {len(at)} differ, first at {at[0]}: got, want = {values}")

    def check(self, x, noise, rate, seed, offset, *options, **more):
        scale = "--no-scale" not in options
        got = self.apply(
            x, noise, "--rate", repr(rate), "--seed", seed, "--offset", offset, *options, **more
        )
        want = contract.dropout(x, noise, rate, seed, offset, scale)
        self.assert_same(got, want, (x.shape, noise, rate, seed, offset, *options))

    def test_shapes_and_rates(self):
        numbers = random.Random(2014)
        for i, (shape, noise) in enumerate(CASES):
            for rate in (RATES[i % len(RATES)], 0.2):
                seed, offset = numbers.getrandbits(64), numbers.getrandbits(64)
                self.check(self.any_bits(shape), noise, rate, seed, offset)

    def test_every_rate(self):
        for rate in RATES:
            self.check(self.any_bits((2, 300, 11)), (2, 300, 1), rate, 1, 0)

    def test_no_scale(self):
        for rate in (0, 0.25, 0.7, 1):
            self.check(self.any_bits((2, 300, 11)), (2, 300, 1), rate, 2, 3, "--no-scale")

    def test_versions_of_the_format(self):
        for version in ((1, 0), (2, 0), (3, 0)):
            self.check(self.any_bits((4, 9)), (4, 1), 0.5, 7, 7, version=version)

    def test_instruction_sets(self):
        x = self.any_bits((3, 1000, 333))
        for line in tool.run("info").stdout.decode().splitlines():
            if line.startswith("  ") and " usable" in line and "not usable" not in line:
                self.check(x, (3, 1000, 1), 0.3, 5, 1, "--isa", line.split()[0])


if __name__ == "__main__":
    if DTYPE not in tool.info("element types:").split():
        print(f"skipped: this build of the library does not compute {DTYPE}")
        sys.exit(77)
    tool.main()
