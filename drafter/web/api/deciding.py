"""What the clerk does with amendments, and withdrawing one's own."""

from __future__ import annotations

from drafter.core.errors import Conflict
from drafter.services import admitting, amending, deciding, voting
from drafter.services.deciding import Stale
from drafter.web.actors import current_actor
from drafter.web.api import asked, shapes
from drafter.web.api.operation import Nothing, operation
from drafter.web.api.standing import standing
from drafter.web.current import instance

AT = "/amendments/<int:number>"


@operation("POST", "/amendments", "admit", takes=asked.Admission, gives=shapes.Numbered, status=201)
def admit(sent: asked.Admission) -> shapes.Numbered:
    """Make an amendment of suggestions; remarks among the comments are linked to it."""
    number = admitting.admit(instance(), current_actor(), sent.comments, sent.title)
    return shapes.Numbered(number=number)


@operation("POST", f"{AT}/put", "put", takes=asked.Question, gives=shapes.Standing)
def put(number: int, sent: asked.Question) -> shapes.Standing:
    """Put an amendment to the vote, bound to its words and to the rules in force."""
    amending.put(instance(), current_actor(), number, sent.closes_at, sent.question)
    return standing(number, f"Amendment {number} is put to the vote.")


@operation("PUT", f"{AT}/roll-call", "enter roll call", takes=asked.RollCall, gives=shapes.Entered)
def enter_roll_call(number: int, sent: asked.RollCall) -> shapes.Entered:
    """Enter how seats voted in the room; the vote stays open."""
    entered = voting.enter_roll_call(
        instance(),
        current_actor(),
        number,
        {each.seat: each.choice for each in sent.votes},
        sent.ballot_hash,
        interests={each.seat: each.interest for each in sent.votes if each.interest},
        replacing=sent.replacing,
    )
    return shapes.Entered(entered=entered)


@operation("POST", f"{AT}/close", "close", takes=Nothing, gives=shapes.Standing)
def close(number: int) -> shapes.Standing:
    """Close the vote: no ballot is taken after, and it cannot be undone."""
    voting.close(instance(), current_actor(), number)
    return standing(number, f"The vote on amendment {number} is closed.")


@operation("POST", f"{AT}/reopen", "reopen", takes=Nothing, gives=shapes.Standing)
def reopen(number: int) -> shapes.Standing:
    """Begin the next round, where the words have changed or the quorum was missed."""
    amending.reopen(instance(), current_actor(), number)
    return standing(number, f"Amendment {number} can be put to the vote again.")


@operation("POST", f"{AT}/decide", "decide", takes=asked.Ruling, gives=shapes.Standing)
def decide(number: int, sent: asked.Ruling) -> shapes.Standing:
    """Record what the closed vote comes to, with the panel's reason.

    409 where the draft has changed since it was put, or where statements were not read.
    """
    seen = sent.statements_read or ""
    result = deciding.decide(instance(), current_actor(), number, sent.reason, seen=seen)
    if isinstance(result, Stale):
        raise Conflict(result.sentence, number=number)
    return standing(number, result.sentence)


@operation(
    "POST", f"{AT}/withdraw", "withdraw amendment", takes=asked.Reason, gives=shapes.Standing
)
def withdraw(number: int, sent: asked.Reason) -> shapes.Standing:
    """Close an amendment as withdrawn: by the seat that asked for it, or by the clerk."""
    result = deciding.withdraw_amendment(instance(), current_actor(), number, sent.reason)
    return standing(number, result.sentence)


@operation("POST", f"{AT}/lapse", "lapse", takes=asked.Reason, gives=shapes.Standing)
def lapse(number: int, sent: asked.Reason) -> shapes.Standing:
    """Close an amendment that asks for nothing any more."""
    result = deciding.lapse_amendment(instance(), current_actor(), number, sent.reason)
    return standing(number, result.sentence)


VIEWS = (admit, put, enter_roll_call, close, reopen, decide, withdraw, lapse)
