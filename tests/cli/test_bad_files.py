# SPDX-License-Identifier: MIT
"""test_bad_files.py TOOL...: files that `apply` must refuse, each for its own reason."""
import io
import os
import struct

import numpy as np
import tool

GOOD = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }"
DATA = np.arange(6, dtype="<f4").tobytes()


def npy(header, data=DATA, version=(1, 0), length=None):
    text = header if isinstance(header, bytes) else header.encode()
    length = len(text) if length is None else length
    field = struct.pack("<H" if version[0] == 1 else "<I", length)
    return b"\x93NUMPY" + bytes(version) + field + text + data


def saved(array):
    file = io.BytesIO()
    np.save(file, array)
    return file.getvalue()


MALFORMED = [
    "",
    " ",
    "{}",
    "{",
    "[]",
    GOOD[1:],
    GOOD[:-1],
    GOOD + "}",
    GOOD + " x",
    GOOD + "\0",
    GOOD.replace("(2, 3)", "(2, 3"),
    GOOD.replace("(2, 3)", "((2, 3)"),
    GOOD.replace("(2, 3)", "2, 3)"),
    GOOD.replace("(2, 3)", "[2, 3]"),
    GOOD.replace("(2, 3)", "(6)"),
    GOOD.replace("(2, 3)", "(,)"),
    GOOD.replace("(2, 3)", "(2,,3)"),
    GOOD.replace("(2, 3)", "(2 3)"),
    GOOD.replace("(2, 3)", "(02, 3)"),
    GOOD.replace("(2, 3)", "(-2, 3)"),
    GOOD.replace("(2, 3)", "(2.0, 3)"),
    GOOD.replace("(2, 3)", "(2L, 3L)"),
    GOOD.replace("(2, 3)", "('2', 3)"),
    GOOD.replace("(2, 3)", "None"),
    GOOD.replace("(2, 3)", "(" + "1, " * 65 + ")"),
    GOOD.replace("'<f4'", "'<f4"),
    GOOD.replace("'<f4'", '\'<f4"'),
    GOOD.replace("'<f4'", "<f4"),
    GOOD.replace("'<f4'", "'<f4\n'"),
    GOOD.replace("'<f4'", "'<f\\x34'"),
    GOOD.replace("'<f4'", "'<f4\x7f'"),
    GOOD.replace("'<f4'", "'<f4\xe9'"),
    GOOD.replace("'<f4'", "'" + "f" * 40 + "'"),
    GOOD.replace("'<f4'", "[('a', '<f4')]"),
    GOOD.replace("False", "false"),
    GOOD.replace("False", "0"),
    GOOD.replace("False", "Falsely"),
    GOOD.replace("'shape'", "'shapes'"),
    GOOD.replace("'shape'", "shape"),
    GOOD.replace("'shape'", "'descr'"),
    GOOD.replace("'shape':", "'shape'"),
    GOOD.replace("'shape'", "'more': 1, 'shape'"),
    GOOD.replace("'<f4', ", "'<f4' "),
    GOOD.replace("'descr': '<f4', ", ""),
    GOOD.replace("'fortran_order': False, ", ""),
    GOOD.replace("'shape': (2, 3), ", ""),
    GOOD.replace("(2, 3), ", "(2, 3), 'shape': (2, 3)"),
    GOOD.replace("(2, 3), ", "(2, 3),, "),
]

