"""What citizens do with comments: send, confirm, change, follow, withdraw, read. The clerk's side
of it is in `moderation`.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session

from drafter.core.errors import BadInput, NotFound, Refused
from drafter.core.ids import ClauseId
from drafter.core.saying import say
from drafter.people.counters import next_number
from drafter.people.mailed_links import contributor_of, new_link, use_link
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import CommentRow, ContributorRow
from drafter.people.tokens import token_hash

CommentKind = Literal["remark", "suggestion"]
CommentState = Literal["received", "confirmed", "held", "shown", "withdrawn"]
CommentSource = Literal["online", "paper", "spoken"]

PAGE = 50
"""Comments on one page of a clause."""


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
    commit_seen: str | None = None  # the text on main that the page showed
    source: CommentSource = "online"
    place: str | None = None  # of the meeting, for a comment on paper or spoken
    taken_on: date | None = None  # its day
    form_key: str | None = None  # names the form it was sent by; only its hash is kept
    suspected: bool = False  # sent as no person writes
    consent: str | None = None  # the form of consent that was ticked


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
    held_for: str | None  # a reason of the policy, by its key
    held_reason: str | None  # the clerk's sentence; both kept when a held comment is withdrawn
    created_at: datetime
    confirmed_at: datetime | None
    edited_at: datetime | None  # by its author, within the hour
    erased_at: datetime | None  # its words, by its author
    commit_seen: str | None
    source: CommentSource
    place: str | None
    taken_on: date | None
    suspected: bool
    copy_key: str | None  # the same for the same words on the same clause
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
    texts = (new.text, new.suggested_wording, new.words_seen, new.email, new.version_seen)
    require_storable(*texts, new.place)
    _check_kind(new)
    row = CommentRow(
        number=next_number(session, "comment"),
        clause_id=new.clause_id,
        wording_hash=new.wording_hash,
        words_seen=new.words_seen,
        version_seen=new.version_seen,
        commit_seen=new.commit_seen,
        kind=new.kind,
        text=new.text,
        suggested_wording=new.suggested_wording,
        contributor=new.contributor,
        state="received",
        source=new.source,
        place=new.place,
        taken_on=new.taken_on,
        suspected=new.suspected,
        consent=new.consent,
        copy_key=_copy_key(new.clause_id, new.text, new.suggested_wording),
        created_at=now,
        receipt_hash=token_hash(new.receipt_token),
        form_hash=token_hash(new.form_key) if new.form_key else None,
    )
    session.add(row)
    session.add(ContributorRow(id=new.contributor, email=new.email, created_at=now))
    session.flush()
    new_link(session, new.contributor, new.confirm_token, now)
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


def find_by_form(session: Session, form_key: str) -> Comment | None:
    """Return the comment that a form made, or None where it was not sent yet."""
    row = session.scalars(
        select(CommentRow).where(CommentRow.form_hash == token_hash(form_key))
    ).one_or_none()
    return frozen(Comment, row) if row else None


def find_by_contributor(session: Session, contributor: str) -> Comment | None:
    """Return the comment of a contribution, or None."""
    row = session.scalars(
        select(CommentRow).where(CommentRow.contributor == contributor)
    ).one_or_none()
    return frozen(Comment, row) if row else None


def confirm(session: Session, token: str, now: datetime) -> Comment:
    """Confirm a comment by the token of its mail; the second click changes nothing.

    Raises NotFound for an unknown token, Refused for one that has expired, or when the comment
    was withdrawn.
    """
    contributor = contributor_of(session, token)
    row = session.scalars(
        select(CommentRow).where(CommentRow.contributor == contributor).with_for_update()
    ).one_or_none()
    if contributor is None or row is None:
        raise NotFound("This link confirms no comment. Open it from the mail once more.")
    if row.state == "withdrawn":
        raise Refused("This comment was withdrawn. Send it again if you want it back.")
    if row.state == "received":
        use_link(session, token, now)
        row.state, row.confirmed_at = "confirmed", now
        session.flush()
    return frozen(Comment, row)


def confirm_entered(session: Session, number: int, now: datetime) -> Comment:
    """Count a comment that the clerk has taken down at a meeting, without a mail."""
    row = session.get(CommentRow, number, with_for_update=True)
    if row is None:
        raise NotFound(say("There is no comment {number}.", number=number), number=number)
    row.state, row.confirmed_at = "confirmed", now
    session.flush()
    return frozen(Comment, row)


def rewrite(
    session: Session, receipt_token: str, text: str, suggested_wording: str | None, now: datetime
) -> Comment:
    """Replace a comment's words; nothing of the old ones is kept. Raises NotFound, Refused.

    Only until the clerk has read it; until when else is the caller's to know.
    """
    require_storable(text, suggested_wording)
    row = _by_receipt(session, receipt_token)
    if row.state not in ("received", "confirmed"):
        raise Refused("This comment was read already. Write a new one instead.", number=row.number)
    if suggested_wording is None and not text:
        raise BadInput("Write what you want to say about this clause.")
    row.kind = "remark" if suggested_wording is None else "suggestion"
    row.text, row.suggested_wording, row.edited_at = text, suggested_wording, now
    row.copy_key = _copy_key(row.clause_id, text, suggested_wording)
    session.flush()
    return frozen(Comment, row)


def withdraw(session: Session, receipt_token: str) -> Comment:
    """Withdraw a comment by its receipt, in any state; the second time changes nothing.

    Raises NotFound for an unknown receipt.
    """
    row = _by_receipt(session, receipt_token)
    row.state = "withdrawn"
    session.flush()
    return frozen(Comment, row)


def erase_words(session: Session, number: int, now: datetime) -> Comment:
    """Erase a comment's words for good; its number, its clause and what became of it stay."""
    row = session.get(CommentRow, number, with_for_update=True)
    if row is None:
        raise NotFound(say("There is no comment {number}.", number=number), number=number)
    row.state, row.text, row.copy_key = "withdrawn", "", None
    row.suggested_wording = None if row.suggested_wording is None else ""
    row.held_for = row.held_reason = row.place = row.taken_on = None
    row.source = "online"
    row.erased_at = row.erased_at or now
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


