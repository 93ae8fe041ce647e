"""Base, ours, theirs: which clause is which, across three texts.

A clause of the base has one key in all three; a clause that one side inserted has that side's.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

from drafter.core.clauses import Chapter, Report
from drafter.core.ids import ClauseId
from drafter.core.index import Node
from drafter.core.moves import chapter_pairs, moved_clauses
from drafter.core.pairing import Pairing, pair_reports

Key = tuple[str, int]
"""`("base", n)`, `("ours", n)` or `("theirs", n)`: number in reading order of that text."""

Family = Key | tuple[str, str]
"""What clauses stand under: the key of an item or footnote, or `("chapter", path)`."""

Why = Literal["overlap", "delete-edit", "rival-insertion", "order"]
SideName = Literal["ours", "theirs"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """A place that people must settle. Wordings, and the sources for a merge driver's marks.

    None where a text has no such clause. `place`: where it stands, for the order of the list.
    """

    clause: ClauseId | None
    base: str | None
    ours: str | None
    theirs: str | None
    why: Why
    sources: tuple[str, str, str]
    place: tuple[int, ...]


@dataclass(frozen=True)
class Side:
    """One of the two changed texts, paired with the base."""

    name: SideName
    pairing: Pairing
    moved: frozenset[int]
    chapters: dict[str, str]
    families: dict[Family, list[Key]] = field(default_factory=dict)

    @classmethod
    def of(cls, name: SideName, base: Report, report: Report) -> Side:
        """Pair one side with the base."""
        pairing = pair_reports(base, report)
        moved = frozenset(pairing.old_of[new] for new in moved_clauses(pairing))
        side = cls(name, pairing, moved, chapter_pairs(pairing))
        for node in pairing.new:
            side.families.setdefault(side.family(node.number), []).append(side.key(node.number))
        return side

    def key(self, number: int) -> Key:
        """Give the key of this side's clause `number`."""
        old = self.pairing.old_of.get(number)
        return (self.name, number) if old is None else ("base", old)

    def number(self, key: Key) -> int | None:
        """Give the number in this side of the clause `key`; None where it has none."""
        if key[0] == "base":
            return self.pairing.new_of.get(key[1])
        return key[1] if key[0] == self.name else None

    def node(self, key: Key) -> Node | None:
        """Give this side's clause `key` with its place; None where it has none."""
        number = self.number(key)
        return None if number is None else self.pairing.new[number]

    def family(self, number: int) -> Family:
        """Tell what this side's clause `number` stands under."""
        node = self.pairing.new[number]
        parent = node.clause.parent
        if parent is not None:
            return self.key(number - node.index + parent)
        path = node.chapter.path
        return ("chapter", self.chapters.get(path, path))


@dataclass(frozen=True)
class ThreeWay:
    """The three texts, paired."""

    base: list[Node]
    ours: Side
    theirs: Side
    base_report: Report
    reports: dict[SideName, Report]

    @classmethod
    def of(cls, base: Report, ours: Report, theirs: Report) -> ThreeWay:
        """Pair three texts."""
        first, second = Side.of("ours", base, ours), Side.of("theirs", base, theirs)
        reports: dict[SideName, Report] = {"ours": ours, "theirs": theirs}
        return cls(first.pairing.old, first, second, base, reports)

    def sides(self) -> tuple[Side, Side]:
        """Both sides."""
        return self.ours, self.theirs

    def other(self, side: Side) -> Side:
        """The side that `side` is not."""
        return self.theirs if side is self.ours else self.ours

    def base_family(self, number: int) -> Family:
        """Tell what a clause stands under in the base."""
        node = self.base[number]
        parent = node.clause.parent
        if parent is not None:
            return ("base", number - node.index + parent)
        return ("chapter", node.chapter.path)

    def base_families(self) -> dict[Family, list[Key]]:
        """For each family of the base its clauses in order."""
        found: dict[Family, list[Key]] = {}
        for node in self.base:
            found.setdefault(self.base_family(node.number), []).append(("base", node.number))
        return found

    def inserted(self, side: Side) -> Iterator[Key]:
        """Walk over the clauses that only this side has."""
        for node in side.pairing.new:
            if node.number not in side.pairing.old_of:
                yield (side.name, node.number)


def raw_source(chapter: Chapter, index: int) -> str:
    """Give the lines of a clause in its file, without those of the clauses nested in it."""
    return chapter.newline.join(segment.raw for segment in chapter.raw_of(index))