OTHERS = {
    "it is not a .npy file": [
        b"",
        b"\x93NUMPY\x01",
        b"\x93NUMPX" + npy(GOOD)[6:],
        b"PK\x03\x04" + bytes(200),
    ],
    "its .npy version": [npy(GOOD, version=v) for v in ((0, 0), (4, 0), (1, 1), (255, 255))],
    "its header is cut short": [
        npy(GOOD)[:8],
        npy(GOOD)[:9],
        npy(GOOD, version=(2, 0))[:11],
        npy(GOOD)[:30],
        npy(GOOD, length=60000),
        npy(GOOD, version=(2, 0), length=65535),
    ],
    "its header is longer": [
        npy(GOOD, version=v, length=n) for v in ((2, 0), (3, 0)) for n in (65536, 2**31, 2**32 - 1)
    ],
    "its shape is too large": [
        npy(GOOD.replace("(2, 3)", shape))
        for shape in (
            "(1152921504606846976,)",
            "(4294967296, 4294967296)",
            "(18446744073709551615, 2)",
            "(18446744073709551618, 3)",
            "(" + "9" * 400 + ", 3)",
            "(0, 4294967296, 4294967296)",
        )
    ],
    "its dtype is": [
        npy(GOOD.replace("<f4", descr))
        for descr in (">f4", "=f4", "|f4", "f4", "<f16", "<u2", "<u4", "<i4", "|b1", "<c8", "|O", "")
    ],
    "it is in Fortran order": [saved(np.ones((2, 3), "f4", order="F"))],
    "its data is cut short": [npy(GOOD, b""), npy(GOOD, DATA[:-1]), npy(GOOD)[:-5]],
    "there are bytes after its data": [npy(GOOD, DATA + b"\0"), npy(GOOD) + npy(GOOD)],
}


class BadFiles(tool.Test):
    def refuse(self, content, about, *options):
        arguments = ["--noise", "1,1", "--rate", "0.5", "--seed", "1", *options]
        path = self.write("in.npy", content)
        self.run_refused("apply", path, self.path("out.npy"), *arguments, about=about)
        self.write("old.npy", b"precious")
        self.run_refused("apply", path, self.path("old.npy"), *arguments, about=about)
        with open(self.path("old.npy"), "rb") as file:
            self.assertEqual(file.read(), b"precious")

    def test_the_good_file_is_good(self):
        for header in (GOOD, GOOD.replace("'", '"'), GOOD.replace(" ", ""), GOOD + " " * 65000 + "\n"):
            for version in ((1, 0), (2, 0), (3, 0)):
                if version[0] > 1 or len(header) < 65536:
                    path = self.write("in.npy", npy(header, version=version))
                    words = ["--noise", "1,1", "--rate", "0", "--seed", "1"]
                    self.run_well("apply", path, self.path("out.npy"), *words)
                    with open(self.path("out.npy"), "rb") as file:
                        self.assertEqual(file.read(), saved(np.frombuffer(DATA, "<f4").reshape(2, 3)))

    def test_malformed_headers(self):
        for header in MALFORMED:
            with self.subTest(header=header):
                self.refuse(npy(header), "its header is malformed")

    def test_others(self):
        for about, contents in OTHERS.items():
            for number, content in enumerate(contents):
                with self.subTest(about=about, number=number):
                    self.refuse(content, about)

    def test_bf16_wants_uint16(self):
        self.refuse(npy(GOOD), "its dtype is '<f4', not '<u2', which --bf16 reads", "--bf16")

    def test_truncated_in_a_later_window(self):
        self.refuse(saved(np.ones((3, 200000), "f4"))[:-1], "its data is cut short")

    def test_no_file(self):
        arguments = ["--noise", "1,1", "--rate", "0.5", "--seed", "1"]
        out = self.path("out.npy")
        self.run_refused("apply", self.path("none.npy"), out, *arguments, about="No such file")
        self.run_refused("apply", self.folder, out, *arguments, about="Is a directory")

    def test_no_place_for_output(self):
        path = self.write("in.npy", npy(GOOD))
        arguments = ["--noise", "1,1", "--rate", "0.5", "--seed", "1"]
        os.mkfifo(self.path("fifo"))
        os.symlink("loop", self.path("loop"))
        for out, about in (
            (self.folder, "not a regular file"),
            (self.path("fifo"), "not a regular file"),
            (self.path("loop"), "Too many levels of symbolic links"),
            (self.path("none/out.npy"), "No such file"),
            (path + "/out.npy", "Not a directory"),
            ("", "No such file"),
        ):
            self.run_refused("apply", path, out, *arguments, about=about)


tool.main()
