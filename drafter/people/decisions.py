"""Decisions, written before main moves and marked applied after, so that a crash between the
two can be finished or undone. States that others see change only when it is applied, and whoever
asked is told after that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Literal

from sqlalchemy import Connection, and_, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from drafter.core.errors import Conflict, NotFound, Refused
from drafter.core.rules import Event, next_state
from drafter.core.saying import say
from drafter.people.motions import end_motion
from drafter.people.rows import Plain, columns_of, frozen, require_storable, table_of
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


_A, _M, _D = table_of(AmendmentRow), table_of(MotionRow), table_of(DecisionRow)
_COLUMNS = columns_of(Decision, DecisionRow)

_RECORD = insert(_D)
_UNAPPLIED = (
    select(*_COLUMNS).where(_D.c.applied_at.is_(None)).order_by(_D.c.decided_at, _D.c.amendment)
)
_LOCK_AMENDMENT = (
    # Its lock holds the motion too: whatever changes a closed one takes the amendment first.
    select(_A.c.state, _A.c.round, _M.c.state.label("motion"))
    .outerjoin_from(_A, _M, and_(_M.c.amendment == _A.c.number, _M.c.round == _A.c.round))
    .where(_A.c.number == bindparam("number"))
    .with_for_update(of=_A)
)
_APPLY = (
    update(_D)
    .where(
        _D.c.amendment == bindparam("number"),
        _D.c.round == bindparam("of_round"),
        _D.c.applied_at.is_(None),
    )
    .values(applied_at=bindparam("now"))
    .returning(*_COLUMNS)
)
_UNTOLD = and_(_D.c.told_at.is_(None), _D.c.applied_at.is_not(None))
_ARE_UNTOLD = select(*_COLUMNS).where(_UNTOLD).order_by(_D.c.decided_at, _D.c.amendment)
_TAKE_UNTOLD = (
    update(_D)
    .where(_D.c.amendment == bindparam("number"), _D.c.round == bindparam("of_round"), _UNTOLD)
    .values(told_at=bindparam("now"))
    .returning(_D.c.amendment)
)
_TAKE_STATE = (
    update(_A)
    .where(_A.c.number == bindparam("of"))
    .values(state=bindparam("outcome"), updated_at=bindparam("now"))
)
_END_CLOSED = (
    update(_M)
    .where(
        _M.c.amendment == bindparam("number"),
        _M.c.round == bindparam("of_round"),
        _M.c.state == "closed",
    )
    .values(state="decided")
    .returning(_M.c.round)
)


def record_decision(session: Plain, new: NewDecision, now: datetime) -> Decision:
    """Record a decision, not yet applied.

    Raises NotFound; Refused when the amendment is decided, in another round, or its motion is
    not closed; Conflict when this round, this tip or this commit has a decision already.
    """
    require_storable(new.reason)
    _require_decidable(session, new)
    decision = Decision(
        new.amendment, new.round, new.outcome, new.expected_tip, new.new_commit, new.reason,
        new.decided_by, now, None,
    )  # fmt: skip
    try:
        session.execute(_RECORD, asdict(decision))
    except IntegrityError:
        raise Conflict(
            say(
                "Amendment {amendment} was decided by somebody else meanwhile. Reload.",
                amendment=new.amendment,
            ),
            amendment=new.amendment,
        ) from None
    return decision


def find_decision(session: Session, amendment: int, round: int) -> Decision | None:
    """Return the decision of one round, applied or not, or None."""
    row = session.get(DecisionRow, (amendment, round))
    return frozen(Decision, row) if row else None


def unapplied_decisions(session: Plain) -> tuple[Decision, ...]:
    """Return the decisions that a crash may have left unfinished, oldest first."""
    return tuple(Decision(*row) for row in session.execute(_UNAPPLIED))


def applied_decisions(session: Session) -> tuple[Decision, ...]:
    """Return the decisions that hold, by time: what must agree with the history in git."""
    rows = session.scalars(
        select(DecisionRow)
        .where(DecisionRow.applied_at.is_not(None))
        .order_by(DecisionRow.decided_at, DecisionRow.amendment)
    )
    return tuple(frozen(Decision, row) for row in rows)


def mark_applied(connection: Connection, amendment: int, round: int, now: datetime) -> Decision:
    """Note that main has moved: the amendment takes the outcome as its state, the motion is
    decided. The second time changes nothing. Raises NotFound.
    """
    key = {"number": amendment, "of_round": round}
    row = connection.execute(_APPLY, {**key, "now": now}).one_or_none()
    if row is None:
        with Session(connection) as session:
            return frozen(Decision, _lock(session, amendment, round))
    decision = Decision(*row)
    connection.execute(_TAKE_STATE, {"of": amendment, "outcome": decision.outcome, "now": now})
    # Only a motion that a withdrawal ends while it is open has anything else to be noted.
    if connection.execute(_END_CLOSED, key).one_or_none() is None:
        with Session(connection) as session:
            motion = session.get(MotionRow, (amendment, round), with_for_update=True)
            if motion is not None and motion.state != "stale":
                end_motion(session, motion, decision.decided_by, decision.decided_at)
                session.flush()
    return decision


def untold_decisions(session: Plain) -> tuple[Decision, ...]:
    """Return the decisions that hold and of which nobody was told yet, oldest first."""
    return tuple(Decision(*row) for row in session.execute(_ARE_UNTOLD))


def take_untold(session: Session, decision: Decision, now: datetime) -> bool:
    """Mark a decision as told; False where it was.

    It is given to one session only, which tells of it before it ends.
    """
    of = {"number": decision.amendment, "of_round": decision.round, "now": now}
    return session.execute(_TAKE_UNTOLD, of).first() is not None


def delete_decision(session: Session, amendment: int, round: int) -> None:
    """Remove a decision that main never received, so that it can be taken again.

    Raises NotFound, Refused when it was applied.
    """
    row = _lock(session, amendment, round)
    if row.applied_at is not None:
        raise Refused(
            say(
                "The decision on amendment {amendment} holds and cannot be removed.",
                amendment=amendment,
            )
        )
    session.delete(row)
    session.flush()


def _lock(session: Session, amendment: int, round: int) -> DecisionRow:
    row = session.get(DecisionRow, (amendment, round), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(
            say(
                "Amendment {amendment} has no decision in round {round}.",
                amendment=amendment,
                round=round,
            )
        )
    return row


def _require_decidable(session: Plain, new: NewDecision) -> None:
    found = session.execute(_LOCK_AMENDMENT, {"number": new.amendment}).one_or_none()
    if found is None:
        raise NotFound(
            say("There is no amendment {amendment}.", amendment=new.amendment), number=new.amendment
        )
    next_state(found.state, EVENTS[new.outcome])
    if found.round != new.round:
        raise Refused(
            say(
                "Amendment {amendment} is in round {round}: reload, then decide.",
                amendment=new.amendment,
                round=found.round,
            ),
            amendment=new.amendment,
        )
    if new.outcome in VOTED and found.motion != "closed":
        raise Refused(
            say("The vote on amendment {amendment} is not closed.", amendment=new.amendment),
            amendment=new.amendment,
        )
