"""Casting a ballot, and closing the vote."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from drafter.core.errors import BadInput, Refused
from drafter.core.rules import decide
from drafter.people.audit import note
from drafter.people.ballots import Ballot, Choice, cast_ballot, tally_inputs
from drafter.people.motions import Motion, close_motion
from drafter.services.authority import Actor, authorize
from drafter.services.counting import require_motion, roll_call_of, rules_of

if TYPE_CHECKING:
    from drafter.services.instance import Instance


def cast(
    instance: Instance,
    actor: Actor,
    number: int,
    choice: Choice,
    ballot_hash: str,
    *,
    interest: str | None = None,
) -> Ballot:
    """Cast the actor's ballot on an amendment, or replace the one cast before.

    `choice` is for, against, abstaining or recused; `ballot_hash` names the words that the voter
    saw (`MotionView.motion.ballot_hash`). Raises NotFound; Refused when the vote is over or the
    seat vacant; Conflict when the words are other ones by now.
    """
    authorize(actor, "cast", number)
    if choice not in get_args(Choice):
        raise BadInput(f"A ballot is one of {', '.join(get_args(Choice))}.")
    assert actor.seat is not None
    with instance.acting(actor) as session:
        return cast_ballot(
            session,
            amendment=number,
            round=require_motion(session, number).round,
            seat=actor.seat,
            choice=choice,
            ballot_hash=ballot_hash,
            now=instance.clock(),
            interest=interest,
        )


def close(instance: Instance, actor: Actor, number: int) -> Motion:
    """Close the vote on an amendment; no ballot is taken after.

    Raises NotFound; Refused when it is not open, or has no quorum yet (then it stays open).
    """
    authorize(actor, "close", number)
    with instance.acting(actor) as session:
        now = instance.clock()
        motion = require_motion(session, number)
        closed = close_motion(session, number, motion.round, actor.name, now)
        inputs = tally_inputs(session, number, motion.round)
        result = decide(roll_call_of(inputs).tally, rules_of(closed))
        if not result.quorum_met:
            raise Refused(f"The vote cannot be closed yet. {result.sentence}", number=number)
        note(session, actor.name, "close", f"amendment {number}", now)
    return closed
