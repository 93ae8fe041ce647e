"""Which devices are signed in, as whom and since when. Only the hash of each secret is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session as Database

from drafter.people.links import Role, SignIn
from drafter.people.rows import frozen
from drafter.people.tables import SessionRow
from drafter.people.tokens import token_hash


@dataclass(frozen=True, slots=True)
class Session:
    """One device that is signed in."""

    token_hash: str
    person: str
    role: Role
    seat: int | None
    created_at: datetime
    seen_at: datetime
    second_at: datetime | None  # when the second factor was given on this device


def begin(
    database: Database, token: str, who: SignIn, now: datetime, second_at: datetime | None = None
) -> Session:
    """Begin a session under a new secret."""
    row = SessionRow(
        token_hash=token_hash(token),
        person=who.person,
        role=who.role,
        seat=who.seat,
        created_at=now,
        seen_at=now,
        second_at=second_at,
    )
    database.add(row)
    database.flush()
    return frozen(Session, row)


def find(database: Database, token: str) -> Session | None:
    """Return the session of a secret, or None."""
    row = database.get(SessionRow, token_hash(token))
    return frozen(Session, row) if row else None


def sessions_of(database: Database, person: str) -> tuple[Session, ...]:
    """Return a person's sessions, the newest first."""
    query = select(SessionRow).where(SessionRow.person == person)
    rows = sorted(database.scalars(query), key=lambda row: row.token_hash)
    rows.sort(key=lambda row: row.created_at, reverse=True)
    return tuple(frozen(Session, row) for row in rows)


def touch(database: Database, session: Session, now: datetime) -> None:
    """Note that a session was used."""
    _change(database, session, seen_at=now)


def renew(
    database: Database,
    session: Session,
    token: str,
    now: datetime,
    *,
    second: datetime | None = None,
) -> None:
    """Give a session a new secret; the old one ends. `second`: when both factors were proven."""
    changes: dict[str, object] = {"token_hash": token_hash(token), "seen_at": now}
    if second is not None:
        changes["second_at"] = second
    _change(database, session, **changes)


def act_as(database: Database, session: Session, role: Role, seat: int | None) -> None:
    """Let a session act in another role of its person."""
    _change(database, session, role=role, seat=seat)


def end(database: Database, token: str) -> None:
    """End a session; one that is not there has ended."""
    database.execute(delete(SessionRow).where(SessionRow.token_hash == token_hash(token)))


def end_all(database: Database, person: str, but: Session | None = None) -> int:
    """End a person's sessions, but for one; return how many."""
    which = delete(SessionRow).where(SessionRow.person == person)
    if but is not None:
        which = which.where(SessionRow.token_hash != but.token_hash)
    return len(database.execute(which.returning(SessionRow.token_hash)).all())


def forget(database: Database, before: datetime) -> None:
    """Remove sessions that began before a moment: they have ended by age."""
    database.execute(delete(SessionRow).where(SessionRow.created_at < before))


def _change(database: Database, session: Session, **values: object) -> None:
    database.execute(
        update(SessionRow).where(SessionRow.token_hash == session.token_hash).values(**values)
    )
