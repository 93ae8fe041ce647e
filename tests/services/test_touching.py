"""Consequences asked of those concerned alone are the consequences asked of all."""

from __future__ import annotations

import pytest

from drafter.core.consequences import Consequence, consequences
from drafter.people.touches import save_touches, touching, undecided, unnamed
from drafter.services import amending, foreseeing
from drafter.services import touching as services
from drafter.services.amending import view_amendment
from drafter.services.authority import CLERK_ACTOR
from drafter.services.deciding import decide
from drafter.services.instance import Instance
from drafter.services.proposals import proposal_at
from tests.services.reports import PEOPLE, REGISTER, SIXTEEN, admit, closed


def asked_of_all(instance: Instance, number: int) -> tuple[Consequence, ...]:
    everybody = {
        each.number: proposal_at(instance.repository, each.number, each.branch_tip or "")
        for each in amending.list_amendments(instance, ("open", "put", "stale"))
    }
    others = [proposal for other, proposal in everybody.items() if other != number]
    return consequences(instance.report, everybody[number], others)


def make_some(instance: Instance) -> None:
    admit(instance, SIXTEEN, "Every citizen aged fifteen or over may vote in every election.")
    admit(instance, SIXTEEN, "Every citizen aged sixteen or over may vote in every election held.")
    admit(instance, SIXTEEN, "Every citizen aged fourteen or over may vote in every election.")
    admit(instance, REGISTER, "The register is kept by an independent office.")
    admit(instance, PEOPLE, "Power belongs to all the people who live here.")


def test_they_are_the_same_before_and_after_a_decision(instance: Instance) -> None:
    make_some(instance)
    for number in range(1, 6):
        assert view_amendment(instance, number).consequences == asked_of_all(instance, number)
    effects = [each.effect for each in view_amendment(instance, 1).consequences]
    assert effects == ["merges", "competes", "unchanged", "unchanged"]
    closed(instance, 2)
    decide(instance, CLERK_ACTOR, 2, "Better.")
    for number in (1, 3, 4, 5):
        assert view_amendment(instance, number).consequences == asked_of_all(instance, number)


def test_only_those_that_name_the_same_are_read(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_some(instance)
    read = []

    def notice(repository: object, number: int, tip: str) -> object:
        read.append(number)
        return proposal_at(repository, number, tip)  # type: ignore[arg-type]

    monkeypatch.setattr(foreseeing, "proposal_at", notice)
    assert len(view_amendment(instance, 1).consequences) == 4
    assert read == [2, 3]


def test_what_is_kept_of_older_words_is_not_believed(instance: Instance) -> None:
    make_some(instance)
    with instance.database.writing() as session:
        save_touches(session, 3, "f" * 40, {"c-else00": True})
    with instance.database.reading() as session:
        assert [number for number, _ in unnamed(session)] == [3]
        assert [number for number, _ in touching(session, [SIXTEEN])] == [1, 2]
        assert touching(session, []) == touching(session, ["c-else00"]) == ()
    assert view_amendment(instance, 1).consequences == asked_of_all(instance, 1)
    assert services.fill_names(instance) == 1
    assert services.fill_names(instance) == 0
    with instance.database.reading() as session:
        many = [f"c-{n:06d}" for n in range(1200)] + [SIXTEEN]
        assert [number for number, _ in touching(session, many)] == [1, 2, 3]


def test_a_decided_amendment_is_left_out(instance: Instance) -> None:
    make_some(instance)
    closed(instance, 1)
    decide(instance, CLERK_ACTOR, 1, "Better.")
    with instance.database.reading() as session:
        assert undecided(session) == (2, 3, 4, 5)
        assert [number for number, _ in touching(session, [SIXTEEN])] == [2, 3]
