"""Motions that change no wording: adopting a chapter, opening a decision again."""

from __future__ import annotations

import pytest

from drafter.core.amendments import read_record
from drafter.core.blocks import split_front_matter
from drafter.core.errors import NotAllowed, NotFound, Refused
from drafter.core.frontmatter import read_front_matter
from drafter.services import amending, editing, moving
from drafter.services.authority import CLERK_ACTOR, PUBLIC, Actor
from drafter.services.deciding import (
    Decided,
    decide,
    lapse_amendment,
    withdraw_amendment,
    withdraw_for,
)
from drafter.services.instance import Instance
from drafter.services.verifying import verify
from tests.services.reports import DONE, SIXTEEN, admit, closed, vote
from tests.services.test_deciding import YOUNGER, state

BLANK = "drafts/blank.md"
SEAT = Actor("seat", 2)


def wording(instance: Instance) -> str:
    place = instance.report.locate(SIXTEEN)
    assert place is not None
    return place.clause.wording


def require_sound(instance: Instance) -> None:
    assert verify(instance.repository, instance.database).findings == ()


def decided(instance: Instance, number: int, choices: str = "fff--") -> Decided:
    closed(instance, number, choices)
    result = decide(instance, CLERK_ACTOR, number, "So the panel thinks.")
    assert isinstance(result, Decided)
    return result


def test_a_carried_adoption_ends_the_drafting_and_changes_the_phase_alone(
    instance: Instance,
) -> None:
    before = instance.report.chapter(BLANK)
    number = moving.move_adoption(instance, SEAT, BLANK)
    decided(instance, number)
    after = instance.report.chapter(BLANK)
    assert before is not None
    assert after is not None
    assert after.text == before.text.replace("drafting", "amending")
    record = read_record(instance.repository.read_text(instance.tip, "amendments/0001.md"))
    assert (record.instructions[0].verb, record.submitter) == ("adopt", "seat-02")
    assert moving.drafting_chapters(instance) == ()
    with pytest.raises(Refused, match="only a vote"):
        editing.edit(instance, SEAT, DONE, "Nothing will have to be done.")
    require_sound(instance)


def test_an_adoption_that_is_lost_leaves_the_chapter_drafting(instance: Instance) -> None:
    decided(instance, moving.move_adoption(instance, CLERK_ACTOR, BLANK), "aaf--")
    chapter = instance.report.chapter(BLANK)
    assert chapter is not None
    front = read_front_matter(split_front_matter(chapter.text)[0], BLANK)
    assert front == {"phase": "drafting"}
    require_sound(instance)


def test_an_edit_of_the_chapter_ends_the_vote_on_adopting_it(instance: Instance) -> None:
    number = moving.move_adoption(instance, SEAT, BLANK)
    vote(instance, number)
    editing.edit(instance, SEAT, DONE, "Nothing will have to be done.")
    assert state(instance, number) == "stale"
    assert amending.put(instance, CLERK_ACTOR, number).round == 2
    decided_ = amending.view_amendment(instance, number)
    assert decided_.motion is not None
    assert decided_.motion.voted == 0


def test_a_chapter_is_adopted_once_and_only_while_it_drafts(instance: Instance) -> None:
    number = moving.move_adoption(instance, SEAT, BLANK)
    with pytest.raises(Refused, match="already"):
        moving.move_adoption(instance, CLERK_ACTOR, BLANK)
    with pytest.raises(Refused, match="has ended"):
        moving.move_adoption(instance, SEAT, "drafts/values.md")
    with pytest.raises(NotFound):
        moving.move_adoption(instance, SEAT, "drafts/nowhere.md")
    with pytest.raises(NotAllowed):
        moving.move_adoption(instance, PUBLIC, BLANK)
    decided(instance, number)
    with pytest.raises(Refused, match="has ended"):
        moving.move_adoption(instance, SEAT, BLANK)


