#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prints and draws what `train --out FOLDER` wrote: plot.py FOLDER DATA

accuracy.svg      accuracy and loss by epoch; mean of the seeds, and their range
reliability.svg   how often the network is right against how sure it says it is
certainty.png     the test images that it is most and least certain of; DATA is their folder
"""
import csv
import gzip
import sys
from collections import defaultdict
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np

COLOURS = {"none": "#000000", "classifier": "#e69f00", "ordinary": "#d55e00", "spatial": "#0072b2",
           "gaussian": "#009e73"}  # Okabe and Ito
CLASSES = ["T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag",
           "Ankle boot"]
BINS = 10
matplotlib.rcParams.update({"font.size": 9, "svg.hashsalt": "planedrop", "svg.fonttype": "none",
                            "axes.spines.top": False, "axes.spines.right": False})


def rows(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_kind(results):
    """{kind: {column: seeds x epochs}}"""
    runs = defaultdict(lambda: defaultdict(list))  # kind -> seed -> its epochs, in order
    for row in results:
        runs[row["kind"]][row["seed"]].append(row)
    return {kind: {column: np.array([[float(row[column]) for row in seed]
                                     for seed in seeds.values()])
                   for column in results[0] if column != "kind"}
            for kind, seeds in runs.items()}


def print_table(kinds):
    """After the last epoch: mean and standard deviation of the seeds."""
    print("dropout     train accuracy   test accuracy     gap       test loss     least, at epoch")
    for kind, curves in kinds.items():
        means, texts = {}, {}
        for column in ["train_accuracy", "test_accuracy", "test_loss"]:
            last = curves[column][:, -1]
            means[column] = last.mean()
            digits = 3 if column == "test_loss" else 2
            spread = f"+- {last.std(ddof=1):4.{digits}f}" if len(last) > 1 else ""
            texts[column] = f"{last.mean():6.{digits}f} {spread:{5 + digits}}"
        gap = means["train_accuracy"] - means["test_accuracy"]
        loss = curves["test_loss"].mean(axis=0)
        print(f"{kind:10}  {texts['train_accuracy']}  {texts['test_accuracy']}  {gap:6.2f}"
              f"  {texts['test_loss']}  {loss.min():6.3f} {loss.argmin() + 1:6}")
    seeds, epochs = curves["test_loss"].shape
    what = f"mean and standard deviation of {seeds} seeds" if seeds > 1 else "one seed"
    print(f"{what}, after epoch {epochs}")


def plot_accuracy(kinds, path):
    figure, axes = plt.subplots(1, 3, figsize=(9, 3.1), layout="constrained")
    for axis, column, title in zip(axes, ["train_accuracy", "test_accuracy", "test_loss"],
                                   ["training images: accuracy, %", "test images: accuracy, %",
                                    "test images: loss"]):
        for kind, columns in kinds.items():
            curves = columns[column]
            epochs = np.arange(1, curves.shape[1] + 1)
            axis.plot(epochs, curves.mean(axis=0), color=COLOURS[kind], label=kind, linewidth=1.4)
            axis.fill_between(epochs, curves.min(axis=0), curves.max(axis=0), linewidth=0,
                              color=COLOURS[kind], alpha=0.15)
        axis.set_title(title, fontsize=9)
        axis.set_xlabel("epoch")
        axis.grid(alpha=0.3)
    axes[0].set_ylim(70, 100.5)
    axes[1].set_ylim(74, None)
    axes[2].set_ylim(None, 0.8)
    axes[0].legend(title="dropout", frameon=False)
    figure.savefig(path, metadata={"Date": None})


def reliability(rows_of_kind, name):
    """Mean probability and accuracy of each bin, and the expected calibration error."""
    probability = np.array([float(row[name + "probability"]) for row in rows_of_kind])
    right = np.array([row[name + "class"] == row["label"] for row in rows_of_kind])
    which = np.minimum((probability * BINS).astype(int), BINS - 1)
    bins = [which == b for b in range(BINS)]
    error = sum(abs(probability[b].sum() - right[b].sum()) for b in bins) / len(right)
    drawn = [b for b in bins if b.sum() >= 20]
    return [probability[b].mean() for b in drawn], [right[b].mean() for b in drawn], error


def plot_reliability(certainty, path):
    figure, axis = plt.subplots(figsize=(4.4, 4), layout="constrained")
    axis.plot([0, 1], [0, 1], color="grey", linewidth=0.8, linestyle=":")
    for kind, name, style in [("none", "", "-"), ("spatial", "", "--"), ("spatial", "mc_", "-")]:
        of_kind = [row for row in certainty if row["kind"] == kind]
        if of_kind:
            sure, right, error = reliability(of_kind, name)
            label = f"{kind}{', Monte-Carlo' if name else ''}: error {100 * error:.1f}%"
            axis.plot(sure, right, style, marker="o", markersize=3, color=COLOURS[kind], label=label)
            print(f"calibration, {label}; accuracy "
                  f"{100 * np.mean([row[name + 'class'] == row['label'] for row in of_kind]):.2f}%")
    axis.set(xlabel="probability of the predicted class", ylabel="share of right predictions",
             xlim=(0.2, 1), ylim=(0.2, 1))
    if axis.get_legend_handles_labels()[0]:
        axis.legend(frameon=False, loc="upper left")
    figure.savefig(path, metadata={"Date": None})


def test_images(folder):
    with gzip.open(Path(folder) / "t10k-images-idx3-ubyte.gz") as file:
        data = file.read()
    height, width = (int.from_bytes(data[at:at + 4], "big") for at in (8, 12))
    return np.frombuffer(data, np.uint8, offset=16).reshape(-1, height, width)


def plot_certainty(certainty, images, path, columns=8):
    of_kind = sorted((row for row in certainty if row["kind"] == "spatial"),
                     key=lambda row: float(row["mc_entropy"]))
    if len(of_kind) < 2 * columns:
        return False
    for text, low, high in [("below 0.1", 0, 0.1), ("above 1", 1, 9)]:
        right = [row["mc_class"] == row["label"] for row in of_kind
                 if low <= float(row["mc_entropy"]) < high]
        share = f", {100 * np.mean(right):.1f}% right" if right else ""
        print(f"entropy {text}: {len(right)} images of {len(of_kind)}{share}")
    chosen = [of_kind[:columns], of_kind[:-columns - 1:-1]]
    figure, axes = plt.subplots(2, columns, figsize=(9, 3.2), layout="constrained")
    for line, title, of_line in zip(axes, ["most certain", "least certain"], chosen):
        for axis, row in zip(line, of_line):
            axis.imshow(images[int(row["image"])], cmap="gray_r")
            axis.set(xticks=[], yticks=[])
            axis.spines[:].set_visible(False)
            right = row["mc_class"] == row["label"]
            axis.set_title(f"{CLASSES[int(row['mc_class'])]} {float(row['mc_probability']):.2f}\n"
                           + ("right" if right else f"is: {CLASSES[int(row['label'])]}"),
                           fontsize=7, color="black" if right else COLOURS["ordinary"])
        line[0].set_ylabel(title)
    figure.savefig(path, dpi=90, metadata={"Software": None})
    return True


def main():
    folder = Path(sys.argv[1])
    certainty = rows(folder / "certainty.csv")
    kinds = by_kind(rows(folder / "results.csv"))
    print_table(kinds)
    plot_accuracy(kinds, folder / "accuracy.svg")
    plot_reliability(certainty, folder / "reliability.svg")
    images = plot_certainty(certainty, test_images(sys.argv[2]), folder / "certainty.png")
    print(f"drawn: {folder}/accuracy.svg, reliability.svg{', certainty.png' if images else ''}")


if __name__ == "__main__":
    main()
