# SPDX-License-Identifier: MIT
"""test_output.py TOOL...: the output file appears whole or not at all, memory stays bounded, and
progress is shown on a terminal only."""
import os
import pty
import resource
import signal
import stat
import subprocess
import time

import numpy as np
import tool

OPTIONS = ["--noise", "1,1", "--rate", "1", "--seed", "1"]
MEBI = 1 << 20


class Output(tool.Test):
    def setUp(self):
        super().setUp()
        self.source, self.out = self.path("in.npy"), self.path("out.npy")
        np.save(self.source, np.ones((2, 3), "f4"))
        self.words = [*tool.COMMAND, "apply", self.source, self.out, *OPTIONS]

    def apply(self, source, out):
        self.run_well("apply", source, out, *OPTIONS)
        return np.load(out)

    def large(self, mebibytes):
        """A file of zeros that takes no space on disk."""
        np.save(self.source, np.ones((0, MEBI // 4), "f4"))
        with open(self.source, "r+b") as file:
            header = file.read().replace(b"(0, 2", b"(%d, 2" % mebibytes)
            header = header[:128].rstrip() + b" " * 128
            file.seek(0)
            file.write(header[:127] + b"\n")
            file.truncate(128 + mebibytes * MEBI)

    def test_in_may_be_out(self):
        self.assertFalse(self.apply(self.source, self.source).any())
        self.assertEqual(os.listdir(self.folder), ["in.npy"])

    def test_a_link_stays_one(self):
        os.mkdir(self.path("real"))
        np.save(self.path("real/old.npy"), np.ones(3))
        os.symlink("real/old.npy", self.out)
        self.assertFalse(self.apply(self.source, self.out).any())
        self.assertTrue(os.path.islink(self.out))
        self.assertEqual(np.load(self.path("real/old.npy")).shape, (2, 3))

    def test_a_name_without_a_folder(self):
        words = ["apply", "in.npy", "out.npy", *OPTIONS]
        self.run_well(*words, cwd=self.folder)
        self.assertEqual(np.load(self.out).shape, (2, 3))

    def test_permissions(self):
        before = os.umask(0o027)
        try:
            self.apply(self.source, self.out)
            self.assertEqual(stat.S_IMODE(os.stat(self.out).st_mode), 0o640)
            os.chmod(self.out, 0o604)
            self.apply(self.source, self.out)
            self.assertEqual(stat.S_IMODE(os.stat(self.out).st_mode), 0o604)
        finally:
            os.umask(before)

    def test_signals(self):
        """The input is a pipe that stays open, so the tool waits in the middle of its work."""
        fifo = self.path("fifo.npy")
        os.mkfifo(fifo)
        with open(self.source, "rb") as file:
            header = file.read()[:-1]
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM):
            words = [*tool.COMMAND, "apply", fifo, self.out, *OPTIONS]
            process = subprocess.Popen(words, stderr=subprocess.PIPE)
            pipe = os.open(fifo, os.O_RDWR)  # does not wait for a reader
            os.write(pipe, header)
            while len(os.listdir(self.folder)) == 2:  # until there is a temporary file
                self.assertIsNone(process.poll())
                time.sleep(0.01)
            process.send_signal(number)
            _, message = process.communicate(timeout=60)
            os.close(pipe)
            self.assertEqual((process.returncode, message), (-number, b""))
            self.assertEqual(set(os.listdir(self.folder)), {"fifo.npy", "in.npy"})

    def test_input_from_a_pipe(self):
        with open(self.source, "rb") as file:
            content = file.read()
        for end, about in ((len(content), None), (len(content) - 1, "its data is cut short")):
            words = ["apply", "/dev/stdin", self.out, *OPTIONS]
            if about is None:
                self.run_well(*words, input=content[:end])
                os.unlink(self.out)
            else:
                self.run_refused(*words, input=content[:end], about=about)

    def test_no_space_left(self):
        """A file-size limit stands for a full disk."""
        words = ["apply", self.source, self.out, *OPTIONS]
        limit = {"preexec_fn": lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))}
        ignored = {"restore_signals": False}  # Python ignores SIGXFSZ: the tool sees an error
        self.run_refused(*words, about="File too large", **limit, **ignored)  # when it is closed
        self.large(3)
        self.run_refused(*words, about="File too large", **limit, **ignored)  # on the way
        self.assertEqual(tool.run(*words, **limit).returncode, -signal.SIGXFSZ)
        self.assertEqual(os.listdir(self.folder), ["in.npy"])

    def peak(self):
        process = subprocess.Popen(self.words)
        _, status, usage = os.wait4(process.pid, 0)
        self.assertEqual(status, 0)
        return usage.ru_maxrss // 1024

    def test_memory_is_bounded(self):
        small = self.peak()
        self.large(96)
        self.assertLess(self.peak(), small + 16)
        self.assertEqual(os.path.getsize(self.out), os.path.getsize(self.source))

    def on_terminal(self, code=0):
        main, terminal = pty.openpty()
        process = subprocess.Popen(self.words, stderr=terminal)
        os.close(terminal)
        shown = b""
        try:
            while piece := os.read(main, 1000):
                shown += piece
        except OSError:  # the terminal's other end is closed
            pass
        os.close(main)
        self.assertEqual(process.wait(60), code)
        return shown

    def test_progress(self):
        self.assertEqual(self.on_terminal(), b"")
        self.large(65)
        self.assertRegex(self.on_terminal(), rb"\A(\rplanedrop: +\d+%)+\rplanedrop: 100%\r\x1b\[K\Z")
        self.run_well(*self.words[len(tool.COMMAND) :])
        os.truncate(self.source, os.path.getsize(self.source) - 1)
        self.assertRegex(self.on_terminal(2), rb"%\r\x1b\[Kplanedrop: .+: its data is cut short\r\n\Z")


tool.main()
