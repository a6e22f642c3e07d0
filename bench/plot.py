# SPDX-License-Identifier: MIT
"""The plots of planedrop_bench: of the default run and of --performance."""
import collections

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, LogLocator, NullFormatter, NullLocator, PercentFormatter

from report import ablation_of, curves_of, mean
from rows import bytes_text
from targets import LONG_PLANES

COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"]  # Okabe and Ito
RATE_COLOURS = {0.1: "#56b4e9", 0.2: "#0072b2", 0.5: "#d55e00", 0.9: "#cc79a7"}
SHORT_PLANE, LINE = 64, 16  # elements of a plane, of a cache line
TECHNIQUES = {"nt-stores": ("without non-temporal stores", "#0072b2"),
          "skipping": ("dropped planes read too", "#d55e00"),
          "prefetch": ("without prefetch", "#009e73"),
          "l2-prefetch": ("without L2 prefetch", "#8fd1bb"),
          "l1-prefetch": ("without L1 prefetch", "#c9e8de"),
          "reading-all": ("small planes skipped too", "#e69f00")}
HOLLOW = {"marker": "o", "ms": 6, "mfc": "white", "zorder": 4}


def finish(axes, title, xlabel, ylabel, handles, grid="both"):
    axes.set_title(title, loc="left")
    axes.set_xlabel(xlabel)
    axes.set_ylabel(ylabel)
    axes.grid(axis=grid, color="#e5e5e5")
    axes.legend(handles=handles, fontsize=9, ncol=3, loc="upper center", frameon=False,
                bbox_to_anchor=(0.5, -0.1))


def label_lines(axes, ticks, bottom):
    axes.set_yticks([at for at, _ in ticks], [text for _, text in ticks], fontsize=8)
    axes.set_ylim(bottom, -0.9)
    axes.tick_params(axis="y", length=0)


def draw_series(axes, rows, **style):
    """A line through the long planes; the short ones stand alone, hollow."""
    means = collections.defaultdict(list)
    for row in rows:
        size, is_short = 2 * row.tensor_bytes, row.spatial < SHORT_PLANE
        dot = HOLLOW | {"marker": style["marker"]} | ({} if is_short else {"mfc": None, "ms": 5})
        axes.plot(size, row.ns_per_element, color=style["color"], **dot)
        means[size] += [] if is_short else [row.ns_per_element]
    points = sorted((size, mean(ns)) for size, ns in means.items() if ns)
    return axes.plot([size for size, _ in points], [ns for _, ns in points], ms=0, **style)


def draw_times(axes, ours, isas, caches):
    nchw = [row for row in ours if (row.what, row.dtype, row.rate) == ("nchw", "f32", 0.5)]
    if not nchw:
        axes.axis("off")
        return
    handles = []
    for kind, style in [("library", {"marker": "o", "lw": 2}),
                        ("naive", {"marker": "s", "lw": 1.2, "ls": "--"})]:
        for isa, colour in isas.items():
            label = isa if kind == "library" else f"plain C loop, {isa}"
            series = [row for row in nchw if (row.kind, row.isa) == (kind, isa)]
            handles += draw_series(axes, series, color=colour, label=label, **style)
    best = [row for row in nchw if row.kind == "library" and row.isa == next(iter(isas))]
    best.sort(key=lambda row: row.tensor_bytes)
    sizes = [2 * row.tensor_bytes for row in best]
    handles += axes.plot(sizes, [row.fastest("memcpy") / row.elements for row in best], lw=1.5,
                         color="#888888", label="memcpy of the tensor")
    handles += axes.plot(sizes, [row.bound() / row.elements for row in best], lw=1.5, color="black",
                         ls=":", label="bound")
    handles += [Line2D([], [], color="#444444", ls="", label="hollow: planes of 7 x 7", **HOLLOW)]
    axes.set_xscale("log", base=2)
    axes.set_yscale("log")
    axes.xaxis.set_major_locator(LogLocator(base=4))
    axes.xaxis.set_major_formatter(bytes_text)
    axes.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.yaxis.set_major_formatter(lambda ns, _: f"{ns:g}")
    axes.yaxis.set_minor_formatter(NullFormatter())
    for level, size in caches:
        axes.axvline(size, color="#bbbbbb", lw=1, zorder=1)
        axes.annotate(level, (size, 1), xycoords=("data", "axes fraction"), xytext=(-4, -13),
                      textcoords="offset points", ha="right", color="#777777")
    finish(axes, "NCHW spatial dropout, f32, rate 0.5, one thread", "footprint: x and y together",
           "ns an element (lower is better)", handles)


