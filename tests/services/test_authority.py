"""Every verb asks first: with an empty table nobody may do anything, not even read."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType

import pytest

from drafter.core.errors import BadInput, NotAllowed
from drafter.services import (
    admitting,
    amending,
    authority,
    commenting,
    configuring,
    deciding,
    editing,
    importing,
    mailing,
    passkeys,
    publishing,
    seating,
    serving,
    signing_in,
    voting,
)
from drafter.services.authority import (
    ADMINISTRATOR,
    CLERK_ACTOR,
    OPERATOR,
    PUBLIC,
    Actor,
    Belongs,
    authorize,
)
from drafter.services.instance import Instance
from tests.services.reports import SIXTEEN

MODULES = (
    admitting,
    amending,
    commenting,
    configuring,
    deciding,
    editing,
    importing,
    mailing,
    passkeys,
    publishing,
    seating,
    serving,
    signing_in,
    voting,
)
SEAT = Actor("seat", 1)

CALLS: dict[str, Callable[[Instance, Actor], object]] = {
    "admit": lambda i, a: admitting.admit(i, a, [1], "T"),
    "answer": lambda i, a: admitting.answer(i, a, 1, "A"),
    "hold": lambda i, a: admitting.hold(i, a, 1, "R"),
    "queue": lambda i, a: admitting.queue(i, a),
    "show": lambda i, a: admitting.show(i, a, 1),
    "list_amendments": lambda i, a: amending.list_amendments(i, actor=a),
    "put": lambda i, a: amending.put(i, a, 1),
    "reopen": lambda i, a: amending.reopen(i, a, 1),
    "view_amendment": lambda i, a: amending.view_amendment(i, 1, actor=a),
    "comment": lambda i, a: commenting.comment(i, SIXTEEN, "T", actor=a),
    "comments_on": lambda i, a: commenting.comments_on(i, SIXTEEN, actor=a),
    "confirm": lambda i, a: commenting.confirm(i, "t", actor=a),
    "preview_suggestion": lambda i, a: commenting.preview_suggestion(i, SIXTEEN, "T", actor=a),
    "receipt": lambda i, a: commenting.receipt(i, "t", actor=a),
    "withdraw_comment": lambda i, a: commenting.withdraw_comment(i, "t", actor=a),
    "configure": lambda i, a: configuring.configure(i, a, Path("/nowhere")),
    "record_assemblies": lambda i, a: configuring.record_assemblies(i, a, {}),
    "decide": lambda i, a: deciding.decide(i, a, 1, "R"),
    "withdraw_amendment": lambda i, a: deciding.withdraw_amendment(i, a, 1, "R"),
    "edit": lambda i, a: editing.edit(i, a, SIXTEEN, "W"),
    "insert": lambda i, a: editing.insert(i, a, "W", path="drafts/values.md"),
    "repeal": lambda i, a: editing.repeal(i, a, SIXTEEN),
    "import_chapters": lambda i, a: importing.import_chapters(i, a, {}),
    "import_versions": lambda i, a: importing.import_versions(i, a, []),
    "mailbox": lambda i, a: mailing.mailbox(i, a),
    "build_missing": lambda i, a: publishing.build_missing(i, a),
    "publish": lambda i, a: publishing.publish(i, a),
    "ask_to_build": lambda i, a: serving.ask_to_build(i, a),
    "job": lambda i, a: serving.job(i, a, 1),
    "add_seats": lambda i, a: seating.add_seats(i, a, 1),
    "list_seats": lambda i, a: seating.list_seats(i, a),
    "seat_person": lambda i, a: seating.seat_person(i, a, 1, "ada@example.org"),
    "vacate": lambda i, a: seating.vacate(i, a, 1),
    "reseat": lambda i, a: seating.reseat(i, a, 1, "ada@example.org"),
    "tenures": lambda i, a: seating.tenures(i, a, 1),
    "appoint": lambda i, a: seating.appoint(i, a, "clerk", "ada@example.org"),
    "add_clerk": lambda i, a: seating.add_clerk(i, a, "ada@example.org"),
    "add_administrator": lambda i, a: seating.add_administrator(i, a, "ada@example.org"),
    "dismiss": lambda i, a: seating.dismiss(i, a, "clerk", "person-x"),
    "remove_clerk": lambda i, a: seating.remove_clerk(i, a, "ada@example.org"),
    "remove_administrator": lambda i, a: seating.remove_administrator(i, a, "ada@example.org"),
    "erase_person": lambda i, a: seating.erase_person(i, a, "person-x"),
    "sign_somebody_out": lambda i, a: seating.sign_somebody_out(i, a, "person-x"),
    "holders": lambda i, a: seating.holders(i, a),
    "former_persons": lambda i, a: seating.former_persons(i, a),
    "ask_for_link": lambda i, a: signing_in.ask_for_link(i, "ada@example.org", actor=a),
    "mint_link_for": lambda i, a: signing_in.mint_link_for(i, a, "ada@example.org"),
    "ask_to_authenticate": lambda i, a: passkeys.ask_to_authenticate(i, actor=a),
    "authenticate": lambda i, a: passkeys.authenticate(i, "{}", "c", actor=a),
    "mint_link": lambda i, a: signing_in.mint_link(i, a, CLERK_ACTOR),
    "redeem": lambda i, a: signing_in.redeem(i, "t", actor=a),
    "cast": lambda i, a: voting.cast(i, a, 1, "for", "0" * 64),
    "close": lambda i, a: voting.close(i, a, 1),
}
"""Every verb, as somebody calls it."""


def verbs() -> set[str]:
    """Find the public functions that act for somebody on an instance."""
    found = set()
    for module in MODULES:
        for name, function in inspect.getmembers(module, inspect.isfunction):
            parameters = inspect.signature(function).parameters
            own = function.__module__ == module.__name__ and not name.startswith("_")
            if own and "instance" in parameters and "actor" in parameters:
                found.add(name)
    return found


def test_every_verb_is_called_here() -> None:
    assert verbs() == set(CALLS)


@pytest.mark.parametrize("name", sorted(CALLS))
def test_a_verb_that_the_table_lacks_is_refused_to_everybody(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(authority, "TABLE", MappingProxyType({}))
    for actor in (PUBLIC, SEAT, CLERK_ACTOR, ADMINISTRATOR, OPERATOR):
        with pytest.raises(NotAllowed):
            CALLS[name](instance, actor)


PANEL_ONLY = {
    "admit": CLERK_ACTOR,
    "answer": CLERK_ACTOR,
    "hold": CLERK_ACTOR,
    "show": CLERK_ACTOR,
    "put": CLERK_ACTOR,
    "reopen": CLERK_ACTOR,
    "close": CLERK_ACTOR,
    "decide": CLERK_ACTOR,
    "withdraw_amendment": CLERK_ACTOR,
    "cast": SEAT,
    "edit": SEAT,
    "insert": SEAT,
    "repeal": SEAT,
    "mint_link": OPERATOR,
    "configure": OPERATOR,
    "import_chapters": OPERATOR,
    "import_versions": OPERATOR,
    "mailbox": OPERATOR,
}
"""Verbs that one role alone may do."""


@pytest.mark.parametrize("name", sorted(PANEL_ONLY))
def test_a_verb_of_one_role_is_refused_to_the_others(instance: Instance, name: str) -> None:
    for actor in (PUBLIC, SEAT, CLERK_ACTOR, ADMINISTRATOR, OPERATOR):
        if actor != PANEL_ONLY[name]:
            with pytest.raises(NotAllowed):
                CALLS[name](instance, actor)


OF_ADMINISTRATORS = (
    "add_seats",
    "seat_person",
    "vacate",
    "reseat",
    "tenures",
    "appoint",
    "add_clerk",
    "add_administrator",
    "dismiss",
    "remove_clerk",
    "remove_administrator",
    "erase_person",
    "sign_somebody_out",
    "holders",
    "former_persons",
)


@pytest.mark.parametrize("name", OF_ADMINISTRATORS)
def test_only_administrators_and_the_operator_say_who_holds_what(
    instance: Instance, name: str
) -> None:
    for actor in (PUBLIC, SEAT, CLERK_ACTOR):
        with pytest.raises(NotAllowed):
            CALLS[name](instance, actor)


@pytest.mark.parametrize("name", ["cast", "close", "decide", "edit", "admit", "publish", "hold"])
def test_an_administrator_decides_and_votes_on_nothing(instance: Instance, name: str) -> None:
    with pytest.raises(NotAllowed):
        CALLS[name](instance, ADMINISTRATOR)


def test_what_belongs_to_somebody_is_theirs_alone() -> None:
    mine = Actor("seat", 7, person="person-a")
    for owner in ("seat-07", "person-a"):
        authorize(mine, "own sign-in", Belongs(owner))
    for owner in ("seat-08", "person-b", "", None):
        with pytest.raises(NotAllowed, match="not yours"):
            authorize(mine, "own sign-in", Belongs(owner))
    with pytest.raises(NotAllowed):
        authorize(Actor("seat", 7), "own sign-in", Belongs(None))


def test_several_clerks_have_names_of_their_own() -> None:
    names = [Actor("clerk", office=number).name for number in (None, 1, 2)]
    assert names == ["clerk", "clerk", "clerk-2"]


@pytest.mark.parametrize("name", ["publish", "build_missing", "queue", "record_assemblies"])
def test_a_visitor_and_a_seat_do_no_work_of_the_office(instance: Instance, name: str) -> None:
    for actor in (PUBLIC, SEAT):
        with pytest.raises(NotAllowed):
            CALLS[name](instance, actor)


def test_every_action_that_the_verbs_name_stands_in_the_table() -> None:
    named = set()
    for module in MODULES:
        for node in ast.walk(ast.parse(inspect.getsource(module))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "authorize":
                named.add(ast.literal_eval(node.args[1]))
    assert named <= set(authority.TABLE)


ASKED_OTHERWISE = {
    "ask_for_link": "anybody may",
    "ask_to_build": "what is built is what was published",
    "authenticate": "anybody may",
    "confirm": "anybody may",
    "import_chapters": "the operator alone may",
    "import_versions": "the operator alone may",
    "mint_link": "the operator alone may",
    "mint_link_for": "the operator alone may",
    "redeem": "anybody may",
    "withdraw_comment": "anybody may",
    "_tag": "asked by publish, under the same lock",
}
"""Functions that write for an actor without asking whether they still hold their seat or office."""


def test_whoever_writes_for_a_seat_or_an_office_asks_again_in_the_transaction() -> None:
    found = set()
    for module in MODULES:
        for node in ast.parse(inspect.getsource(module)).body:
            if isinstance(node, ast.FunctionDef) and "actor" in ast.unparse(node.args):
                body = ast.unparse(node)
                if "instance.database.writing()" in body and "require_still(" not in body:
                    found.add(node.name)
    assert found == set(ASKED_OTHERWISE)


def test_an_unknown_action_is_nobodys() -> None:
    with pytest.raises(NotAllowed):
        authorize(OPERATOR, "burn")


def test_a_seat_acts_under_its_number_and_nobody_else_does() -> None:
    assert Actor("seat", 7).name == "seat-07"
    with pytest.raises(BadInput):
        Actor("seat")
    with pytest.raises(BadInput):
        Actor("clerk", 3)
