#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Draws the results of planedrop_bench: plot.py RESULTS.json PLOT.svg (or .png)

Left: time an element of NCHW spatial dropout against the footprint, with what stands beside it, of
the first element type (f32). Right: how close every shape comes to the roof, on every instruction
set. Only the fastest
repetition of each row is drawn (the aggregates named "min"); README.md says what the roof is.

Results of --performance become PLOT-planes.svg and PLOT-ablation.svg: see plot_performance.py.
"""
import json
import math
import sys
from collections import defaultdict

import matplotlib

matplotlib.use("svg" if sys.argv[-1].endswith(".svg") else "agg")
import matplotlib.pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, NullFormatter, PercentFormatter

sys.dont_write_bytecode = True  # leaves nothing in the source tree
import plot_performance

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]  # Okabe and Ito
SHORT_PLANE = 64  # elements; shorter planes are drawn hollow
RATE = "p0.5"
DTYPES = ["f32", "bf16", "f16", "f64"]


def load(path):
    """The context, and the rows as {name: counters}."""
    with open(path, encoding="utf-8") as file:
        document = json.load(file)
    return document["context"], {run["run_name"]: run for run in document["benchmarks"]
                                 if run.get("aggregate_name") == "min" and "ns_per_element" in run}


def by_parts(runs):
    """{dtype: {(layout, function, shape, rate): counters}}, of the rows that have a layout."""
    rows = defaultdict(dict)
    for name, run in runs.items():
        layout, function, dtype, shape, *rate = name.split("/")
        if layout != "roof":
            rows[dtype][layout, function, shape, rate[0] if rate else ""] = run
    return rows


def bytes_text(count, _=None):
    for unit in ["B", "KiB", "MiB"]:
        if count < 1024:
            return f"{count:.0f} {unit}"
        count /= 1024
    return f"{count:.0f} GiB"


def decimal_text(value, _=None):
    return f"{value:g}"


def plane_length(shape):
    return int(shape.split("HW")[1])


def means_by_footprint(points):
    """(footprint, geometric mean of ns) of (footprint, ns) pairs."""
    groups = defaultdict(list)
    for footprint, ns in points:
        groups[footprint].append(math.log(ns))
    return [(size, math.exp(sum(logs) / len(logs))) for size, logs in sorted(groups.items())]


def nchw_points(rows, function, rate):
    return [
        (run["footprint_bytes"], run["ns_per_element"], shape)
        for (layout, name, shape, p), run in rows.items()
        if (layout, name, p) == ("nchw", function, rate)
    ]


def draw_series(axes, points, marker, **style):
    """A line through the long planes; the short ones stand alone, hollow. Returns the legend's."""
    long = [p[:2] for p in points if plane_length(p[2]) >= SHORT_PLANE]
    short = [p[:2] for p in points if plane_length(p[2]) < SHORT_PLANE]
    dots = {"ls": "", "marker": marker, "color": style["color"]}
    if long:
        axes.plot(*zip(*means_by_footprint(long)), **style)
        axes.plot(*zip(*long), ms=5, **dots)
    if short:
        axes.plot(*zip(*short), ms=6, mfc="white", zorder=4, **dots)
    return Line2D([], [], marker=marker, ms=5, **style)


def draw_yardstick(axes, points, **style):
    """A line alone, of something that does not depend on the shape."""
    return axes.plot(*zip(*means_by_footprint(points)), lw=1.5, **style)[0]


def draw_times(axes, dtype, rows, isas, caches):
    handles = []
    for isa, colour in isas.items():
        if points := nchw_points(rows, isa, RATE):
            handles.append(draw_series(axes, points, "o", color=colour, lw=2, label=isa))
    for isa, colour in isas.items():
        if points := nchw_points(rows, "naive-" + isa, RATE):
            handles.append(draw_series(axes, points, "s", color=colour, lw=1.2, ls=(0, (4, 2)),
                                       label=f"plain C loop, {isa}"))
    if points := nchw_points(rows, "memcpy", ""):
        copies = [p[:2] for p in points]
        handles.append(draw_yardstick(axes, copies, color="#888888", label="memcpy of the tensor"))
    roofs = [
        (run["footprint_bytes"], run["ns_per_element"] * run["roof_fraction"])
        for (layout, name, _, rate), run in rows.items()
        if layout == "nchw" and name in isas and rate == RATE and "roof_fraction" in run
    ]
    if roofs:
        handles.append(draw_yardstick(axes, roofs, color="black", ls=":", label="roof"))
    handles.append(Line2D([], [], color="#444444", marker="o", mfc="white", ls="",
                          label="hollow: planes of 7 x 7"))

    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.xaxis.set_major_locator(LogLocator(base=4))
    axes.xaxis.set_major_formatter(FuncFormatter(bytes_text))
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(FuncFormatter(decimal_text))
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.grid(which="major", color="#e5e5e5")
    for cache in caches:
        axes.axvline(cache["size"], color="#bbbbbb", lw=1, zorder=1)
        axes.annotate(f"L{cache['level']}", (cache["size"], 1), xycoords=("data", "axes fraction"),
                      xytext=(-4, -13), textcoords="offset points", ha="right", color="#777777")
    axes.set_xlabel("footprint: x and y together")
    axes.set_ylabel("ns an element (lower is better)")
    axes.set_title(f"NCHW spatial dropout, {dtype}, rate 0.5, one thread", loc="left")
    axes.legend(handles=handles, fontsize=9, ncol=3, loc="upper center", frameon=False,
                bbox_to_anchor=(0.5, -0.1))


