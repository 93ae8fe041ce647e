"""The moments at which the report's text changed on main, with the text after each.

Knows which commit it was, which amendment it decided and which version has it first. Does not
compare the texts.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from drafter.core.clauses import Report
from drafter.store import names
from drafter.store.history import Version, versions, walk_changes
from drafter.store.reports import read_report
from drafter.store.repository import Repository


@dataclass(frozen=True, slots=True)
class Moment:
    """One commit on main that changed a chapter."""

    commit: str
    kind: str
    """Of the commit: first, import, decision, edit."""
    time: datetime
    amendment: int | None
    """The amendment that it decided."""
    version: Version | None
    """The first version that contains it; None while it is in none."""
    seat: str | None
    """Who edited, as "seat-07"; None for what else it is."""
    report: Report
    """The text from then on."""


def read_moments(repository: Repository, tip: str) -> tuple[Moment, ...]:
    """Give the moments of main up to the commit `tip`, oldest first. Raises as `read_report`."""
    tagged = {version.commit: version for version in versions(repository)}
    version: Version | None = None
    found: list[Moment] = []
    for commit, changes in walk_changes(repository, tip):
        version = tagged.get(commit.id, version)
        if not any(names.is_chapter(change.path) for change in changes):
            continue
        numbers = (names.record_number(change.path) for change in changes)
        found.append(
            Moment(
                commit=commit.id,
                kind=commit.kind or "unknown",
                time=commit.time,
                amendment=next((number for number in numbers if number), None),
                version=version,
                seat=commit.trailer("Seat") if commit.kind == "edit" else None,
                report=read_report(repository, commit.id),
            )
        )
    return tuple(reversed(found))
