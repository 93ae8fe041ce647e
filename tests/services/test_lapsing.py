"""What asks for nothing any more is found when main has moved, without reading all again."""

from __future__ import annotations

from typing import Any

import pytest

from drafter.core.errors import NotAllowed
from drafter.services import amending, lapsing
from drafter.services.authority import CLERK_ACTOR, PUBLIC, Actor
from drafter.services.deciding import decide, lapse_amendment
from drafter.services.instance import Instance
from tests.services.reports import REGISTER, SIXTEEN, admit, closed

YOUNGER = "Every citizen aged fifteen or over may vote in every election."
KEPT = "The register is kept by a public office and corrected every year."


def numbers(instance: Instance) -> list[int]:
    return [one.number for one in lapsing.lapsable(instance, CLERK_ACTOR)]


@pytest.fixture
def looked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The amendments that were merged to look at them."""
    seen: list[int] = []
    look = lapsing.may_lapse

    def noting(instance: Instance, amendment: Any, tip: str) -> bool:
        seen.append(amendment.number)
        return look(instance, amendment, tip)

    monkeypatch.setattr(lapsing, "may_lapse", noting)
    return seen


def test_what_another_decision_has_made_so_is_listed_until_it_is_closed(
    instance: Instance, looked: list[int]
) -> None:
    one, same = admit(instance, SIXTEEN, YOUNGER), admit(instance, SIXTEEN, YOUNGER)
    admit(instance, REGISTER, KEPT)
    assert numbers(instance) == []
    closed(instance, one)
    decide(instance, CLERK_ACTOR, one, "Yes.")
    assert amending.view_amendment(instance, same).state == "open"
    looked.clear()
    assert numbers(instance) == [same]
    assert looked == [same], "what has nothing to do with the change is not merged"
    assert numbers(instance) == [same]
    assert looked == [same], "what is known is not looked at again"
    lapse_amendment(instance, CLERK_ACTOR, same, "It is so already.")
    assert numbers(instance) == []


def test_what_asks_for_something_again_leaves_the_list(instance: Instance) -> None:
    one, same = admit(instance, SIXTEEN, YOUNGER), admit(instance, SIXTEEN, YOUNGER)
    closed(instance, one)
    decide(instance, CLERK_ACTOR, one, "Yes.")
    assert numbers(instance) == [same]
    other = admit(instance, SIXTEEN, "Whoever is old enough may vote in every election.")
    closed(instance, other)
    decide(instance, CLERK_ACTOR, other, "Better.")
    assert numbers(instance) == []


def test_a_page_looks_at_a_few_and_leaves_many_to_the_worker(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, looked: list[int]
) -> None:
    one, same = admit(instance, SIXTEEN, YOUNGER), admit(instance, SIXTEEN, YOUNGER)
    closed(instance, one)
    decide(instance, CLERK_ACTOR, one, "Yes.")
    monkeypatch.setattr(lapsing, "AT_ONCE", 0)
    assert numbers(instance) == []
    assert looked == []
    assert list(lapsing.look_for_lapsable(instance)) == [same]
    assert numbers(instance) == [same]


def test_it_is_the_clerks_list(instance: Instance) -> None:
    for actor in (PUBLIC, Actor("seat", 2)):
        with pytest.raises(NotAllowed):
            lapsing.lapsable(instance, actor)
