# SPDX-License-Identifier: MIT
"""planedrop_bench: has planedrop_measure check and time rows, writes the samples as JSON, prints
tables and draws plots. The exit code is 1 if any output was wrong, 2 for a bad command line."""
import argparse
import collections
import dataclasses
import datetime
import json
import pathlib
import re
import subprocess
import sys

sys.dont_write_bytecode = True  # leaves nothing in the source tree
import cases
import report
import targets


def parse(arguments):
    parser = argparse.ArgumentParser(
        prog="planedrop_bench", allow_abbrev=False, epilog="Other flags that begin with "
        "--benchmark_ go to Google Benchmark: --benchmark_min_time=SECONDS, of a sample.")
    add = parser.add_argument
    add("--targets", action="store_true", help="what is to be reached, and what is")
    add("--performance", action="store_true", help="time by plane size, and what techniques bring")
    add("--quick", action="store_true",
        help="fewer samples; by default also fewer shapes, and rate 0.5 only: 10 seconds")
    add("--filter", "--benchmark_filter", metavar="REGEX", default="",
        help="rows whose name it is found in and what they are compared with, of all shapes, rates"
        " and element types (all: every row); in other modes groups whose name it is found in")
    add("--compare", metavar="LIBRARY.so", default="",
        help="time another build of planedrop beside this one, row by row")
    add("--out", metavar="PREFIX", default="planedrop_bench",
        help="write PREFIX.json and PREFIX.svg; other modes write PREFIX-targets.json and so on")
    add("--benchmark_list_tests", nargs="?", const="true", help="list the rows")
    add("--benchmark_repetitions", metavar="N", type=int, help="the number of samples of each row")
    options, rest = parser.parse_known_args(arguments)
    try:
        options.filter = re.compile(options.filter)
    except re.error as error:
        parser.error(f"bad filter: {error}")
    if not all(argument.startswith("--benchmark_") for argument in rest):
        parser.error(f"unknown: {' '.join(rest)}")
    return options, rest


def comes_along(row, picked, baseline):
    """Whether the default run's table sets the row beside the picked row of the library."""
    if not picked.is_library or row.tensor_bytes != picked.tensor_bytes:
        return False
    return row.kind in cases.WHOLE or (
        row.tensor_id == picked.tensor_id and row.isa in (picked.isa, baseline))


def rows_of(mode, machine, options):
    pattern = options.filter.pattern
    everything = pattern != "" and not options.quick
    made = (targets.target_rows(machine) if mode == "targets"
            else cases.performance_rows(machine) if mode == "performance"
            else cases.table_rows(machine, options.quick, everything))
    rows = list({row.name: row for row in made if row.kind != "sleef" or machine["sleef"]}.values())
    picked = [row for row in rows if pattern == "all" or
              options.filter.search(row.name if mode == "table" else row.group)]
    if options.compare:
        return [dataclasses.replace(row, build=build) for row in picked if row.is_library
                and row.without == "nothing" for build in ("this", "other")]
    names = {row.name for row in picked}
    return [row for row in rows if row.name in names or mode == "table" and any(
        comes_along(row, other, machine["isas"][-1]) for other in picked)]


def machine_of(harness):
    """What the harness says about the library and the CPU."""
    said = collections.defaultdict(list)
    text = subprocess.check_output([harness, "--machine"], text=True)
    for word, *values in map(str.split, text.splitlines()):
        said[word].append(values)
    for isa, usable in said["isa"]:
        if usable == "0":
            print(f"SKIPPED: {isa} is compiled in, but this CPU cannot run it")
    if said["gaussian"] != said["sleef"]:
        print("SKIPPED: rows named sleef need FMA, which this CPU lacks")
    cpu = re.search(r"model name\s*: (.*)", pathlib.Path("/proc/cpuinfo").read_text("utf-8"))
    return {"version": said["version"][0][0], "gaussian": said["gaussian"] == [["1"]],
            "sleef": said["sleef"] == [["1"]],
            "isas": [isa for isa, usable in said["isa"] if usable == "1"],
            "caches": [(level, int(size)) for level, size in said["cache"]],
            "cpu": cpu.group(1) if cpu else "an unnamed CPU", "date": str(datetime.date.today())}


def measure(command, rows):
    """Has the harness put samples or an error into every row. Returns its exit code."""
    lines = "".join(row.harness_line() + "\n" for row in rows)
    done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, text=True, check=False)
    for row, line in zip(rows, done.stdout.splitlines()):
        if line.startswith("!"):
            row.error = line[2:]
        else:
            row.ns = [float(ns) for ns in line.split()]
    return done.returncode


def write_json(path, context, rows):
    """All fields of the rows; and for other readers what follows from them."""
    fields = [{"name": row.name, "tensor_bytes": row.tensor_bytes, "moved_bytes": row.moved_bytes}
              | dataclasses.asdict(row) for row in rows]
    with open(path, "w", encoding="utf-8") as file:
        file.write(json.dumps(context | {"rows": fields}).replace('{"name', '\n{"name'))


def main(harness, arguments):
    options, benchmark_flags = parse(arguments)
    machine = machine_of(harness)
    mode = "targets" if options.targets else "performance" if options.performance else "table"
    rows = rows_of(mode, machine, options)
    if not rows:
        print(f"nothing matches {options.filter.pattern}", file=sys.stderr)
        return 2
    if options.benchmark_list_tests:
        print(*(row.name for row in rows), sep="\n")
        return 0
    mode = "compare" if options.compare else mode
    usual = 7 if options.quick else 25 if options.compare else 15
    samples = options.benchmark_repetitions or usual
    print(f"planedrop {machine['version']}: {len(rows)} rows, {samples} samples of each, in random "
          "order among rows of as many bytes", flush=True)
    command = [harness, "--repetitions", str(samples), *benchmark_flags]
    status = measure(command + ["--other", options.compare] * (mode == "compare"), rows)
    if status != 0:
        return status
    context = machine | {"mode": mode, "samples": samples, "other": options.compare}
    stem = options.out + f"-{mode}" * (mode != "table")
    write_json(stem + ".json", context, rows)
    return report.report(context, rows, stem)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
