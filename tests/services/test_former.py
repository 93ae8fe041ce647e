"""Whoever held a seat or an office yesterday does nothing more today, whatever they try."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from datetime import date

import pytest

from drafter.core.errors import NotAllowed
from drafter.core.ids import ClauseId
from drafter.core.steps import Remove, Reword
from drafter.services import (
    admitting,
    amending,
    batching,
    competing,
    configuring,
    deciding,
    editing,
    moderating,
    moving,
    phases,
    proposing,
    publishing,
    receiving,
    redacting,
    seating,
    statements,
    voting,
)
from drafter.services.authority import ADMINISTRATOR, CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance
from tests.services.people import enter
from tests.services.reports import (
    DONE,
    LEEDS,
    PEOPLE,
    REGISTER,
    SIXTEEN,
    admit,
    closed,
    suggest,
    vote,
)
from tests.services.test_authority import MODULES

SEAT = Actor("seat", 2)
WORDS = "Every citizen aged fifteen or over may vote."
BLANK = "drafts/blank.md"

RUNNING, OPEN, BATCHED, REJECTED, APART = 1, 2, 3, 5, 6
"""The amendments: the vote runs, open, two put together, rejected, two that nobody contests."""
BATCH = 1
WAITING = 8
"""A comment that the clerk has not shown."""
HANDED_IN, DRAFT, OWN = 1, 2, 3
"""The seat's proposals: one is with the clerk, one is not, and one has become an amendment."""
ITS_OWN = 8
"""That amendment."""

Act = Callable[[Instance, Actor], object]


def hash_of(instance: Instance) -> str:
    motion = amending.view_amendment(instance, RUNNING).motion
    assert motion is not None
    return motion.motion.ballot_hash


def digest_of(instance: Instance) -> str:
    return batching.view_batch(instance, BATCH).digest


SEATS: dict[str, Act] = {
    "cast": lambda i, a: voting.cast(i, a, RUNNING, "for", hash_of(i)),
    "cast_together": lambda i, a: batching.cast_together(i, a, BATCH, "for", digest_of(i)),
    "take_out": lambda i, a: batching.take_out(i, a, BATCHED),
    "take_back": lambda i, a: voting.take_back(i, a, RUNNING),
    "file_dissent": lambda i, a: _dissent(i, a),
    "withdraw_amendment": lambda i, a: deciding.withdraw_amendment(i, a, ITS_OWN, "R"),
    "edit": lambda i, a: editing.edit(i, a, DONE, "Something has been done."),
    "insert": lambda i, a: editing.insert(i, a, "More will.", path=BLANK, after=DONE),
    "repeal": lambda i, a: editing.repeal(i, a, DONE),
    "record": lambda i, a: editing.record(i, a, [Remove(DONE)]),
    "start": lambda i, a: proposing.start(i, a, title="T", steps=[Remove(PEOPLE)]),
    "start_redraft": lambda i, a: proposing.start_redraft(i, a, ITS_OWN),
    "start_combined": lambda i, a: competing.start_combined(i, a, [RUNNING, OPEN]),
    "begin_combined": lambda i, a: proposing.begin_combined(i, a, [RUNNING, OPEN], "T", []),
    "add_step": lambda i, a: proposing.add_step(i, a, DRAFT, Remove(SIXTEEN)),
    "replace_step": lambda i, a: proposing.replace_step(i, a, DRAFT, 0, Remove(SIXTEEN)),
    "remove_step": lambda i, a: proposing.remove_step(i, a, DRAFT, 0),
    "set_steps": lambda i, a: proposing.set_steps(i, a, DRAFT, [Remove(SIXTEEN)]),
    "describe": lambda i, a: proposing.describe(i, a, DRAFT, title="Another"),
    "refresh": lambda i, a: proposing.refresh(i, a, DRAFT),
    "submit": lambda i, a: proposing.submit(i, a, DRAFT),
    "discard": lambda i, a: proposing.discard(i, a, DRAFT),
    "take_draft_back": lambda i, a: proposing.take_draft_back(i, a, HANDED_IN),
    "move_adoption": lambda i, a: moving.move_adoption(i, a, BLANK),
    "move_reconsideration": lambda i, a: moving.move_reconsideration(i, a, REJECTED),
}

CLERKS: dict[str, Act] = {
    "admit": lambda i, a: admitting.admit(i, a, [WAITING], "T"),
    "put": lambda i, a: amending.put(i, a, OPEN),
    "reopen": lambda i, a: amending.reopen(i, a, RUNNING),
    "put_together": lambda i, a: batching.put_together(i, a, [APART, APART + 1]),
    "close": lambda i, a: voting.close(i, a, RUNNING),
    "close_together": lambda i, a: batching.close_together(i, a, BATCH),
    "decide": lambda i, a: deciding.decide(i, a, RUNNING, "R"),
    "lapse_amendment": lambda i, a: deciding.lapse_amendment(i, a, OPEN, "R"),
    "enter_roll_call": lambda i, a: voting.enter_roll_call(i, a, RUNNING, {1: "for"}, hash_of(i)),
    "open_again": lambda i, a: moving.open_again(i, a, REJECTED),
    "set_phase": lambda i, a: phases.set_phase(i, a, None, None),
    "redact": lambda i, a: redacting.redact(i, a, OPEN, "R"),
    "show": lambda i, a: moderating.show(i, a, WAITING),
    "hold": lambda i, a: moderating.hold(i, a, WAITING, "R", reason="other"),
    "answer": lambda i, a: moderating.answer(i, a, WAITING, "A"),
    "answer_many": lambda i, a: moderating.answer_many(i, a, [WAITING], "A"),
    "enter": lambda i, a: moderating.enter(
        i, a, SIXTEEN, "T", source="paper", place="Leeds", taken_on=date(2026, 1, 1)
    ),
    "start_from_comments": lambda i, a: proposing.start_from_comments(i, a, [WAITING]),
    "give_back": lambda i, a: receiving.give_back(i, a, HANDED_IN, "R"),
    "admit_proposal": lambda i, a: receiving.admit_proposal(i, a, HANDED_IN),
    "publish": lambda i, a: publishing.publish(i, a),
    "record_assemblies": lambda i, a: configuring.record_assemblies(
        i, a, {"drafts/assemblies/york-2019.md": LEEDS.replace("leeds-2018", "york-2019").encode()}
    ),
}

