"""What pages read and no verb gives: single comments and their amendments, versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from drafter.core.errors import NotFound
from drafter.core.ids import ClauseId
from drafter.people import amendments, comments
from drafter.people.amendments import Amendment
from drafter.people.comments import ClauseCount, Comment
from drafter.services.authority import Actor, authorize
from drafter.store import names
from drafter.store.history import Version, changed_paths, versions
from drafter.web.current import instance


def comment_to_read(actor: Actor, number: int) -> Comment:
    """Give a comment in whatever state, for the clerk. Raises NotAllowed, NotFound."""
    authorize(actor, "read the queue", number)
    return _comment(number)


def clause_of_comment(actor: Actor, number: int) -> ClauseId:
    """Give the clause that a shown comment is about. Raises NotFound for any other."""
    authorize(actor, "read", number)
    comment = _comment(number)
    if comment.state != "shown":
        raise NotFound(f"Comment {number} is not shown.", comment=number)
    return comment.clause_id


def taken_up_in(number: int) -> tuple[Amendment, ...]:
    """Give the amendments that take a comment up; these are public."""
    with instance().database.reading() as session:
        return amendments.amendments_of_comment(session, number)


def taken_up(numbers: Collection[int]) -> Mapping[int, tuple[Amendment, ...]]:
    """Give the amendments that take up each of many comments, in one query."""
    with instance().database.reading() as session:
        return amendments.amendments_by_comment(session, numbers)


def counts() -> Mapping[ClauseId, ClauseCount]:
    """Count the comments shown on each clause."""
    with instance().database.reading() as session:
        return comments.counts_by_clause(session)


def published_versions() -> tuple[Version, ...]:
    """List the published versions, oldest first."""
    return versions(instance().repository)


def _comment(number: int) -> Comment:
    with instance().database.reading() as session:
        found = comments.find_comment(session, number)
    if found is None:
        raise NotFound(f"There is no comment {number}.", comment=number)
    return found


def decided_since_publication() -> frozenset[int]:
    """Give the numbers of the amendments whose records are not in a published version yet."""
    repository, last = instance().repository, next(reversed(published_versions()), None)
    changed = changed_paths(repository, last.commit if last else None, instance().tip)
    numbers = (names.record_number(change.path) for change in changed if change.new is not None)
    return frozenset(number for number in numbers if number)
