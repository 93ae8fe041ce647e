"""Ballots: casting and changing them while the motion is open, and what is needed to count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, bindparam, select
from sqlalchemy.orm import Session

from drafter.core.errors import Conflict, NotFound, Refused
from drafter.core.saying import say
from drafter.people.amendments import Amendment
from drafter.people.motions import Motion, lock_motion
from drafter.people.rows import Plain, columns_of, frozen, require_storable, table_of
from drafter.people.tables import AmendmentRow, BallotRow, MotionRow, SeatRow

Choice = Literal["for", "against", "abstaining", "recused"]


@dataclass(frozen=True, slots=True)
class Ballot:
    """One seat's vote on one motion."""

    amendment: int
    round: int
    seat: int
    choice: Choice
    ballot_hash: str  # the words and rules that the voter saw
    cast_at: datetime
    interest: str | None  # the interest that a recused seat declares
    entered_by: str | None  # the clerk, for a vote taken in the room


@dataclass(frozen=True, slots=True)
class TallyInputs:
    """A closed motion, who could vote on it, and every ballot: the roll call to be counted."""

    motion: Motion
    voters: tuple[int, ...]  # seats that could vote when it closed, ascending
    ballots: tuple[Ballot, ...]  # by seat; a voter without one is absent


@dataclass(frozen=True, slots=True)
class PresentVote:
    """An amendment and the vote on its present round."""

    amendment: Amendment
    motion: Motion | None  # None where it was not put in this round
    inputs: TallyInputs | None  # None while the motion is open


_A, _M, _B = table_of(AmendmentRow), table_of(MotionRow), table_of(BallotRow)
_AMENDMENT = columns_of(Amendment, AmendmentRow)
_PRESENT = (
    select(*_AMENDMENT, *columns_of(Motion, MotionRow), _M.c.voters)
    .outerjoin_from(_A, _M, and_(_M.c.amendment == _A.c.number, _M.c.round == _A.c.round))
    .where(_A.c.number == bindparam("number"))
)
_CAST = (
    select(*columns_of(Ballot, BallotRow))
    .where(_B.c.amendment == bindparam("number"), _B.c.round == bindparam("of_round"))
    .order_by(_B.c.seat)
)


def cast_ballot(
    session: Session,
    *,
    amendment: int,
    round: int,
    seat: int,
    choice: Choice,
    ballot_hash: str,
    now: datetime,
    interest: str | None = None,
    entered_by: str | None = None,
) -> Ballot:
    """Cast a seat's ballot, or replace the one it cast before.

    State, closing time, seat and words are checked in the session that writes. Raises
    NotFound; Refused when the motion is not open, the seat is vacant, or it is recused and votes
    all the same; Conflict when the voter saw other words than the motion is bound to.
    """
    require_storable(interest)
    motion = lock_motion(session, amendment, round)
    _require_open(motion, now)
    _require_same_words(motion, ballot_hash)
    _require_filled(session, seat)
    row = session.get(BallotRow, (amendment, round, seat), populate_existing=True)
    if row is None:
        row = BallotRow(amendment=amendment, round=round, seat=seat)
        session.add(row)
    elif row.choice == "recused" != choice:
        raise Refused(
            say(
                "Seat {seat} is recused from amendment {amendment}. Take that back before voting.",
                seat=seat,
                amendment=amendment,
            ),
            amendment=amendment,
            seat=seat,
        )
    row.choice, row.ballot_hash, row.cast_at, row.interest = choice, ballot_hash, now, interest
    row.entered_by = entered_by
    session.flush()
    return frozen(Ballot, row)


def remove_ballot(session: Session, amendment: int, round: int, seat: int, now: datetime) -> None:
    """Take back a ballot while the motion is open; without one nothing changes.

    Raises NotFound, Refused.
    """
    _require_open(lock_motion(session, amendment, round), now)
    row = session.get(BallotRow, (amendment, round, seat), populate_existing=True)
    if row is not None:
        session.delete(row)
        session.flush()


def find_ballot(session: Session, amendment: int, round: int, seat: int) -> Ballot | None:
    """Return the ballot that a seat has cast on a motion, or None."""
    row = session.get(BallotRow, (amendment, round, seat))
    return frozen(Ballot, row) if row else None


def ballots_of(session: Session, amendment: int, round: int) -> tuple[Ballot, ...]:
    """Return the ballots cast on a motion, by seat."""
    rows = session.scalars(
        select(BallotRow)
        .where(BallotRow.amendment == amendment, BallotRow.round == round)
        .order_by(BallotRow.seat)
    )
    return tuple(frozen(Ballot, row) for row in rows)


def tally_inputs(session: Session, amendment: int, round: int) -> TallyInputs:
    """Return what a closed motion is counted from. Raises NotFound, Refused while it is open.

    Nothing is locked: after closing neither voters nor ballots change.
    """
    row = session.get(MotionRow, (amendment, round), populate_existing=True)
    if row is None:
        raise NotFound(
            say(
                "Amendment {amendment} was not put in round {round}.",
                amendment=amendment,
                round=round,
            ),
            amendment=amendment,
        )
    if row.voters is None:
        raise Refused(
            say(
                "The motion on amendment {amendment} is {state}: close it first.",
                amendment=amendment,
                state=row.state,
            ),
            state=row.state,
        )
    return TallyInputs(
        motion=frozen(Motion, row),
        voters=_seats(row.voters),
        ballots=ballots_of(session, amendment, round),
    )


def find_vote(session: Plain, amendment: int) -> PresentVote | None:
    """Return an amendment with the vote on its present round, or None where there is no such
    amendment. Nothing is locked.
    """
    found = session.execute(_PRESENT, {"number": amendment}).one_or_none()
    if found is None:
        return None
    of_amendment, of_motion = found[: len(_AMENDMENT)], found[len(_AMENDMENT) : -1]
    view = Amendment(*of_amendment)
    if of_motion[0] is None:
        return PresentVote(view, None, None)
    motion, voters = Motion(*of_motion), found.voters
    if voters is None:
        return PresentVote(view, motion, None)
    cast = session.execute(_CAST, {"number": amendment, "of_round": motion.round})
    ballots = tuple(Ballot(*row) for row in cast)
    return PresentVote(view, motion, TallyInputs(motion, _seats(voters), ballots))


def _seats(voters: str) -> tuple[int, ...]:
    return tuple(int(number) for number in voters.split(",") if number)


def _require_open(motion: MotionRow, now: datetime) -> None:
    if motion.state == "stale":
        raise Conflict(
            say(
                "The draft has changed, and so has what amendment {amendment} would do. This "
                "ballot was not counted. It is put to the vote again, and you will be asked again.",
                amendment=motion.amendment,
            ),
            amendment=motion.amendment,
        )
    if motion.state != "open" or (motion.closes_at is not None and now >= motion.closes_at):
        raise Refused(
            say(
                "The vote on amendment {amendment} is over. This ballot was not counted.",
                amendment=motion.amendment,
            ),
            amendment=motion.amendment,
            state=motion.state,
        )


def _require_same_words(motion: MotionRow, ballot_hash: str) -> None:
    if ballot_hash != motion.ballot_hash:
        raise Conflict(
            say(
                "The words of amendment {amendment} are not those that you saw. "
                "Read them again, then vote.",
                amendment=motion.amendment,
            ),
            amendment=motion.amendment,
        )


def _require_filled(session: Session, number: int) -> None:
    seat = session.get(SeatRow, number, with_for_update={"read": True}, populate_existing=True)
    if seat is None or not seat.filled:
        raise Refused(say("Seat {number} is vacant and cannot vote.", number=number), seat=number)
