"""Tokens by which a program acts for a person. Only the hash of each secret is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from drafter.core.errors import NotFound
from drafter.people.links import Role, SignIn
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import ApiTokenRow
from drafter.people.tokens import token_hash


@dataclass(frozen=True, slots=True)
class ApiToken:
    """One token, without its secret."""

    id: int
    person: str
    role: Role
    seat: int | None
    label: str  # what its person calls it
    second_factor: bool  # it was made by who had given both
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


def add_token(
    session: Session,
    token: str,
    who: SignIn,
    label: str,
    now: datetime,
    until: datetime,
    *,
    second_factor: bool,
) -> ApiToken:
    """Keep a new token."""
    require_storable(label)
    row = ApiTokenRow(
        token_hash=token_hash(token),
        person=who.person,
        role=who.role,
        seat=who.seat,
        label=label,
        second_factor=second_factor,
        created_at=now,
        expires_at=until,
    )
    session.add(row)
    session.flush()
    return frozen(ApiToken, row)


def find_token(session: Session, token: str) -> ApiToken | None:
    """Return the token of a secret, or None."""
    query = select(ApiTokenRow).where(ApiTokenRow.token_hash == token_hash(token))
    row = session.scalars(query).one_or_none()
    return frozen(ApiToken, row) if row else None


def tokens_of(session: Session, person: str) -> tuple[ApiToken, ...]:
    """Return a person's tokens, the oldest first."""
    query = select(ApiTokenRow).where(ApiTokenRow.person == person).order_by(ApiTokenRow.id)
    return tuple(frozen(ApiToken, row) for row in session.scalars(query))


def touch_token(session: Session, id: int, now: datetime) -> None:
    """Note that a token was used."""
    session.execute(update(ApiTokenRow).where(ApiTokenRow.id == id).values(used_at=now))


def remove_token(session: Session, person: str, id: int) -> ApiToken:
    """End one of a person's own tokens. Raises NotFound."""
    row = session.get(ApiTokenRow, id)
    if row is None or row.person != person:
        raise NotFound("You have no such token.")
    removed = frozen(ApiToken, row)
    session.delete(row)
    session.flush()
    return removed


def end_tokens(session: Session, person: str) -> int:
    """End every token of a person; return how many."""
    which = delete(ApiTokenRow).where(ApiTokenRow.person == person)
    return len(session.execute(which.returning(ApiTokenRow.id)).all())


def forget_tokens(session: Session, now: datetime) -> None:
    """Remove tokens that have expired."""
    session.execute(delete(ApiTokenRow).where(ApiTokenRow.expires_at <= now))
