"""What a seat does: vote, declare an interest and take it back, dissent."""

from __future__ import annotations

from drafter.services import statements, voting
from drafter.web.actors import current_actor
from drafter.web.api import asked, shapes
from drafter.web.api.operation import Nothing, operation
from drafter.web.api.standing import standing
from drafter.web.current import instance

AT = "/amendments/<int:number>"


@operation("PUT", f"{AT}/ballot", "cast", takes=asked.Ballot, gives=shapes.Cast)
def cast(number: int, sent: asked.Ballot) -> shapes.Cast:
    """Cast the seat's ballot, or change it; the same again changes nothing.

    `ballot_hash` names the words that the seat has read: 409 where they are other ones by now.
    """
    made = voting.cast(
        instance(),
        current_actor(),
        number,
        sent.choice,
        sent.ballot_hash,
        interest=sent.interest,
    )
    return shapes.Cast(
        amendment=made.amendment,
        round=made.round,
        seat=made.seat,
        choice=made.choice,
        interest=made.interest,
        ballot_hash=made.ballot_hash,
        cast_at=made.cast_at,
    )


@operation("DELETE", f"{AT}/ballot", "take back", takes=Nothing, gives=shapes.Standing)
def take_back(number: int) -> shapes.Standing:
    """Take the seat's declared interest back, so that it may vote."""
    voting.take_back(instance(), current_actor(), number)
    return standing(number, "The interest is taken back. The seat has not voted yet.")


@operation("PUT", f"{AT}/dissent", "dissent", takes=asked.Statement, gives=shapes.Standing)
def dissent(number: int, sent: asked.Statement) -> shapes.Standing:
    """Put the seat's dissent on record, between the closing of the vote and the decision."""
    statements.file_dissent(instance(), current_actor(), number, sent.text)
    kept = "The dissent is kept, and published with the decision."
    return standing(number, kept if sent.text.strip() else "No dissent of the seat is kept.")


VIEWS = (cast, take_back, dissent)
