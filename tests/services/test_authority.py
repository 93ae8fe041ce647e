"""Every verb asks first: with an empty table nobody may do anything, not even read."""

from __future__ import annotations

import ast
import inspect
from collections.abc import Callable
from datetime import date
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
    erasing,
    importing,
    mailing,
    moderating,
    phases,
    publishing,
    receipts,
    serving,
    signing_in,
    supporting,
    voting,
)
from drafter.services.authority import CLERK_ACTOR, OPERATOR, PUBLIC, Actor, authorize
from drafter.services.instance import Instance
from tests.services.reports import SIXTEEN

MODULES = (
    admitting,
    amending,
    commenting,
    configuring,
    deciding,
    editing,
    erasing,
    importing,
    mailing,
    moderating,
    phases,
    publishing,
    receipts,
    serving,
    signing_in,
    supporting,
    voting,
)
SEAT = Actor("seat", 1)

CALLS: dict[str, Callable[[Instance, Actor], object]] = {
    "admit": lambda i, a: admitting.admit(i, a, [1], "T"),
    "answer": lambda i, a: moderating.answer(i, a, 1, "A"),
    "hold": lambda i, a: moderating.hold(i, a, 1, "S", reason="person"),
    "queue": lambda i, a: moderating.queue(i, a),
    "show": lambda i, a: moderating.show(i, a, 1),
    "answer_many": lambda i, a: moderating.answer_many(i, a, [1], "A"),
    "count_comments": lambda i, a: moderating.count_comments(i, a, "held"),
    "enter": lambda i, a: moderating.enter(
        i, a, SIXTEEN, "T", source="paper", place="P", taken_on=date(2026, 1, 1)
    ),
    "list_comments": lambda i, a: moderating.list_comments(i, a),
    "log": lambda i, a: moderating.log(i, actor=a),
    "printed": lambda i, a: moderating.printed(i, a, 1),
    "read_comment": lambda i, a: moderating.read_comment(i, a, 1),
    "set_phase": lambda i, a: phases.set_phase(i, a, None, None),
    "erase": lambda i, a: erasing.erase(i, "t", actor=a),
    "erase_address": lambda i, a: erasing.erase_address(i, a, "ada@example.org"),
    "receipt_by_code": lambda i, a: receipts.receipt_by_code(i, 1, "c", actor=a),
    "rewrite": lambda i, a: commenting.rewrite(i, "t", "T", actor=a),
    "send_again": lambda i, a: commenting.send_again(i, "t", actor=a),
    "send_again_to": lambda i, a: commenting.send_again_to(i, "ada@example.org", actor=a),
    "page_of_comments": lambda i, a: commenting.page_of_comments(i, SIXTEEN, actor=a),
    "place_of_comment": lambda i, a: commenting.place_of_comment(i, 1, actor=a),
    "support": lambda i, a: supporting.support(i, 1, "ada@example.org", actor=a),
    "supports_of": lambda i, a: supporting.supports_of(i, [1], actor=a),
    "take_support_back": lambda i, a: supporting.take_support_back(i, "t", actor=a),
    "follow": lambda i, a: supporting.follow(i, "report", "", "ada@example.org", actor=a),
    "end_follow": lambda i, a: supporting.end_follow(i, "t", actor=a),
    "confirm_any": lambda i, a: supporting.confirm_any(i, "t", actor=a),
    "list_amendments": lambda i, a: amending.list_amendments(i, actor=a),
    "put": lambda i, a: amending.put(i, a, 1),
    "reopen": lambda i, a: amending.reopen(i, a, 1),
    "view_amendment": lambda i, a: amending.view_amendment(i, 1, actor=a),
    "comment": lambda i, a: commenting.comment(i, SIXTEEN, "T", actor=a),
    "comments_on": lambda i, a: commenting.comments_on(i, SIXTEEN, actor=a),
    "confirm": lambda i, a: commenting.confirm(i, "t", actor=a),
    "preview_suggestion": lambda i, a: commenting.preview_suggestion(i, SIXTEEN, "T", actor=a),
    "receipt": lambda i, a: receipts.receipt(i, "t", actor=a),
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
    "add_seats": lambda i, a: signing_in.add_seats(i, a, 1),
    "list_seats": lambda i, a: signing_in.list_seats(i, a),
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
    for actor in (PUBLIC, SEAT, CLERK_ACTOR, OPERATOR):
        with pytest.raises(NotAllowed):
            CALLS[name](instance, actor)


PANEL_ONLY = {
    "admit": CLERK_ACTOR,
    "answer": CLERK_ACTOR,
    "answer_many": CLERK_ACTOR,
    "enter": CLERK_ACTOR,
    "printed": CLERK_ACTOR,
    "erase_address": OPERATOR,
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
    "add_seats": OPERATOR,
    "mint_link": OPERATOR,
    "configure": OPERATOR,
    "import_chapters": OPERATOR,
    "import_versions": OPERATOR,
    "mailbox": OPERATOR,
}
"""Verbs that one role alone may do."""


@pytest.mark.parametrize("name", sorted(PANEL_ONLY))
def test_a_verb_of_one_role_is_refused_to_the_others(instance: Instance, name: str) -> None:
    for actor in (PUBLIC, SEAT, CLERK_ACTOR, OPERATOR):
        if actor != PANEL_ONLY[name]:
            with pytest.raises(NotAllowed):
                CALLS[name](instance, actor)


@pytest.mark.parametrize(
    "name", ["publish", "build_missing", "queue", "record_assemblies", "read_comment", "set_phase"]
)
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


def test_an_unknown_action_is_nobodys() -> None:
    with pytest.raises(NotAllowed):
        authorize(OPERATOR, "burn")


def test_a_seat_acts_under_its_number_and_nobody_else_does() -> None:
    assert Actor("seat", 7).name == "seat-07"
    with pytest.raises(BadInput):
        Actor("seat")
    with pytest.raises(BadInput):
        Actor("clerk", 3)
