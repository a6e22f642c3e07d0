# SPDX-License-Identifier: MIT
"""test_info.py TOOL...: `info`, and the choice of an instruction set."""
import os
import re

import tool


def with_isa(name):
    return {"env": {**os.environ, "PLANEDROP_ISA": name}}


class Info(tool.Test):
    def lines_of_isas(self, **options):
        lines = self.run_well("info", **options).decode().splitlines()
        start = lines.index("instruction sets, best first:") + 1
        return [line.strip() for line in lines[start:-1]]

    def test_headings(self):
        text = self.run_well("info").decode()
        self.assertRegex(text, r"\Aplanedrop \d+\.\d+\.\d+\nlast-level cache: .+\n")
        self.assertRegex(tool.info("element types:"), r"\Af32( bf16)?( f16)?( f64)?\Z")
        self.assertEqual(self.run_well("--version").decode(), text.split("\n")[0] + "\n")

    def test_each_is_usable_or_says_what_is_missing(self):
        missing = set(tool.info("features looked at, missing:").split(", "))
        for line in self.lines_of_isas():
            word, lacking = re.fullmatch(
                r"(\w+) +(?:usable(?:, chosen \(the best usable\))?|not usable here, missing: (.+))", line
            ).groups()
            self.assertTrue(lacking is None or set(lacking.split(", ")) <= missing, word)

    def test_the_best_is_chosen(self):
        usable = [line for line in self.lines_of_isas() if " usable" in line and "not" not in line]
        self.assertRegex(usable[0], r"usable, chosen \(the best usable\)$")
        self.assertFalse([line for line in usable[1:] if "chosen" in line])

    def test_the_environment_chooses(self):
        lines = self.lines_of_isas(**with_isa("scalar"))
        self.assertRegex(lines[-1], r"^scalar +usable, chosen \(PLANEDROP_ISA\)$")
        self.assertFalse([line for line in lines[:-1] if "chosen" in line])

    def test_the_environment_is_wrong(self):
        about = "PLANEDROP_ISA=abacus: "
        output = self.run_refused("info", about=about, **with_isa("abacus"))
        self.assertNotIn(b"chosen", output)
        self.run_refused("mask", "--shape=2", "--rate=0.5", "--seed=1", **with_isa("abacus"))


tool.main()
