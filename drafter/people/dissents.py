"""Dissenting statements, between the closing of a vote and its decision."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from drafter.core.errors import Refused
from drafter.core.saying import say
from drafter.people.motions import lock_motion
from drafter.people.rows import Plain, columns_of, require_storable, table_of
from drafter.people.tables import DecisionRow, DissentRow


@dataclass(frozen=True, slots=True)
class Filed:
    """What a seat wants on record against a decision."""

    amendment: int
    round: int
    seat: int
    text: str
    filed_at: datetime


_D = table_of(DissentRow)
_FILED = (
    select(*columns_of(Filed, DissentRow))
    .where(_D.c.amendment == bindparam("number"), _D.c.round == bindparam("of_round"))
    .order_by(_D.c.seat)
)


def file_dissent(
    session: Session, amendment: int, round: int, seat: int, text: str, now: datetime
) -> None:
    """File a statement, or replace the seat's earlier one; an empty one takes it back.

    Who may file one is decided elsewhere. Raises NotFound; Refused before the closing, and once
    the decision is being written.
    """
    require_storable(text)
    motion = lock_motion(session, amendment, round)
    decided = session.get(DecisionRow, (amendment, round)) is not None
    if motion.state != "closed" or decided:
        raise Refused(
            say(
                "A statement on amendment {amendment} is taken between the closing of the vote and "
                "the decision.",
                amendment=amendment,
            ),
            amendment=amendment,
        )
    row = session.get(DissentRow, (amendment, round, seat), populate_existing=True)
    if row is not None and not text:
        session.delete(row)
    elif text:
        key = {"amendment": amendment, "round": round, "seat": seat}
        session.merge(DissentRow(**key, text=text, filed_at=now))
    session.flush()


def dissents_of(session: Plain, amendment: int, round: int) -> tuple[Filed, ...]:
    """Return the statements filed on a motion, by seat."""
    rows = session.execute(_FILED, {"number": amendment, "of_round": round})
    return tuple(Filed(*row) for row in rows)
