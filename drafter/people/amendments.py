"""Amendments as the database sees them: number, state, round, the comments they take up.

Their words and records are in git, from which all of this can be rebuilt.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from drafter.core.errors import Conflict, NotFound, Refused
from drafter.core.rules import State
from drafter.core.saying import say
from drafter.people.counters import count_from, next_number
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import AmendmentRow, CommentAmendmentRow, CommentRow


@dataclass(frozen=True, slots=True)
class Amendment:
    """The database's view of one amendment."""

    number: int
    title: str
    state: State
    round: int  # of voting, from 1
    branch_tip: str | None  # the commit its branch points to; None without a branch
    submitter: str  # a random id or a seat
    by_motion: int | None = None  # the carried motion to reconsider that opened it
    about: int | None = None  # for such a motion: the amendment that it would open again


def new_amendment_number(session: Session) -> int:
    """Take the next number of an amendment. Use it in the same session, or lose nothing."""
    return next_number(session, "amendment")


def save_amendment(session: Session, amendment: Amendment, now: datetime) -> None:
    """Write the view of an amendment, new or known: for admission and for rebuilding from git."""
    require_storable(amendment.title)
    count_from(session, "amendment", amendment.number)
    session.merge(
        AmendmentRow(
            number=amendment.number,
            title=amendment.title,
            state=amendment.state,
            round=amendment.round,
            branch_tip=amendment.branch_tip,
            submitter=amendment.submitter,
            by_motion=amendment.by_motion,
            about=amendment.about,
            updated_at=now,
        )
    )
    session.flush()


def find_amendment(session: Session, number: int) -> Amendment | None:
    """Return the view of an amendment, or None."""
    row = session.get(AmendmentRow, number)
    return frozen(Amendment, row) if row else None


def amendments(session: Session, states: Collection[State] | None = None) -> tuple[Amendment, ...]:
    """Return the amendments (in one of `states`), by number."""
    query = select(AmendmentRow).order_by(AmendmentRow.number)
    if states is not None:
        query = query.where(AmendmentRow.state.in_(states))
    return tuple(frozen(Amendment, row) for row in session.scalars(query))


def move_amendment(session: Session, before: Amendment, after: Amendment, now: datetime) -> None:
    """Replace the view `before` by `after`, if it still is as `before` says.

    Which moves the process allows is decided elsewhere. Raises NotFound, Conflict.
    """
    row = lock_amendment(session, before.number)
    if frozen(Amendment, row) != before:
        raise Conflict(
            say(
                "Amendment {number} has changed meanwhile. Reload and look at it again.",
                number=before.number,
            ),
            number=before.number,
        )
    save_amendment(session, after, now)


def link_comments(
    session: Session, amendment: int, comments: Collection[int], now: datetime
) -> None:
    """Note that an amendment takes up these comments; a link that exists stays as it is.

    Raises NotFound for an unknown comment, Refused for one not confirmed, held or withdrawn.
    """
    lock_amendment(session, amendment)
    for number in sorted(set(comments)):
        _require_usable(session, number)
        if session.get(CommentAmendmentRow, (number, amendment)) is None:
            session.add(CommentAmendmentRow(comment=number, amendment=amendment, linked_at=now))
    session.flush()


def comments_of_amendment(session: Session, amendment: int) -> tuple[int, ...]:
    """Return the numbers of the comments that an amendment takes up, ascending."""
    query = select(CommentAmendmentRow.comment).where(CommentAmendmentRow.amendment == amendment)
    return tuple(session.scalars(query.order_by(CommentAmendmentRow.comment)))


def amendments_of_comment(session: Session, comment: int) -> tuple[Amendment, ...]:
    """Return the amendments that take up a comment, by number."""
    query = (
        select(AmendmentRow)
        .join(CommentAmendmentRow, CommentAmendmentRow.amendment == AmendmentRow.number)
        .where(CommentAmendmentRow.comment == comment)
        .order_by(AmendmentRow.number)
    )
    return tuple(frozen(Amendment, row) for row in session.scalars(query))


def amendments_of_comments(
    session: Session, comments: Collection[int]
) -> dict[int, tuple[Amendment, ...]]:
    """Return the amendments that take up each of several comments; those without are left out."""
    found: dict[int, tuple[Amendment, ...]] = {}
    rows = session.execute(
        select(CommentAmendmentRow.comment, AmendmentRow)
        .join(AmendmentRow, CommentAmendmentRow.amendment == AmendmentRow.number)
        .where(CommentAmendmentRow.comment.in_(comments))
        .order_by(AmendmentRow.number)
    )
    for comment, row in rows:
        found[comment] = (*found.get(comment, ()), frozen(Amendment, row))
    return found


def lock_amendment(session: Session, number: int) -> AmendmentRow:
    """Return the row of an amendment, locked until the session ends. Raises NotFound."""
    row = session.get(AmendmentRow, number, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(say("There is no amendment {number}.", number=number), number=number)
    return row


def state_of(row: AmendmentRow) -> State:
    """Return the state in a row, which its table restricts to the states that there are."""
    return cast(State, row.state)


def _require_usable(session: Session, number: int) -> None:
    row = session.get(CommentRow, number)
    if row is None:
        raise NotFound(say("There is no comment {number}.", number=number), number=number)
    if row.state not in ("confirmed", "shown"):
        raise Refused(
            say("Comment {number} is {state}.", number=number, state=row.state),
            number=number,
            state=row.state,
        )
