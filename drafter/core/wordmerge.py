"""Two members change the words of one clause: what both want, if their words do not touch.

Works on tokens, in the coordinates of the base. A clean result is a proposal that people vote
on: it can still be wrong in sense.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from drafter.core.worddiff import align
from drafter.core.wording import Token

_STANDS_BETWEEN = ("word", "break", "bar")


@dataclass(frozen=True, slots=True)
class Hunk:
    """Base tokens `[start, end)` replaced by `tokens`."""

    start: int
    end: int
    tokens: tuple[Token, ...]

    def same(self, other: Hunk) -> bool:
        """Tell whether two sides made one and the same change."""
        mine, yours = [t.key for t in self.tokens], [t.key for t in other.tokens]
        return (self.start, self.end) == (other.start, other.end) and mine == yours


def hunks(base: Sequence[Token], side: Sequence[Token]) -> list[Hunk]:
    """List what one side changed."""
    found = []
    i = j = 0
    for a, b in [*align(base, side), (len(base), len(side))]:
        if a > i or b > j:
            found.append(Hunk(i, a, tuple(side[j:b])))
        i, j = a + 1, b + 1
    return found


def merge_tokens(
    base: Sequence[Token],
    ours: Sequence[Token],
    theirs: Sequence[Token],
    carrier: Sequence[Token] | None = None,
) -> list[Token] | None:
    """Merge two wordings of one base; None where they compete.

    Two changes merge when an unchanged word stands between them, or an edge of a table cell or of
    a block; and when they are the same. Unchanged tokens keep the source (`raw`) that they have
    in `carrier` (default: the base), so that lines stay as they were wrapped.
    """
    chosen = _choose(base, hunks(base, ours), hunks(base, theirs))
    if chosen is None:
        return None
    kept = _Kept(base, ours, theirs, carrier if carrier is not None else base)
    merged: list[Token] = []
    position = 0
    for hunk in [*chosen, Hunk(len(base), len(base), ())]:
        merged.extend(kept.token(index) for index in range(position, hunk.start))
        merged.extend(hunk.tokens)
        position = hunk.end
    return merged


class _Kept:
    """The tokens that stayed: their words are the same in all texts, the space may not be."""

    def __init__(self, base: Sequence[Token], *texts: Sequence[Token]) -> None:
        self.base = base
        self.texts = texts
        self.places = [dict(align(base, text)) for text in texts]

    def token(self, index: int) -> Token:
        """Give the token as the carrier (the last text) has it, or with a side's new space."""
        before = self.base[index].space
        ours, theirs, carried = (
            text[place[index]] if index in place else self.base[index]
            for text, place in zip(self.texts, self.places, strict=True)
        )
        space = theirs.space if ours.space == before else ours.space
        return next((t for t in (carried, ours, theirs) if t.space == space), carried)


def _choose(
    base: Sequence[Token], ours: Sequence[Hunk], theirs: Sequence[Hunk]
) -> list[Hunk] | None:
    """Give all changes in order, one of each that both made; None where two compete."""
    both = {(h.start, h.end) for h in ours for other in theirs if h.same(other)}
    mixed = sorted(
        [(h, "both" if (h.start, h.end) in both else "ours") for h in ours]
        + [(h, "theirs") for h in theirs if (h.start, h.end) not in both],
        key=lambda pair: (pair[0].start, pair[0].end),
    )
    for (first, who), (second, other) in _neighbours(mixed):
        if "both" in (who, other) or who == other:
            if second.start < first.end:
                return None
        elif not _apart(base, first, second):
            return None
    return [hunk for hunk, _ in mixed]


def _neighbours(mixed: Sequence[tuple[Hunk, str]]) -> Iterator[tuple[tuple[Hunk, str], ...]]:
    yield from pairwise(mixed)


def _apart(base: Sequence[Token], first: Hunk, second: Hunk) -> bool:
    """Tell whether an unchanged word, or an edge, stands between two changes."""
    between = base[first.end : second.start] if first.end <= second.start else ()
    return any(token.kind in _STANDS_BETWEEN for token in between)
