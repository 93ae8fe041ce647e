"""Measure everything and print it. A missed target is told, and is no failure of the command."""

from __future__ import annotations

import platform
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import (
    accepting,
    beside,
    commands,
    comparing,
    consequences,
    pages,
    publishing,
    reading,
)
from benchmarks.text import CHAPTERS, CLAUSES
from benchmarks.timing import Line

PARTS: dict[str, Callable[[Path], Iterator[Line]]] = {
    "Reading a whole version": reading.measure,
    "Comparing two versions: 150 clauses edited, 20 moved": comparing.measure,
    "Accepting one amendment": accepting.measure,
    "Consequences": consequences.measure,
    "Whole processes": commands.measure,
    "Publishing a report of 40 chapters twenty times": publishing.measure,
    "Pages with 10,000 open amendments and 100,000 comments, median / 99th": pages.measure,
    "Beside otterwiki, 8 clients, one gunicorn worker with one thread": beside.measure,
}

ONLY_NAMED = (beside.measure,)
"""It installs another program: `python -m benchmarks otterwiki`."""


def main(chosen: list[str]) -> None:
    """Run the parts whose title contains one of the words in `chosen`; without one, all but those
    of `ONLY_NAMED`.
    """
    print(f"A report of {CHAPTERS} chapters, {CLAUSES} clauses; medians, {platform.machine()},")
    print(f"Python {platform.python_version()}.")
    missed = 0
    for title, measure in PARTS.items():
        named = any(word.lower() in title.lower() for word in chosen)
        if not named and (chosen or measure in ONLY_NAMED):
            continue
        print(f"\n{title}", flush=True)
        with tempfile.TemporaryDirectory(prefix="drafter-bench-") as folder:
            for line in measure(Path(folder)):
                print(line, flush=True)
                missed += line.met is False
    print(f"\n{missed} targets missed." if missed else "\nEvery target is met.")


if __name__ == "__main__":
    main(sys.argv[1:])
