"""Pages kept for visitors: the same page, never another's, never an old one."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask

from drafter.core.ids import ClauseId
from drafter.services import moderating
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance
from drafter.web import clauses, kept

from .visitor import CLAUSE, Visitor, send_comment

ADDRESS = f"/take-part/clause/{CLAUSE}"


@pytest.fixture
def gathered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Note each time that a clause's page is gathered, with a clock that stands still."""
    found: list[str] = []
    gather = clauses.clause_page

    def notice(clause_id: ClauseId, page: int = 1, *, with_comments: bool = True) -> object:
        found.extend([clause_id] if with_comments else [])
        return gather(clause_id, page, with_comments=with_comments)

    monkeypatch.setattr(clauses, "clause_page", notice)
    monkeypatch.setattr(kept, "LASTS", 10**9)
    return found


def test_each_visitor_has_a_token_of_their_own_that_works(
    app: Flask, instance: Instance, gathered: list[str]
) -> None:
    visitors = [Visitor(app.test_client()) for _ in range(2)]
    for visitor in visitors:
        visitor.get(ADDRESS)
    assert len(gathered) == 1
    for name in ("csrf_token", "form"):
        assert visitors[0].field(name) != visitors[1].field(name)
    for visitor in visitors:
        seen = visitor.field("seen")
        sent = visitor.send(ADDRESS, do="send", comment="Yes.", seen=seen, consent="yes")
        assert sent.status_code == 303


def test_whatever_changes_is_shown_at_once(
    visitor: Visitor, instance: Instance, gathered: list[str]
) -> None:
    number = send_comment(instance, CLAUSE, "A remark to be shown.").number
    assert "A remark to be shown." not in visitor.get(ADDRESS).text
    moderating.show(instance, CLERK_ACTOR, number)
    assert "A remark to be shown." in visitor.get(ADDRESS).text
    moderating.hold(instance, CLERK_ACTOR, number, "It names somebody.", reason="other")
    assert "A remark to be shown." not in visitor.get(ADDRESS).text
    assert len(gathered) == 3
    visitor.get(ADDRESS)
    assert len(gathered) == 3


def test_who_is_signed_in_is_neither_kept_nor_shown_to_others(
    signed_in: Callable[[Actor], Visitor], visitor: Visitor, gathered: list[str]
) -> None:
    seat = signed_in(Actor("seat", 1))
    assert "Sign out" in seat.get(ADDRESS).text
    assert "Sign out" not in visitor.get(ADDRESS).text
    assert "Sign out" in seat.get(ADDRESS).text
    assert len(gathered) == 3


def test_a_page_with_a_question_in_its_address_or_an_error_is_not_kept(
    visitor: Visitor, gathered: list[str]
) -> None:
    for _ in range(2):
        assert visitor.get(f"{ADDRESS}?x=1").status_code == 200
        assert visitor.get("/take-part/clause/c-000000").status_code == 404
    assert len(gathered) == 4
