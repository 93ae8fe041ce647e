"""Clause, Chapter, Report: the text as its smallest separately amendable blocks.

A chapter is a row of segments that together are its file, byte for byte. What a clause is, and
where its marker stands, is decided in `reading.py`; here are the values and their laws.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from drafter.core.ids import ClauseId
from drafter.core.markdown import Marker

ClauseType = Literal["heading", "paragraph", "item", "quote", "code", "table", "note", "opaque"]


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause, or an opaque block (type `opaque`), which has no id.

    `ordered`: an item of a numbered list. `level`: of a heading, 1-6. `label`: of a footnote.
    `parts`: its own Markdown, without marker and container prefix, line endings as LF; more than
    one where nested items stand between. `parent`: index in the chapter of the item or footnote
    it is nested in; `slot`: how many parts of the parent stand before it. `line`: first line in
    the file, from 1. `wording` and `hash`: see `wording.py`. `mark`: the list mark as written.
    `indent`, `content`: columns where it begins and where its words begin. `head`: the line of
    its first segment, from 0, behind which the marker belongs; `own_line`: the marker stands on
    a line of its own.
    """

    id: ClauseId | None
    type: ClauseType
    parts: tuple[str, ...]
    wording: str
    hash: str
    line: int
    ordered: bool = False
    level: int | None = None
    label: str = ""
    parent: int | None = None
    slot: int = 0
    origin: tuple[str, ...] = ()
    was: tuple[ClauseId, ...] = ()
    mark: str = ""
    indent: int = 0
    content: int = 0
    head: int = 0
    own_line: bool = False

    @property
    def kind(self) -> str:
        """What the hash binds besides the words: type, level, numbered or not, footnote label."""
        return kind_of(self.type, ordered=self.ordered, level=self.level, label=self.label)

    @property
    def marker(self) -> Marker | None:
        """The marker of the clause in canonical form; None without an id."""
        return Marker(self.id, self.origin, self.was) if self.id else None


def kind_of(
    clause_type: str, *, ordered: bool = False, level: int | None = None, label: str = ""
) -> str:
    """Name the kind of a clause as its wording hash binds it.

    >>> kind_of("heading", level=2), kind_of("item", ordered=True), kind_of("note", label="1")
    ('heading 2', 'numbered item', 'note 1')
    """
    if clause_type == "heading":
        return f"heading {level}"
    if clause_type == "item":
        return "numbered item" if ordered else "item"
    return f"note {label}" if clause_type == "note" else clause_type


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of lines of one clause.

    `raw` ends before the last line ending; `gap` is that line ending and the blank lines behind
    it. `clause` is the index in the chapter, `part` which part of the clause it is.
    """

    raw: str
    gap: str
    clause: int
    part: int


@dataclass(frozen=True, eq=False)
class Chapter:
    """One file of the report. `lead` is the blank lines it begins with.

    Compared by identity, so that what is worked out for a chapter is kept with it.
    """

    path: str
    lead: str
    segments: tuple[Segment, ...]
    clauses: tuple[Clause, ...]

    @functools.cached_property
    def text(self) -> str:
        """The whole file, exactly as read."""
        return write_chapter(self)

    def same_text(self, other: Chapter) -> bool:
        """Tell whether two chapters are the same, byte for byte."""
        return self is other or self.text == other.text

    @functools.cached_property
    def newline(self) -> str:
        """The line ending that this file uses first; LF where it has none."""
        for segment in self.segments:
            for stretch in (segment.raw, segment.gap):
                for index, char in enumerate(stretch):
                    if char == "\r":
                        return "\r\n" if stretch[index + 1 : index + 2] == "\n" else "\r"
                    if char == "\n":
                        return "\n"
        return "\n"

    @functools.cached_property
    def children(self) -> dict[int | None, tuple[int, ...]]:
        """For each parent (None: the chapter) the indices of what stands under it, in order."""
        found: dict[int | None, list[int]] = {}
        for index, clause in enumerate(self.clauses):
            found.setdefault(clause.parent, []).append(index)
        return {parent: tuple(under) for parent, under in found.items()}

    @functools.cached_property
    def before(self) -> tuple[int | None, ...]:
        """For each clause the index of the clause before it under its parent; opaque skipped."""
        found: list[int | None] = [None] * len(self.clauses)
        for under in self.children.values():
            last = None
            for index in under:
                found[index] = last
                if self.clauses[index].type != "opaque":
                    last = index
        return tuple(found)

    @functools.cached_property
    def ids(self) -> tuple[str, ...] | None:
        """The ids of its clauses, sorted; None where one of them has none."""
        ids = [clause.id for clause in self.clauses if clause.type != "opaque"]
        return None if None in ids else tuple(sorted(filter(None, ids)))

    def id_at(self, index: int | None) -> ClauseId | None:
        """Give the id of the clause at `index`; None for None or for a clause without id."""
        return None if index is None else self.clauses[index].id

    def raw_of(self, index: int) -> tuple[Segment, ...]:
        """Give the segments of one clause, without those of the clauses nested in it."""
        return self._segments_by_clause.get(index, ())

    @functools.cached_property
    def _segments_by_clause(self) -> dict[int, tuple[Segment, ...]]:
        found: dict[int, list[Segment]] = {}
        for segment in self.segments:
            found.setdefault(segment.clause, []).append(segment)
        return {index: tuple(segments) for index, segments in found.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a clause stands: chapter, index there, parent item, and the clause before it."""

    chapter: Chapter
    index: int
    parent: ClauseId | None
    after: ClauseId | None

    @property
    def clause(self) -> Clause:
        """The clause that stands here."""
        return self.chapter.clauses[self.index]


