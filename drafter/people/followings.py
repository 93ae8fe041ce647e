"""Who wants to be told by mail of a clause, an amendment or the report, once confirmed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, delete, or_, select
from sqlalchemy.orm import Session

from drafter.core.errors import NotFound
from drafter.people.contributors import erase_contributor
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import ContributorRow, FollowingRow
from drafter.people.tokens import token_hash

Followed = Literal["clause", "amendment", "report"]


@dataclass(frozen=True, slots=True)
class Following:
    """One person's wish to be told."""

    contributor: str
    what: Followed
    about: str  # a clause's id, an amendment's number, nothing for the report
    created_at: datetime
    confirmed_at: datetime | None


def add_following(
    session: Session,
    what: Followed,
    about: str,
    *,
    contributor: str,
    email: str,
    end_token: str,
    now: datetime,
) -> Following:
    """Note a wish to be told; nothing is sent until it is confirmed."""
    require_storable(email, about)
    row = FollowingRow(
        contributor=contributor,
        what=what,
        about=about,
        end_hash=token_hash(end_token),
        created_at=now,
    )
    session.add(ContributorRow(id=contributor, email=email, created_at=now))
    session.add(row)
    session.flush()
    return frozen(Following, row)


def find_following(session: Session, contributor: str) -> Following | None:
    """Return a following, or None."""
    row = session.get(FollowingRow, contributor)
    return frozen(Following, row) if row else None


def find_following_by_end(session: Session, token: str) -> Following | None:
    """Return the following that a link ends, or None."""
    row = session.scalars(
        select(FollowingRow).where(FollowingRow.end_hash == token_hash(token))
    ).one_or_none()
    return frozen(Following, row) if row else None


def confirm_following(session: Session, contributor: str, now: datetime) -> Following:
    """Begin to tell; an older one of the same address about the same is dropped.

    Raises NotFound where it was ended.
    """
    row = session.get(FollowingRow, contributor, with_for_update=True)
    if row is None:
        raise NotFound("This was ended. Ask to be told again if you like.")
    for other in _same(session, row):
        end_following(session, other)
    if row.confirmed_at is None:
        row.confirmed_at = now
        session.flush()
    return frozen(Following, row)


def unconfirmed_followings(session: Session, before: datetime) -> tuple[str, ...]:
    """Return the contributions that were begun before a moment and never confirmed."""
    query = select(FollowingRow.contributor).where(
        FollowingRow.confirmed_at.is_(None), FollowingRow.created_at < before
    )
    return tuple(session.scalars(query))


def end_following(session: Session, contributor: str) -> None:
    """End a following, and erase the person behind it."""
    session.execute(delete(FollowingRow).where(FollowingRow.contributor == contributor))
    erase_contributor(session, contributor)


def is_followed(session: Session) -> bool:
    """Tell whether anybody follows anything."""
    query = select(FollowingRow.contributor).where(FollowingRow.confirmed_at.is_not(None))
    return session.scalar(query.limit(1)) is not None


def followers(
    session: Session, about: Collection[tuple[Followed, str]]
) -> tuple[tuple[Following, str], ...]:
    """Return whoever follows one of these, confirmed, each with its address."""
    by_kind: dict[str, list[str]] = {}
    for what, which in about:
        by_kind.setdefault(what, []).append(which)
    wanted = or_(
        *(
            and_(FollowingRow.what == what, FollowingRow.about.in_(these))
            for what, these in by_kind.items()
        )
    )
    rows = session.execute(
        select(FollowingRow, ContributorRow.email)
        .join(ContributorRow, ContributorRow.id == FollowingRow.contributor)
        .where(wanted, FollowingRow.confirmed_at.is_not(None), ContributorRow.email.is_not(None))
    )
    found = [(frozen(Following, row), str(email)) for row, email in rows]
    return tuple(sorted(found, key=lambda one: (one[0].created_at, one[0].contributor)))


def _same(session: Session, mine: FollowingRow) -> tuple[str, ...]:
    email = session.scalar(
        select(ContributorRow.email).where(ContributorRow.id == mine.contributor)
    )
    return tuple(
        session.scalars(
            select(FollowingRow.contributor)
            .join(ContributorRow, ContributorRow.id == FollowingRow.contributor)
            .where(
                FollowingRow.what == mine.what,
                FollowingRow.about == mine.about,
                FollowingRow.contributor != mine.contributor,
                FollowingRow.confirmed_at.is_not(None),
                ContributorRow.email == (email or ""),
            )
        )
    )
