"""What pages read and no verb gives: single comments and their amendments, versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from drafter.core.ids import ClauseId
from drafter.people import amendments, comments
from drafter.people.amendments import Amendment
from drafter.people.comments import ClauseCount
from drafter.store import names
from drafter.store.history import Version, changed_paths, versions
from drafter.web.current import instance


def taken_up_in(number: int) -> tuple[Amendment, ...]:
    """Give the amendments that take a comment up; these are public."""
    with instance().database.reading() as session:
        return amendments.amendments_of_comment(session, number)


def taken_up_in_each(numbers: Collection[int]) -> Mapping[int, tuple[Amendment, ...]]:
    """Give the amendments that take up each of several comments; these are public."""
    with instance().database.reading() as session:
        return amendments.amendments_of_comments(session, numbers)


def counts() -> Mapping[ClauseId, ClauseCount]:
    """Count the comments shown on each clause."""
    with instance().database.reading() as session:
        return comments.counts_by_clause(session)


def published_versions() -> tuple[Version, ...]:
    """List the published versions, oldest first."""
    return versions(instance().repository)


def decided_since_publication() -> frozenset[int]:
    """Give the numbers of the amendments whose records are not in a published version yet."""
    repository, last = instance().repository, next(reversed(published_versions()), None)
    changed = changed_paths(repository, last.commit if last else None, instance().tip)
    numbers = (names.record_number(change.path) for change in changed if change.new is not None)
    return frozenset(number for number in numbers if number)
