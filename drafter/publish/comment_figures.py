"""Comments in figures, and what the public changed: counted from the facts in git alone.

Knows no page; each figure here stands on a page beside the table it is the sum of.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from drafter.core.amendments import Amendment
from drafter.publish import words
from drafter.publish.changes import Comparison
from drafter.publish.edition import Edition, chapter_title
from drafter.store.history import Version

GONE = "Clauses that are no longer there"


@dataclass(frozen=True, slots=True)
class Answered:
    """The comments on one chapter, or on all."""

    name: str
    path: str | None
    """None for clauses that stand in no chapter of this version."""
    comments: int
    suggestions: int
    answered: int

    @property
    def waiting(self) -> int:
        """How many have no answer yet."""
        return self.comments - self.answered


def by_chapter(edition: Edition) -> list[Answered]:
    """Count the comments by the chapter in which their clause stands now, in reading order."""
    chapters = {
        str(place.clause.id): place.chapter.path
        for place in edition.report.places()
        if place.clause.id
    }
    groups: dict[str | None, list[tuple[bool, bool]]] = {}
    for comment in edition.comments:
        path = chapters.get(comment.clause)
        groups.setdefault(path, []).append((comment.suggestion, comment.answered))
    order: list[tuple[str | None, str]] = [
        (chapter.path, chapter_title(chapter)) for chapter in edition.report.chapters
    ]
    return [
        _answered(name, path, groups[path])
        for path, name in [*order, (None, GONE)]
        if path in groups
    ]


def _answered(name: str, path: str | None, found: Iterable[tuple[bool, bool]]) -> Answered:
    facts = list(found)
    return Answered(
        name, path, len(facts), sum(each for each, _ in facts), sum(each for _, each in facts)
    )


def in_all(edition: Edition) -> Answered:
    """Count all comments."""
    facts = [(comment.suggestion, comment.answered) for comment in edition.comments]
    return _answered("All chapters", None, facts)


# What the public changed


@dataclass(frozen=True, slots=True)
class Share:
    """How much of what is new or changed was asked for by the public, since a version."""

    since: Version
    changed: int
    """Clauses of this version that are new or were changed, formatting apart."""
    asked: int
    """Those among them that an accepted amendment changed which answered at least one comment."""
    amendments: int
    """The accepted amendments decided since."""
    from_comments: int
    """Those among them that answered at least one comment."""

    @property
    def sentence(self) -> str:
        """Say the share in a sentence; the share in per cent where it is of more than ten."""
        if not self.changed:
            return f"No clause is new or changed since version {self.since.number}."
        are = "is" if self.changed == 1 else "are"
        per_cent = f" ({round(100 * self.asked / self.changed)} per cent)" * (self.changed > 10)
        clauses = words.counted(self.changed, "clause")
        asked = "none" if not self.asked else f"{self.asked:,}"
        return (
            f"{clauses} {are} new or changed since version {self.since.number}; "
            f"{asked} of them{per_cent} because members of the public asked for it."
        )


def share(since_first: Comparison) -> Share:
    """Count, against the first version, what the public asked for."""
    changed: set[object] = set()
    asked: set[object] = set()
    for change in since_first.diff.changes:
        if change.kind == "formatting":
            continue
        clauses = {side.id or (side.path, side.line) for side in change.sides("new")}
        changed |= clauses
        if any(amendment.comments for amendment in since_first.behind(change)):
            asked |= clauses
    accepted = [each for each in since_first.decided if each.status == "accepted"]
    return Share(
        since_first.since,
        len(changed),
        len(asked),
        len(accepted),
        sum(bool(each.comments) for each in accepted),
    )


def from_the_public(edition: Edition) -> list[Amendment]:
    """List the accepted amendments that answered comments, in the order of their numbers."""
    return [
        amendment
        for _, amendment in sorted(edition.amendments.items())
        if amendment.status == "accepted" and amendment.comments
    ]
