"""The clerk's side of comments: what waits, showing and holding, answers, facts to publish."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from sqlalchemy import ColumnElement, and_, case, exists, func, select
from sqlalchemy.orm import Session

from drafter.core.errors import BadInput, NotFound, Refused
from drafter.core.ids import ClauseId
from drafter.core.saying import say
from drafter.people.comments import Comment, CommentKind
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import CommentAmendmentRow, CommentRow

Which = Literal["waiting", "held", "shown", "unanswered", "all"]
"""The clerk's lists: to be read, held back, shown, shown and without an answer, everything."""


@dataclass(frozen=True, slots=True)
class CommentFact:
    """What git may hold of a comment that is shown: no text, no person."""

    number: int
    clause_id: ClauseId
    wording_hash: str
    version_seen: str | None
    kind: CommentKind
    created_at: datetime
    amendments: tuple[int, ...]  # those that take it up, ascending
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class Answer:
    """The panel's public answer to a comment."""

    number: int
    answer: str
    answered_at: datetime
    answered_by: str


@dataclass(frozen=True, slots=True)
class AnswerCount:
    """How many of the comments shown are answered."""

    shown: int
    answered: int


def comments_to_moderate(session: Session, *, limit: int = 100) -> tuple[Comment, ...]:
    """Return the confirmed comments that are neither shown nor held yet, oldest first."""
    return _queue(session, CommentRow.state == "confirmed", limit=limit)


def suggestions_to_admit(session: Session, *, limit: int = 100) -> tuple[Comment, ...]:
    """Return the suggestions, confirmed or shown, that no amendment takes up, oldest first."""
    taken_up = exists().where(CommentAmendmentRow.comment == CommentRow.number)
    return _queue(
        session,
        CommentRow.state.in_(("confirmed", "shown")),
        CommentRow.kind == "suggestion",
        ~taken_up,
        limit=limit,
    )


def comments_in(
    session: Session, which: Which, *, after: int = 0, limit: int = 100
) -> tuple[Comment, ...]:
    """Return the comments of one list of the clerk's, with numbers past `after`, oldest first."""
    return _queue(session, *_WHICH[which](), CommentRow.number > after, limit=limit)


def neighbours(session: Session, which: Which, number: int) -> tuple[int | None, int | None]:
    """Return the numbers before and after a comment in one list of the clerk's."""
    query = select(CommentRow.number).where(*_WHICH[which]()).limit(1)
    before = query.where(CommentRow.number < number).order_by(CommentRow.number.desc())
    after = query.where(CommentRow.number > number).order_by(CommentRow.number)
    return session.scalar(before), session.scalar(after)


def copies_of(session: Session, comment: Comment) -> tuple[int, ...]:
    """Return the numbers of the other comments with the same words on the same clause."""
    if comment.copy_key is None:
        return ()
    return tuple(
        session.scalars(
            select(CommentRow.number)
            .where(
                CommentRow.copy_key == comment.copy_key,
                CommentRow.number != comment.number,
                CommentRow.state.in_(("confirmed", "held", "shown")),
            )
            .order_by(CommentRow.number)
        )
    )


def count_in(session: Session, which: Which) -> int:
    """Count the comments of one list of the clerk's."""
    if which == "unanswered":
        return _count_unanswered(session)
    return session.scalar(select(func.count()).where(*_WHICH[which]())) or 0


def show_comment(session: Session, number: int) -> Comment:
    """Show a confirmed or held comment to everyone. Raises NotFound, Refused."""
    row = _lock(session, number)
    _require(row, "confirmed", "held", "shown")
    row.state, row.held_for, row.held_reason = "shown", None, None
    session.flush()
    return frozen(Comment, row)


def hold_comment(session: Session, number: int, reason: str, held_for: str = "other") -> Comment:
    """Hold a confirmed or shown comment back, with a reason. Raises NotFound, Refused, BadInput.

    `held_for` is a reason of the policy by its key, `reason` the clerk's own sentence.
    """
    require_storable(reason)
    if not reason.strip():
        raise BadInput("Give the reason why this comment is held back.")
    row = _lock(session, number)
    _require(row, "confirmed", "held", "shown")
    row.state, row.held_for, row.held_reason = "held", held_for, reason
    session.flush()
    return frozen(Comment, row)


