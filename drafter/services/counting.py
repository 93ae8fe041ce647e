"""Reading a closed vote: who could vote, how each seat voted, by which rules, and the result."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafter.core.decisions import RollCall
from drafter.core.errors import NotFound, Refused
from drafter.core.rules import Outcome, Rules, decide, rules_from
from drafter.core.rules import Vote as Choice
from drafter.core.saying import say
from drafter.people.amendments import Amendment, find_amendment
from drafter.people.ballots import Ballot, PresentVote, TallyInputs, find_vote
from drafter.people.motions import Motion, latest_motion
from drafter.services.authority import Actor

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.people.rows import Plain
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Vote:
    """A closed vote with its quorum, ready to be decided."""

    amendment: Amendment
    branch_tip: str
    motion: Motion
    rules: Rules
    """Those in force when the motion was put."""
    roll_call: RollCall
    result: Outcome
    in_the_room: tuple[str, ...]
    """The seats whose votes the clerk entered from a roll call."""
    interests: tuple[tuple[str, str], ...]
    """Seat and declared interest of each that is recused."""


def read_amendment(instance: Instance, number: int) -> Amendment:
    """Return the database's view of an amendment. Raises NotFound."""
    with instance.database.reading() as session:
        return require_amendment(session, number)


def require_amendment(session: Session, number: int) -> Amendment:
    """Return the view of an amendment. Raises NotFound."""
    found = find_amendment(session, number)
    if found is None:
        raise _no_amendment(number)
    return found


def require_motion(session: Session, number: int) -> Motion:
    """Return the motion that an amendment's present round is voted on. Raises NotFound, Refused."""
    amendment = require_amendment(session, number)
    motion = latest_motion(session, number)
    if motion is None or motion.round != amendment.round:
        raise _not_put(number)
    return motion


def count_vote(instance: Instance, number: int) -> Vote:
    """Count the closed vote on an amendment.

    Raises NotFound; Refused where it is not put, not closed, decided or without a quorum.
    """
    with instance.database.reading() as session:
        return count(require_vote(session, number))


def require_vote(session: Plain, number: int) -> PresentVote:
    """Return an amendment with the vote on its present round. Raises NotFound."""
    found = find_vote(session, number)
    if found is None:
        raise _no_amendment(number)
    return found


def count(found: PresentVote) -> Vote:
    """Count a vote that was read. Raises as `count_vote`."""
    amendment, motion = found.amendment, found.motion
    number = amendment.number
    if motion is None:
        raise _not_put(number)
    if motion.state != "closed" or amendment.state != "put" or found.inputs is None:
        raise Refused(_why_not(number, motion.state), number=number, state=motion.state)
    rules, roll_call = rules_of(motion), roll_call_of(found.inputs)
    result = decide(roll_call.tally, rules)
    if not result.quorum_met:
        raise Refused(say("There is no decision. {result}", result=result.sentence), number=number)
    if amendment.branch_tip is None:
        raise NotFound(
            say("Amendment {number} has no words any more.", number=number), number=number
        )
    ballots = found.inputs.ballots
    spoken = tuple(Actor("seat", b.seat).name for b in ballots if b.entered_by)
    declared = interests_in(ballots)
    return Vote(amendment, amendment.branch_tip, motion, rules, roll_call, result, spoken, declared)


def interests_in(ballots: Iterable[Ballot]) -> tuple[tuple[str, str], ...]:
    """List the seats that are recused, each with the interest it declared."""
    recused = (ballot for ballot in ballots if ballot.choice == "recused")
    return tuple((Actor("seat", each.seat).name, each.interest or "") for each in recused)


def rules_of(motion: Motion) -> Rules:
    """Read the rules that a motion was put under."""
    return rules_from(json.loads(motion.rules_json), "the rules of the motion")


def roll_call_of(inputs: TallyInputs) -> RollCall:
    """List every seat that could vote with its vote; one without a ballot is absent.

    Raises Refused where nobody could vote.
    """
    if not inputs.voters:
        raise Refused("No seat of the panel is filled, so nobody can vote. Add seats first.")
    cast = {ballot.seat: ballot.choice for ballot in inputs.ballots}
    votes: dict[str, Choice] = {
        Actor("seat", seat).name: cast.get(seat, "absent") for seat in inputs.voters
    }
    return RollCall.of(votes)


def _no_amendment(number: int) -> NotFound:
    return NotFound(say("There is no amendment {number}.", number=number), number=number)


def _not_put(number: int) -> Refused:
    return Refused(say("Amendment {number} is not put to the vote.", number=number), number=number)


def _why_not(number: int, state: str) -> str:
    if state == "open":
        return f"The vote on amendment {number} is not closed. Close it first."
    return f"The motion on amendment {number} is {state} already."
