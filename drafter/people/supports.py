"""Support for suggestions: asked for by mail, counted once confirmed, once per address."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from drafter.core.errors import NotFound, Refused
from drafter.core.saying import say
from drafter.people.contributors import erase_contributor
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import CommentRow, ContributorRow, SupportRow
from drafter.people.tokens import token_hash


@dataclass(frozen=True, slots=True)
class Support:
    """One person's support for a suggestion."""

    contributor: str
    comment: int
    wording_digest: str  # SHA-256 of the wording that was supported
    created_at: datetime
    confirmed_at: datetime | None


def add_support(
    session: Session,
    comment: int,
    *,
    contributor: str,
    email: str,
    wording_digest: str,
    back_token: str,
    now: datetime,
) -> Support:
    """Note that somebody supports a suggestion; it counts once confirmed.

    Raises NotFound, Refused for what is no suggestion that is shown.
    """
    require_storable(email)
    row = session.get(CommentRow, comment)
    if row is None:
        raise NotFound(say("There is no comment {comment}.", comment=comment), number=comment)
    if row.kind != "suggestion" or row.state != "shown":
        raise Refused("Only a suggestion that is shown can be supported.", number=comment)
    support = SupportRow(
        contributor=contributor,
        comment=comment,
        wording_digest=wording_digest,
        back_hash=token_hash(back_token),
        created_at=now,
    )
    session.add(ContributorRow(id=contributor, email=email, created_at=now))
    session.add(support)
    session.flush()
    return frozen(Support, support)


def find_support(session: Session, contributor: str) -> Support | None:
    """Return a support, or None."""
    row = session.get(SupportRow, contributor)
    return frozen(Support, row) if row else None


def find_support_by_back(session: Session, token: str) -> Support | None:
    """Return the support that a link takes back, or None."""
    row = session.scalars(
        select(SupportRow).where(SupportRow.back_hash == token_hash(token))
    ).one_or_none()
    return frozen(Support, row) if row else None


def confirm_support(session: Session, contributor: str, now: datetime) -> Support | None:
    """Count a support. None where the same address is counted already: then it is dropped.

    The comment's row is locked, so that of two at the same moment one is counted.
    """
    row = session.get(SupportRow, contributor, with_for_update=True)
    if row is None:
        raise NotFound("This support was taken back. Support the suggestion again if you like.")
    session.get(CommentRow, row.comment, with_for_update=True)
    if row.confirmed_at is None and _is_counted(session, row):
        take_back(session, contributor)
        return None
    if row.confirmed_at is None:
        row.confirmed_at = now
        session.flush()
    return frozen(Support, row)


def unconfirmed_supports(session: Session, before: datetime) -> tuple[str, ...]:
    """Return the contributions that were begun before a moment and never confirmed."""
    query = select(SupportRow.contributor).where(
        SupportRow.confirmed_at.is_(None), SupportRow.created_at < before
    )
    return tuple(session.scalars(query))


def take_back(session: Session, contributor: str) -> None:
    """Take a support back, and erase the person behind it."""
    session.execute(delete(SupportRow).where(SupportRow.contributor == contributor))
    erase_contributor(session, contributor)


def count_supports(session: Session, comments: Collection[int]) -> dict[int, int]:
    """Count the confirmed supports of each suggestion; those without are left out."""
    rows = session.execute(
        select(SupportRow.comment, func.count())
        .where(SupportRow.comment.in_(comments), SupportRow.confirmed_at.is_not(None))
        .group_by(SupportRow.comment)
    )
    return {row[0]: row[1] for row in rows}


def supporters(session: Session, comments: Collection[int]) -> tuple[tuple[Support, str], ...]:
    """Return the confirmed supports of suggestions, each with its address."""
    rows = session.execute(
        select(SupportRow, ContributorRow.email)
        .join(ContributorRow, ContributorRow.id == SupportRow.contributor)
        .where(
            SupportRow.comment.in_(comments),
            SupportRow.confirmed_at.is_not(None),
            ContributorRow.email.is_not(None),
        )
    )
    found = [(frozen(Support, row), str(email)) for row, email in rows]
    return tuple(sorted(found, key=lambda one: (one[0].created_at, one[0].contributor)))


def _is_counted(session: Session, mine: SupportRow) -> bool:
    email = session.scalar(
        select(ContributorRow.email).where(ContributorRow.id == mine.contributor)
    )
    found = session.scalar(
        select(SupportRow.contributor)
        .join(ContributorRow, ContributorRow.id == SupportRow.contributor)
        .where(
            SupportRow.comment == mine.comment,
            SupportRow.confirmed_at.is_not(None),
            ContributorRow.email == (email or ""),
        )
        .limit(1)
    )
    return found is not None