def draw_fractions(axes, rows, isas):
    """One line for each shape: a dot at rate 0.5, a bar over all rates."""
    shapes = {}
    for dtype, of_dtype in rows.items():
        for (layout, name, shape, _), run in of_dtype.items():
            if name in isas and "roof_fraction" in run:
                what = layout if dtype == "f32" else f"{layout} {dtype}"
                entry = shapes.setdefault((what, shape),
                                          (run["footprint_bytes"], defaultdict(list)))
                entry[1][name].append((run["rate"], run["roof_fraction"]))

    labels, last, y = [], None, 0.0
    for (what, shape), (footprint, by_isa) in shapes.items():
        if last not in (None, what):
            y += 0.8
        last = what
        axes.axhline(y, color="#eeeeee", lw=1, zorder=1)
        labels.append((y, f"{what} {shape}, {bytes_text(footprint)}"))
        for i, isa in enumerate(isas):
            if isa in by_isa:
                at = y + 0.24 * (i - (len(isas) - 1) / 2)
                fractions = [fraction for _, fraction in by_isa[isa]]
                axes.plot([min(fractions), max(fractions)], [at, at], color=isas[isa], lw=1.5,
                          alpha=0.55, zorder=2)
                for rate, fraction in by_isa[isa]:
                    if rate == 0.5:
                        axes.plot(fraction, at, "o", ms=4.5, color=isas[isa], zorder=3)
        y += 1
    axes.axvline(1, color="black", lw=1.5, ls=":")
    axes.set_yticks([at for at, _ in labels], [text for _, text in labels], fontsize=8)
    axes.set_ylim(y - 0.3, -0.7)
    axes.set_xlim(left=0, right=max(1.1, axes.get_xlim()[1]))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    axes.grid(axis="x", color="#e5e5e5")
    axes.tick_params(axis="y", length=0)
    axes.set_xlabel("fraction of the roof (higher is better)")
    axes.set_title("Every shape: dot at rate 0.5, bar over all rates", loc="left")
    axes.legend(handles=[Line2D([], [], color=colour, marker="o", ms=4.5, label=isa)
                         for isa, colour in isas.items()],
                fontsize=9, ncol=len(isas), loc="upper center", frameon=False,
                bbox_to_anchor=(0.5, -0.1))


def draw_table(rows, caches):
    """The two panels of the default run; None if there is no row of the library."""
    names = dict.fromkeys(name for of_dtype in rows.values()
                          for (_, name, _, _), run in of_dtype.items()
                          if "rate" in run and not name.startswith("naive-"))
    isas = dict(zip(names, COLOURS))
    if not isas:
        return None
    figure, (left, right) = plt.subplots(1, 2, figsize=(14, 10), constrained_layout=True)
    dtype = next(dtype for dtype in DTYPES if dtype in rows)
    draw_times(left, dtype, rows[dtype], isas, caches)
    draw_fractions(right, rows, isas)
    return figure


def save(figure, context, target):
    figure.text(0.005, -0.02, f"planedrop {context.get('planedrop_version', '')} on "
                f"{context.get('cpu', 'an unknown CPU')}, {context.get('date', '')[:10]}. Fastest "
                "of several interleaved repetitions, CPU time.", fontsize=8, color="#666666")
    figure.savefig(target, bbox_inches="tight", dpi=110)
    print(f"{target}: a plot")


def main(source, target):
    context, runs = load(source)
    plt.rcParams.update({"font.size": 10, "svg.fonttype": "path", "axes.spines.top": False,
                         "axes.spines.right": False, "axes.axisbelow": True,
                         "svg.hashsalt": "planedrop"})
    stem, dot, ending = target.rpartition(".")
    drawn = 0
    for name, figure in plot_performance.figures(runs):
        save(figure, context, f"{stem}-{name}{dot}{ending}")
        drawn += 1
    caches = [c for c in context.get("caches", []) if c["type"] != "Instruction"]
    if not drawn and (figure := draw_table(by_parts(runs), caches)):
        save(figure, context, target)
        drawn += 1
    if not drawn:
        sys.exit(f"{source} holds no row of the library: nothing to draw")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], sys.argv[2])
