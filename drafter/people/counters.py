"""Gives out the next number of comments, amendments and seats: no gap, no number twice."""

from __future__ import annotations

from typing import Literal

from sqlalchemy import update
from sqlalchemy.orm import Session

from drafter.core.errors import Corrupt
from drafter.core.saying import say
from drafter.people.tables import CounterRow

CounterName = Literal["comment", "amendment", "seat", "moderation"]


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
        raise Corrupt(
            say("The database has lost its count of {name}s. Restore a backup.", name=name),
            name=name,
        )
    return counted


def count_from(session: Session, name: CounterName, last: int) -> None:
    """Never give out a number up to `last` again: what git already holds is taken."""
    session.execute(
        update(CounterRow).where(CounterRow.name == name, CounterRow.last < last).values(last=last)
    )
