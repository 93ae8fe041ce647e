"""How many changes of which kind each chapter has: a bar a chapter, in words, and as a table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from drafter.publish import words

GROUPS = {
    "edited": ("edited", "reworded"),
    "added": ("added", "new"),
    "removed": ("removed", "removed"),
    "moved": ("moved", "moved"),
    "moved+edited": ("moved", "moved"),
    "split": ("regrouped", "split or joined"),
    "joined": ("regrouped", "split or joined"),
    "origins": ("origins", "with other sources"),
    "formatting": ("formatting", "reformatted"),
}
"""By kind, the group that the chart counts it in: the class of its bars, and its words."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One part of a bar, in per cent of the longest."""

    group: str
    x: str
    width: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A chapter's changes."""

    title: str
    anchor: str
    segments: tuple[Segment, ...]
    said: str
    """In words: "2 reworded, 1 new"."""
    counts: tuple[int, ...]
    """By the chart's groups, in their order."""
    total: int


@dataclass(frozen=True, slots=True)
class Chart:
    """The bars of all chapters that have changes; `groups` are those that occur."""

    groups: tuple[tuple[str, str], ...]
    bars: tuple[Bar, ...]
    totals: tuple[int, ...]
    total: int


def chart_of(chapters: Sequence[tuple[str, str, Sequence[str]]]) -> Chart:
    """Draw chapters, each its title, its anchor and the kinds of its changes."""
    counted = [Counter(GROUPS[kind] for kind in kinds) for _, _, kinds in chapters]
    sums = sum(counted, Counter[tuple[str, str]]())
    groups = tuple(group for group in dict.fromkeys(GROUPS.values()) if sums[group])
    longest = max((each.total() for each in counted), default=0)
    bars = [
        _bar(title, anchor, counts, groups, longest)
        for (title, anchor, _), counts in zip(chapters, counted, strict=True)
    ]
    return Chart(groups, tuple(bars), tuple(sums[group] for group in groups), sums.total())


def _bar(
    title: str,
    anchor: str,
    counts: Counter[tuple[str, str]],
    groups: tuple[tuple[str, str], ...],
    longest: int,
) -> Bar:
    segments, at = [], 0
    for group in groups:
        if counts[group]:
            segments.append(Segment(group[0], _share(at, longest), _share(counts[group], longest)))
            at += counts[group]
    said = [f"{counts[group]:,} {group[1]}" for group in groups if counts[group]]
    numbers = tuple(counts[group] for group in groups)
    return Bar(title, anchor, tuple(segments), words.listed(said), numbers, at)


def _share(part: int, whole: int) -> str:
    return f"{100 * part / whole:.4g}%"