ADMINISTRATORS: dict[str, Act] = {
    "add_clerk": lambda i, a: seating.add_clerk(i, a, "ada@example.org"),
    "add_administrator": lambda i, a: seating.add_administrator(i, a, "ada@example.org"),
    "appoint": lambda i, a: seating.appoint(i, a, "clerk", "ada@example.org"),
    "dismiss": lambda i, a: seating.dismiss(i, a, "clerk", "person-x"),
    "vacate": lambda i, a: seating.vacate(i, a, 1),
    "seat_person": lambda i, a: seating.seat_person(i, a, 1, "ada@example.org"),
    "reseat": lambda i, a: seating.reseat(i, a, 1, "ada@example.org"),
    "add_seats": lambda i, a: seating.add_seats(i, a, 1),
    "sign_somebody_out": lambda i, a: seating.sign_somebody_out(i, a, "person-x"),
    "erase_person": lambda i, a: seating.erase_person(i, a, "person-x"),
}

ALIKE = {"remove_clerk", "remove_administrator", "configure", "erase_address", "start_combined"}
"""They end in one that is tried here, or are the operator's, who holds nothing that ends."""


def _dissent(instance: Instance, actor: Actor) -> None:
    voting.close(instance, CLERK_ACTOR, RUNNING)
    statements.file_dissent(instance, actor, RUNNING, "I would have it otherwise.")


@pytest.fixture
def busy(instance: Instance) -> Instance:
    """A report in the middle of a sitting."""
    assert admit(instance, SIXTEEN, WORDS) == RUNNING
    assert admit(instance, SIXTEEN, "Whoever is fifteen votes.") == OPEN
    assert admit(instance, REGISTER, "A public office keeps the register.") == BATCHED
    admit(instance, PEOPLE, "Power is ours.")
    assert admit(instance, DONE, "Nothing will have to be done.") == REJECTED
    assert admit(instance, ClauseId("c-trvth1"), "The truth.") == APART
    admit(instance, ClauseId("c-fa1r00"), "Fairness.")
    assert suggest(instance, SIXTEEN, "Whoever is seventeen votes.") == WAITING
    closed(instance, REJECTED, "afa--")
    deciding.decide(instance, CLERK_ACTOR, REJECTED, "Not so.")
    vote(instance, RUNNING, "faff")
    batching.put_together(instance, CLERK_ACTOR, [BATCHED, BATCHED + 1])
    return instance


def refused(instance: Instance, act: Act, former: Actor) -> None:
    before = instance.tip
    with pytest.raises(NotAllowed, match=r"do not hold .* any more"):
        act(instance, former)
    assert instance.tip == before


@pytest.mark.parametrize("verb", sorted(SEATS))
def test_the_holder_of_a_seat_of_yesterday(busy: Instance, verb: str) -> None:
    former = enter(busy, SEAT).claimed
    for _ in range(3):
        proposing.start(busy, former, title="T", steps=[Reword(PEOPLE, "Power is with us.")])
    for proposal in (HANDED_IN, OWN):
        proposing.submit(busy, former, proposal)
    assert receiving.admit_proposal(busy, CLERK_ACTOR, OWN) == ITS_OWN
    seating.vacate(busy, OPERATOR, 2)
    refused(busy, SEATS[verb], former)


@pytest.mark.parametrize("verb", sorted(CLERKS))
def test_a_clerk_of_yesterday(busy: Instance, verb: str) -> None:
    proposing.start(busy, SEAT, title="T", steps=[Reword(PEOPLE, "Power is with us.")])
    proposing.submit(busy, SEAT, HANDED_IN)
    seating.add_clerk(busy, OPERATOR, "ada@example.org")
    former = enter(busy, CLERK_ACTOR).claimed
    assert former.person is not None
    seating.dismiss(busy, OPERATOR, "clerk", former.person)
    refused(busy, CLERKS[verb], former)


@pytest.mark.parametrize("verb", sorted(ADMINISTRATORS))
def test_an_administrator_of_yesterday(instance: Instance, verb: str) -> None:
    former = enter(instance, ADMINISTRATOR).claimed
    assert former.person is not None
    seating.dismiss(instance, OPERATOR, "administrator", former.person)
    refused(instance, ADMINISTRATORS[verb], former)


def test_whatever_asks_for_standing_is_tried_here() -> None:
    found = set()
    for module in MODULES:
        asking: set[str] = set()
        functions = [n for n in ast.parse(inspect.getsource(module)).body if _is_function(n)]
        for _ in functions:
            for node in functions:
                body = ast.unparse(node)
                names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                if ".acting(" in body or "require_still(" in body or names & asking:
                    asking.add(node.name)  # type: ignore[attr-defined]
        found |= {
            name
            for name in asking
            if not name.startswith("_")
            and "actor" in inspect.signature(getattr(module, name)).parameters
        }
    assert found | ALIKE == ALIKE | SEATS.keys() | CLERKS.keys() | ADMINISTRATORS.keys()


def _is_function(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef)
