"""Motions: putting a question, closing it, finding it stale. Counting is not done here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from drafter.core.errors import NotFound, Refused
from drafter.core.rules import next_round, next_state
from drafter.core.saying import say
from drafter.people.amendments import lock_amendment, state_of
from drafter.people.rows import Plain, frozen, require_storable, table_of
from drafter.people.tables import AmendmentRow, BallotRow, DecisionRow, MotionRow, SeatRow

MotionState = Literal["open", "closed", "decided", "stale"]


@dataclass(frozen=True, slots=True)
class NewMotion:
    """A question about to be put."""

    amendment: int
    round: int  # the amendment's present round
    question: str  # as it is put to the panel
    ballot_hash: str  # what each ballot binds to
    rules_id: str  # SHA-256 of the rules' canonical form
    rules_json: str  # that form itself, kept byte for byte
    base_commit: str  # main's tip that the hash was computed against
    closes_at: datetime | None
    opened_by: str  # a clerk
    batch: int | None = None  # the batch that it is put in


@dataclass(frozen=True, slots=True)
class Motion:
    """A question put to the panel, with the words and the rules it is bound to."""

    amendment: int
    round: int
    question: str
    ballot_hash: str
    rules_id: str
    rules_json: str
    base_commit: str
    state: MotionState
    put_at: datetime
    closes_at: datetime | None
    opened_by: str
    closed_at: datetime | None
    closed_by: str | None
    batch: int | None


@dataclass(frozen=True, slots=True)
class OpenMotion:
    """An open motion and how many seats have cast a ballot, not what they chose."""

    motion: Motion
    ballots: int


@dataclass(frozen=True, slots=True)
class RunningMotion:
    """A motion that is not decided: what its ballots bind, and where its words are."""

    amendment: int
    round: int
    ballot_hash: str
    rules_id: str
    base_commit: str
    branch_tip: str | None  # the commit that holds the words


_A, _M = table_of(AmendmentRow), table_of(MotionRow)
_RUNNING = (
    select(
        *(_M.c.amendment, _M.c.round, _M.c.ballot_hash, _M.c.rules_id, _M.c.base_commit),
        _A.c.branch_tip,
    )
    .join_from(_M, _A, _A.c.number == _M.c.amendment)
    .where(_M.c.state.in_(("open", "closed")))
    .order_by(_M.c.amendment)
)


def put_motion(session: Session, new: NewMotion, now: datetime) -> Motion:
    """Put an open amendment to the vote. Raises NotFound, Refused."""
    require_storable(new.question, new.rules_json)
    amendment = lock_amendment(session, new.amendment)
    after = next_state(state_of(amendment), "put")
    if amendment.round != new.round:
        raise Refused(
            say(
                "Amendment {number} is in round {round}: reload, then put it.",
                number=amendment.number,
                round=amendment.round,
            ),
            amendment=amendment.number,
        )
    row = MotionRow(
        amendment=new.amendment,
        round=new.round,
        question=new.question,
        ballot_hash=new.ballot_hash,
        rules_id=new.rules_id,
        rules_json=new.rules_json,
        base_commit=new.base_commit,
        state="open",
        put_at=now,
        closes_at=new.closes_at,
        opened_by=new.opened_by,
        batch=new.batch,
    )
    amendment.state, amendment.updated_at = after, now
    session.add(row)
    session.flush()
    return frozen(Motion, row)


def find_motion(session: Session, amendment: int, round: int) -> Motion | None:
    """Return the motion of one round, or None."""
    row = session.get(MotionRow, (amendment, round))
    return frozen(Motion, row) if row else None


def latest_motion(session: Session, amendment: int) -> Motion | None:
    """Return the motion of an amendment's last round that was put, or None."""
    query = select(MotionRow).where(MotionRow.amendment == amendment)
    row = session.scalars(query.order_by(MotionRow.round.desc()).limit(1)).one_or_none()
    return frozen(Motion, row) if row else None


def running_motions(session: Plain) -> tuple[RunningMotion, ...]:
    """Return the motions that are open, or closed and not decided, by amendment."""
    return tuple(RunningMotion(*row) for row in session.execute(_RUNNING))


