"""Two texts made from one base, put together clause by clause.

Different clauses never conflict; inside one clause words merge where they do not touch. What
competes is listed, and the merged text keeps the base wording there, so that it is the same
whichever side comes first. Nothing that only one side changed is lost.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from drafter.core.clauses import Chapter, Report
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
    """The merge of a whole report: its chapters, and what competes, in reading order.

    `tree`: the chapters that both sides changed, as they were put together.
    """

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
        """Give the text with git's diff3 marks at the competing places; for single files."""
        return self.text if self.clean else compose_with_markers(self.tree)

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
    aside = _one_sided(base, ours, theirs)
    rest = [_without(report, aside) for report in (base, ours, theirs)]
    three = ThreeWay.of(*rest)
    tree = arrange(three, merge_contents(three))
    competing = tuple(
        Competing(found.clause, found.base, found.ours, found.theirs, found.why)
        for found in tree.conflicts()
    )
    return Merge(_in_order(base, aside, compose(tree), tree), competing, tree)


def _one_sided(base: Report, ours: Report, theirs: Report) -> dict[str, Chapter]:
    """Give the chapters that need no merging, as they will be.

    Those are the ones that no side changed, or one side alone, without a clause coming or going:
    by their ids nothing in them can have moved from or to another chapter.
    """
    found = {}
    for chapter in base.chapters:
        one, two = ours.chapter(chapter.path), theirs.chapter(chapter.path)
        if one is None or two is None:
            continue
        if two.same_text(chapter) and (one.same_text(chapter) or _same_ids(chapter, one)):
            found[chapter.path] = chapter if one.same_text(chapter) else one
        elif one.same_text(chapter) and _same_ids(chapter, two):
            found[chapter.path] = two
    return found


def _same_ids(one: Chapter, two: Chapter) -> bool:
    return one.ids is not None and one.ids == two.ids


def _without(report: Report, aside: dict[str, Chapter]) -> Report:
    return Report(tuple(chapter for chapter in report.chapters if chapter.path not in aside))


def _in_order(base: Report, aside: dict[str, Chapter], rest: Report, tree: Tree) -> Report:
    """Put chapters into the order of the base, then the new ones as they were merged."""
    merged = {tree.origins[chapter.path]: chapter for chapter in rest.chapters}
    found = {**aside, **merged}
    order = [chapter.path for chapter in base.chapters if chapter.path in found]
    order += [path for path in merged if path not in order]
    return Report(tuple(found[path] for path in order))
