# SPDX-License-Identifier: MIT
"""test_usage.py TOOL...: right and wrong command lines."""
import numpy as np
import tool


class Usage(tool.Test):
    def setUp(self):
        super().setUp()
        np.save(self.path("in.npy"), np.ones((2, 3, 4), "f4"))
        files = [self.path("in.npy"), self.path("out.npy")]
        self.apply = ["apply", *files, "--noise", "2,3,1", "--rate", "0.5", "--seed", "1"]
        self.mask = ["mask", "--shape", "2,3", "--rate", "0.5", "--seed", "1"]

    def test_help(self):
        text = self.run_well("--help")
        self.assertTrue(text.startswith(b"usage: planedrop COMMAND"))
        for command in ("apply", "mask", "info", "selftest"):
            self.assertEqual(self.run_well(command, "--help"), text)
            self.assertIn(f"\n  {command} ".encode(), text)

    def test_ways_to_write_it(self):
        want = self.run_well(*self.mask)
        for words in (
            ["--shape=2,3", "--rate=0.5", "--seed=1"],
            ["--seed", "0x1", "--rate", ".5", "--shape", "0x2,03", "--offset=0"],
            ["--seed", "9", "--seed", "1", "--rate", "5e-1", "--shape", "2,3", "--"],
        ):
            self.assertEqual(self.run_well("mask", *words), want)
        self.assertNotEqual(self.run_well(*self.mask, "--offset", 1), want)

    def test_wrong_usage(self):
        hint = "; see planedrop --help"
        for words in (
            [],
            ["frobnicate"],
            ["info", "more"],
            ["info", "--rate", "0.5"],
            ["selftest", "more"],
            ["apply"],
            ["mask", "--rate", "0.5", "--seed", "1"],
            ["mask", "--shape", "2", "--seed", "1"],
            ["mask", "--shape", "2", "--rate", "0.5"],
            ["mask", "--shape", "2", "--rate", "0.5", "--seed"],
            self.apply[:2],
            self.apply[:1] + self.apply[3:],
            [*self.apply, "another.npy"],
            [*self.apply, "--no-scale=1"],
            [*self.apply, "--", "--bf16"],
            [*self.apply, "-x"],
            [*self.apply, "--nois", "2,3,1"],
            [*self.apply, "--out", "x.npy"],
            [*self.mask, "--noise", "1"],
        ):
            self.run_refused(*words, about=hint)

    def test_wrong_values(self):
        numbers = ["", " 1", "-1", "+1", "1.5", "1x", "x", "0x", "0xg", "18446744073709551616"]
        shapes = ["2,", ",2", "2,,3", "2;3", "-2", "2, 3", "a", "1" + ",1" * 64]
        shapes += ["4294967296,4294967296", "18446744073709551616", "0,1152921504606846976"]
        for option, values in (
            ("--seed", numbers),
            ("--offset", numbers),
            ("--rate", ["", "half", "nan", "inf", "0.5 ", " 0.5", "0,5", "-0.5"]),
            ("--shape", shapes),
        ):
            for value in values:
                self.run_refused(*self.mask, option, value, about=f"{option} cannot be '{value}'")
        for rate in ("1.0000001", "1e999"):
            self.run_refused(*self.mask, "--rate", rate, about="rate must be in [0, 1]")
            self.run_refused(*self.apply, "--rate", rate, about="rate must be in [0, 1]")
        for words in (self.mask, self.apply):
            self.run_refused(*words, "--isa", "abacus", about="instruction set")

    def test_noise_that_does_not_fit(self):
        for noise in ("2,3", "2,3,2", "1,2,1", "0,1,1", "2,3,1,1", ""):
            self.run_refused(*self.apply, "--noise", noise, about="its shape (2, 3, 4)")
        np.save(self.path("in.npy"), np.ones((2,) * 9, "f4"))
        self.run_refused(*self.apply, "--noise", "2,1,2,1,2,1,2,1,2", about="at most 8 runs")


tool.main()
