"""Persons, and the seats and offices that they hold for a time. The log never names them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from drafter.core.errors import NotFound, Refused
from drafter.core.saying import say
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import (
    AddressChangeRow,
    ApiTokenRow,
    OfficeRow,
    OutgoingMailRow,
    PasskeyRow,
    PersonRow,
    RecoveryCodeRow,
    SeatRow,
    SessionRow,
    SignInLinkRow,
    TenureRow,
)

OfficeRole = Literal["clerk", "administrator"]


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who holds, or held, a seat or an office."""

    id: str  # random: "person-…"
    email: str | None
    erased_at: datetime | None


@dataclass(frozen=True, slots=True)
class Tenure:
    """A seat held by a person for a time."""

    seat: int
    person: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Office:
    """An office held by a person for a time."""

    role: OfficeRole
    number: int  # the second clerk is clerk-2, for ever
    person: str
    since: datetime
    until: datetime | None


def add_person(session: Session, id: str, email: str | None, now: datetime) -> Person:
    """Add a person. The address, in small letters, belongs to nobody else."""
    require_storable(email)
    row = PersonRow(id=id, email=email, created_at=now)
    session.add(row)
    session.flush()
    return frozen(Person, row)


def find_person(session: Session, id: str) -> Person | None:
    """Return a person, or None."""
    row = session.get(PersonRow, id)
    return frozen(Person, row) if row else None


def person_at(session: Session, email: str) -> Person | None:
    """Return the person who has this address, or None."""
    row = session.scalars(select(PersonRow).where(PersonRow.email == email)).one_or_none()
    return frozen(Person, row) if row else None


def persons_kept(session: Session) -> tuple[Person, ...]:
    """Return every person who is not erased, the oldest first."""
    query = select(PersonRow).where(PersonRow.erased_at.is_(None))
    rows = sorted(session.scalars(query), key=lambda row: (row.created_at, row.id))
    return tuple(frozen(Person, row) for row in rows)


def open_tenure(session: Session, seat: int, person: str, now: datetime) -> Tenure:
    """Let a person hold a seat from now on. Raises NotFound, Refused while another holds it."""
    place = _lock_seat(session, seat)
    if holder_of(session, seat) is not None:
        raise Refused(say("Seat {seat} is held already. Vacate it first.", seat=seat), seat=seat)
    row = TenureRow(seat=seat, person=person, since=now)
    session.add(row)
    place.filled = True
    session.flush()
    return frozen(Tenure, row)


def end_tenure(session: Session, seat: int, now: datetime) -> None:
    """End the tenure of a seat, with its links, sessions and tokens. Raises NotFound."""
    place = _lock_seat(session, seat)
    place.filled = False
    session.execute(
        update(TenureRow).where(TenureRow.seat == seat, TenureRow.until.is_(None)).values(until=now)
    )
    _revoke(session, SignInLinkRow.seat == seat, now)
    for table in (SessionRow, ApiTokenRow):
        session.execute(delete(table).where(table.seat == seat))
    session.flush()


def holder_of(session: Session, seat: int) -> str | None:
    """Return the id of the person who holds a seat now, or None."""
    query = select(TenureRow.person).where(TenureRow.seat == seat, TenureRow.until.is_(None))
    return session.execute(query).scalar_one_or_none()


def tenures_of_seat(session: Session, seat: int) -> tuple[Tenure, ...]:
    """Return who held a seat and when, by random ids, oldest first."""
    query = select(TenureRow).where(TenureRow.seat == seat).order_by(TenureRow.id)
    return tuple(frozen(Tenure, row) for row in session.scalars(query))


def held_tenures(session: Session) -> tuple[Tenure, ...]:
    """Return the tenures of now, by seat."""
    query = select(TenureRow).where(TenureRow.until.is_(None)).order_by(TenureRow.seat)
    return tuple(frozen(Tenure, row) for row in session.scalars(query))


def seats_of(session: Session, person: str) -> tuple[int, ...]:
    """Return the seats that a person holds now."""
    query = select(TenureRow.seat).where(TenureRow.person == person, TenureRow.until.is_(None))
    return tuple(session.scalars(query.order_by(TenureRow.seat)))


