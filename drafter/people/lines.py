"""Amendments as lines of a list: state, deadline and turnout, without reading any text.

One query for a list, however long the record is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Select, and_, func, select
from sqlalchemy.orm import Session

from drafter.core.rules import State
from drafter.people.ballots import Choice
from drafter.people.motions import MotionState
from drafter.people.tables import AmendmentRow, BallotRow, DissentRow, MotionRow, SeatRow


@dataclass(frozen=True, slots=True)
class Line:
    """An amendment in a list."""

    number: int
    title: str
    state: State
    round: int
    updated_at: datetime
    motion: MotionState | None  # of the present round
    closes_at: datetime | None
    batch: int | None
    ballots: int  # cast on it, not how
    choice: Choice | None  # of the seat that looks
    dissent: bool  # that seat has filed a statement


def lines_in(
    session: Session,
    states: Collection[State],
    *,
    seat: int | None = None,
    after: int = 0,
    limit: int = 100,
    newest_first: bool = False,
) -> tuple[Line, ...]:
    """Return amendments in one of `states` past a number, by number, or those that changed last."""
    latest = (AmendmentRow.updated_at.desc(), AmendmentRow.number.desc())
    order = latest if newest_first else (AmendmentRow.number.asc(),)
    some = _lines(seat).where(AmendmentRow.state.in_(states), AmendmentRow.number > after)
    query = some.order_by(*order).limit(limit)
    return tuple(_line(*row) for row in session.execute(query))


def lines_at(
    session: Session, tips: Collection[str], states: Collection[State], *, limit: int = 100
) -> tuple[Line, ...]:
    """Return the amendments in one of `states` whose words are those at `tips`, by number."""
    query = _lines(None).where(AmendmentRow.state.in_(states), AmendmentRow.branch_tip.in_(tips))
    found = session.execute(query.order_by(AmendmentRow.number).limit(limit))
    return tuple(_line(*row) for row in found)


def find_line(session: Session, number: int, *, seat: int | None = None) -> Line | None:
    """Return one amendment as a line, or None."""
    row = session.execute(_lines(seat).where(AmendmentRow.number == number)).one_or_none()
    return _line(*row) if row else None


def unused_motions(session: Session) -> tuple[Line, ...]:
    """Return the carried motions to reconsider that have not opened their amendment yet."""
    used = select(AmendmentRow.by_motion).where(AmendmentRow.by_motion.is_not(None))
    query = _lines(None).where(
        AmendmentRow.about.is_not(None),
        AmendmentRow.state == "accepted",
        AmendmentRow.number.not_in(used),
    )
    return tuple(_line(*row) for row in session.execute(query.order_by(AmendmentRow.number)))


def count_states(session: Session) -> dict[State, int]:
    """Count the amendments in each state that there are any in."""
    query = select(AmendmentRow.state, func.count()).group_by(AmendmentRow.state)
    return {cast(State, state): number for state, number in session.execute(query)}


def filled_seats(session: Session) -> int:
    """Count the filled seats."""
    return session.scalar(select(func.count()).where(SeatRow.filled)) or 0


def _lines(seat: int | None) -> Select[AmendmentRow, MotionRow, int, str, int]:
    cast_on_it = (
        select(func.count())
        .where(BallotRow.amendment == MotionRow.amendment, BallotRow.round == MotionRow.round)
        .scalar_subquery()
    )
    present = and_(
        MotionRow.amendment == AmendmentRow.number, MotionRow.round == AmendmentRow.round
    )
    mine = and_(
        BallotRow.amendment == AmendmentRow.number,
        BallotRow.round == AmendmentRow.round,
        BallotRow.seat == (seat or 0),
    )
    filed = and_(
        DissentRow.amendment == AmendmentRow.number,
        DissentRow.round == AmendmentRow.round,
        DissentRow.seat == (seat or 0),
    )
    own = select(BallotRow.choice).where(mine).scalar_subquery()
    said = select(func.count()).where(filed).scalar_subquery()
    return select(AmendmentRow, MotionRow, cast_on_it, own, said).outerjoin(MotionRow, present)


def _line(
    amendment: AmendmentRow, motion: MotionRow | None, ballots: int, choice: str | None, said: int
) -> Line:
    return Line(
        number=amendment.number,
        title=amendment.title,
        state=cast(State, amendment.state),
        round=amendment.round,
        updated_at=amendment.updated_at,
        motion=cast("MotionState | None", motion.state if motion else None),
        closes_at=motion.closes_at if motion else None,
        batch=motion.batch if motion else None,
        ballots=ballots,
        choice=cast("Choice | None", choice),
        dissent=bool(said),
    )