def answer_comment(session: Session, number: int, answer: str, by: str, now: datetime) -> Comment:
    """Give, or correct, the panel's public answer. Raises NotFound, Refused, BadInput."""
    require_storable(answer)
    if not answer.strip():
        raise BadInput("Write an answer first.")
    row = _lock(session, number)
    _require(row, "confirmed", "held", "shown")
    row.answer, row.answered_at, row.answered_by = answer, now, by
    session.flush()
    return frozen(Comment, row)


def comment_facts(session: Session) -> tuple[CommentFact, ...]:
    """Return the facts of every comment shown, by number: what a publication records."""
    links: dict[int, list[int]] = {}
    for link in session.scalars(
        select(CommentAmendmentRow).order_by(CommentAmendmentRow.amendment)
    ):
        links.setdefault(link.comment, []).append(link.amendment)
    columns = (
        CommentRow.number,
        CommentRow.clause_id,
        CommentRow.wording_hash,
        CommentRow.version_seen,
        CommentRow.kind,
        CommentRow.created_at,
        CommentRow.answered_at,
    )
    rows = session.execute(
        select(*columns).where(CommentRow.state == "shown").order_by(CommentRow.number)
    )
    return tuple(
        CommentFact(**row._mapping, amendments=tuple(links.get(row.number, ()))) for row in rows
    )


def answers(session: Session) -> tuple[Answer, ...]:
    """Return the answers to the comments shown, by number: what a publication records."""
    rows = session.scalars(
        select(CommentRow)
        .where(CommentRow.state == "shown", CommentRow.answer.is_not(None))
        .order_by(CommentRow.number)
    )
    return tuple(frozen(Answer, row) for row in rows)


def count_answers(session: Session) -> AnswerCount:
    """Count the comments shown and those among them that are answered."""
    shown, answered = session.execute(
        select(func.count(), func.count(CommentRow.answered_at)).where(CommentRow.state == "shown")
    ).one()
    return AnswerCount(shown=shown, answered=answered)


def _unanswered() -> tuple[ColumnElement[bool], ...]:
    taken_up = exists().where(CommentAmendmentRow.comment == CommentRow.number)
    return CommentRow.state == "shown", CommentRow.answered_at.is_(None), ~taken_up


def _count_unanswered(session: Session) -> int:
    """Count them as those shown, less those answered and those taken up: each by an index."""
    shown = select(func.count()).where(CommentRow.state == "shown")
    counted = case((CommentRow.state == "shown", 1), else_=0)
    answered = select(func.sum(counted)).where(CommentRow.answered_at.is_not(None))
    linked = select(CommentAmendmentRow.comment).distinct().subquery()
    unanswered = case((and_(*_unanswered()[:2]), 1), else_=0)
    taken_up = select(func.sum(unanswered)).join(linked, linked.c.comment == CommentRow.number)
    less = (session.scalar(query) or 0 for query in (answered, taken_up))
    return (session.scalar(shown) or 0) - sum(less)


_WHICH: Mapping[Which, Callable[[], tuple[ColumnElement[bool], ...]]] = MappingProxyType(
    {
        "waiting": lambda: (CommentRow.state == "confirmed",),
        "held": lambda: (CommentRow.state == "held",),
        "shown": lambda: (CommentRow.state == "shown",),
        "unanswered": _unanswered,
        "all": lambda: (),
    }
)


def _queue(session: Session, *conditions: ColumnElement[bool], limit: int) -> tuple[Comment, ...]:
    rows = session.scalars(
        select(CommentRow).where(*conditions).order_by(CommentRow.number).limit(limit)
    )
    return tuple(frozen(Comment, row) for row in rows)


def _lock(session: Session, number: int) -> CommentRow:
    row = session.get(CommentRow, number, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(say("There is no comment {number}.", number=number), number=number)
    return row


def _require(row: CommentRow, *states: str) -> None:
    if row.state not in states:
        raise Refused(
            say("Comment {number} is {state}.", number=row.number, state=row.state),
            number=row.number,
            state=row.state,
        )
