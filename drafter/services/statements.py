"""What seats put on record besides their votes: dissents, and the interests of the recused.

Both come into git with the decision, for good. So whoever records it confirms having read exactly
these words, and that they name no private person.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from drafter.core.decisions import Dissent, statement
from drafter.core.errors import Conflict, Refused
from drafter.people import dissents as rows
from drafter.people.audit import note
from drafter.people.ballots import Ballot, ballots_of, find_ballot
from drafter.services.authority import Actor, authorize
from drafter.services.counting import Vote, count_vote, interests_in, require_motion
from drafter.services.limits import LONGEST_DISSENT, require_length

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.people.rows import Plain
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Statements:
    """What a decision would bring into the record in the seats' own words."""

    dissents: tuple[Dissent, ...]
    interests: tuple[tuple[str, str], ...]
    """Seat and interest, by seat."""

    def __bool__(self) -> bool:
        return bool(self.dissents or self.interests)

    @property
    def digest(self) -> str:
        """What whoever has read them names; empty where there are none."""
        if not self:
            return ""
        said = [*self.interests, *((each.seat, each.text) for each in self.dissents)]
        return hashlib.sha256(repr(said).encode("utf-8")).hexdigest()


NO_STATEMENTS: Final = Statements((), ())


def file_dissent(instance: Instance, actor: Actor, number: int, text: str) -> None:
    """File the actor's dissent between the closing of the vote and the decision.

    An empty text takes it back. Raises NotFound, BadInput; Refused at any other time, and for a
    seat that did not vote or is in the majority.
    """
    authorize(actor, "dissent", number)
    assert actor.seat is not None
    text = statement(text)
    require_length(text, LONGEST_DISSENT, "A dissenting statement")
    if not may_dissent(instance, actor.seat, number):
        raise Refused("Only a seat that voted and is not in the majority can dissent.")
    with instance.acting(actor) as session:
        motion, now = require_motion(session, number), instance.clock()
        rows.file_dissent(session, number, motion.round, actor.seat, text, now)
        note(session, actor.name, "dissent", f"amendment {number}", now)


def may_dissent(instance: Instance, seat: int, number: int) -> bool:
    """Tell whether a seat voted otherwise than the closed vote came out.

    Raises NotFound, Refused where no vote is closed.
    """
    vote = count_vote(instance, number)
    with instance.database.reading() as session:
        own = find_ballot(session, number, vote.motion.round, seat)
    return own is not None and dissents(own, carried=vote.result.carried)


def dissents(own: Ballot, *, carried: bool) -> bool:
    """Tell whether a ballot is not on the side that won: an abstention never is."""
    return own.choice in ("abstaining", "against" if carried else "for")


def statements_on(session: Session, number: int, round: int) -> Statements:
    """Return what was filed and declared on a motion."""
    return Statements(
        _dissents(session, number, round), interests_in(ballots_of(session, number, round))
    )


def statements_with(session: Plain, vote: Vote) -> Statements:
    """Return what was filed and declared on a counted vote."""
    number, round = vote.motion.amendment, vote.motion.round
    return Statements(_dissents(session, number, round), vote.interests)


def _dissents(session: Plain, number: int, round: int) -> tuple[Dissent, ...]:
    filed = rows.dissents_of(session, number, round)
    return tuple(Dissent(Actor("seat", each.seat).name, each.text) for each in filed)


def require_read(statements: Statements, seen: str) -> None:
    """Refuse to take statements into the record that nobody has read. Raises Conflict."""
    if statements.digest != seen:
        raise Conflict(
            "Statements go into the record with this decision. Read them, and confirm that they "
            "name no private person.",
            field="statements",
        )
