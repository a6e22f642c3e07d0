# SPDX-License-Identifier: MIT
"""test_fuzz.py TOOL...: headers corrupted at random. The tool refuses with one line and leaves
nothing behind, or reads what NumPy reads. PLANEDROP_TEST_SEED and PLANEDROP_TEST_CASES as in the
other random tests."""
import io
import os
import random

import numpy as np
import tool

SEED = int(os.environ.get("PLANEDROP_TEST_SEED", random.randrange(2**32)))
CASES = int(os.environ.get("PLANEDROP_TEST_CASES", 1000))
PIECES = [b"(", b")", b"{", b"}", b"'", b'"', b",", b":", b" ", b"\n", b"\0", b"0", b"1", b"3", b"\\"]
PIECES += [b"'shape'", b"'descr'", b"'<f4'", b"'<f8'", b"True", b"False", b"(3,)", b"-", b"\xff", b"L"]


def corrupt(numbers, content):
    """One to three changes, most of them within the header."""
    content = bytearray(content)
    for _ in range(numbers.randint(1, 3)):
        at = numbers.randrange(min(len(content), numbers.choice([12, 90, 300])))
        kind = numbers.randrange(5)
        if kind == 0:
            content[at] = numbers.randrange(256)
        elif kind == 1:
            content[at] ^= 1 << numbers.randrange(8)
        elif kind == 2:
            del content[at : at + numbers.randint(1, 4)]
        elif kind == 3:
            piece = numbers.choice(PIECES)
            content[at : at + len(piece) * numbers.randrange(2)] = piece
        else:
            piece = bytes(content[at : at + numbers.randrange(12)])
            to = numbers.randrange(len(content))
            content[to : to + len(piece)] = piece
        if not content:
            break
    return bytes(content)


class Fuzz(tool.Test):
    def make(self, numbers):
        shape = tuple(numbers.randint(1, 4) for _ in range(3))
        array = np.full(shape, 1.5, numbers.choice(["<f2", "<f4", "<f8"]))
        file = io.BytesIO()
        np.lib.format.write_array(file, array, version=(numbers.randint(1, 3), 0))
        return file.getvalue()

    def test_corrupted(self):
        print(f"PLANEDROP_TEST_SEED={SEED} PLANEDROP_TEST_CASES={CASES}", flush=True)
        accepted = 0
        for case in range(CASES):
            numbers = random.Random(f"{SEED} {case}")
            content = corrupt(numbers, self.make(numbers))
            path, out = self.write("in.npy", content), self.path("out.npy")
            words = ["apply", path, out, "--noise", "1,1,1", "--rate", "0", "--seed", "1"]
            with self.subTest(case=case, content=content):
                done = tool.run(*words)
                if done.returncode == 0:
                    accepted += 1
                    want, got = np.load(path), np.load(out)
                    self.assertEqual((got.dtype, got.shape), (want.dtype, want.shape))
                    self.assertEqual(got.tobytes(), want.tobytes())
                    os.unlink(out)
                else:
                    self.assert_refused(done)
                    self.assertEqual(os.listdir(self.folder), ["in.npy"])
        print(f"{accepted} of {CASES} accepted")
        self.assertTrue(0 < accepted < CASES / 2)


tool.main()
