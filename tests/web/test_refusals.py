"""What the rules forbid is forbidden on every way in: by the service, the pages, the command.

Each case is tried three times. Nothing must come of it: no ballot, no decision, no new text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import pytest

from drafter.cli import main
from drafter.core.errors import DrafterError
from drafter.people.ballots import Ballot, ballots_of
from drafter.people.decisions import applied_decisions, unapplied_decisions
from drafter.people.motions import close_motion
from drafter.people.seats import vacate_seat
from drafter.services import amending, deciding, voting
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance

from .visitor import Visitor

Way = Literal["service", "page", "command"]
SignIn = Callable[[Actor], Visitor]
ONE = Actor("seat", 1)


@dataclass(frozen=True)
class Case:
    """How it comes to it, and what is then tried."""

    name: str
    prepare: Callable[[Instance, int, str], None]
    act: Literal["cast", "decide"]
    words: str = ""
    """Other words than those that are put, by their hash."""
    reason: str = "Because."


def votes(instance: Instance, number: int, words: str, *choices: voting.Choice) -> None:
    for seat, choice in enumerate(choices, 1):
        interest = "I keep a register." if choice == "recused" else None
        voting.cast(instance, Actor("seat", seat), number, choice, words, interest=interest)


def below_quorum(instance: Instance, number: int, words: str) -> None:
    """Three seats, and one of them votes; the clerk's page would not close this."""
    votes(instance, number, words, "for")
    with instance.database.writing() as session:
        close_motion(session, number, 1, "clerk", instance.clock())


def closed(instance: Instance, number: int, words: str) -> None:
    votes(instance, number, words, "for", "for")
    voting.close(instance, CLERK_ACTOR, number)


def recused(instance: Instance, number: int, words: str) -> None:
    votes(instance, number, words, "recused")


def former(instance: Instance, number: int, words: str) -> None:
    with instance.database.writing() as session:
        vacate_seat(session, 1, instance.clock())


def nothing(instance: Instance, number: int, words: str) -> None:
    """The vote is open, and nobody has voted."""


CASES = (
    Case("a decision below quorum", below_quorum, "decide"),
    Case("a decision without its reason", closed, "decide", reason=" \n"),
    Case("a decision on an open vote", nothing, "decide"),
    Case("a recused seat's vote counted", recused, "cast"),
    Case("a vote for other words", nothing, "cast", words="0" * 64),
    Case("a vote by a former seat", former, "cast"),
    Case("a vote on a closed motion", closed, "cast"),
)


def state(instance: Instance, number: int) -> tuple[str, tuple[Ballot, ...], int]:
    with instance.database.reading() as session:
        decisions = len(applied_decisions(session)) + len(unapplied_decisions(session))
        return instance.tip, ballots_of(session, number, 1), decisions


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("way", ["service", "page", "command"])
def test_what_the_rules_forbid_is_refused_on_every_way_in(
    instance: Instance, signed_in: SignIn, put: int, case: Case, way: Way
) -> None:
    motion = amending.view_amendment(instance, put).motion
    assert motion is not None
    words = motion.motion.ballot_hash
    visitor = signed_in(ONE if case.act == "cast" else CLERK_ACTOR)
    case.prepare(instance, put, words)
    before = state(instance, put)
    tries: dict[Way, Callable[..., None]] = {
        "service": by_service,
        "page": by_page,
        "command": by_command,
    }
    tries[way](instance, visitor, put, case, case.words or words)
    assert state(instance, put) == before


def by_service(instance: Instance, visitor: Visitor, number: int, case: Case, words: str) -> None:
    if case.act == "cast":
        with pytest.raises(DrafterError):
            voting.cast(instance, ONE, number, "for", words)
    else:
        with pytest.raises(DrafterError):
            deciding.decide(instance, CLERK_ACTOR, number, case.reason)


def by_page(instance: Instance, visitor: Visitor, number: int, case: Case, words: str) -> None:
    if case.act == "cast":
        where, fields = f"/panel/amendments/{number}", {"choice": "for", "ballot_hash": words}
    else:
        where, fields = f"/clerk/amendments/{number}/decide", {"reason": case.reason}
    visitor.get("/take-part/")
    assert visitor.send(where, **fields).status_code in (400, 403, 409)


def by_command(instance: Instance, visitor: Visitor, number: int, case: Case, words: str) -> None:
    if case.act == "cast":
        said = ["vote", instance.path, number, "for", "--words", words, "--as", "seat-01"]
    else:
        said = ["decide", instance.path, number, "--reason", case.reason]
    assert main([str(each) for each in said]) in (1, 2)


@pytest.mark.parametrize("way", ["service", "page", "command"])
def test_the_same_ways_let_through_what_is_right(
    instance: Instance, signed_in: SignIn, put: int, way: Way
) -> None:
    """So that the refusals above are not those of a form that nobody can send."""
    motion = amending.view_amendment(instance, put).motion
    assert motion is not None
    words = motion.motion.ballot_hash
    visitor, clerk = signed_in(ONE), signed_in(CLERK_ACTOR)
    if way == "service":
        voting.cast(instance, ONE, put, "for", words)
    elif way == "page":
        visitor.get("/take-part/")
        fields = {"choice": "for", "ballot_hash": words}
        assert visitor.send(f"/panel/amendments/{put}", **fields).status_code == 303
    else:
        assert main(["vote", str(instance.path), str(put), "for", "--as", "1"]) == 0
    voting.cast(instance, Actor("seat", 2), put, "for", words)
    voting.close(instance, CLERK_ACTOR, put)
    if way == "service":
        deciding.decide(instance, CLERK_ACTOR, put, "Because.")
    elif way == "page":
        clerk.get("/take-part/")
        where = f"/clerk/amendments/{put}/decide"
        assert clerk.send(where, reason="Because.").status_code == 303
    else:
        assert main(["decide", str(instance.path), str(put), "--reason", "Because."]) == 0
    assert amending.view_amendment(instance, put).state == "accepted"