@dataclass(frozen=True, eq=False)
class Report:
    """The whole text at one moment: its chapters in reading order. Compared by identity."""

    chapters: tuple[Chapter, ...]

    def places(self) -> Iterator[Place]:
        """Walk over all clauses and opaque blocks in reading order."""
        for chapter in self.chapters:
            for index in range(len(chapter.clauses)):
                yield place_at(chapter, index)

    def locate(self, clause_id: str) -> Place | None:
        """Find where a clause stands; None where the report has no such clause."""
        found = self._by_id.get(clause_id)
        return place_at(*found) if found else None

    def chapter(self, path: str) -> Chapter | None:
        """Find a chapter by the path of its file."""
        return self._by_path.get(path)

    @functools.cached_property
    def _by_path(self) -> dict[str, Chapter]:
        return {chapter.path: chapter for chapter in self.chapters}

    @functools.cached_property
    def ids(self) -> frozenset[str]:
        """Every clause id in the report."""
        return frozenset(self._by_id)

    @functools.cached_property
    def _by_id(self) -> dict[str, tuple[Chapter, int]]:
        found: dict[str, tuple[Chapter, int]] = {}
        for chapter in self.chapters:
            for index, clause in enumerate(chapter.clauses):
                if clause.id:
                    found.setdefault(clause.id, (chapter, index))
        return found


def place_at(chapter: Chapter, index: int) -> Place:
    """Tell where the clause at `index` stands."""
    parent = chapter.clauses[index].parent
    return Place(chapter, index, chapter.id_at(parent), chapter.id_at(chapter.before[index]))


def write_chapter(chapter: Chapter) -> str:
    """Write a chapter back: the same bytes as were read."""
    return chapter.lead + "".join([segment.raw + segment.gap for segment in chapter.segments])


def duplicate_ids(chapters: Iterable[Chapter]) -> list[tuple[Chapter, Clause]]:
    """List the clauses whose id another clause before them already has."""
    seen: set[str] = set()
    found = []
    for chapter in chapters:
        for clause in chapter.clauses:
            if clause.id and clause.id in seen:
                found.append((chapter, clause))
            elif clause.id:
                seen.add(clause.id)
    return found
