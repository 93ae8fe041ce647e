"""Seats of the panel: adding, filling, vacating."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from drafter.core.errors import NotFound
from drafter.core.saying import say
from drafter.people.counters import next_number
from drafter.people.persons import end_tenure
from drafter.people.rows import frozen
from drafter.people.tables import SeatRow


@dataclass(frozen=True, slots=True)
class Seat:
    """A place on the panel."""

    number: int
    filled: bool  # held by a person now
    label: str  # as the record names it: "seat-07"


def add_seats(session: Session, count: int) -> tuple[Seat, ...]:
    """Add filled seats under the next numbers."""
    rows = [_new_seat(next_number(session, "seat")) for _ in range(count)]
    session.add_all(rows)
    session.flush()
    return tuple(frozen(Seat, row) for row in rows)


def seats(session: Session) -> tuple[Seat, ...]:
    """Return all seats, by number."""
    rows = session.scalars(select(SeatRow).order_by(SeatRow.number))
    return tuple(frozen(Seat, row) for row in rows)


def find_seat(session: Session, number: int) -> Seat | None:
    """Return a seat, or None."""
    row = session.get(SeatRow, number)
    return frozen(Seat, row) if row else None


def vacate_seat(session: Session, number: int, now: datetime) -> Seat:
    """Vacate a seat; its tenure, its links and its sessions end. Raises NotFound."""
    end_tenure(session, number, now)
    return frozen(Seat, _lock(session, number))


def fill_seat(session: Session, number: int) -> Seat:
    """Note that somebody holds the seat again, whom nobody has named yet. Raises NotFound."""
    row = _lock(session, number)
    row.filled = True
    session.flush()
    return frozen(Seat, row)


def _new_seat(number: int) -> SeatRow:
    return SeatRow(number=number, filled=True, label=f"seat-{number:02d}")


def _lock(session: Session, number: int) -> SeatRow:
    row = session.get(SeatRow, number, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(say("There is no seat {number}.", number=number), seat=number)
    return row