def test_what_a_carried_motion_rejected_earlier_can_be_asked_once_more(instance: Instance) -> None:
    old = admit(instance, SIXTEEN, YOUNGER, "Fifteen")
    decided(instance, old, "aaf--")
    motion = moving.move_reconsideration(instance, SEAT, old)
    with pytest.raises(Refused, match="no carried motion"):
        moving.open_again(instance, CLERK_ACTOR, motion)
    decided(instance, motion)
    new = moving.open_again(instance, CLERK_ACTOR, motion)
    record = amending.view_amendment(instance, new).record
    assert (record.reconsiders, record.by_motion, record.title) == (old, motion, "Fifteen")
    assert record.comments == (1,)
    with pytest.raises(Refused, match="already"):
        moving.open_again(instance, CLERK_ACTOR, motion)
    with pytest.raises(Refused, match="already"):
        moving.move_reconsideration(instance, SEAT, old)
    decided(instance, new)
    assert wording(instance) == YOUNGER
    require_sound(instance)


def test_what_was_accepted_earlier_can_be_taken_back(instance: Instance) -> None:
    before = wording(instance)
    old = admit(instance, SIXTEEN, YOUNGER, "Fifteen")
    decided(instance, old)
    motion = moving.move_reconsideration(instance, CLERK_ACTOR, old)
    decided(instance, motion)
    new = moving.open_again(instance, CLERK_ACTOR, motion)
    assert amending.view_amendment(instance, new).title == "Take back amendment 1: Fifteen"
    decided(instance, new)
    assert wording(instance) == before
    require_sound(instance)


def test_only_an_accepted_or_rejected_amendment_is_reconsidered(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    with pytest.raises(Refused, match="only a decision"):
        moving.move_reconsideration(instance, SEAT, number)
    withdraw_amendment(instance, CLERK_ACTOR, number, "Asked to.")
    with pytest.raises(Refused, match="only a decision"):
        moving.move_reconsideration(instance, SEAT, number)
    motion = moving.move_adoption(instance, SEAT, BLANK)
    decided(instance, motion)
    with pytest.raises(Refused, match="changed no words"):
        moving.move_reconsideration(instance, SEAT, motion)


def test_an_amendment_lapses_only_when_it_asks_for_nothing_any_more(instance: Instance) -> None:
    one, two = admit(instance, SIXTEEN, YOUNGER), admit(instance, SIXTEEN, YOUNGER)
    with pytest.raises(Refused, match="still asks"):
        lapse_amendment(instance, CLERK_ACTOR, two, "Why not.")
    vote(instance, two)
    closed(instance, one)
    predicted = amending.view_amendment(instance, one).consequences
    assert [(each.number, each.effect) for each in predicted] == [(two, "lapses")]
    decide(instance, CLERK_ACTOR, one, "Yes.")
    assert state(instance, two) == "stale"
    assert amending.view_amendment(instance, two).lapsable
    with pytest.raises(NotAllowed):
        lapse_amendment(instance, SEAT, two, "It is so.")
    assert lapse_amendment(instance, CLERK_ACTOR, two, "It is so already.").outcome == "lapsed"
    assert state(instance, two) == "lapsed"
    require_sound(instance)


def test_a_seat_withdraws_what_it_asked_for_and_nothing_else(instance: Instance) -> None:
    number = moving.move_adoption(instance, SEAT, BLANK)
    with pytest.raises(NotAllowed, match="Only the seat"):
        withdraw_amendment(instance, Actor("seat", 3), number, "No.")
    closed(instance, number)
    with pytest.raises(Refused, match="closed"):
        withdraw_amendment(instance, SEAT, number, "No.")


def test_a_second_adoption_is_said_to_lapse(instance: Instance) -> None:
    first = moving.move_adoption(instance, SEAT, BLANK)
    decided(instance, first, "aaf--")
    second = moving.move_adoption(instance, SEAT, BLANK)
    change = admit(instance, DONE, "Nothing will have to be done.")
    predicted = amending.view_amendment(instance, change).consequences
    assert [(each.number, each.effect) for each in predicted] == [(second, "merges")]
    assert amending.view_amendment(instance, second).consequences[0].effect == "unchanged"


def test_whoever_asked_withdraws_by_the_receipt_and_what_they_type_is_not_in_the_record(
    instance: Instance,
) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    submitter = amending.view_amendment(instance, number).record.submitter
    with pytest.raises(NotAllowed):
        withdraw_for(instance, "p-somebody-else", number)
    assert withdraw_for(instance, submitter, number).outcome == "withdrawn"
    record = amending.view_amendment(instance, number).record
    assert record.decision is not None
    assert record.decision.closed_by == submitter
    assert record.decision.reason == "Withdrawn by whoever asked for it."
    require_sound(instance)
