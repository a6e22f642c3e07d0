# SPDX-License-Identifier: MIT
"""The plots of planedrop_bench --performance, for plot.py: of the rows whose names begin with
planes/ the time over L(p) against the plane size, of those that begin with ablation/ what each
trick brings alone. README.md says what L(p) is."""
from collections import defaultdict

import matplotlib.pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

RATE_COLOURS = {0.1: "#56b4e9", 0.2: "#0072b2", 0.5: "#d55e00", 0.9: "#cc79a7"}  # Okabe and Ito
TARGET = 1.15
TARGET_FROM = 3136  # elements of a plane
LINE = 16  # elements of a cache line
TRICKS = {
    "no-streaming": ("without streaming stores", "#0072b2"),
    "no-skipping": ("dropped planes read too", "#d55e00"),
    "no-prefetch": ("without prefetch", "#009e73"),
    "no-far-prefetch": ("without far prefetch", "#8fd1bb"),
    "no-near-prefetch": ("without near prefetch", "#c9e8de"),
    "no-reading-all": ("small planes skipped too", "#e69f00"),
}


def parts_of(runs, group):
    """(the parts of its name behind the group's, the run) for each row of the group."""
    for name, run in runs.items():
        first, *parts = name.split("/")
        if first == group:
            yield parts, run


def draw_planes(runs):
    curves = defaultdict(list)
    for (_, function, _, shape, *_), run in parts_of(runs, "planes"):
        if "roof_fraction" in run:
            curves[run["rate"]].append((int(shape.split("HW")[1]), 1 / run["roof_fraction"]))
            isa = function
    if not curves:
        return None
    figure, axes = plt.subplots(figsize=(9, 5.5), constrained_layout=True)
    largest = max(plane for points in curves.values() for plane, _ in points)
    axes.axhline(1, color="black", lw=1.5, ls=":")
    axes.plot([TARGET_FROM, largest], [TARGET, TARGET], color="#888888", lw=1.5, ls="--")
    axes.annotate(f"target {TARGET:g}", (largest, TARGET), xytext=(0, 4), ha="right",
                  textcoords="offset points", color="#666666", fontsize=9)
    for rate, points in sorted(curves.items()):
        points.sort()
        colour = RATE_COLOURS.get(rate, "#444444")
        whole = [p for p in points if p[0] % LINE == 0]
        axes.plot(*zip(*whole), color=colour, lw=2, marker="o", ms=5)
        if broken := [p for p in points if p[0] % LINE != 0]:
            axes.plot(*zip(*broken), color=colour, lw=1, ls=(0, (2, 3)), marker="o", ms=6,
                      mfc="white", zorder=4)
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_locator(FixedLocator([64, 256, 784, 3136, 12544, 50176, 100352]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{x:,.0f}"))
    axes.set_ylim(bottom=min(0.8, axes.get_ylim()[0]))
    axes.grid(color="#e5e5e5")
    axes.set_xlabel("elements in a plane")
    axes.set_ylabel("time over L(p): 1 is the roof (lower is better)")
    axes.set_title(f"NCHW spatial dropout, f32, tensors of 256 MiB, {isa}, one thread", loc="left")
    handles = [Line2D([], [], color=RATE_COLOURS.get(rate, "#444444"), lw=2, marker="o", ms=5,
                      label=f"rate {rate:g}") for rate in sorted(curves)]
    handles.append(Line2D([], [], color="#444444", lw=1, ls=(0, (2, 3)), marker="o", ms=6,
                          mfc="white", label="hollow: planes that end within a cache line"))
    axes.legend(handles=handles, frameon=False, fontsize=9)
    return figure


def case_text(layout, shape, rate):
    what = f"{layout.upper()}, planes of {shape.split('HW')[1]}" if layout == "nchw" else (
        "NHWC, " + shape.rsplit("_C", 1)[-1] + " channels" if layout == "nhwc" else "elementwise")
    return f"{what}\nrate {rate[1:]}"


def draw_ablation(runs):
    cases = defaultdict(dict)
    for (layout, function, _, shape, rate, *variant), run in parts_of(runs, "ablation"):
        if variant:
            cases[case_text(layout, shape, rate)][variant[0]] = run["ns_per_element"]
            isa = function
    if not cases:
        return None
    figure, axes = plt.subplots(figsize=(9, 7.5), constrained_layout=True)
    y, ticks, used = 0.0, [], set()
    for text, times in cases.items():
        top = y
        for trick, (_, colour) in TRICKS.items():
            if trick in times:
                ratio = times[trick] / times["all"]
                axes.barh(y, ratio - 1, left=1, height=0.85, color=colour, zorder=3)
                axes.annotate(f"{ratio:.2f}", (max(ratio, 1), y), xytext=(4, 0), va="center",
                              textcoords="offset points", fontsize=8, color="#444444")
                used.add(trick)
                y += 1
        ticks.append(((top + y - 1) / 2, text))
        y += 0.8
    axes.axvline(1, color="black", lw=1, zorder=4)
    axes.set_yticks([at for at, _ in ticks], [text for _, text in ticks], fontsize=9)
    axes.set_ylim(y - 0.8, -0.9)
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.08)
    axes.grid(axis="x", color="#e5e5e5")
    axes.set_xlabel("time without the trick, over the time with all of them")
    axes.set_title(f"What each trick brings alone: f32, 256 MiB, {isa}, one thread", loc="left")
    axes.legend(handles=[plt.Rectangle((0, 0), 1, 1, color=colour, label=label)
                         for trick, (label, colour) in TRICKS.items() if trick in used],
                frameon=False, fontsize=9, ncol=3, loc="upper center",
                bbox_to_anchor=(0.45, -0.08))
    return figure


def figures(runs):
    """(name, figure) of every plot for which there are rows."""
    for name, draw in [("planes", draw_planes), ("ablation", draw_ablation)]:
        if figure := draw(runs):
            yield name, figure
