"""Casting a ballot, declaring an interest, votes taken in the room, and closing the vote."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal, get_args

from drafter.core.decisions import one_line
from drafter.core.errors import BadInput, Conflict, Refused
from drafter.core.rules import decide
from drafter.core.saying import say
from drafter.people.audit import note
from drafter.people.ballots import (
    Ballot,
    Choice,
    ballots_of,
    cast_ballot,
    find_ballot,
    remove_ballot,
    tally_inputs,
)
from drafter.people.motions import Motion, close_motion
from drafter.services.authority import Actor, authorize
from drafter.services.counting import require_motion, roll_call_of, rules_of
from drafter.services.limits import LONGEST_INTEREST, require_length
from drafter.services.refreshing import refresh

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance

Spoken = Literal["for", "against", "abstaining", "recused", "absent"]
"""What a clerk notes for a seat in a roll call."""


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

    `choice` is for, against, abstaining or recused, with the `interest` that the seat declares;
    `ballot_hash` names the words that the voter saw (`MotionView.motion.ballot_hash`). Raises
    NotFound; BadInput; Refused when the vote is over, the seat vacant, or recused and not taken
    back; Conflict when the words are other ones by now.
    """
    authorize(actor, "cast", number)
    interest = check_choice(choice, interest)
    assert actor.seat is not None
    refresh(instance)
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


def take_back(instance: Instance, actor: Actor, number: int) -> None:
    """Take the actor's recusal back, so that the seat may vote. Raises NotFound, Refused."""
    authorize(actor, "take back", number)
    assert actor.seat is not None
    with instance.acting(actor) as session:
        motion = require_motion(session, number)
        own = find_ballot(session, number, motion.round, actor.seat)
        if own is None or own.choice != "recused":
            raise Refused(
                say("You are not recused from amendment {number}.", number=number), number=number
            )
        remove_ballot(session, number, motion.round, actor.seat, instance.clock())


def enter_roll_call(
    instance: Instance,
    actor: Actor,
    number: int,
    votes: Mapping[int, Spoken],
    ballot_hash: str,
    *,
    interests: Mapping[int, str] | None = None,
    replacing: Collection[int] = (),
) -> int:
    """Enter how seats voted in the room; return for how many. The vote stays open.

    A seat that cast its own ballot keeps it, unless `replacing` names it. A seat that is not in
    `votes` is left as it is; `absent` takes an entered ballot away. Raises NotFound, BadInput,
    Refused, and Conflict where an own ballot stands in the way or the words are other ones.
    """
    authorize(actor, "enter roll call", number)
    checked = {
        seat: None if choice == "absent" else check_choice(choice, (interests or {}).get(seat))
        for seat, choice in votes.items()
    }
    refresh(instance)
    with instance.acting(actor) as session:
        motion, now = require_motion(session, number), instance.clock()
        _require_no_own(session, motion, votes, replacing)
        for seat, choice in sorted(votes.items()):
            remove_ballot(session, number, motion.round, seat, now)
            if choice != "absent":
                cast_ballot(
                    session,
                    amendment=number,
                    round=motion.round,
                    seat=seat,
                    choice=choice,
                    ballot_hash=ballot_hash,
                    now=now,
                    interest=checked[seat],
                    entered_by=actor.name,
                )
        note(session, actor.name, "enter roll call", f"amendment {number}", now)
    return len(votes)


def who_has_voted(instance: Instance, actor: Actor, number: int) -> dict[int, bool]:
    """Tell which seats have voted, and whether the clerk entered it; never how.

    Raises NotFound, Refused.
    """
    authorize(actor, "enter roll call", number)
    with instance.database.reading() as session:
        motion = require_motion(session, number)
        if motion.state != "open":
            raise Refused(
                say("The vote on amendment {number} is over.", number=number), number=number
            )
        found = ballots_of(session, number, motion.round)
    return {ballot.seat: ballot.entered_by is not None for ballot in found}


def close(instance: Instance, actor: Actor, number: int) -> Motion:
    """Close the vote on an amendment; no ballot is taken after, and it cannot be undone.

    Raises NotFound; Refused when it is not open, was put together with others, or has no quorum
    yet (then it stays open); Conflict when the words are other ones by now.
    """
    authorize(actor, "close", number)
    refresh(instance)
    with instance.acting(actor) as session:
        motion = require_motion(session, number)
        if motion.batch is not None:
            raise Refused(
                say(
                    "Amendment {number} was put together with others. Close them together, or take "
                    "it out first.",
                    number=number,
                ),
                number=number,
                batch=motion.batch,
            )
        return close_one(session, motion, actor.name, instance.clock())


def close_one(session: Session, motion: Motion, by: str, now: datetime) -> Motion:
    """Close one motion. Raises Refused, Conflict."""
    number = motion.amendment
    if motion.state == "stale":
        raise Conflict(
            say(
                "The draft has changed under the vote on amendment {number}. Put it again.",
                number=number,
            ),
            number=number,
        )
    closed = close_motion(session, number, motion.round, by, now)
    inputs = tally_inputs(session, number, motion.round)
    result = decide(roll_call_of(inputs).tally, rules_of(closed))
    if not result.quorum_met:
        raise Refused(
            say("The vote cannot be closed yet. {result}", result=result.sentence), number=number
        )
    note(session, by, "close", f"amendment {number}", now)
    return closed


def check_choice(choice: str, interest: str | None) -> str | None:
    """Check a choice, and return the interest as it is kept: one line, or None. Raises BadInput."""
    if choice not in get_args(Choice):
        raise BadInput(
            say("A ballot is one of {get_args}.", get_args=", ".join(get_args(Choice))),
            field="choice",
        )
    interest = one_line(interest or "")
    require_length(interest, LONGEST_INTEREST, "An interest")
    if choice == "recused" and not interest:
        raise BadInput("Say which interest you have. It stands in the record.", field="interest")
    if choice != "recused" and interest:
        raise BadInput(
            "Whoever declares an interest does not vote. Choose one of the two.", field="interest"
        )
    return interest or None


def _require_no_own(
    session: Session, motion: Motion, votes: Mapping[int, Spoken], replacing: Collection[int]
) -> None:
    found = (find_ballot(session, motion.amendment, motion.round, seat) for seat in votes)
    own = [b.seat for b in found if b and b.entered_by is None and b.seat not in replacing]
    if own:
        seats = ", ".join(str(seat) for seat in sorted(own))
        raise Conflict(
            say(
                "These seats cast their own ballot: {seats}. Say which of them to replace.",
                seats=seats,
            ),
            seats=own,
        )