def open_office(session: Session, role: OfficeRole, person: str, now: datetime) -> Office:
    """Let a person hold an office from now on; the office that they hold, where they do."""
    held = held_office(session, role, person)
    if held is not None:
        return held
    last = session.execute(
        select(func.coalesce(func.max(OfficeRow.number), 0)).where(OfficeRow.role == role)
    ).scalar_one()
    row = OfficeRow(role=role, number=last + 1, person=person, since=now)
    session.add(row)
    session.flush()
    return frozen(Office, row)


def end_office(session: Session, role: OfficeRole, person: str, now: datetime) -> None:
    """End a person's office, with its links, sessions and tokens. Raises NotFound."""
    ended = session.execute(
        update(OfficeRow)
        .where(OfficeRow.role == role, OfficeRow.person == person, OfficeRow.until.is_(None))
        .values(until=now)
        .returning(OfficeRow.id)
    ).first()
    if ended is None:
        raise NotFound(say("This person is no {role} now.", role=role), role=role)
    _revoke(session, (SignInLinkRow.role == role) & (SignInLinkRow.person == person), now)
    for table in (SessionRow, ApiTokenRow):
        session.execute(delete(table).where(table.role == role, table.person == person))


def held_office(
    session: Session, role: OfficeRole, person: str, *, lock: bool = False
) -> Office | None:
    """Return the office that a person holds now, or None; `lock` keeps it till the session ends."""
    query = select(OfficeRow).where(
        OfficeRow.role == role, OfficeRow.person == person, OfficeRow.until.is_(None)
    )
    if lock:
        query = query.with_for_update(read=True).execution_options(populate_existing=True)
    row = session.scalars(query).one_or_none()
    return frozen(Office, row) if row else None


def held_offices(session: Session, role: OfficeRole | None = None) -> tuple[Office, ...]:
    """Return the offices held now, by role and number."""
    query = select(OfficeRow).where(OfficeRow.until.is_(None))
    if role is not None:
        query = query.where(OfficeRow.role == role)
    rows = sorted(session.scalars(query), key=lambda row: (row.role, row.number))
    return tuple(frozen(Office, row) for row in rows)


def holds_anything(session: Session, person: str) -> bool:
    """Tell whether a person holds a seat or an office now."""
    office = select(OfficeRow.id).where(OfficeRow.person == person, OfficeRow.until.is_(None))
    return bool(seats_of(session, person)) or session.execute(office).first() is not None


def erase_person(session: Session, person: str, now: datetime) -> None:
    """Erase the address and every credential of a person, and every mail to them.

    The tenures keep the random id. Raises NotFound, Refused while they hold anything.
    """
    row = session.get(PersonRow, person, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound("There is no such person.")
    if holds_anything(session, person):
        raise Refused("This person still holds a seat or an office. End that first.")
    owned: Iterable[
        type[
            AddressChangeRow
            | SessionRow
            | ApiTokenRow
            | SignInLinkRow
            | PasskeyRow
            | RecoveryCodeRow
        ]
    ] = (
        AddressChangeRow,
        SessionRow,
        ApiTokenRow,
        SignInLinkRow,
        PasskeyRow,
        RecoveryCodeRow,
    )
    for table in owned:
        session.execute(delete(table).where(table.person == person))
    session.execute(delete(OutgoingMailRow).where(OutgoingMailRow.contributor == person))
    row.email = row.totp_secret = row.totp_confirmed_at = row.totp_step = None
    row.erased_at = now
    session.flush()


def lock_seat(session: Session, number: int) -> bool:
    """Keep a seat as it is until the session ends; tell whether it is filled."""
    row = session.get(SeatRow, number, with_for_update={"read": True}, populate_existing=True)
    return row is not None and row.filled


def _lock_seat(session: Session, number: int) -> SeatRow:
    row = session.get(SeatRow, number, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(say("There is no seat {number}.", number=number), seat=number)
    return row


def _revoke(session: Session, which: object, now: datetime) -> None:
    session.execute(
        update(SignInLinkRow)
        .where(which, SignInLinkRow.used_at.is_(None))  # type: ignore[arg-type]
        .values(used_at=now)
    )
