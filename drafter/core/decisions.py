"""How an amendment was closed: the roll call by seat, the decision, the dissents.

Knows people only as seats. Text that people typed is made regular here once, so that equal values
have equal records (`one_line`, `statement`).
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from drafter.core.errors import BadInput
from drafter.core.rules import Rules, Tally, Vote, decide
from drafter.core.saying import say

Closed = Literal["accepted", "rejected", "withdrawn", "lapsed"]

SEAT = re.compile(r"seat-[0-9]{2,4}")
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""The form of a random id or a seat, of at most 64 characters: who submitted, who closed."""
DIGEST = re.compile(r"[0-9a-f]{64}")

_BREAK = re.compile("\r\n?|[\v\f\x85\u2028\u2029]")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")


def statement(text: str) -> str:
    r"""Make typed text regular: lines end with LF, no line feed at either end, no control codes.

    Every other kind of line break becomes a line feed, every control code and lone surrogate the
    replacement character; text of white space alone is empty.

    >>> statement("\nBecause it is clear.\r\n\r\n  So be it.\n")
    'Because it is clear.\n\n  So be it.'
    """
    regular = _NO_TEXT.sub("\ufffd", _BREAK.sub("\n", text)).strip("\n")
    return regular if regular.strip() else ""


def one_line(text: str) -> str:
    r"""Make typed text one line: each run of white space is one space, none at either end.

    >>> one_line(" Votes at\n\tsixteen ")
    'Votes at sixteen'
    """
    return " ".join(statement(text).split())


@dataclass(frozen=True, slots=True)
class RollCall:
    """One vote for each filled seat, at least one, in the order of the seats' numbers."""

    votes: tuple[tuple[str, Vote], ...]

    def __post_init__(self) -> None:
        seats = [seat for seat, _vote in self.votes]
        if not seats:
            raise BadInput("The roll call is empty; it has one vote for each filled seat.")
        for seat in seats:
            check_seat(seat)
        if len(set(seats)) < len(seats):
            raise BadInput("A seat stands in the roll call twice; each has one vote.")
        ordered = sorted(self.votes, key=lambda vote: (len(vote[0]), vote[0]))
        object.__setattr__(self, "votes", tuple(ordered))

    @classmethod
    def of(cls, votes: Mapping[str, Vote]) -> RollCall:
        """Take the votes from a mapping of seat to vote."""
        return cls(tuple(votes.items()))

    @property
    def tally(self) -> Tally:
        """The five counts."""
        return Tally.of(vote for _seat, vote in self.votes)


@dataclass(frozen=True, slots=True)
class Dissent:
    """What a seat put on record against a decision."""

    seat: str
    text: str

    def __post_init__(self) -> None:
        check_seat(self.seat)
        object.__setattr__(self, "text", statement(self.text))
        if not self.text:
            raise BadInput(
                say("The dissent of {seat} is empty; write it or leave it out.", seat=self.seat)
            )


@dataclass(frozen=True, slots=True)
class Count:
    """A vote that was taken: what was asked, how each seat voted, and by which rules it counts."""

    question: str
    """The question as it was put, one line."""
    roll_call: RollCall
    rules: Rules
    """The rules in force when the motion was put."""
    ballot: str
    """What each ballot was bound to: `amendments.ballot_hash`."""
    interests: tuple[tuple[str, str], ...] = ()
    """The interest that each recused seat declared, one line, in the order of the seats."""
    in_the_room: tuple[str, ...] = ()
    """The seats whose vote the clerk entered from a roll call, in their order."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "question", one_line(self.question))
        if not self.question:
            raise BadInput("The question that was put is missing; write it in one sentence.")
        check_digest(self.ballot, "the ballot's hash")
        votes = dict(self.roll_call.votes)
        declared = {seat: one_line(text) for seat, text in self.interests}
        if len(declared) < len(self.interests) or not all(declared.values()):
            raise BadInput("A recused seat declares its interest once, in words.")
        if any(votes.get(seat) != "recused" for seat in declared):
            raise BadInput("Only a seat that is recused has its interest in the record.")
        if any(votes.get(seat, "absent") == "absent" for seat in self.in_the_room):
            raise BadInput("Only a seat that voted can have voted in the room.")
        # The roll call has the seats in their order.
        interests = tuple((seat, declared[seat]) for seat in votes if seat in declared)
        in_the_room = tuple(seat for seat in votes if seat in self.in_the_room)
        object.__setattr__(self, "interests", interests)
        object.__setattr__(self, "in_the_room", in_the_room)


@dataclass(frozen=True, slots=True)
class Decision:
    """How, when and why an amendment was closed."""

    date: datetime.date
    outcome: Closed
    closed_by: str
    """Who closed it: a random id or a seat."""
    reason: str
    """Markdown, any number of lines; may be empty."""
    count: Count | None = None
    """The vote, where it was accepted or rejected; None where it was withdrawn or lapsed."""
    dissents: tuple[Dissent, ...] = ()
    """One of a seat at most, in the order of the seats' numbers."""

    def __post_init__(self) -> None:
        check_name(self.closed_by, "who closed it")
        object.__setattr__(self, "reason", statement(self.reason))
        if (self.count is not None) != (self.outcome in ("accepted", "rejected")):
            raise BadInput("A vote belongs to what was accepted or rejected, and to nothing else.")
        seats = [dissent.seat for dissent in self.dissents]
        if len(set(seats)) < len(seats):
            raise BadInput("A seat has dissented twice; put its statements together.")
        voters = () if self.count is None else self.count.roll_call.votes
        if not set(seats) <= {seat for seat, _vote in voters}:
            raise BadInput("Only a seat of the roll call can put a dissent on record.")
        ordered = sorted(self.dissents, key=lambda dissent: (len(dissent.seat), dissent.seat))
        object.__setattr__(self, "dissents", tuple(ordered))

    def findings(self) -> Iterable[str]:
        """Name what in the decision does not follow from its own roll call and rules."""
        if self.count is None:
            return
        result = decide(self.count.roll_call.tally, self.count.rules)
        if not result.quorum_met:
            yield f"It was {self.outcome} without a quorum. {result.sentence}"
        elif result.carried != (self.outcome == "accepted"):
            yield f"It was {self.outcome} against the count. {result.sentence}"


def check_seat(seat: str) -> None:
    """Refuse what is not the name of a seat, `seat-` and two to four digits."""
    if not SEAT.fullmatch(seat):
        raise BadInput(say("'{seat}' is no seat; a seat is written as seat-07.", seat=seat))


def check_name(name: str, what: str) -> None:
    """Refuse what is neither a random id nor a seat; `what` says whose it is."""
    if len(name) > 64 or not NAME.fullmatch(name):
        raise BadInput(
            say(
                "'{name}' cannot name {what}; use a random id or a seat, as seat-07.",
                name=name,
                what=what,
            )
        )


def check_digest(digest: str, what: str) -> None:
    """Refuse what is not a SHA-256 in 64 small hex digits; `what` says of what."""
    if not DIGEST.fullmatch(digest):
        raise BadInput(
            say(
                "'{digest}' is not {what}: a SHA-256 in 64 small hex digits.",
                digest=digest,
                what=what,
            )
        )
