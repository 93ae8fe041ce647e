"""What changed between two texts, clause by clause.

`diff_reports` gives the list of changes that every face of Drafter shows, whatever its form.
White space alone is no change; a clause that travels with its parent did not move.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from drafter.core.clauses import ClauseType, Report
from drafter.core.ids import ClauseId
from drafter.core.numbering import Numbers, number_report
from drafter.core.pairing import Node, Pairing, pair_reports
from drafter.core.reading import read_chapter
from drafter.core.worddiff import Piece, changed_words, same_words
from drafter.core.wording import Token, tokens_of

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
    tokens: tuple[Token, ...]
    hash: str

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


def moved_clauses(pairing: Pairing) -> frozenset[int]:
    """Give the numbers (new side) of the clauses that moved: as few as explain the new order.

    A clause with another parent moved, unless the parent is the same clause. Among the children
    of one parent the longest run that kept its order stayed; of runs equally long the one with
    more words.
    """
    old_parents = _parents(pairing.old)
    new_parents = _parents(pairing.new)
    chapters = chapter_pairs(pairing)
    moved: set[int] = set()
    families: dict[tuple[str, int | None], list[int]] = {}
    for new in sorted(pairing.old_of):
        old = pairing.old_of[new]
        family, was = new_parents[new], old_parents[old]
        if isinstance(family, int):
            same = pairing.old_of.get(family) == was
        else:
            same = not isinstance(was, int) and chapters.get(family) == was
        if same:
            families.setdefault((str(type(family)), hash(family)), []).append(new)
        else:
            moved.add(new)
    for children in families.values():
        moved |= _out_of_order(pairing, children)
    return frozenset(moved)


def _parents(nodes: Sequence[Node]) -> list[int | str]:
    """For each clause the number of the item it is nested in, else the path of its chapter."""
    found: list[int | str] = []
    for node in nodes:
        parent = node.clause.parent
        found.append(node.chapter.path if parent is None else node.number - node.index + parent)
    return found


def chapter_pairs(pairing: Pairing) -> dict[str, str]:
    """Map the path of each new chapter to that of the old chapter it carries on.

    A chapter keeps its path; under a new path it carries on the one that most clauses come from.
    """
    old_paths = {node.chapter.path for node in pairing.old}
    new_paths = {node.chapter.path for node in pairing.new}
    pairs = {path: path for path in old_paths & new_paths}
    votes: Counter[tuple[str, str]] = Counter()
    for new, old in pairing.old_of.items():
        one, two = pairing.new[new].chapter.path, pairing.old[old].chapter.path
        if one not in pairs and two not in new_paths:
            votes[one, two] += 1
    for (one, two), _ in votes.most_common():
        if one not in pairs and two not in pairs.values():
            pairs[one] = two
    return pairs


def _out_of_order(pairing: Pairing, children: Sequence[int]) -> set[int]:
    """Give those of `children` (in new order) that left the longest run in old order."""
    olds = [pairing.old_of[new] for new in children]
    if all(a < b for a, b in pairwise(olds)):
        return set()
    start, end = _disorder(olds)
    weights = [len(pairing.new[new].clause.wording) for new in children[start:end]]
    stays = _heaviest_longest_run(olds[start:end], weights)
    return {children[start + i] for i in range(end - start) if i not in stays}


def _disorder(values: Sequence[int]) -> tuple[int, int]:
    """Give the range outside which everything stands where it would if sorted."""
    order = sorted(values)
    start = next(i for i, (a, b) in enumerate(zip(values, order, strict=True)) if a != b)
    end = next(
        len(values) - i
        for i, (a, b) in enumerate(zip(reversed(values), reversed(order), strict=True))
        if a != b
    )
    return start, end


def _heaviest_longest_run(values: Sequence[int], weights: Sequence[int]) -> set[int]:
    """Give the positions of a longest rising run; of those, one of the greatest weight.

    A Fenwick tree over the ranks keeps the best run that ends at or below each: n log n.

    >>> sorted(_heaviest_longest_run([3, 0, 1, 2], [9, 1, 1, 1]))
    [1, 2, 3]
    >>> sorted(_heaviest_longest_run([1, 0], [9, 1]))
    [0]
    """
    order = sorted(values)
    size = len(values)
    tree: list[tuple[int, int, int]] = [(0, 0, -1)] * (size + 1)
    before: list[int] = []
    best = (0, 0, -1)
    for position, value in enumerate(values):
        rank = bisect_left(order, value)
        top, at = (0, 0, -1), rank
        while at > 0:
            top = max(top, tree[at], key=lambda run: run[:2])
            at -= at & -at
        before.append(top[2])
        run = (top[0] + 1, top[1] + weights[position], position)
        best = max(best, run, key=lambda found: found[:2])
        at = rank + 1
        while at <= size:
            tree[at] = max(tree[at], run, key=lambda found: found[:2])
            at += at & -at
    stays, position = set(), best[2]
    while position >= 0:
        stays.add(position)
        position = before[position]
    return stays


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
            tokens=tokens_of(clause.type, clause.parts),
            hash=clause.hash,
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
        same = one.wording == two.wording or same_words(
            tokens_of(one.type, one.parts), tokens_of(two.type, two.parts)
        )
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
    return changed_words(tokens_of_sides(old), tokens_of_sides(new))


def tokens_of_sides(sides: Sides) -> tuple[Token, ...]:
    """Give the tokens of one side; the clauses of a split or joined side stand on own lines."""
    if sides is None or isinstance(sides, Side):
        return sides.tokens if sides else ()
    found: list[Token] = []
    for side in sides:
        if found:
            found.append(Token("\n", "", "", "break", ("clause",), "\n"))
        found.extend(side.tokens)
    return tuple(found)


def _side_dict(sides: Sides) -> Any:
    if isinstance(sides, tuple):
        return [side.to_dict() for side in sides]
    return sides.to_dict() if sides else None