def motions_in(session: Session, state: MotionState) -> tuple[Motion, ...]:
    """Return the motions in a state, by amendment and round."""
    query = select(MotionRow).where(MotionRow.state == state)
    rows = session.scalars(query.order_by(MotionRow.amendment, MotionRow.round))
    return tuple(frozen(Motion, row) for row in rows)


def open_motions(session: Session) -> tuple[OpenMotion, ...]:
    """Return the open motions with their numbers of ballots, by amendment."""
    cast = (
        select(func.count())
        .where(BallotRow.amendment == MotionRow.amendment, BallotRow.round == MotionRow.round)
        .scalar_subquery()
    )
    query = select(MotionRow, cast).where(MotionRow.state == "open").order_by(MotionRow.amendment)
    return tuple(
        OpenMotion(motion=frozen(Motion, row), ballots=count)
        for row, count in session.execute(query)
    )


def close_motion(session: Session, amendment: int, round: int, by: str, now: datetime) -> Motion:
    """Close an open motion: no ballot is taken after, and who could vote is fixed.

    Raises NotFound, Refused.
    """
    row = lock_motion(session, amendment, round)
    if row.state != "open":
        raise Refused(
            say(
                "The motion on amendment {amendment} is {state} already.",
                amendment=amendment,
                state=row.state,
            ),
            state=row.state,
        )
    row.voters = _list_voters(session, row)
    row.state, row.closed_at, row.closed_by = "closed", now, by
    session.flush()
    return frozen(Motion, row)


def mark_stale(session: Session, amendment: int, round: int, now: datetime) -> None:
    """Note that a running motion's words have changed: it and its amendment become stale.

    Raises NotFound, Refused.
    """
    view = lock_amendment(session, amendment)
    row = lock_motion(session, amendment, round)
    if row.state not in ("open", "closed"):
        raise Refused(
            say(
                "The motion on amendment {amendment} is {state} already.",
                amendment=amendment,
                state=row.state,
            ),
            state=row.state,
        )
    row.state = "stale"
    view.state, view.updated_at = next_state(state_of(view), "go_stale"), now
    session.flush()


def set_aside(session: Session, amendment: int, round: int, now: datetime) -> bool:
    """Mark a motion stale if it still runs and no decision on it is being written; tell whether.

    Raises NotFound.
    """
    lock_amendment(session, amendment)
    row = lock_motion(session, amendment, round)
    decided = session.get(DecisionRow, (amendment, round), populate_existing=True) is not None
    if row.state not in ("open", "closed") or decided:
        return False
    mark_stale(session, amendment, round, now)
    return True


def reopen_amendment(session: Session, amendment: int, now: datetime) -> int:
    """Open a stale amendment again and return its next round. Raises NotFound, Refused."""
    row = lock_amendment(session, amendment)
    row.state = next_state(state_of(row), "reopen")
    row.round, row.updated_at = next_round(row.round, "reopen"), now
    session.flush()
    return row.round


def reword_questions(session: Session, amendment: int, question: str) -> None:
    """Put other words in the place of every question that was put about an amendment."""
    which = update(MotionRow).where(MotionRow.amendment == amendment)
    session.execute(which.values(question=question))


def lock_motion(session: Session, amendment: int, round: int) -> MotionRow:
    """Return the row of a motion, locked until the session ends: ballots and closing wait for
    each other. Raises NotFound.
    """
    row = session.get(MotionRow, (amendment, round), with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(
            say(
                "Amendment {amendment} was not put in round {round}.",
                amendment=amendment,
                round=round,
            ),
            amendment=amendment,
        )
    return row


def end_motion(session: Session, row: MotionRow, by: str, now: datetime) -> None:
    """Mark a motion decided, closing it first where a withdrawal ended it while open."""
    if row.closed_at is None:
        row.voters = _list_voters(session, row)
        row.closed_at, row.closed_by = now, by
    row.state = "decided"


def _list_voters(session: Session, motion: MotionRow) -> str:
    """List the filled seats, and those vacated after they had cast a ballot, which counts."""
    filled = session.scalars(select(SeatRow.number).where(SeatRow.filled))
    cast = session.scalars(
        select(BallotRow.seat).where(
            BallotRow.amendment == motion.amendment, BallotRow.round == motion.round
        )
    )
    return ",".join(str(number) for number in sorted({*filled, *cast}))