def page_of_comments(session: Session, clause_id: ClauseId, page: int) -> tuple[Comment, ...]:
    """Return one page (from 1) of what stands in a clause's row of comments, oldest first.

    Those held back and those taken back keep their place; whoever shows them leaves their words
    out.
    """
    rows = session.scalars(
        select(CommentRow)
        .where(CommentRow.clause_id == clause_id, _listed())
        .order_by(CommentRow.number)
        .limit(PAGE)
        .offset((page - 1) * PAGE)
    )
    return tuple(frozen(Comment, row) for row in rows)


def count_listed(session: Session, clause_id: ClauseId, up_to: int | None = None) -> int:
    """Count what stands in a clause's row of comments (up to and with number `up_to`)."""
    query = select(func.count()).where(CommentRow.clause_id == clause_id, _listed())
    if up_to is not None:
        query = query.where(CommentRow.number <= up_to)
    return session.scalar(query) or 0


def is_listed(comment: Comment) -> bool:
    """Tell whether a comment has a place in its clause's row of comments."""
    if comment.state == "withdrawn":
        return comment.confirmed_at is not None
    return comment.state in ("shown", "held")


def unconfirmed_of(session: Session, email: str) -> tuple[Comment, ...]:
    """Return the comments that wait for their confirmation at an address, oldest first."""
    rows = session.scalars(
        select(CommentRow)
        .join(ContributorRow, ContributorRow.id == CommentRow.contributor)
        .where(ContributorRow.email == email, CommentRow.state == "received")
        .order_by(CommentRow.number)
    )
    return tuple(frozen(Comment, row) for row in rows)


def counts_by_clause(
    session: Session, clause_ids: Collection[ClauseId] | None = None
) -> dict[ClauseId, ClauseCount]:
    """Count the comments shown on each clause (of `clause_ids`); clauses without are left out."""
    # The state is no condition: by it, a database would rather read every row than one index.
    shown = CommentRow.state == "shown"
    total = func.sum(case((shown, 1), else_=0))
    suggestions = func.sum(case((and_(shown, CommentRow.kind == "suggestion"), 1), else_=0))
    query = select(CommentRow.clause_id, total, suggestions).group_by(CommentRow.clause_id)
    if clause_ids is not None:
        query = query.where(CommentRow.clause_id.in_(clause_ids))
    return {
        ClauseId(clause): ClauseCount(remarks=total - suggested, suggestions=suggested)
        for clause, total, suggested in session.execute(query.having(total > 0))
    }


def _check_kind(new: NewComment) -> None:
    if (new.kind == "suggestion") != (new.suggested_wording is not None):
        raise BadInput("A suggestion needs other wording, and a remark has none.")
    if new.kind == "remark" and not new.text:
        raise BadInput("Write what you want to say about this clause.")


def _listed() -> ColumnElement[bool]:
    return or_(
        CommentRow.state.in_(("shown", "held")),
        and_(CommentRow.state == "withdrawn", CommentRow.confirmed_at.is_not(None)),
    )


def _by_receipt(session: Session, token: str) -> CommentRow:
    row = session.scalars(
        select(CommentRow).where(CommentRow.receipt_hash == token_hash(token)).with_for_update()
    ).one_or_none()
    if row is None:
        raise NotFound("This receipt belongs to no comment. Check that the address is complete.")
    return row


def _copy_key(clause_id: str, text: str, wording: str | None) -> str:
    """Digest a comment's words, white space and case aside: equal for copies on one clause."""
    parts = (clause_id, text, "-" if wording is None else wording)
    folded = (" ".join(unicodedata.normalize("NFKC", part).casefold().split()) for part in parts)
    return hashlib.sha256("\0".join(folded).encode("utf-8")).hexdigest()
