"""What the rules forbid is forbidden on every way in: the service, the pages, the command, the
interface for programs.

Each case is tried on each. The answer is the same sentence, and nothing must come of it: no ballot,
no decision, no new text.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import unescape
from typing import Literal

import pytest
from werkzeug.test import TestResponse

from drafter.cli import main
from drafter.core.errors import DrafterError
from drafter.people.ballots import Ballot, ballots_of
from drafter.people.decisions import applied_decisions, unapplied_decisions
from drafter.people.motions import close_motion
from drafter.people.seats import vacate_seat
from drafter.services import amending, deciding, voting
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance

from .programs import token_of
from .visitor import Visitor

Way = Literal["service", "page", "command", "interface"]
WAYS: tuple[Way, ...] = ("service", "page", "command", "interface")
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
    status: int = 409
    """What the interface answers with."""
    page_says: str = ""
    """Where the page says it in its own words, in their place."""
    interface_says: str = ""
    """The same for the interface."""


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
    Case("a decision without its reason", closed, "decide", reason=" \n", status=400),
    Case("a decision on an open vote", nothing, "decide"),
    Case("a recused seat's vote counted", recused, "cast"),
    Case(
        "a vote for other words",
        nothing,
        "cast",
        words="0" * 64,
        page_says="The wording or the rules changed after you opened this page",
    ),
    Case(
        "a vote by a former seat",
        former,
        "cast",
        status=401,
        page_says="As a visitor you may not do this (cast).",
        interface_says="This token is not valid, or not any more.",
    ),
    Case("a vote on a closed motion", closed, "cast"),
)


def state(instance: Instance, number: int) -> tuple[str, tuple[Ballot, ...], int]:
    with instance.database.reading() as session:
        decisions = len(applied_decisions(session)) + len(unapplied_decisions(session))
        return instance.tip, ballots_of(session, number, 1), decisions


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
@pytest.mark.parametrize("way", WAYS)
def test_what_the_rules_forbid_is_refused_on_every_way_in_by_the_same_sentence(
    instance: Instance,
    signed_in: SignIn,
    put: int,
    case: Case,
    way: Way,
    capsys: pytest.CaptureFixture[str],
) -> None:
    motion = amending.view_amendment(instance, put).motion
    assert motion is not None
    words = motion.motion.ballot_hash
    who = ONE if case.act == "cast" else CLERK_ACTOR
    visitor, secret = signed_in(who), token_of(instance, who)
    case.prepare(instance, put, words)
    before = state(instance, put)
    sentence = by_service(instance, put, case, case.words or words)
    if way == "page":
        said = unescape(by_page(visitor, put, case, case.words or words))
        assert (case.page_says or sentence) in said
    elif way == "command":
        assert by_command(instance, put, case, case.words or words) in (1, 2)
        assert sentence in capsys.readouterr().err
    elif way == "interface":
        answer = by_interface(visitor, secret, put, case, case.words or words)
        assert answer.status_code == case.status
        assert answer.mimetype == "application/problem+json"
        assert answer.json is not None
        assert answer.json["detail"].startswith(case.interface_says or sentence)
    assert state(instance, put) == before


def showing(instance: Instance, who: Actor) -> dict[str, str]:
    return {"Authorization": f"Bearer {token_of(instance, who)}"}


def by_service(instance: Instance, number: int, case: Case, words: str) -> str:
    def act() -> object:
        if case.act == "cast":
            return voting.cast(instance, ONE, number, "for", words)
        return deciding.decide(instance, CLERK_ACTOR, number, case.reason)

    with pytest.raises(DrafterError) as caught:
        act()
    return caught.value.sentence


def by_page(visitor: Visitor, number: int, case: Case, words: str) -> str:
    if case.act == "cast":
        where, fields = f"/panel/amendments/{number}", {"choice": "for", "ballot_hash": words}
    else:
        where, fields = f"/clerk/amendments/{number}/decide", {"reason": case.reason}
    visitor.get("/take-part/")
    answer = visitor.send(where, **fields)
    assert answer.status_code in (400, 403, 409)
    return answer.text


def by_command(instance: Instance, number: int, case: Case, words: str) -> int:
    if case.act == "cast":
        said = ["vote", instance.path, number, "for", "--words", words, "--as", "seat-01"]
    else:
        said = ["decide", instance.path, number, "--reason", case.reason]
    return main([str(each) for each in said])


def by_interface(
    visitor: Visitor, secret: str, number: int, case: Case, words: str
) -> TestResponse:
    headers = {"Authorization": f"Bearer {secret}"}
    at = f"/api/v1/amendments/{number}"
    if case.act == "cast":
        sent = {"choice": "for", "ballot_hash": words}
        return visitor.client.put(f"{at}/ballot", json=sent, headers=headers)
    sent = {"reason": case.reason}
    return visitor.client.post(f"{at}/decide", json=sent, headers=headers)


@pytest.mark.parametrize("way", WAYS)
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
    elif way == "interface":
        sent: dict[str, str] = {"choice": "for", "ballot_hash": words}
        answer = visitor.client.put(
            f"/api/v1/amendments/{put}/ballot", json=sent, headers=showing(instance, ONE)
        )
        assert answer.status_code == 200
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
    elif way == "interface":
        answer = clerk.client.post(
            f"/api/v1/amendments/{put}/decide",
            json={"reason": "Because."},
            headers=showing(instance, CLERK_ACTOR),
        )
        assert answer.status_code == 200
    else:
        assert main(["decide", str(instance.path), str(put), "--reason", "Because."]) == 0
    assert amending.view_amendment(instance, put).state == "accepted"