def draw_fractions(axes, ours, isas):
    """One line for each shape: a dot at rate 0.5, a bar over all rates."""
    shapes = collections.defaultdict(lambda: collections.defaultdict(dict))
    for row in (row for row in ours if row.kind == "library"):
        what = row.what + f" {row.dtype}" * (row.dtype != "f32")
        label = f"{what} {row.shape}, {bytes_text(2 * row.tensor_bytes)}"
        shapes[what, label][row.isa][row.rate] = row.bound() / row.time
    ticks, last, y = [], "", -0.8
    for (what, label), by_isa in shapes.items():
        y += 0.8 * (last != what)
        last = what
        axes.axhline(y, color="#eeeeee", lw=1, zorder=1)
        ticks.append((y, label))
        for i, (isa, fractions) in enumerate(by_isa.items()):
            at, values = y + 0.24 * (i - (len(by_isa) - 1) / 2), fractions.values()
            axes.plot([min(values), max(values)], [at, at], color=isas[isa], lw=1.5, alpha=0.55)
            axes.plot([fractions.get(0.5)], [at], "o", ms=4.5, color=isas[isa], zorder=3)
        y += 1
    axes.axvline(1, color="black", lw=1.5, ls=":")
    label_lines(axes, ticks, y - 0.3)
    axes.set_xlim(left=0, right=max(1.1, axes.get_xlim()[1]))
    axes.xaxis.set_major_formatter(PercentFormatter(1))
    handles = [Line2D([], [], color=colour, marker="o", ms=4.5, label=isa)
               for isa, colour in isas.items()]
    finish(axes, "Every shape: dot at rate 0.5, bar over all rates",
           "fraction of the bound (higher is better)", "", handles, "x")


def draw_curves(axes, curves, where):
    handles = []
    for rate in sorted({rate for rate, _ in curves}):
        points = sorted((plane, over) for (r, plane), over in curves.items() if r == rate)
        colour = RATE_COLOURS[rate]
        handles += axes.plot(*zip(*(point for point in points if point[0] % LINE == 0)), lw=2, ms=5,
                             marker="o", color=colour, label=f"rate {rate:g}")
        axes.plot(*zip(*(point for point in points if point[0] % LINE != 0)), lw=1, ls=":",
                  color=colour, **HOLLOW)
    target, shortest = LONG_PLANES.limit, min(row.spatial for row in LONG_PLANES.rows)
    handles += axes.plot([shortest, max(plane for _, plane in curves)], [target, target], lw=1.5,
                         color="#888888", ls="--", label=f"target {target:g}")
    handles.append(Line2D([], [], color="#444444", lw=1, ls=":",
                          label="planes that end within a cache line", **HOLLOW))
    axes.axhline(1, color="black", lw=1.5, ls=":")
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_locator(FixedLocator([64, 256, 784, 3136, 12544, 50176, 100352]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda plane, _: f"{plane:,.0f}")
    axes.set_ylim(bottom=min(0.8, axes.get_ylim()[0]))
    finish(axes, f"NCHW spatial dropout, {where}", "elements in a plane",
           "time over L(p) (lower is better)", handles)


def draw_ablation(axes, ablation, where):
    y, ticks, used = 0.0, [], {}
    for case, times in ablation.items():
        top = y
        for technique in (technique for technique in TECHNIQUES if technique in times):
            ratio, (label, colour) = times[technique] / times["nothing"], TECHNIQUES[technique]
            used[technique] = axes.barh(y, ratio - 1, left=1, height=0.85, color=colour, zorder=3,
                                    label=label)
            axes.annotate(f"{ratio:.2f}", (max(ratio, 1), y), xytext=(4, 0), va="center",
                          textcoords="offset points", fontsize=8, color="#444444")
            y += 1
        ticks.append(((top + y - 1) / 2, case.replace(", rate", "\nrate")))
        y += 0.8
    axes.axvline(1, color="black", lw=1, zorder=4)
    label_lines(axes, ticks, y - 0.8)
    axes.margins(x=0.08)
    finish(axes, f"What each technique brings alone: {where}",
           "time without the technique, over the time with all of them", "", list(used.values()), "x")


def draw(context, rows, stem):
    """Draws what there are rows for, into STEM.svg, STEM-planes.svg, STEM-ablation.svg."""
    def save(figure, target):
        figure.text(0.005, -0.02, f"planedrop {context['version']} on {context['cpu']}, "
                    f"{context['date']}. Fastest of several samples in random order, CPU time.",
                    fontsize=8, color="#666666")
        figure.savefig(target, bbox_inches="tight", dpi=110)
        print(f"{target}: a plot")

    plt.rcParams.update({"font.size": 10, "svg.fonttype": "path", "axes.spines.top": False,
                         "axes.spines.right": False, "axes.axisbelow": True,
                         "svg.hashsalt": "planedrop"})
    isas = dict(zip(context["isas"], COLOURS))
    ours = [row for row in rows
            if row.ns and row.group == "table" and row.kind in ("library", "naive")]
    if ours:
        figure, (left, right) = plt.subplots(1, 2, figsize=(14, 10), constrained_layout=True)
        draw_times(left, ours, isas, context["caches"])
        draw_fractions(right, ours, isas)
        save(figure, stem + ".svg")
    for name, drawing, data, height in [("planes", draw_curves, curves_of(rows), 5.5),
                                        ("ablation", draw_ablation, ablation_of(rows), 7.5)]:
        if data:
            figure, axes = plt.subplots(figsize=(9, height), constrained_layout=True)
            drawing(axes, data, f"f32, 256 MiB, {context['isas'][0]}, one thread")
            save(figure, f"{stem}-{name}.svg")
