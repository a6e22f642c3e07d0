# SPDX-License-Identifier: MIT
"""What the programs of this folder have in common: a line for each check, and times side by side."""

import time

failures = 0


def report(name, right, detail=""):
    global failures
    failures += not right
    print(f"{'right' if right else 'WRONG'}  {name:58} {detail}", flush=True)


def refuses(name, message, call, errors):
    """call raises one of the errors, whose text has the message."""
    try:
        call()
        report(name, False, "nothing was raised")
    except errors as error:
        report(name, message in str(error), f"{type(error).__name__}: ...{message}")


def least_times(runs):
    """{name: the least time of a call in ms}: 20 rounds of all runs in turn. Prints them."""
    best = dict.fromkeys(runs, float("inf"))
    for _ in range(20):
        for name, function in runs.items():
            for _ in range(4):  # the first brings the tensors into the caches
                start = time.perf_counter()
                function()
                best[name] = min(best[name], (time.perf_counter() - start) * 1e3)
    for name, milliseconds in best.items():
        print(f"  {name:30} {milliseconds:7.3f} ms")
    return best


def status():
    print(f"\n{failures} failures")
    return int(failures != 0)
