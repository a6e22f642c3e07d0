# SPDX-License-Identifier: MIT
"""test_mask.py TOOL...: what `mask` prints and writes; and contract.py against the golden masks."""
import os
import subprocess

import numpy as np
import tool

import contract

VECTORS = os.path.join(os.path.dirname(__file__), "..", "vectors", "native_bernoulli.txt")
CASES = [
    ((2, 64, 1, 1), 0.2, 1, 0),
    ((3, 5), 0.5, 2**64 - 1, 2**64 - 1),
    ((7,), 0.1, 3, 4),
    ((), 0.5, 0, 0),
    ((3, 1, 40), 1, 1, 1),
    ((3, 1, 40), 0, 1, 1),
    ((2, 0, 3), 0.5, 1, 1),
    ((3, 1000, 70), 0.3, 5, 6),  # several windows
]


class Mask(tool.Test):
    def test_the_contract_itself(self):
        with open(VECTORS, encoding="ascii") as file:
            rows = [line.split() for line in file if not line.startswith("#")]
        self.assertGreater(len(rows), 10)
        for seed, offset, first, draws, rate, _, *words in rows:
            numbers = [int(text, 16) for text in (seed, offset, first)]
            keep = contract.keep_row(int(draws), float(rate), *numbers[:2], first=numbers[2])
            packed = np.packbits(np.pad(keep, (0, -len(keep) % 32)), bitorder="little")
            self.assertEqual([f"{word:08x}" for word in packed.view("<u4")], words)

    def arguments(self, shape, rate, seed, offset):
        sizes = ",".join(map(str, shape))
        return ["mask", "--shape", sizes, "--rate", rate, "--seed", seed, "--offset", offset]

    def test_text(self):
        for case in CASES:
            keep = contract.keep(*case)
            rows = keep.reshape(-1, keep.shape[-1]) if keep.size and keep.ndim else keep.reshape(-1, 1)
            want = "".join("".join("01"[bit] for bit in row) + "\n" for row in rows.astype(int))
            self.assertEqual(self.run_well(*self.arguments(*case)).decode(), want, case)

    def test_file(self):
        for case in CASES:
            self.run_well(*self.arguments(*case), "--out", self.path("mask.npy"))
            got, want = np.load(self.path("mask.npy")), contract.keep(*case)
            self.assertEqual((got.dtype, got.shape), (want.dtype, want.shape))
            self.assertTrue((got == want).all(), case)

    def test_instruction_set(self):
        case = self.arguments((2, 64), 0.3, 1, 0)
        self.assertEqual(self.run_well(*case, "--isa", "scalar"), self.run_well(*case))

    def test_refused(self):
        case = self.arguments((2, 64), 1.5, 1, 0)
        self.run_refused(*case, about="rate")
        self.run_refused(*case, "--out", self.path("mask.npy"), about="rate")

    def test_standard_output_is_full(self):
        for shape in ((2, 3), (10**9, 1000)):  # seen at the end, and on the way
            with open("/dev/full", "wb") as full:
                words = [*tool.COMMAND, *map(str, self.arguments(shape, 0.5, 1, 0))]
                done = subprocess.run(
                    words, stdout=full, stderr=subprocess.PIPE, check=False, timeout=60
                )
            self.assert_refused(done, "standard output: No space left")


tool.main()
