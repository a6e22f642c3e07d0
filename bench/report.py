# SPDX-License-Identifier: MIT
"""The tables of planedrop_bench. README.md says how to read them."""
import collections
import math
import statistics
import sys

from rows import ELEMENT_BYTES, bytes_text, link
from targets import TARGETS

MANY, WORST = 20, 3  # of a target with more lines than many only the worst are printed
TABLE_CASES = 16  # of so few cases every one is printed
ABOVE, BELOW = 1.03, 0.97  # what --compare counts as slower and faster
LEGEND = """
Dropout, one thread; f32 and rate 0.5 where no others are named.
GB/s: y written and x read (nchw and droppath: only where it is kept).
x {0}, x naive, x memcpy: how many times as fast as the library's own {0}
kernels, as a plain C loop compiled for the same instruction set, as a memcpy.
bound: the least possible time over the time (README.md defines it). A little above
100% is noise; more, where skipped reads leave more room in a cache.
"""


def digits(value, *limits):
    """With as many digits behind the point as there are limits above the value."""
    return "-" if math.isnan(value) else f"{value:.{sum(value < limit for limit in limits)}f}"


def mean(values):
    """The geometric mean of those that are numbers."""
    logs = [math.log(value) for value in values if not math.isnan(value)]
    return math.exp(statistics.fmean(logs)) if logs else math.nan


def results_of(row, baseline):
    """ns an element, GB/s, times as fast as baseline, naive loop and memcpy, fraction of the bound"""
    beside = [row.beside(isa=baseline).time, row.beside(kind="naive").time, row.fastest("memcpy")]
    return [row.ns_per_element, row.moved_bytes / row.time, *(time / row.time for time in beside),
            row.bound() / row.time]


def table_line(width, title, place, isa, results):
    ns, rate, *ratios, fraction = results
    times = [(digits(ratio, 99.95, 9.95) + "x").replace("-x", "-") for ratio in ratios]
    ns = digits(ns, math.inf, math.inf, math.inf, 0.9995)
    return (f"{title:{width}} {place:13} {isa:7} {ns:>7} {digits(rate, 99.95):>6} "
            f"{times[0]:>8} {times[1]:>8} {times[2]:>8} {100 * fraction:4.0f}%")


def print_table(context, rows):
    isas, baseline = context["isas"], context["isas"][-1]
    ours = [row for row in rows if row.kind == "library" and row.group == "table"]
    few = len({row.tensor_id for row in ours}) <= TABLE_CASES
    shown = [row for row in ours if few or row.in_table]
    titles = [f"{row.what} {row.dtype + ' ' if row.dtype != 'f32' else ''}{row.shape}"
              + f" p{row.rate:g}" * (row.rate != 0.5) for row in shown]
    width = max(map(len, titles + ["geometric mean, 100 bf16"]))
    print(LEGEND.format(baseline))
    print(f"{'case':{width}} {'x and y':13} {'isa':7} ns/elem   GB/s {'x ' + baseline:>8}  x naive "
          "x memcpy bound")
    last = None
    for title, row in zip(titles, shown):
        is_first = last is None or last.tensor_id != row.tensor_id
        footprint = 2 * row.tensor_bytes
        level = next((level for level, size in context["caches"] if footprint <= size), "DRAM")
        place = "WRONG OUTPUT" if row.error else f"{bytes_text(footprint)}, {level}" * is_first
        if last and (last.dtype, last.variant) != (row.dtype, row.variant):
            print()
        print(table_line(width, title * is_first, place, row.isa, results_of(row, baseline)))
        last = row
    print()
    for dtype in ELEMENT_BYTES:
        title = "geometric mean, {} " + dtype
        for isa in isas:
            results = [results_of(row, baseline) for row in ours if not row.error and
                       (row.isa, row.dtype, row.variant) == (isa, dtype, "plain")]
            if results:
                means = [mean(column) for column in zip(*results)]
                print(table_line(width, title.format(len(results)), "", isa, means))
                title = ""
    fixed = [row for row in rows if row.group == "fixed"]
    for row in fixed:
        print("\n" * (row is fixed[0]) + f"{row.case() + ', ' + row.isa:36} {row.time:5.0f} ns")


def target_line(row, line, best):
    """The ratio of what is measured to the limit, and the text."""
    value, limit = line.measure(row), "-" if math.isinf(line.limit) else f"{line.limit:.2f}"
    ratio = value / line.limit
    mark = ("WRONG OUTPUT" if row.error else "NOT MEASURED" if math.isnan(ratio)
            else "" if limit == "-" else "met" if ratio <= 1
            else f"SHORT by {digits(100 * (ratio - 1), 9.95)}%")
    case = ", ".join([row.case()] + [bytes_text(row.tensor_bytes)] * (row.elements > 1)
                     + [row.dtype] * (row.dtype != "f32") + [row.isa] * (row.isa != best))
    return ratio, f"  {case:56} {limit:>7} {digits(value, 99.95, 9.995, 9.995):>10}  {mark}"


