"""Who may come through which route, in which state: every role, route, method and state.

The routes come from the url map, what must come out from a table written by hand. In the columns
stand the states of `states.STATES`: no suggestion, suggested, open, put, closed, decided. For a
role that a route is not for, it must be refused and nothing may have changed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, inspect, text
from werkzeug.routing import Rule

from drafter.services.instance import Instance
from drafter.web.policy import UndeclaredRoute, policies, policy, require_policies

from .conftest import Template
from .states import ROLES, STATES, World, make_world, visit
from .visitor import CLAUSE, Visitor

FULL = os.environ.get("DRAFTER_FULL") == "1"


@dataclass(frozen=True)
class Cell:
    """A route: the action it demands, whom it is for, and the status for them by method and state.

    Several statuses are one for each state.
    """

    action: str | None
    who: frozenset[str]
    get: str = ""
    post: str = ""

    def status(self, method: str, state: str) -> int:
        return in_state(self.get if method in READING else self.post, state)


READING = ("GET", "HEAD")


def in_state(codes: str, state: str) -> int:
    found = codes.split()
    return int(found[STATES.index(state)] if len(found) > 1 else found[0])


def only(*roles: str) -> frozenset[str]:
    return frozenset(roles)


ALL = only(*ROLES)
SEAT, CLERK, ADMINISTRATOR = only("seat"), only("clerk"), only("administrator")
PANEL = SEAT | CLERK
SIGNED_IN = SEAT | CLERK | ADMINISTRATOR

KNOWN = ALL - only("former")
"""Whom the interface knows, or takes for the public: a token that has ended is neither."""

TABLE = {
    "api.openapi": Cell(None, ALL, "200"),
    "api.report": Cell("read", KNOWN, "200"),
    "api.chapter_clauses": Cell("read", KNOWN, "200"),
    "api.clause": Cell("read", KNOWN, "200"),
    "api.comments": Cell("read", KNOWN, "200"),
    "api.amendments": Cell("read", KNOWN, "200"),
    "api.amendment": Cell("read", KNOWN, "404 404 200 200 200 200"),
    "api.receipt": Cell("follow", KNOWN, "404 200 200 200 200 200"),
    "api.me": Cell("read", KNOWN, "200"),
    "api.comment": Cell("comment", KNOWN, post="201 201 201 201 201 409"),
    "api.cast": Cell("cast", SEAT, post="404 404 409 200 409 409"),
    "api.take_back": Cell("take back", SEAT, post="404 404 409 409 409 409"),
    "api.dissent": Cell("dissent", SEAT, post="404 404 409 409 409 409"),
    "api.admit": Cell("admit", CLERK, post="404 201 201 201 201 400"),
    "api.put": Cell("put", CLERK, post="404 404 200 409 409 409"),
    "api.enter_roll_call": Cell("enter roll call", CLERK, post="404 404 409 200 409 409"),
    "api.close": Cell("close", CLERK, post="404 404 409 409 409 409"),
    "api.reopen": Cell("reopen", CLERK, post="404 404 409 409 409 409"),
    "api.decide": Cell("decide", CLERK, post="404 404 409 409 200 409"),
    "api.withdraw": Cell("withdraw amendment", PANEL, post="404 404 200 200 409 409"),
    "api.lapse": Cell("lapse", CLERK, post="404 404 409 409 409 409"),
    "static": Cell(None, ALL, "404"),
    "face.static": Cell(None, ALL, "404"),
    "health.healthz": Cell(None, ALL, "200"),
    "site.front": Cell(None, ALL, "200"),
    "site.published": Cell(None, ALL, "404"),
    "sign_in.ask_for_link": Cell("sign in", ALL, "200"),
    "sign_in.send_link": Cell("sign in", ALL, post="200"),
    "sign_in.ask": Cell("sign in", ALL, "200"),
    "sign_in.redeem": Cell("sign in", ALL, post="404"),
    "sign_in.passkey": Cell("sign in", ALL, post="400"),
    "sign_in.passkey_options": Cell("sign in", ALL, post="409"),
    "sign_in.second": Cell("sign in", ALL, "303"),
    "sign_in.give_second": Cell("sign in", ALL, post="303"),
    "sign_in.leave": Cell("sign in", ALL, post="303"),
    "take_part.open_clauses": Cell("read", ALL, "200"),
    "take_part.draft_changes": Cell("read", ALL, "200"),
    "take_part.clause": Cell("read", ALL, "200"),
    "take_part.send": Cell("comment", ALL, post="303 303 303 303 303 400"),
    "take_part.comment": Cell("read", ALL, "404 404 302 302 302 302"),
    "take_part.amendment": Cell("read", ALL, "404 404 200 200 200 200"),
    "take_part.receipt": Cell("follow", ALL, "404 200 200 200 200 200"),
    "take_part.withdraw": Cell("withdraw comment", ALL, post="404 303 303 303 303 303"),
    "take_part.ask_to_confirm": Cell("confirm", ALL, "200"),
    "take_part.confirm": Cell("confirm", ALL, post="409"),
    "take_part.preview": Cell("comment", ALL, post="200"),
    "take_part.find_receipt": Cell("follow", ALL, "200"),
    "take_part.open_receipt": Cell("follow", ALL, post="404"),
    "take_part.send_again": Cell("follow", ALL, post="404 409 409 409 409 409"),
    "take_part.withdraw_amendment": Cell("withdraw comment", ALL, post="404 404 303 303 409 409"),
    "take_part.rewrite": Cell("withdraw comment", ALL, post="404 303 409 409 409 409"),
    "take_part.erase": Cell("erase", ALL, post="404 303 303 303 303 303"),
    "take_part.ask_to_send_again": Cell("follow", ALL, "200"),
    "take_part.send_again_to": Cell("follow", ALL, post="200"),
    "take_part.ask_to_support": Cell("support", ALL, "404 404 200 200 200 200"),
    "take_part.support": Cell("support", ALL, post="404 404 200 200 200 200"),
    "take_part.ask_to_take_back": Cell("support", ALL, "200"),
    "take_part.take_support_back": Cell("support", ALL, post="200"),
    "take_part.ask_to_follow": Cell("follow", ALL, "200"),
    "take_part.follow": Cell("follow", ALL, post="200"),
    "take_part.ask_to_end": Cell("follow", ALL, "200"),
    "take_part.end_follow": Cell("follow", ALL, post="200"),
    "take_part.privacy": Cell("read", ALL, "200"),
    "take_part.moderation_policy": Cell("read", ALL, "200"),
    "take_part.moderation_log": Cell("read", ALL, "200"),
    "panel.desk": Cell("cast", SEAT, "200"),
    "panel.amendment": Cell("cast", SEAT, "404 404 200 200 200 200"),
    "panel.vote": Cell("cast", SEAT, post="404 404 409 303 409 409"),
    "panel.take_back": Cell("take back", SEAT, post="404 404 409 409 409 409"),
    "panel.dissent": Cell("dissent", SEAT, post="404 404 409 409 409 409"),
    "panel.motions": Cell("cast", SEAT, "200"),
    "panel.adopt": Cell("cast", SEAT, post="404"),
    "panel.reconsider": Cell("cast", SEAT, post="404 404 409 409 409 303"),
    "panel.withdraw": Cell("cast", SEAT, post="404 404 403 403 403 403"),
    "panel.take_out": Cell("cast", SEAT, post="404 404 409 409 409 409"),
    "panel.batch": Cell("cast", SEAT, "404"),
    "panel.vote_together": Cell("cast", SEAT, post="404"),
    "clerk.lapse": Cell("lapse", CLERK, post="404 404 409 409 409 409"),
    "clerk.withdraw": Cell("lapse", CLERK, post="404 404 303 303 409 409"),
    "clerk.redact": Cell("redact", CLERK, post="404 404 303 409 409 409"),
    "clerk.roll_call": Cell("enter roll call", CLERK, "404 404 409 200 409 409"),
    "clerk.enter_roll_call": Cell("enter roll call", CLERK, post="404 404 409 303 409 409"),
    "clerk.motions": Cell("put", CLERK, "200"),
    "clerk.adopt": Cell("put", CLERK, post="404"),
    "clerk.reconsider": Cell("put", CLERK, post="404 404 409 409 409 303"),
    "clerk.open_again": Cell("open again", CLERK, post="404 404 409 409 409 409"),
    "clerk.take_out": Cell("put", CLERK, post="404 404 409 409 409 409"),
    "clerk.together": Cell("put", CLERK, "200"),
    "clerk.put_together": Cell("put", CLERK, post="400"),
    "clerk.batch": Cell("read the queue", CLERK, "404"),
    "clerk.close_together": Cell("close", CLERK, post="404"),
    "clerk.decide_together": Cell("decide", CLERK, post="404"),
    "clerk.desk": Cell("read the queue", CLERK, "200"),
    "clerk.comment": Cell("read the queue", CLERK, "404 200 200 200 200 200"),
    "clerk.show": Cell("show", CLERK, post="404 303 303 303 303 303"),
    "clerk.hold": Cell("hold", CLERK, post="404 303 303 303 303 303"),
    "clerk.comments": Cell("read the queue", CLERK, "200"),
    "clerk.answer": Cell("answer", CLERK, post="404 303 303 303 303 303"),
    "clerk.answer_many": Cell("answer", CLERK, post="404 303 303 303 303 303"),
    "clerk.ask_to_enter": Cell("enter", CLERK, "200"),
    "clerk.enter": Cell("enter", CLERK, post="303"),
    "clerk.printed": Cell("enter", CLERK, "404"),
    "clerk.ask_until": Cell("set phase", CLERK, "200"),
    "clerk.set_until": Cell("set phase", CLERK, post="303"),
    "clerk.admit": Cell("admit", CLERK, post="404 303 303 303 303 400"),
    "clerk.amendment": Cell("read the queue", CLERK, "404 404 200 200 200 200"),
    "clerk.put": Cell("put", CLERK, post="404 404 303 409 409 409"),
    "clerk.close": Cell("close", CLERK, post="404 404 409 409 409 409"),
    "clerk.reopen": Cell("reopen", CLERK, post="404 404 409 409 409 409"),
    "clerk.decide": Cell("decide", CLERK, post="404 404 409 409 303 409"),
    "clerk.publication": Cell("publish", CLERK, "200"),
    "clerk.publish": Cell("publish", CLERK, post="303"),
    "clerk.progress": Cell("publish", CLERK, "200"),
    "panel.preview": Cell("preview", PANEL, "200"),
    "panel.preview_page": Cell("preview", PANEL, "404"),
    "you.page": Cell("own sign-in", SIGNED_IN, "200"),
    "you.confirm": Cell("own sign-in", SIGNED_IN, "200"),
    "you.confirm_by_code": Cell("own sign-in", SIGNED_IN, post="400"),
    "you.confirm_by_passkey": Cell("own sign-in", SIGNED_IN, post="400"),
    "you.ask_for_address": Cell("own sign-in", SIGNED_IN, post="303"),
    "you.new_address": Cell("own sign-in", SIGNED_IN, "200"),
    "you.confirm_address": Cell("own sign-in", SIGNED_IN, post="404"),
    "you.keep_address": Cell("own sign-in", SIGNED_IN, post="303"),
    "you.act": Cell("own sign-in", SIGNED_IN, post="409"),
    "you.passkey_options": Cell("sign in", SIGNED_IN | only("half"), post="409"),
    "you.add_passkey": Cell("sign in", SIGNED_IN | only("half"), post="400"),
    "you.remove_passkey": Cell("own sign-in", SIGNED_IN, post="404"),
    "you.app": Cell("own sign-in", SIGNED_IN, "200"),
    "you.confirm_app": Cell("own sign-in", SIGNED_IN, post="409"),
    "you.remove_app": Cell("own sign-in", SIGNED_IN, post="303"),
    "you.codes": Cell("own sign-in", SIGNED_IN, post="200"),
    "you.make_token": Cell("own sign-in", SIGNED_IN, post="200"),
    "you.end_token": Cell("own sign-in", SIGNED_IN, post="404"),
    "you.sign_out_others": Cell("own sign-in", SIGNED_IN, post="303"),
    "admin.page": Cell("see holders", ADMINISTRATOR, "200"),
    "admin.add_seats": Cell("add seats", ADMINISTRATOR, post="303"),
    "admin.seat": Cell("see holders", ADMINISTRATOR, "200"),
    "admin.give_seat": Cell("seat a person", ADMINISTRATOR, post="303"),
    "admin.vacate": Cell("vacate", ADMINISTRATOR, post="303"),
    "admin.appoint": Cell("appoint", ADMINISTRATOR, post="303"),
    "admin.dismiss": Cell("appoint", ADMINISTRATOR, post="404"),
    "admin.sign_out": Cell("sign somebody out", ADMINISTRATOR, post="303"),
    "competing.page": Cell("read", ALL, "404 404 200 200 200 409"),
    "text.chapters": Cell("propose", PANEL, "200"),
    "text.chapter": Cell("propose", PANEL, "404"),
    "text.form": Cell("propose", PANEL, "200"),
    "text.send": Cell("propose", PANEL, post="303"),
    "drafts.mine": Cell("propose", PANEL, "200"),
    "drafts.one": Cell("propose", PANEL, "404"),
    "drafts.save": Cell("propose", PANEL, post="404"),
    "drafts.undo": Cell("propose", PANEL, post="404"),
    "drafts.refresh": Cell("propose", PANEL, post="404"),
    "drafts.take_back": Cell("propose", PANEL, post="404"),
    "drafts.discard": Cell("propose", PANEL, post="404"),
    "drafts.redraft": Cell("propose", PANEL, post="404"),
    "drafts.combine": Cell("propose", PANEL, post="303"),
    "combining.page": Cell("propose", PANEL, "404"),
    "combining.keep": Cell("propose", PANEL, post="404"),
    "clerk.proposal": Cell("admit", CLERK, "404"),
    "clerk.take_up": Cell("admit", CLERK, post="404"),
    "clerk.give_back": Cell("admit", CLERK, post="404"),
    "clerk.from_comments": Cell("admit", CLERK, "200"),
    "clerk.begin": Cell("admit", CLERK, post="400"),
    "admin.erase": Cell("erase a person", ADMINISTRATOR, post="303"),
}
"""Written down a second time on purpose: a change of a policy or of a rule must be meant twice."""

EXCEPTIONS = {
    ("sign_in.second", "half"): "200",
    ("sign_in.give_second", "half"): "409",
    ("you.remove_app", "clerk"): "409",
    ("you.remove_app", "administrator"): "409",
    ("api.withdraw", "seat"): "404 404 403 403 403 403",
}
"""Where one role gets another answer than the rest."""


def fields(world: World, endpoint: str) -> dict[str, str]:
    """What the form of a route holds when somebody means it."""
    return {
        "sign_in.send_link": {"email": "stranger@example.org"},
        "take_part.send": {"comment": "A remark.", "seen": world.seen, "consent": "yes"},
        "take_part.send_again_to": {"email": "stranger@example.org"},
        "take_part.support": {"email": "stranger@example.org"},
        "take_part.follow": {"email": "stranger@example.org"},
        "take_part.rewrite": {"comment": "Other words."},
        "take_part.withdraw_amendment": {"number": "1", "withdrawal": "I was wrong."},
        "take_part.erase": {"what": "me"},
        "clerk.answer": {"answer": "An answer."},
        "clerk.answer_many": {"answer": "An answer.", "numbers": "1"},
        "clerk.enter": {
            "clause": "1.2",
            "comment": "Said.",
            "source": "spoken",
            "place": "Leeds",
            "taken_on": "2026-11-01",
        },
        "panel.vote": {"choice": "for", "ballot_hash": world.words},
        "panel.dissent": {"dissent": "It comes too early."},
        "panel.vote_together": {"choice": "for", "digest": "0" * 64},
        "clerk.lapse": {"reason": "It is so already."},
        "clerk.redact": {"removal": "It names a private person."},
        "clerk.withdraw": {"withdrawal": "They ask for it."},
        "clerk.enter_roll_call": {"vote-2": "for", "ballot_hash": world.words},
        "clerk.decide_together": {"reason": "It is right."},
        "clerk.hold": {"reason": "person", "sentence": "It names somebody."},
        "clerk.admit": {"title": "Let people vote at sixteen", "no_names": "yes"},
        "clerk.decide": {"reason": "It is right."},
        "you.make_token": {"purpose": "A screen", "days": "30"},
        "you.act": {"role": "clerk", "seat": "9"},
        "you.ask_for_address": {"email": "new@example.org"},
        "admin.add_seats": {"count": "1"},
        "text.send": {"clause": CLAUSE, "wording": "Everybody may vote.", "do": "propose"},
        "drafts.redraft": {"number": "99"},
        "clerk.take_up": {"title": "T", "no_names": "yes"},
        "clerk.give_back": {"reason": "It names somebody."},
        "admin.give_seat": {"email": "ada@example.org"},
        "admin.appoint": {"email": "ada@example.org", "role": "clerk"},
        "admin.dismiss": {"person": world.person, "role": "clerk"},
    }.get(endpoint, {})


def body(world: World, endpoint: str) -> dict[str, object]:
    """What is sent to the interface when somebody means it."""
    found: dict[str, dict[str, object]] = {
        "api.comment": {"text": "A remark.", "wording_hash": world.seen, "consent": True},
        "api.cast": {"choice": "for", "ballot_hash": world.words},
        "api.dissent": {"text": "It comes too early."},
        "api.admit": {"comments": [1], "title": "Votes", "names_no_person": True},
        "api.enter_roll_call": {
            "votes": [{"seat": 1, "choice": "for"}],
            "ballot_hash": world.words,
        },
        "api.decide": {"reason": "It is right."},
        "api.withdraw": {"reason": "They ask for it."},
        "api.lapse": {"reason": "It is so already."},
    }
    return found.get(endpoint, {})


QUERIES = {"api.chapter_clauses": "?chapter=drafts/01-voting.md"}


@pytest.fixture(scope="module")
def world(template: Template, tmp_path_factory: pytest.TempPathFactory) -> World:
    return make_world(template.path, tmp_path_factory.mktemp("world"))


def requests(app: Flask, world: World) -> Iterator[tuple[str, str, str]]:
    """List every endpoint, method and address."""
    values = {
        "clause_id": CLAUSE,
        "number": 1,
        "name": "x",
        "filename": "x",
        "id": "key",
        "seat": 1,
        "what": "reword",
        "person": world.person,
    }
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        token = world.receipt if "receipt" in rule.rule else "t"
        given = {**values, "token": token}
        given |= {"id": 99} if "<int:id>" in rule.rule else {}
        where = adapter.build(rule.endpoint, {name: given[name] for name in rule.arguments})
        for method in methods(rule):
            yield rule.endpoint, method, where + QUERIES.get(rule.endpoint, "")


def methods(rule: Rule) -> list[str]:
    return sorted((rule.methods or set()) - {"OPTIONS"})


def ask(
    client: FlaskClient, world: World, role: str, endpoint: str, method: str, where: str
) -> int:
    if endpoint.startswith("api."):
        return ask_as_program(client, world, role, endpoint, method, where)
    data = fields(world, endpoint) if method == "POST" else None
    return client.open(where, method=method, data=data, buffered=True).status_code


def ask_as_program(
    client: FlaskClient, world: World, role: str, endpoint: str, method: str, where: str
) -> int:
    """Show the role's token; the cookie that the client holds too is worth nothing here."""
    shown = world.tokens.get(role)
    headers = {"Authorization": f"Bearer {shown}"} if shown else {}
    sent = None if method in READING else body(world, endpoint)
    return client.open(where, method=method, json=sent, headers=headers).status_code


