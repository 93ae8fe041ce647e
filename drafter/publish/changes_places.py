"""How the places of one text are named: its chapters, and the heading over each clause."""

from __future__ import annotations

import functools
from dataclasses import dataclass

from drafter.core.clauses import Report
from drafter.core.diff import Side
from drafter.publish.edition import chapter_title, plain_words


@dataclass(frozen=True)
class Places:
    """The names of the places of a text, each worked out once."""

    report: Report

    @functools.cached_property
    def titles(self) -> dict[str, str]:
        """The titles of the chapters, by path."""
        return {chapter.path: chapter_title(chapter) for chapter in self.report.chapters}

    @functools.cached_property
    def _headings(self) -> dict[tuple[str, int], str]:
        found: dict[tuple[str, int], str] = {}
        for chapter in self.report.chapters:
            over = self.titles[chapter.path]
            for clause in chapter.clauses:
                if clause.type == "heading":
                    over = plain_words(clause.type, clause.parts)
                found[chapter.path, clause.line] = over
        return found

    def heading(self, side: Side) -> str:
        """Give the heading that a clause stands under, or its own where it is one."""
        return self._headings.get((side.path, side.line), "")

    def name(self, side: Side) -> str:
        """Name a clause by its number, else by its heading."""
        return side.number or self.heading(side)

    def where(self, side: Side) -> str:
        """Say where a clause stands: "1.4, Voting"."""
        parts = dict.fromkeys((self.name(side), self.titles.get(side.path, "")))
        return ", ".join(filter(None, parts))
