"""Two texts made from one base, put together clause by clause.

Different clauses never conflict; inside one clause words merge where they do not touch. What
competes is listed, and the merged text keeps the base wording there, so that it is the same
whichever side comes first. Nothing that only one side changed is lost.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from drafter.core.clauses import Report
from drafter.core.composing import compose, compose_with_markers
from drafter.core.content import merge_contents
from drafter.core.ids import ClauseId
from drafter.core.ordering import Tree, arrange
from drafter.core.reading import read_chapter
from drafter.core.threeway import ThreeWay, Why

FORMAT = 1
"""The version of the JSON form."""


@dataclass(frozen=True, slots=True)
class Competing:
    """A place that people must settle: the wording in base and on both sides; None: not there.

    `why`: `overlap` (touching words, or two kinds), `delete-edit`, `rival-insertion`, `order`
    (moved to two places).
    """

    clause: ClauseId | None
    base: str | None
    ours: str | None
    theirs: str | None
    why: Why

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form of one competing place."""
        return {
            "clause": self.clause,
            "base": self.base,
            "ours": self.ours,
            "theirs": self.theirs,
            "why": self.why,
        }


@dataclass(frozen=True)
class Merge:
    """The merge of a whole report: its chapters, and what competes, in reading order."""

    report: Report
    competing: tuple[Competing, ...]
    tree: Tree

    @property
    def clean(self) -> bool:
        """Whether nothing competes."""
        return not self.competing

    @functools.cached_property
    def text(self) -> str:
        """The text of the first chapter: the whole, where single files were merged."""
        return self.report.chapters[0].text if self.report.chapters else ""

    def with_markers(self) -> str:
        """Give the first chapter with git's diff3 marks at the competing places."""
        return compose_with_markers(self.tree)

    def to_dict(self) -> dict[str, Any]:
        """Give the JSON form (docs/format.md, "Merging")."""
        return {
            "format": FORMAT,
            "clean": self.clean,
            "text": self.text,
            "competing": [place.to_dict() for place in self.competing],
        }


def merge_text(base: str, ours: str, theirs: str, path: str = "") -> Merge:
    """Merge two texts of one chapter."""
    one, two, three = (Report((read_chapter(path, text),)) for text in (base, ours, theirs))
    return merge_reports(one, two, three)


def merge_reports(base: Report, ours: Report, theirs: Report) -> Merge:
    """Merge two reports made from one base."""
    three = ThreeWay.of(base, ours, theirs)
    tree = arrange(three, merge_contents(three))
    competing = tuple(
        Competing(found.clause, found.base, found.ours, found.theirs, found.why)
        for found in tree.conflicts()
    )
    return Merge(compose(tree), competing, tree)
