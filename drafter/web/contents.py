"""The list of chapters and clauses to choose from: folded, found by number, at any length."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from drafter.core.clauses import Chapter
from drafter.core.ids import ClauseId
from drafter.web import reading
from drafter.web.draft import Draft, draft, opening, plain

WHOLE = 400
"""Clauses up to which all are listed at once; past it, those of one chapter at a time."""
MOST_FOUND = 50


@dataclass(frozen=True, slots=True)
class Line:
    """A clause in a list of contents."""

    id: ClauseId
    number: str
    opening: str
    comments: int


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter in a list of contents."""

    place: int
    """Of the chapter, from 1."""
    title: str
    count: int
    comments: int
    clauses: tuple[Line, ...]
    """Empty where the list is long and this is not the chapter asked for."""


def contents(chapter: int | None = None) -> tuple[Part, ...]:
    """List the chapters in reading order; where there are many clauses, those of one alone."""
    here, counts = draft(), reading.counts()
    comments = {clause: count.remarks + count.suggestions for clause, count in counts.items()}
    whole = sum(len(one.clauses) for one in here.report.chapters) <= WHOLE
    return tuple(
        _part(here, one, place, comments, listed=whole or place == chapter)
        for place, one in enumerate(here.report.chapters, 1)
    )


def find(words: str) -> tuple[Line, ...]:
    """Find clauses by number or id, else by their words; the exact number alone where it is one."""
    here, counts = draft(), reading.counts()
    wanted = words.strip().casefold()
    if not wanted:
        return ()
    found: list[Line] = []
    for chapter in here.report.chapters:
        for index, clause in enumerate(chapter.clauses):
            if clause.id is None:
                continue
            number = here.numbers.get((chapter.path, index), "")
            count = counts.get(clause.id)
            said = count.remarks + count.suggestions if count else 0
            line = Line(clause.id, number, opening(clause), said)
            if wanted in (number.casefold(), clause.id):
                return (line,)
            if len(found) < MOST_FOUND and wanted in plain(clause).casefold():
                found.append(line)
    return tuple(found)


def _part(
    here: Draft, chapter: Chapter, place: int, comments: Mapping[ClauseId, int], *, listed: bool
) -> Part:
    named = [(index, one) for index, one in enumerate(chapter.clauses) if one.id]
    lines = tuple(
        Line(
            one.id,
            here.numbers.get((chapter.path, index), ""),
            opening(one),
            comments.get(one.id, 0),
        )
        for index, one in named
        if listed and one.id
    )
    said = sum(comments.get(one.id, 0) for _, one in named if one.id)
    return Part(place, here.title(chapter), len(named), said, lines)
