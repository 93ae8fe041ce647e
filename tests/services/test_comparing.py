"""The working draft beside the last version: the present text, worked out once, never adopted."""

from __future__ import annotations

import pytest

from drafter.core.ids import ClauseId
from drafter.services import comparing, editing, publishing
from drafter.services.authority import CLERK_ACTOR, PUBLIC, Actor
from drafter.services.instance import Instance

SEAT = Actor("seat", 1)
DONE = ClauseId("c-d0ne00")


def shown(instance: Instance) -> str:
    found = comparing.draft_changes(instance, actor=PUBLIC)
    assert found is not None
    assert found.since.name == "v1"
    return found.html


def test_before_the_first_version_there_is_nothing_to_compare(instance: Instance) -> None:
    assert comparing.draft_changes(instance, actor=PUBLIC) is None


def test_each_state_of_the_draft_is_compared_once(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    publishing.publish(instance, CLERK_ACTOR, pages=False)
    compared: list[str] = []
    write = comparing.draft_html

    def noted(repository: object, tip: str, last: object) -> str:
        compared.append(tip)
        return write(repository, tip, last)  # type: ignore[arg-type]

    monkeypatch.setattr(comparing, "draft_html", noted)
    assert "No word changed." in shown(instance)
    editing.edit(instance, SEAT, DONE, "Something must be done.")
    new = editing.insert(instance, SEAT, "And soon.", path="drafts/blank.md", after=DONE).clause
    page = shown(instance)
    assert shown(instance) == page
    assert compared == [compared[0], instance.tip]
    assert "One clause was reworded and one was added." in page
    assert "Drafting edit: this chapter was not yet adopted." in page
    assert f'<a href="/take-part/clause/{DONE}">' in page
    assert f'<a href="/c/{DONE}/">History</a>' in page
    assert f'href="/v1/blank/#{DONE}">In version 1</a>' in page
    assert f'href="/take-part/clause/{new}"' in page
    assert f"/c/{new}/" not in page  # the site knows nothing of it before the next version


def test_an_amendment_that_is_decided_since_the_version_is_named_with_its_vote(
    kept: Instance,
) -> None:
    found = comparing.draft_changes(kept, actor=PUBLIC)
    assert found is not None
    assert found.since.name == "v3"
    said = '<a href="/take-part/amendments/25">Amendment 25</a>, accepted 14 to 3'
    assert said in found.html
    assert "Amendment 24" not in found.html
