"""Decisions, written before main moves and marked applied after, so that a crash between the
two can be finished or undone. States that others see change only when it is applied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from drafter.core.errors import Conflict, NotFound, Refused
from drafter.core.rules import Event, next_state
from drafter.people.amendments import lock_amendment, state_of
from drafter.people.motions import end_motion
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import AmendmentRow, DecisionRow, MotionRow

Outcome = Literal["accepted", "rejected", "withdrawn", "lapsed"]

VOTED: tuple[Outcome, ...] = ("accepted", "rejected")
EVENTS: Mapping[Outcome, Event] = MappingProxyType(
    {"accepted": "accept", "rejected": "reject", "withdrawn": "withdraw", "lapsed": "lapse"}
)


@dataclass(frozen=True, slots=True)
class NewDecision:
    """A decision about to be recorded."""

    amendment: int
    round: int
    outcome: Outcome
    expected_tip: str  # the commit from which main is to move
    new_commit: str  # the commit to which main is to move
    reason: str
    decided_by: str  # the clerk who records it


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision as recorded; `applied_at` is None until main has moved."""

    amendment: int
    round: int
    outcome: Outcome
    expected_tip: str
    new_commit: str
    reason: str
    decided_by: str
    decided_at: datetime
    applied_at: datetime | None


def record_decision(session: Session, new: NewDecision, now: datetime) -> Decision:
    """Record a decision, not yet applied.

    Raises NotFound; Refused when the amendment is decided, in another round, or its motion is
    not closed; Conflict when this round, this tip or this commit has a decision already.
    """
    require_storable(new.reason)
    _require_decidable(session, new)
    row = DecisionRow(
        amendment=new.amendment,
        round=new.round,
        outcome=new.outcome,
        expected_tip=new.expected_tip,
        new_commit=new.new_commit,
        reason=new.reason,
        decided_by=new.decided_by,
        decided_at=now,
    )
    session.add(row)
    try:
        session.flush()
    except IntegrityError:
        raise Conflict(
            f"Amendment {new.amendment} was decided by somebody else meanwhile. Reload.",
            amendment=new.amendment,
        ) from None
    return frozen(Decision, row)


def find_decision(session: Session, amendment: int, round: int) -> Decision | None:
    """Return the decision of one round, applied or not, or None."""
    row = session.get(DecisionRow, (amendment, round))
    return frozen(Decision, row) if row else None


def unapplied_decisions(session: Session) -> tuple[Decision, ...]:
    """Return the decisions that a crash may have left unfinished, oldest first."""
    rows = session.scalars(
        select(DecisionRow)
        .where(DecisionRow.applied_at.is_(None))
        .order_by(DecisionRow.decided_at, DecisionRow.amendment)
    )
    return tuple(frozen(Decision, row) for row in rows)


def applied_decisions(session: Session) -> tuple[Decision, ...]:
    """Return the decisions that hold, by time: what must agree with the history in git."""
    rows = session.scalars(
        select(DecisionRow)
        .where(DecisionRow.applied_at.is_not(None))
        .order_by(DecisionRow.decided_at, DecisionRow.amendment)
    )
    return tuple(frozen(Decision, row) for row in rows)


def mark_applied(session: Session, amendment: int, round: int, now: datetime) -> Decision:
    """Note that main has moved: the amendment takes the outcome as its state, the motion is
    decided. The second time changes nothing. Raises NotFound.
    """
    view = lock_amendment(session, amendment)
    row = _lock(session, amendment, round)
    if row.applied_at is None:
        row.applied_at = now
        view.state, view.updated_at = row.outcome, now
        motion = session.get(MotionRow, (amendment, round), with_for_update=True)
        if motion is not None and motion.state != "stale":
            end_motion(session, motion, row.decided_by, row.decided_at)
        session.flush()
    return frozen(Decision, row)


def delete_decision(session: Session, amendment: int, round: int) -> None:
    """Remove a decision that main never received, so that it can be taken again.

    Raises NotFound, Refused when it was applied.
    """
    row = _lock(session, amendment, round)
    if row.applied_at is not None:
        raise Refused(f"The decision on amendment {amendment} holds and cannot be removed.")
    session.delete(row)
    session.flush()


def _lock(session: Session, amendment: int, round: int) -> DecisionRow:
    row = session.get(DecisionRow, (amendment, round), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(f"Amendment {amendment} has no decision in round {round}.")
    return row


def _require_decidable(session: Session, new: NewDecision) -> None:
    view = lock_amendment(session, new.amendment)
    next_state(state_of(view), EVENTS[new.outcome])
    if view.round != new.round:
        raise Refused(
            f"Amendment {view.number} is in round {view.round}: reload, then decide.",
            amendment=view.number,
        )
    if new.outcome in VOTED:
        _require_closed_motion(session, view)


def _require_closed_motion(session: Session, view: AmendmentRow) -> None:
    key = (view.number, view.round)
    motion = session.get(MotionRow, key, with_for_update=True, populate_existing=True)
    if motion is None or motion.state != "closed":
        raise Refused(f"The vote on amendment {view.number} is not closed.", amendment=view.number)
