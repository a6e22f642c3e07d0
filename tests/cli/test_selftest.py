# SPDX-License-Identifier: MIT
"""test_selftest.py TOOL...: `selftest` of a tool whose forward can be broken on one instruction set
(broken_forward.c) says so."""
import os
import re

import tool


def selftest(isa="", draws=""):
    """The exit code, and what is said of each usable instruction set."""
    environment = {**os.environ, "BROKEN_ISA": isa, "BROKEN_DRAWS": draws}
    done = tool.run("selftest", env=environment)
    lines = [line.split(maxsplit=1) for line in done.stdout.decode().splitlines()]
    return done.returncode, {isa: said for isa, said in lines if said != "not usable here"}


class Selftest(tool.Test):
    def setUp(self):
        super().setUp()
        code, said = selftest()
        self.assertEqual((code, set(said.values())), (0, {"ok"}))
        *self.others, self.plainest = said

    def test_golden_masks(self):
        for isa in (*self.others, self.plainest):
            code, said = selftest(isa, "0")
            self.assertEqual(code, 1)
            self.assertEqual(said[isa], "FAILED: golden mask 0, rate 0.5")

    def test_tensors(self):
        for isa in self.others:
            code, said = selftest(isa, "1000")
            self.assertEqual(code, 1)
            self.assertEqual({other for other in said if said[other] != "ok"}, {isa})
            self.assertEqual(said[isa], "FAILED: f32, forward, tensor 0, rate 0")

    def test_tensors_of_the_plainest(self):
        """All differ from it, and it differs from the golden hash."""
        code, said = selftest(self.plainest, "1000")
        self.assertEqual(code, 1)
        for isa in self.others:
            self.assertEqual(said[isa], "FAILED: f32, forward, tensor 0, rate 0")
        self.assertIn("FAILED: f32, golden hash of all outputs: ", said[self.plainest])

    def test_every_instruction_set_has_a_line(self):
        listed = re.findall(r"(?m)^  (\w+)", tool.run("info").stdout.decode())
        lines = tool.run("selftest").stdout.decode().splitlines()
        self.assertEqual([line.split()[0] for line in lines], listed)


tool.main()
