"""Who may come through which route: every role, every route, every method, from the url map."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from werkzeug.routing import Rule

from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.web.policy import UndeclaredRoute, policies, policy, require_policies

from .visitor import CLAUSE, Visitor

SEAT, CLERK = frozenset({"seat"}), frozenset({"clerk"})
ALL = frozenset({"public", "seat", "clerk"})
PANEL = frozenset({"seat", "clerk"})

WHO = {
    "static": ALL,
    "face.static": ALL,
    "health.healthz": ALL,
    "site.front": ALL,
    "site.published": ALL,
    "sign_in.ask": ALL,
    "sign_in.redeem": ALL,
    "sign_in.leave": ALL,
    "take_part.open_clauses": ALL,
    "take_part.clause": ALL,
    "take_part.send": ALL,
    "take_part.comment": ALL,
    "take_part.amendment": ALL,
    "take_part.receipt": ALL,
    "take_part.withdraw": ALL,
    "take_part.ask_to_confirm": ALL,
    "take_part.confirm": ALL,
    "panel.desk": SEAT,
    "panel.amendment": SEAT,
    "panel.vote": SEAT,
    "clerk.desk": CLERK,
    "clerk.comment": CLERK,
    "clerk.show": CLERK,
    "clerk.hold": CLERK,
    "clerk.admit": CLERK,
    "clerk.amendment": CLERK,
    "clerk.put": CLERK,
    "clerk.close": CLERK,
    "clerk.reopen": CLERK,
    "clerk.decide": CLERK,
    "clerk.publication": CLERK,
    "clerk.publish": CLERK,
    "clerk.progress": CLERK,
    "competing.page": ALL,
    "text.chapters": PANEL,
    "text.chapter": PANEL,
    "text.form": PANEL,
    "text.send": PANEL,
    "drafts.mine": PANEL,
    "drafts.one": PANEL,
    "drafts.save": PANEL,
    "drafts.undo": PANEL,
    "drafts.refresh": PANEL,
    "drafts.take_back": PANEL,
    "drafts.discard": PANEL,
    "drafts.redraft": PANEL,
    "drafts.withdraw": PANEL,
    "drafts.combine": PANEL,
    "combining.page": PANEL,
    "combining.keep": PANEL,
    "clerk.proposal": CLERK,
    "clerk.take_up": CLERK,
    "clerk.give_back": CLERK,
    "clerk.from_comments": CLERK,
    "clerk.begin": CLERK,
}
"""Written down a second time on purpose: a change of a policy must be meant twice."""

VALUES = {"clause_id": CLAUSE, "number": 1, "token": "t", "name": "x", "filename": "x"}
VALUES |= {"id": 99, "what": "reword"}


def requests(app: Flask) -> Iterator[tuple[str, str, str]]:
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"OPTIONS"}):
            yield rule.endpoint, method, address(app, rule)


def address(app: Flask, rule: Rule) -> str:
    adapter = app.url_map.bind("localhost")
    return adapter.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments})


def ask(visitor: Visitor, method: str, where: str) -> int:
    visitor.get("/take-part/clause/" + CLAUSE)
    if method == "POST":
        return visitor.send(where).status_code
    return visitor.client.open(where, method=method).status_code


def test_the_table_names_every_route_and_no_other(app: Flask) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(WHO)
    assert set(policies(app)) == set(WHO)


@pytest.mark.parametrize("role", ["public", "seat", "clerk"])
def test_each_role_gets_through_exactly_its_own_routes(
    app: Flask,
    visitor: Visitor,
    signed_in: Callable[[Actor], Visitor],
    put: int,
    role: str,
) -> None:
    actors = {"seat": Actor("seat", 2), "clerk": CLERK_ACTOR}
    wrong = []
    for endpoint, method, where in requests(app):
        who = signed_in(actors[role]) if role in actors else visitor
        refused = ask(who, method, where) == 403
        if refused == (role in WHO[endpoint]):
            wrong.append((role, method, where, refused))
    assert wrong == []


def test_a_route_without_a_policy_stops_the_start(app: Flask) -> None:
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/open", "open", lambda: "open")
    with pytest.raises(UndeclaredRoute, match="open"):
        require_policies(bare, {})


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
