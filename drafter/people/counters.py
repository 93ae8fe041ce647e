"""Gives out the next number of comments, amendments and seats: no gap, no number twice."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from drafter.core.errors import Corrupt
from drafter.people.tables import CounterRow

CounterName = Literal["comment", "amendment", "seat", "change"]


def next_number(session: Session, name: CounterName) -> int:
    """Take the next number. The row stays locked until the session ends, so that a number
    that is rolled back is given out again.
    """
    counted = session.execute(
        update(CounterRow)
        .where(CounterRow.name == name)
        .values(last=CounterRow.last + 1)
        .returning(CounterRow.last)
    ).scalar_one_or_none()
    if counted is None:
        raise Corrupt(f"The database has lost its count of {name}s. Restore a backup.", name=name)
    return counted


def count_change(session: Session) -> None:
    """Count that a transaction has changed something. Its last statement: others wait for it."""
    session.execute(
        update(CounterRow).where(CounterRow.name == "change").values(last=CounterRow.last + 1)
    )


def changes_counted(session: Session) -> int:
    """Return how many transactions have changed something: while it is the same, all is."""
    found = session.scalar(select(CounterRow.last).where(CounterRow.name == "change"))
    return found or 0


def count_from(session: Session, name: CounterName, last: int) -> None:
    """Never give out a number up to `last` again: what git already holds is taken."""
    session.execute(
        update(CounterRow).where(CounterRow.name == name, CounterRow.last < last).values(last=last)
    )
