"""What changed between two texts, clause by clause.

`diff_reports` gives the list of changes that every face of Drafter shows, whatever its form.
White space alone is no change; a clause that travels with its parent did not move.
"""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass
from typing import Any, Literal

from drafter.core.clauses import ClauseType, Report
from drafter.core.ids import ClauseId
from drafter.core.moves import moved_clauses
from drafter.core.numbering import Numbers, number_report
from drafter.core.pairing import Pairing, pair_reports
from drafter.core.reading import read_chapter
from drafter.core.worddiff import Piece, changed_words, same_words
from drafter.core.wording import Token, as_prose, tokens_of

Kind = Literal[
    "edited",
    "formatting",
    "moved",
    "moved+edited",
    "added",
    "removed",
    "split",
    "joined",
    "origins",
]

FORMAT = 1
"""The version of the JSON form."""


@dataclass(frozen=True, slots=True)
class Side:
    """A clause as it stands in one of the two texts.

    `text`: its wording. `level`: of a heading. `number`: as readers see it there. `parent`: id of
    the item it is nested in. `after`: id of the clause before it under that parent. `path`: the
    chapter's file; `line`: from 1.
    """

    id: ClauseId | None
    text: str
    type: ClauseType
    level: int | None
    number: str
    parent: ClauseId | None
    after: ClauseId | None
    origins: tuple[str, ...]
    path: str
    line: int
    parts: tuple[str, ...]
    hash: str
    ordered: bool = False

    @property
    def tokens(self) -> tuple[Token, ...]:
        """The wording cut into tokens."""
        return tokens_of(self.type, self.parts)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form of one side."""
        return {
            "text": self.text,
            "type": self.type,
            "level": self.level,
            "number": self.number,
            "parent": self.parent,
            "after": self.after,
            "origins": list(self.origins),
            "path": self.path,
            "line": self.line,
        }


Sides = Side | tuple[Side, ...] | None


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its kind, the clause, both sides, and the words as pieces.

    For `split` the new side is a tuple, for `joined` the old one; `clause` is the one that keeps
    its id.
    """

    kind: Kind
    clause: ClauseId | None
    type: ClauseType
    old: Sides
    new: Sides
    words: tuple[Piece, ...]

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form of one change."""
        return {
            "kind": self.kind,
            "clause": self.clause,
            "type": self.type,
            "old": _side_dict(self.old),
            "new": _side_dict(self.new),
            "words": [list(piece) for piece in self.words],
        }

    def sides(self, which: Literal["old", "new"]) -> tuple[Side, ...]:
        """Give one side as a tuple, empty where there is none."""
        side = self.old if which == "old" else self.new
        return side if isinstance(side, tuple) else () if side is None else (side,)


@dataclass(frozen=True, slots=True)
class Diff:
    """All changes between two texts, in the reading order of the new one."""

    changes: tuple[Change, ...]

    @property
    def summary(self) -> dict[str, int]:
        """How many changes of each kind there are; kinds without any are left out."""
        return dict(sorted(Counter(change.kind for change in self.changes).items()))

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form (docs/format.md, "Changes")."""
        changes = [change.to_dict() for change in self.changes]
        return {"format": FORMAT, "summary": self.summary, "changes": changes}


def diff_text(old: str, new: str, path: str = "") -> Diff:
    """Compare two texts of one chapter."""
    return diff_reports(Report((read_chapter(path, old),)), Report((read_chapter(path, new),)))


def diff_reports(old: Report, new: Report, *, style: str = "clauses") -> Diff:
    """Compare two reports; `style` is how clauses are numbered."""
    pairing = pair_reports(old, new)
    return _Comparison(pairing, number_report(old, style), number_report(new, style)).diff()


