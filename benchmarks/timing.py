"""Medians and the lines in which they are told."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the result: what was done, what came of it, and what was wanted.

    `met` is None where nothing was wanted.
    """

    what: str
    found: str
    wanted: str = ""
    met: bool | None = None

    def __str__(self) -> str:
        verdict = {None: "", True: "  yes", False: "  NO"}[self.met]
        return f"  {self.what:<58}{self.found:>14}  {self.wanted:<14}{verdict}".rstrip()


def median_ms(act: Callable[[], object], runs: int, *, before: Callable[[], object] = int) -> float:
    """Run `act` `runs` times, `before` untimed before each, and give the median in milliseconds."""
    found = []
    for _ in range(runs):
        before()
        start = time.perf_counter()
        act()
        found.append((time.perf_counter() - start) * 1000)
    return statistics.median(found)


def forget() -> None:
    """Empty every bounded memory of the core; compiled patterns and parsers stay."""
    modules = [module for name, module in sys.modules.items() if name.startswith("drafter.core")]
    for value in {id(v): v for module in modules for v in vars(module).values()}.values():
        parameters = getattr(value, "cache_parameters", None)
        if parameters is not None and parameters()["maxsize"] is not None:
            value.cache_clear()


def medians_ms(
    acts: Sequence[Callable[[], object]], runs: int, *, in_a_row: int = 1
) -> list[float]:
    """Run each of `acts` `runs` times, by turns: what disturbs one turn disturbs all alike.

    A turn is `in_a_row` runs: with several, an act is measured warm, and only the first of them
    pays for what the act before left in the processor and unwritten on the disk. Another act
    begins each round.
    """
    found: list[list[float]] = [[] for _ in acts]
    for turn in range(runs // in_a_row):
        for each in range(len(acts)):
            at = (turn + each) % len(acts)
            found[at] += [median_ms(acts[at], 1) for _ in range(in_a_row)]
    return [statistics.median(spent) for spent in found]


def took(what: str, milliseconds: float, *, below: float | None = None) -> Line:
    """Tell a time, and whether it is below the wanted one."""
    if below is None:
        return Line(what, _ms(milliseconds))
    return Line(what, _ms(milliseconds), f"below {below:g} ms", milliseconds < below)


def share(what: str, ours: float, other: float, *, most: float) -> Line:
    """Tell a time as a share of another, and whether it is as small as wanted."""
    return Line(what, f"{ours / other:.2f}", f"at most {most:g}", ours <= most * other)


def times(what: str, ours: float, other: float, *, least: float | None = None) -> Line:
    """Tell how many times as fast as another it is, and whether that is enough."""
    if least is None:
        return Line(what, f"{other / ours:.1f} ×")
    return Line(what, f"{other / ours:.1f} ×", f"at least {least:g} ×", other >= least * ours)


def count(what: str, right: int, of: int) -> Line:
    """Tell how many of a known number were right; all are wanted."""
    return Line(what, f"{right} of {of}", "all", right == of)


def _ms(milliseconds: float) -> str:
    return f"{milliseconds:.2f} ms" if milliseconds < 10 else f"{milliseconds:.0f} ms"
