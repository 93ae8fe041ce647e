"""What citizens do with comments: send, confirm, follow, withdraw, read. The clerk's side of
it is in `moderation`.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from drafter.core.errors import BadInput, NotFound, Refused
from drafter.core.ids import ClauseId
from drafter.people.counters import next_number
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import CommentRow, ContributorRow
from drafter.people.tokens import token_hash

CommentKind = Literal["remark", "suggestion"]
CommentState = Literal["received", "confirmed", "held", "shown", "withdrawn"]


@dataclass(frozen=True, slots=True)
class NewComment:
    """What a citizen sends in, with the words and version that were on the page."""

    clause_id: ClauseId
    wording_hash: str  # SHA-256 of the wording on the page, hexadecimal
    words_seen: str  # that wording itself
    version_seen: str | None  # "v3"; None for the working draft
    kind: CommentKind
    text: str  # may be empty for a suggestion
    suggested_wording: str | None  # for a suggestion, and only then
    contributor: str  # a random id of this one contribution
    email: str | None
    receipt_token: str  # what the citizen will hold; only its hash is kept
    confirm_token: str  # what the confirmation mail holds; only its hash is kept


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment as recorded, without the person behind it."""

    number: int  # visible, without gaps, in the order received
    clause_id: ClauseId
    wording_hash: str
    words_seen: str
    version_seen: str | None
    kind: CommentKind
    text: str
    suggested_wording: str | None
    contributor: str
    state: CommentState
    held_reason: str | None  # kept when a held comment is withdrawn
    created_at: datetime
    confirmed_at: datetime | None
    answer: str | None  # the panel's public answer
    answered_at: datetime | None
    answered_by: str | None  # a seat or the clerk


@dataclass(frozen=True, slots=True)
class ClauseCount:
    """How many comments on one clause are shown."""

    remarks: int
    suggestions: int


def add_comment(session: Session, new: NewComment, now: datetime) -> Comment:
    """Record a comment as received, under the next number. Raises BadInput."""
    require_storable(new.text, new.suggested_wording, new.words_seen, new.email, new.version_seen)
    _check_kind(new)
    row = CommentRow(
        number=next_number(session, "comment"),
        clause_id=new.clause_id,
        wording_hash=new.wording_hash,
        words_seen=new.words_seen,
        version_seen=new.version_seen,
        kind=new.kind,
        text=new.text,
        suggested_wording=new.suggested_wording,
        contributor=new.contributor,
        state="received",
        created_at=now,
        receipt_hash=token_hash(new.receipt_token),
        confirm_hash=token_hash(new.confirm_token),
    )
    session.add(row)
    session.add(ContributorRow(id=new.contributor, email=new.email, created_at=now))
    session.flush()
    return frozen(Comment, row)


def find_comment(session: Session, number: int) -> Comment | None:
    """Return a comment by its number, in whatever state, or None."""
    row = session.get(CommentRow, number)
    return frozen(Comment, row) if row else None


def find_by_receipt(session: Session, token: str) -> Comment | None:
    """Return the comment that a receipt belongs to, or None."""
    row = session.scalars(
        select(CommentRow).where(CommentRow.receipt_hash == token_hash(token))
    ).one_or_none()
    return frozen(Comment, row) if row else None


def confirm(session: Session, token: str, now: datetime) -> Comment:
    """Confirm a comment by the token of its mail; the second click changes nothing.

    Raises NotFound for an unknown token, Refused when the comment was withdrawn.
    """
    row = session.scalars(
        select(CommentRow).where(CommentRow.confirm_hash == token_hash(token)).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("This link confirms no comment. Open it from the mail once more.")
    if row.state == "withdrawn":
        raise Refused("This comment was withdrawn. Send it again if you want it back.")
    if row.state == "received":
        row.state, row.confirmed_at = "confirmed", now
        session.flush()
    return frozen(Comment, row)


def withdraw(session: Session, receipt_token: str) -> Comment:
    """Withdraw a comment by its receipt, in any state; the second time changes nothing.

    Raises NotFound for an unknown receipt.
    """
    row = session.scalars(
        select(CommentRow)
        .where(CommentRow.receipt_hash == token_hash(receipt_token))
        .with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("This receipt belongs to no comment. Check that the address is complete.")
    row.state = "withdrawn"
    session.flush()
    return frozen(Comment, row)


def comments_on_clause(
    session: Session, clause_id: ClauseId, *, after: int = 0, limit: int = 100
) -> tuple[Comment, ...]:
    """Return the comments shown on a clause with numbers past `after`, oldest first."""
    rows = session.scalars(
        select(CommentRow)
        .where(
            CommentRow.clause_id == clause_id,
            CommentRow.state == "shown",
            CommentRow.number > after,
        )
        .order_by(CommentRow.number)
        .limit(limit)
    )
    return tuple(frozen(Comment, row) for row in rows)


def counts_by_clause(
    session: Session, clause_ids: Collection[ClauseId] | None = None
) -> dict[ClauseId, ClauseCount]:
    """Count the comments shown on each clause (of `clause_ids`); clauses without are left out."""
    suggestions = func.sum(case((CommentRow.kind == "suggestion", 1), else_=0))
    query = (
        select(CommentRow.clause_id, func.count(), suggestions)
        .where(CommentRow.state == "shown")
        .group_by(CommentRow.clause_id)
    )
    if clause_ids is not None:
        query = query.where(CommentRow.clause_id.in_(clause_ids))
    return {
        ClauseId(clause): ClauseCount(remarks=total - suggested, suggestions=suggested)
        for clause, total, suggested in session.execute(query)
    }


def _check_kind(new: NewComment) -> None:
    if (new.kind == "suggestion") != (new.suggested_wording is not None):
        raise BadInput("A suggestion needs other wording, and a remark has none.")
    if new.kind == "remark" and not new.text:
        raise BadInput("Write what you want to say about this clause.")