def contents(engine: Engine) -> Mapping[str, list[object]]:
    """Everything that the database holds, but for what is counted and when somebody was seen."""
    with engine.connect() as connection:
        tables = set(inspect(engine).get_table_names()) - {"buckets"}
        return {
            name: sorted(map(str, connection.execute(text(f'SELECT * FROM "{name}"'))))
            for name in tables
        }


def is_refused(status: int, role: str, endpoint: str, method: str) -> bool:
    """A clerk who lacks the second factor is led to it instead; a program is asked for a token."""
    if endpoint.startswith("api."):
        return status == (403 if role in ("seat", "clerk", "administrator") else 401)
    led = role == "half" and method != "POST" and status == 303
    return status == 403 or led


def test_the_table_names_every_route_and_no_other(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(TABLE)
    assert set(policies(app)) == set(TABLE)


def test_each_route_demands_what_the_table_says(app: Flask) -> None:
    demanded = {name: declared.action for name, declared in policies(app).items()}
    assert demanded == {name: cell.action for name, cell in TABLE.items()}


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_whom_a_route_is_not_for_is_refused_and_changes_nothing(
    world: World, tmp_path: Path, role: str, state: str
) -> None:
    app, instance, client = visit(world, state, role, tmp_path / "copy")
    before, tip, wrong = contents(instance.database._engine), instance.tip, []
    for endpoint, method, where in requests(app, world):
        if role not in TABLE[endpoint].who:
            status = ask(client, world, role, endpoint, method, where)
            if not is_refused(status, role, endpoint, method):
                wrong.append((endpoint, method, status))
    assert wrong == []
    assert contents(instance.database._engine) == before
    assert instance.tip == tip
    instance.close()


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("role", ROLES)
def test_whom_a_route_is_for_gets_what_the_state_allows(
    world: World, tmp_path: Path, role: str, state: str
) -> None:
    wrong = []
    app, instance, _ = visit(world, state, role, tmp_path / "map")
    for endpoint, method, where in requests(app, world):
        if role not in TABLE[endpoint].who or not is_asked(role, endpoint, method, state):
            continue
        expected = TABLE[endpoint].status(method, state)
        if (endpoint, role) in EXCEPTIONS:
            expected = in_state(EXCEPTIONS[endpoint, role], state)
        if method not in READING:
            folder = tmp_path / f"{endpoint}-{method}"
            _, changing, client = visit(world, state, role, folder)
            status = ask(client, world, role, endpoint, method, where)
            changing.close()
        else:
            status = ask(as_client(world, app, role), world, role, endpoint, method, where)
        if status != expected:
            wrong.append((endpoint, method, status, expected))
    instance.close()
    assert wrong == []


def as_client(world: World, app: Flask, role: str) -> FlaskClient:
    from .states import as_role

    return as_role(world, app, role)


def is_asked(role: str, endpoint: str, method: str, state: str) -> bool:
    """At full size every cell; else a route that is open to all is posted to by one role."""
    panels = endpoint.startswith(("panel", "clerk")) or (
        endpoint.startswith("api.") and "public" not in TABLE[endpoint].who
    )
    if FULL or method in READING or panels:
        return True
    first = next(each for each in ROLES if each in TABLE[endpoint].who)
    return state == "put" and role in (first, "half")


@pytest.mark.parametrize("role", ["public", "former"])
def test_a_cookie_of_yesterday_is_worth_as_much_as_none(
    world: World, tmp_path: Path, role: str
) -> None:
    _, instance, client = visit(world, "put", role, tmp_path / "copy")
    page = client.get("/").text
    assert "Sign out" not in page
    assert "Seat 3" not in page
    instance.close()


def test_a_route_without_a_policy_stops_the_start(app: Flask) -> None:
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/open", "open", lambda: "open")
    with pytest.raises(UndeclaredRoute, match="open"):
        require_policies(bare, {})


def test_a_form_that_is_counted_and_gone_stops_the_start(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    from drafter.web import policy as policies_of
    from drafter.web.app import create_app

    monkeypatch.setattr(policies_of, "COUNTED", {"take_part.renamed": "comment"})
    with pytest.raises(UndeclaredRoute, match=r"take_part\.renamed"):
        create_app(instance)


def test_a_policy_is_either_an_action_or_public() -> None:
    with pytest.raises(ValueError, match="action"):
        policy()
    with pytest.raises(ValueError, match="action"):
        policy("read", public=True)


def test_a_refused_page_says_so_and_is_not_the_page(visitor: Visitor, put: int) -> None:
    response = visitor.get(f"/panel/amendments/{put}")
    assert response.status_code == 403
    assert "not open to you" in response.text
    assert "ballot" not in response.text


def test_the_mailbox_is_not_there_without_the_demo(visitor: Visitor) -> None:
    assert visitor.get("/demo/mailbox").status_code == 404
