# SPDX-License-Identifier: MIT
"""Runs the tool under test, whose command is the last of a script's arguments (more than one word
where it runs in an emulator), each test in a folder of its own."""
import os
import subprocess
import sys
import tempfile
import unittest

COMMAND = sys.argv[1:]


def first_argument():
    """Takes an argument that comes before the tool's command."""
    return COMMAND.pop(0)


def run(*arguments, **options):
    """The finished process; its output is bytes."""
    words = [*COMMAND, *map(str, arguments)]
    return subprocess.run(words, capture_output=True, check=False, timeout=120, **options)


def info(heading):
    """The rest of the line of `planedrop info` that starts with the heading."""
    for line in run("info").stdout.decode().splitlines():
        if line.startswith(heading):
            return line[len(heading) :].strip()
    raise AssertionError(f"info has no line '{heading}'")


class Test(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, content):
        with open(self.path(name), "wb") as file:
            file.write(content)
        return self.path(name)

    def run_well(self, *arguments, **options):
        """Runs the tool, which must succeed without a word on stderr. Returns its output."""
        done = run(*arguments, **options)
        self.assertEqual((done.returncode, done.stderr), (0, b""), arguments)
        return done.stdout

    def run_refused(self, *arguments, about="", **options):
        """Runs the tool, which must exit with 2, say one line about it, and leave no file behind."""
        before = set(os.listdir(self.folder))
        done = run(*arguments, **options)
        self.assert_refused(done, about)
        self.assertEqual(set(os.listdir(self.folder)), before, arguments)
        return done.stdout

    def assert_refused(self, done, about=""):
        message = done.stderr.decode()
        self.assertEqual(done.returncode, 2, (done.args, message))
        self.assertRegex(message, r"\Aplanedrop: [^\n]+\n\Z", done.args)
        self.assertIn(about, message)


def main():
    unittest.main(argv=sys.argv[:1])