class _Comparison:
    """Turns a pairing into changes."""

    def __init__(self, pairing: Pairing, old_numbers: Numbers, new_numbers: Numbers) -> None:
        self.pairing = pairing
        self.numbers = {"old": old_numbers, "new": new_numbers}
        self.moved = moved_clauses(pairing)
        self.found: list[tuple[float, Change]] = []
        self.done_old: set[int] = set()
        self.done_new: set[int] = set()

    def diff(self) -> Diff:
        for old, news in self.pairing.split.items():
            self.split(old, news)
        for new, olds in self.pairing.joined.items():
            self.joined(new, olds)
        for node in self.pairing.new:
            if node.number not in self.done_new:
                self.one(node.number)
        for node in self.pairing.old:
            if node.number not in self.pairing.new_of and node.number not in self.done_old:
                self.removed(node.number)
        return Diff(tuple(change for _, change in sorted(self.found, key=lambda pair: pair[0])))

    def side(self, which: Literal["old", "new"], number: int) -> Side:
        node = (self.pairing.old if which == "old" else self.pairing.new)[number]
        clause, chapter = node.clause, node.chapter
        return Side(
            id=clause.id,
            text=clause.wording,
            type=clause.type,
            level=clause.level,
            number=self.numbers[which].get((chapter.path, node.index), ""),
            parent=chapter.id_at(clause.parent),
            after=chapter.id_at(chapter.before[node.index]),
            origins=clause.origin,
            path=chapter.path,
            line=clause.line,
            parts=clause.parts,
            hash=clause.hash,
            ordered=clause.ordered,
        )

    def add(self, place: float, kind: Kind, old: Sides, new: Sides, lead: Side) -> None:
        words = _words(old, new)
        self.found.append((place, Change(kind, lead.id, lead.type, old, new, words)))

    def one(self, new: int) -> None:
        """Note the change of a clause that is in the new text, if it changed."""
        old = self.pairing.old_of.get(new)
        if old is None:
            side = self.side("new", new)
            self.add(new, "added", None, side, side)
            return
        one, two = self.pairing.old[old].clause, self.pairing.new[new].clause
        origins = set(one.origin) != set(two.origin)
        if one.hash == two.hash and new not in self.moved and not origins:
            return
        kind = self.kind(old, new, origins=origins)
        side = self.side("new", new)
        self.add(new, kind, self.side("old", old), side, side)

    def kind(self, old: int, new: int, *, origins: bool) -> Kind:
        one, two = self.pairing.old[old].clause, self.pairing.new[new].clause
        if new in self.moved:
            return "moved+edited" if one.hash != two.hash or origins else "moved"
        if one.hash == two.hash:
            return "origins"
        same = one.wording == two.wording or _same_words(one.type, one.parts, two.type, two.parts)
        return "formatting" if same else "edited"

    def split(self, old: int, news: tuple[int, ...]) -> None:
        sides = tuple(self.side("new", new) for new in news)
        keeps = self.pairing.new_of.get(old)
        lead = self.side("new", keeps) if keeps is not None else sides[0]
        self.done_new |= set(news)
        self.done_old.add(old)
        self.add(news[0], "split", self.side("old", old), sides, lead)

    def joined(self, new: int, olds: tuple[int, ...]) -> None:
        sides = tuple(self.side("old", old) for old in olds)
        side = self.side("new", new)
        self.done_new.add(new)
        self.done_old |= set(olds)
        self.add(new, "joined", sides, side, side)

    def removed(self, old: int) -> None:
        side = self.side("old", old)
        self.add(self._place_of_removed(old), "removed", side, None, side)

    def _place_of_removed(self, old: int) -> float:
        before = old
        while before >= 0:
            if before in self.pairing.new_of:
                return self.pairing.new_of[before] + 0.5
            before -= 1
        return -0.5


def _words(old: Sides, new: Sides) -> tuple[Piece, ...]:
    if old is None or new is None:
        side = new or old
        assert isinstance(side, Side)
        mark: Literal["+", "-"] = "+" if old is None else "-"
        return ((mark, side.text),) if side.text else ()
    if isinstance(old, Side) and isinstance(new, Side) and not _is_one_opaque(old, new):
        return _cached_words(old.type, old.parts, new.type, new.parts)
    first, second, regrouped = comparable_tokens(old, new)
    return changed_words(first, second, regrouped=regrouped)


@functools.lru_cache(maxsize=20_000)
def _cached_words(
    old_type: str, old_parts: tuple[str, ...], new_type: str, new_parts: tuple[str, ...]
) -> tuple[Piece, ...]:
    return changed_words(tokens_of(old_type, old_parts), tokens_of(new_type, new_parts))


@functools.lru_cache(maxsize=20_000)
def _same_words(
    old_type: str, old_parts: tuple[str, ...], new_type: str, new_parts: tuple[str, ...]
) -> bool:
    return same_words(tokens_of(old_type, old_parts), tokens_of(new_type, new_parts))


def comparable_tokens(old: Sides, new: Sides) -> tuple[tuple[Token, ...], tuple[Token, ...], bool]:
    """Give the tokens of both sides, and whether their blocks cannot be paired (`phrases`).

    Of an opaque block that was prose, or became it, the words are compared as those of prose.
    """
    first, second = tokens_of_sides(old), tokens_of_sides(new)
    if not _is_one_opaque(old, new):
        return first, second, isinstance(old, tuple) or isinstance(new, tuple)
    if isinstance(old, Side) and old.type == "opaque":
        return as_prose(first), second, True
    return first, as_prose(second), True


def _is_one_opaque(old: Sides, new: Sides) -> bool:
    sides = [side for side in (old, new) if isinstance(side, Side)]
    return len(sides) == 2 and [side.type for side in sides].count("opaque") == 1


def tokens_of_sides(sides: Sides) -> tuple[Token, ...]:
    """Give the tokens of one side; the clauses of a split or joined side stand on own lines."""
    if sides is None or isinstance(sides, Side):
        return sides.tokens if sides else ()
    found: list[Token] = []
    for side in sides:
        if found:
            found.append(Token("\n", "", "", "break", (), "\n"))
        found.extend(side.tokens)
    return tuple(found)


def _side_dict(sides: Sides) -> Any:
    if isinstance(sides, tuple):
        return [side.to_dict() for side in sides]
    return sides.to_dict() if sides else None
