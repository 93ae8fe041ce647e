"""Batches: amendments that are put together, so that one ballot counts for each of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from drafter.people.motions import Motion
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import AmendmentRow, BatchRow, MotionRow


@dataclass(frozen=True, slots=True)
class Batch:
    """A question put about several amendments at once."""

    number: int
    question: str
    put_at: datetime
    put_by: str


@dataclass(frozen=True, slots=True)
class Member:
    """An amendment in a batch, with its own motion."""

    motion: Motion
    title: str


def new_batch(session: Session, question: str, by: str, now: datetime) -> Batch:
    """Make a batch, as yet without members."""
    require_storable(question)
    row = BatchRow(question=question, put_at=now, put_by=by)
    session.add(row)
    session.flush()
    return frozen(Batch, row)


def find_batch(session: Session, number: int) -> Batch | None:
    """Return a batch, or None."""
    row = session.get(BatchRow, number)
    return frozen(Batch, row) if row else None


def reword_batches(session: Session, amendment: int, question: str) -> None:
    """Put other words in the place of every question that was put about an amendment and others,
    also on those of them that are not decided: the record of a decision keeps what was asked.
    """
    batches = select(MotionRow.batch).where(
        MotionRow.amendment == amendment, MotionRow.batch.is_not(None)
    )
    session.execute(
        update(BatchRow)
        .where(BatchRow.number.in_(batches))
        .values(question=question)
        .execution_options(synchronize_session=False)
    )
    session.execute(
        update(MotionRow)
        .where(MotionRow.batch.in_(batches), MotionRow.state != "decided")
        .values(question=question)
        .execution_options(synchronize_session=False)
    )


def members_of(session: Session, number: int) -> tuple[Member, ...]:
    """Return the amendments of a batch that were not taken out of it or went stale, in order."""
    query = (
        select(MotionRow, AmendmentRow.title)
        .join(AmendmentRow, AmendmentRow.number == MotionRow.amendment)
        .where(MotionRow.batch == number, MotionRow.state != "stale")
        .order_by(MotionRow.amendment)
    )
    return tuple(Member(frozen(Motion, row), title) for row, title in session.execute(query))