def print_targets(context, rows):
    best, by_name = context["isas"][0], {row.name: row for row in rows}
    met = judged = 0
    print(f"\n  {f'{best} and f32 if no others are named':56} at most   measured")
    for group, title, of_group in TARGETS:
        lines = [target_line(by_name[row.name], line, best) for line in of_group if line.measure
                 for row in line.expanded(group, context["isas"]) if row.name in by_name]
        met_here = sum(0 < ratio <= 1 for ratio, _ in lines)  # NaN: not measured; 0: no limit
        met, judged = met + met_here, judged + sum(ratio > 0 for ratio, _ in lines)
        if lines:
            print(f"\n{title}")
        if len(lines) > MANY:
            print(f"  {len(lines)} cases, {met_here} of them met; the worst:")
            lines = sorted(lines, key=lambda line: (not math.isnan(line[0]), -line[0]))[:WORST]
        for _, line in lines:
            print(line)
    print(f"\n{met} of {judged} met. NEON is not timed here: see bench/mca.py.")


def curves_of(rows):
    """{(rate, elements of a plane): the time over L(p)}"""
    return {(row.rate, row.spatial): row.time / row.bound() for row in rows
            if row.group == "planes" and row.is_library and row.ns}


def ablation_of(rows):
    """{case: {technique: ns an element without it}}, of the techniques that the plan uses."""
    cases = collections.defaultdict(dict)
    for row in rows:
        if row.group == "ablation" and row.ns:
            cases[row.case()][row.without] = row.ns_per_element
    return cases


def print_performance(context, rows):
    curves, ablation, best = curves_of(rows), ablation_of(rows), context["isas"][0]
    if curves:
        rates = sorted({rate for rate, _ in curves})
        print(f"\nNCHW, f32, 256 MiB, {best}, one thread: the time over L(p)\n  planes of ",
              *(f"  rate {rate:g}" for rate in rates))
        for plane in sorted({plane for _, plane in curves}):
            times = [curves.get((rate, plane), math.nan) for rate in rates]
            print(f"  {plane:<10}", *(f"{time:10.3f}" for time in times))
    if ablation:
        techniques = list(dict.fromkeys(technique for times in ablation.values() for technique in times))[1:]
        print(f"\n256 MiB, {best}, one thread: ns an element; the time without one technique over it\n"
              f"  {'':31}  all on", *(f"{technique:>12}" for technique in techniques))
        for case, times in ablation.items():
            ratios = [times.get(technique, math.nan) / times["nothing"] for technique in techniques]
            print(f"  {case:31} {times['nothing']:7.4f}",
                  *(f"{digits(ratio, math.inf, math.inf, math.inf):>12}" for ratio in ratios))


def print_comparison(context, rows):
    pairs = [(row, row.beside(build="other")) for row in rows if row.build == "this"]
    pairs = [(ours.time / other.time, ours, other) for ours, other in pairs if ours.ns and other.ns]
    pairs.sort(key=lambda pair: -pair[0])
    width = max((len(ours.name) for _, ours, _ in pairs), default=0)
    print(f"""
ns an element of {context['other']} (other) and of this build; this one's
time over the other's, of the fastest samples and of the medians. Above 1 this build is slower.

{'row':{width}}    other     this   ratio  medians""")
    for ratio, ours, other in pairs:
        medians = statistics.median(ours.ns) / statistics.median(other.ns)
        print(f"{ours.name:{width}} {other.ns_per_element:8.4f} {ours.ns_per_element:8.4f}"
              f" {ratio:7.3f} {medians:8.3f}")
    ratios = [ratio for ratio, _, _ in pairs]
    print(f"\ngeometric mean of {len(pairs)} rows: {mean(ratios):.3f};"
          f" {sum(ratio > ABOVE for ratio in ratios)} above {ABOVE},"
          f" {sum(ratio < BELOW for ratio in ratios)} below {BELOW}")


def report(context, rows, stem):
    """Prints and draws. Returns the exit code."""
    link(rows)
    {"table": print_table, "targets": print_targets, "performance": print_performance,
     "compare": print_comparison}[context["mode"]](context, rows)
    print(f"\n{stem}.json: every sample")
    if context["mode"] in ("table", "performance"):
        try:
            import plot
            plot.draw(context, rows, stem)
        except ImportError:
            print("no plot: this Python has no matplotlib")
    wrong = [f"FAILED: {row.name}: {row.error}\n" for row in rows if row.error]
    sys.stderr.writelines(wrong)
    return 1 if wrong else 0
