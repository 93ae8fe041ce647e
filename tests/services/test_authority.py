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
from drafter.core.steps import Remove
from drafter.services import (
    admitting,
    amending,
    authority,
    batching,
    commenting,
    comparing,
    competing,
    configuring,
    deciding,
    desk,
    drafting,
    editing,
    erasing,
    importing,
    lapsing,
    mailing,
    moderating,
    moving,
    passkeys,
    phases,
    previewing,
    proposing,
    publishing,
    receipts,
    receiving,
    redacting,
    reviewing,
    seating,
    serving,
    signing_in,
    statements,
    supporting,
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
from tests.services.reports import SIXTEEN, mailed

MODULES = (
    admitting,
    amending,
    batching,
    commenting,
    comparing,
    competing,
    configuring,
    deciding,
    desk,
    drafting,
    editing,
    erasing,
    importing,
    lapsing,
    mailing,
    moderating,
    phases,
    moving,
    proposing,
    passkeys,
    previewing,
    publishing,
    receipts,
    receiving,
    redacting,
    reviewing,
    seating,
    serving,
    signing_in,
    supporting,
    statements,
    voting,
)
SEAT = Actor("seat", 1)

CALLS: dict[str, Callable[[Instance, Actor], object]] = {
    "add_step": lambda i, a: proposing.add_step(i, a, 1, Remove(SIXTEEN)),
    "admit_proposal": lambda i, a: receiving.admit_proposal(i, a, 1),
    "begin_combined": lambda i, a: proposing.begin_combined(i, a, [1], "T", []),
    "describe": lambda i, a: proposing.describe(i, a, 1, title="T"),
    "discard": lambda i, a: proposing.discard(i, a, 1),
    "give_back": lambda i, a: receiving.give_back(i, a, 1, "R"),
    "returned_to": lambda i, a: proposing.returned_to(i, a),
    "lapsable": lambda i, a: lapsing.lapsable(i, a),
    "own_proposals": lambda i, a: proposing.own_proposals(i, a),
    "preview_steps": lambda i, a: drafting.preview_steps(i, a, [Remove(SIXTEEN)]),
    "read_proposal": lambda i, a: drafting.read_proposal(i, a, 1),
    "text_before": lambda i, a: drafting.text_before(i, a),
    "clause_then": lambda i, a: drafting.clause_then(i, a, SIXTEEN, "0" * 40),
    "set_steps": lambda i, a: proposing.set_steps(i, a, 1, []),
    "record": lambda i, a: editing.record(i, a, [Remove(SIXTEEN)]),
    "refresh": lambda i, a: proposing.refresh(i, a, 1),
    "remove_step": lambda i, a: proposing.remove_step(i, a, 1, 0),
    "replace_step": lambda i, a: proposing.replace_step(i, a, 1, 0, Remove(SIXTEEN)),
    "compare": lambda i, a: competing.compare(i, a, [1]),
    "rivals_of": lambda i, a: competing.rivals_of(i, 1, actor=a),
    "start": lambda i, a: proposing.start(i, a),
    "start_combined": lambda i, a: competing.start_combined(i, a, [1, 2]),
    "start_from_comments": lambda i, a: proposing.start_from_comments(i, a, [1]),
    "start_redraft": lambda i, a: proposing.start_redraft(i, a, 1),
    "submit": lambda i, a: proposing.submit(i, a, 1),
    "take_draft_back": lambda i, a: proposing.take_draft_back(i, a, 1),
    "view_competing": lambda i, a: competing.view_competing(i, 1, actor=a),
    "view_proposal": lambda i, a: drafting.view_proposal(i, a, 1),
    "waiting": lambda i, a: receiving.waiting(i, a),
    "withdraw_by_receipt": lambda i, a: proposing.withdraw_by_receipt(i, "t", 1, "R", actor=a),
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
    "draft_changes": lambda i, a: comparing.draft_changes(i, actor=a),
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
    "redact": lambda i, a: redacting.redact(i, a, 1, "R"),
    "withdraw_amendment": lambda i, a: deciding.withdraw_amendment(i, a, 1, "R"),
    "view_line": lambda i, a: desk.view_line(i, 1, a),
    "page_of_lines": lambda i, a: desk.page_of_lines(i, None, 0, 10, a),
    "view_desk": lambda i, a: desk.view_desk(i, a),
    "lapse_amendment": lambda i, a: deciding.lapse_amendment(i, a, 1, "R"),
    "put_together": lambda i, a: batching.put_together(i, a, [1, 2]),
    "view_batch": lambda i, a: batching.view_batch(i, 1, a),
    "cast_together": lambda i, a: batching.cast_together(i, a, 1, "for", ""),
    "take_out": lambda i, a: batching.take_out(i, a, 1),
    "close_together": lambda i, a: batching.close_together(i, a, 1),
    "decide_together": lambda i, a: batching.decide_together(i, a, 1, "R"),
    "move_adoption": lambda i, a: moving.move_adoption(i, a, "drafts/blank.md"),
    "move_reconsideration": lambda i, a: moving.move_reconsideration(i, a, 1),
    "open_again": lambda i, a: moving.open_again(i, a, 1),
    "file_dissent": lambda i, a: statements.file_dissent(i, a, 1, "T"),
    "take_back": lambda i, a: voting.take_back(i, a, 1),
    "who_has_voted": lambda i, a: voting.who_has_voted(i, a, 1),
    "enter_roll_call": lambda i, a: voting.enter_roll_call(i, a, 1, {}, "0" * 64),
    "edit": lambda i, a: editing.edit(i, a, SIXTEEN, "W"),
    "insert": lambda i, a: editing.insert(i, a, "W", path="drafts/values.md"),
    "repeal": lambda i, a: editing.repeal(i, a, SIXTEEN),
    "import_chapters": lambda i, a: importing.import_chapters(i, a, {}),
    "import_versions": lambda i, a: importing.import_versions(i, a, []),
    "mailbox": lambda i, a: mailing.mailbox(i, a),
    "build_missing": lambda i, a: publishing.build_missing(i, a),
    "draft_release_notes": lambda i, a: publishing.draft_release_notes(i, a),
    "find_preview": lambda i, a: previewing.find_preview(i, a),
    "preview": lambda i, a: previewing.preview(i, a),
    "publish": lambda i, a: publishing.publish(i, a),
    "review": lambda i, a: reviewing.review(i, a),
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


@pytest.mark.parametrize(
    ("name", "action"),
    [
        ("reseat", "vacate"),
        ("reseat", "seat a person"),
        ("decide_together", "decide"),
    ],
)
def test_a_verb_that_asks_for_several_things_needs_each(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, name: str, action: str
) -> None:
    less = {key: value for key, value in authority.TABLE.items() if key != action}
    monkeypatch.setattr(authority, "TABLE", MappingProxyType(less))
    with pytest.raises(NotAllowed):
        CALLS[name](instance, CLERK_ACTOR if action == "decide" else OPERATOR)


def test_what_anybody_may_confirm_is_asked_for_too(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    supporting.follow(instance, "report", "", "ada@example.org")
    (token,) = mailed(instance, "confirm")
    less = {key: value for key, value in authority.TABLE.items() if key != "confirm"}
    monkeypatch.setattr(authority, "TABLE", MappingProxyType(less))
    with pytest.raises(NotAllowed):
        supporting.confirm_any(instance, token)


PANEL_ONLY = {
    "admit_proposal": CLERK_ACTOR,
    "give_back": CLERK_ACTOR,
    "waiting": CLERK_ACTOR,
    "record": SEAT,
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
    "lapse_amendment": CLERK_ACTOR,
    "put_together": CLERK_ACTOR,
    "close_together": CLERK_ACTOR,
    "decide_together": CLERK_ACTOR,
    "open_again": CLERK_ACTOR,
    "enter_roll_call": CLERK_ACTOR,
    "who_has_voted": CLERK_ACTOR,
    "cast": SEAT,
    "cast_together": SEAT,
    "file_dissent": SEAT,
    "take_back": SEAT,
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


OFFICE_ONLY = (
    "publish",
    "preview",
    "review",
    "draft_release_notes",
    "build_missing",
    "queue",
    "record_assemblies",
    "read_comment",
    "set_phase",
)


@pytest.mark.parametrize("name", OFFICE_ONLY)
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
    "mint_link": "the operator alone may",
    "mint_link_for": "the operator alone may",
    "redeem": "anybody may",
    "withdraw_comment": "anybody may",
    "rewrite": "anybody may",
    "send_again": "anybody may",
    "send_again_to": "anybody may",
    "erase": "anybody may",
    "support": "anybody may",
    "take_support_back": "anybody may",
    "follow": "anybody may",
    "end_follow": "anybody may",
    "confirm_any": "anybody may",
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
