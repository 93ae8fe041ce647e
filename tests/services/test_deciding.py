from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
from sqlalchemy import Connection

from drafter.core.amendments import Amendment, read_record
from drafter.core.errors import BadInput, Conflict, NotAllowed, NotFound, Refused
from drafter.people import decisions as rows
from drafter.people.amendments import find_amendment
from drafter.people.database import Database
from drafter.people.decisions import Decision, applied_decisions, unapplied_decisions
from drafter.people.motions import close_motion
from drafter.services import admitting, amending, mailing, serving
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.deciding import Decided, Stale, decide, withdraw_amendment
from drafter.services.instance import Instance
from drafter.services.mailing import write_outbox
from drafter.services.proposals import record_at
from drafter.store.repository import Repository
from tests.services.reports import (
    PEOPLE,
    REGISTER,
    SIXTEEN,
    admit,
    closed,
    suggest,
    vote,
)
from tests.store.power import Power

YOUNGER = "Every citizen aged fifteen or over may vote in every election."


def state(instance: Instance, number: int) -> str:
    with instance.database.reading() as session:
        found = find_amendment(session, number)
    assert found is not None
    return found.state


def test_a_carried_motion_brings_its_words_into_the_draft_with_its_record(
    instance: Instance,
) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number, "fffab")
    before = instance.tip
    result = decide(instance, CLERK_ACTOR, number, "Fifteen-year-olds work.")
    assert isinstance(result, Decided)
    assert result.outcome == "accepted"
    place = instance.report.locate(SIXTEEN)
    assert place is not None
    assert place.clause.wording == YOUNGER
    branch = instance.repository.tip("amendments/0001")
    assert instance.repository.commit(instance.tip).parents == (before, branch)
    record = read_record(instance.repository.read_text(instance.tip, "amendments/0001.md"))
    assert record.status == "accepted"
    assert record.findings() == ()
    assert record.decision is not None
    assert record.decision.count is not None
    votes = dict(record.decision.count.roll_call.votes)
    assert votes["seat-04"] == "against"
    assert state(instance, number) == "accepted"


def test_a_lost_motion_leaves_the_words_and_its_record_on_main(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number, "faa--")
    report = instance.report
    result = decide(instance, CLERK_ACTOR, number, "Sixteen is enough.")
    assert isinstance(result, Decided)
    assert result.outcome == "rejected"
    assert [c.text for c in instance.report.chapters] == [c.text for c in report.chapters]
    assert len(instance.repository.commit(instance.tip).parents) == 1
    record = read_record(instance.repository.read_text(instance.tip, "amendments/0001.md"))
    assert record.decision is not None
    assert record.decision.reason == "Sixteen is enough."


def test_a_tie_fails(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number, "ffaab")
    result = decide(instance, CLERK_ACTOR, number, "A tie.")
    assert isinstance(result, Decided)
    assert result.outcome == "rejected"


def test_a_vote_that_is_not_closed_is_not_decided(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    vote(instance, number)
    with pytest.raises(Refused, match="not closed"):
        decide(instance, CLERK_ACTOR, number, "Because.")


def test_a_vote_without_a_quorum_is_neither_closed_nor_decided(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    vote(instance, number, "ff---")
    with instance.database.writing() as session:
        close_motion(session, number, 1, "clerk", instance.clock())
    tip = instance.tip
    with pytest.raises(Refused, match=r"There is no decision\. No quorum"):
        decide(instance, CLERK_ACTOR, number, "Because.")
    assert instance.tip == tip
    assert amending.reopen(instance, CLERK_ACTOR, number) == 2
    assert state(instance, number) == "open"


def test_a_decision_needs_a_reason(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number)
    tip = instance.tip
    with pytest.raises(BadInput, match="reason"):
        decide(instance, CLERK_ACTOR, number, " \n")
    assert instance.tip == tip


def test_a_motion_whose_words_have_changed_goes_stale_and_nothing_else_happens(
    instance: Instance,
) -> None:
    first = admit(
        instance, REGISTER, "The register is kept by a public office and corrected every year."
    )
    second = admit(
        instance,
        REGISTER,
        "The register is kept by an independent office and corrected every month.",
    )
    closed(instance, first)
    closed(instance, second)
    decide(instance, CLERK_ACTOR, first, "Clearer.")
    tip = instance.tip
    result = decide(instance, CLERK_ACTOR, second, "More often.")
    assert isinstance(result, Stale)
    assert instance.tip == tip
    assert state(instance, second) == "stale"
    with instance.database.reading() as session:
        assert [row.amendment for row in applied_decisions(session)] == [first]
    assert amending.reopen(instance, CLERK_ACTOR, second) == 2
    closed(instance, second)
    again = decide(instance, CLERK_ACTOR, second, "More often.")
    assert isinstance(again, Decided)
    place = instance.report.locate(REGISTER)
    assert place is not None
    assert place.clause.wording.startswith("The register is kept by a public office")
    assert place.clause.wording.endswith("every month.")


def test_a_decision_elsewhere_does_not_touch_a_running_vote(instance: Instance) -> None:
    one, two = admit(instance, SIXTEEN, YOUNGER), admit(instance, PEOPLE, "Power is ours.")
    closed(instance, one)
    closed(instance, two)
    assert isinstance(decide(instance, CLERK_ACTOR, one, "Yes."), Decided)
    assert isinstance(decide(instance, CLERK_ACTOR, two, "Yes."), Decided)


def test_a_decided_amendment_is_not_decided_again(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number)
    decide(instance, CLERK_ACTOR, number, "Yes.")
    with pytest.raises(Refused):
        decide(instance, CLERK_ACTOR, number, "Yes.")
    with pytest.raises(Refused):
        withdraw_amendment(instance, CLERK_ACTOR, number, "No.")


def test_a_withdrawn_amendment_is_recorded_without_a_vote(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    assert withdraw_amendment(instance, CLERK_ACTOR, number, "Asked to.").outcome == "withdrawn"
    record = read_record(instance.repository.read_text(instance.tip, "amendments/0001.md"))
    assert record.status == "withdrawn"
    assert state(instance, number) == "withdrawn"


def watch(instance: Instance, step: str, look: Callable[[], None]) -> list[str]:
    """Call `look` when a decision comes to a step."""
    seen: list[str] = []

    def fault(name: str) -> None:
        if name == step:
            look()
            seen.append(name)

    instance.fault = fault
    return seen


def unapplied(instance: Instance) -> tuple[Decision, ...]:
    with instance.database.reading() as session:
        return unapplied_decisions(session)


def test_the_commit_is_on_the_disk_before_the_row_counts_and_the_row_before_main_moves(
    instance: Instance,
) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number, "fffab")
    before = instance.tip
    written: list[str] = []

    def main_commits() -> set[str]:
        objects = instance.repository.folder / "objects"
        return {f"{path.parent.name}{path.name}" for path in objects.glob("[0-9a-f][0-9a-f]/*")}

    known = main_commits()

    def before_the_row() -> None:
        assert unapplied(instance) == ()
        other = Repository.open(instance.repository.folder)
        for new in main_commits() - known:
            with suppress(NotFound):
                written.append(other.commit(new).id)

    seen = watch(instance, "decide 3", before_the_row)
    result = decide(instance, CLERK_ACTOR, number, "Better.")
    assert isinstance(result, Decided)
    assert seen == ["decide 3"]
    assert written == [result.commit]
    assert instance.repository.commit(result.commit).parents[0] == before


def test_main_has_not_moved_when_the_row_counts(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number, "fffab")
    before = instance.tip

    def before_main_moves() -> None:
        assert [row.expected_tip for row in unapplied(instance)] == [before]
        assert instance.tip == before

    assert watch(instance, "decide 4", before_main_moves) == []
    decide(instance, CLERK_ACTOR, number, "Better.")
    assert unapplied(instance) == ()
    assert instance.tip != before


def test_what_a_decision_waits_for_comes_in_this_order(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Objects, row and main are safe before it is acknowledged; the mark step 0 can set again."""
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number, "fffab")
    power = Power(instance.repository.folder, monkeypatch)
    noting = Database.noting

    @contextmanager
    def watched(self: Database, *, waits: bool = True) -> Iterator[Connection]:
        with noting(self, waits=waits) as connection:
            yield connection
        power.calls.append(("noted", "waited for" if waits else "not waited for"))

    monkeypatch.setattr(Database, "noting", watched)
    decide(instance, CLERK_ACTOR, number, "Better.")
    assert [call for call in power.calls if not call[1].startswith("objects/")] == [
        ("sync", "drafter-journal"),
        ("noted", "waited for"),
        ("sync", "refs/heads/main.lock"),
        ("rename", "refs/heads/main"),
        ("sync", "refs/heads"),
        ("noted", "not waited for"),
    ]
    row = power.calls.index(("noted", "waited for"))
    objects = [at for at, call in enumerate(power.calls) if call[1].startswith("objects/")]
    assert min(objects) > 0
    assert max(objects) < row


@pytest.mark.parametrize("refused", ["pwrite", "fsync"])
def test_a_disk_that_refuses_the_commit_leaves_no_decision_and_it_can_be_taken_again(
    instance: Instance, monkeypatch: pytest.MonkeyPatch, refused: str
) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number, "fffab")
    before = instance.tip

    def refuse(*arguments: object) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as patch:
        patch.setattr(os, refused, refuse)
        with pytest.raises(OSError, match="could not be saved"):
            decide(instance, CLERK_ACTOR, number, "Better.")
    assert instance.tip == before
    assert unapplied(instance) == ()
    assert state(instance, number) == "put"
    assert isinstance(decide(instance, CLERK_ACTOR, number, "Better."), Decided)


def test_what_forbids_the_row_leaves_main_where_it_is(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number, "fffab")
    before = instance.tip

    def conflict(*arguments: object) -> None:
        raise Conflict("Decided meanwhile.")

    with monkeypatch.context() as patch:
        patch.setattr(rows, "record_decision", conflict)
        with pytest.raises(Conflict):
            decide(instance, CLERK_ACTOR, number, "Better.")
    assert instance.tip == before
    assert unapplied(instance) == ()
    assert isinstance(decide(instance, CLERK_ACTOR, number, "Better."), Decided)


def test_those_who_can_be_reached_are_told_once_by_whoever_delivers_next(
    instance: Instance,
) -> None:
    asked = suggest(instance, SIXTEEN, YOUNGER, "ada@example.org")
    number = admitting.admit(instance, CLERK_ACTOR, [asked], "Fifteen")
    closed(instance, number, "fffab")
    decide(instance, CLERK_ACTOR, number, "Better.")
    assert not told(instance)
    write_outbox(instance)
    [mail] = told(instance)
    assert b"To: ada@example.org" in mail
    write_outbox(instance)
    assert told(instance) == [mail]


def test_git_is_read_before_the_transaction_that_tells_of_a_decision(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = admit(instance, SIXTEEN, YOUNGER)
    closed(instance, number, "fffab")
    decide(instance, CLERK_ACTOR, number, "Better.")
    read = []

    def while_others_write(*arguments: Any) -> Amendment:
        with instance.database.writing():
            read.append(number)
        return record_at(*arguments)

    monkeypatch.setattr(mailing, "record_at", while_others_write)
    mailing.tell_of_decisions(instance)
    assert read == [number]


def test_what_nobody_was_told_of_is_told_by_the_worker_of_the_next_start(
    instance: Instance,
) -> None:
    asked = suggest(instance, SIXTEEN, YOUNGER, "ada@example.org")
    number = admitting.admit(instance, CLERK_ACTOR, [asked], "Fifteen")
    closed(instance, number, "fffab")

    def die(step: str) -> None:
        if step == "decided":
            raise KeyboardInterrupt

    instance.fault = die
    with pytest.raises(KeyboardInterrupt):
        decide(instance, CLERK_ACTOR, number, "Better.")
    again = Instance.open(instance.path)
    assert not told(again)
    assert serving.work(again, "worker")
    assert len(told(again)) == 1
    again.close()


def told(instance: Instance) -> list[bytes]:
    mails = (path.read_bytes() for path in instance.outbox.glob("*.eml"))
    return [mail for mail in mails if b"is accepted" in mail]


def test_a_seat_withdraws_only_what_is_its_own(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Every citizen aged twelve or over may vote.")
    with pytest.raises(NotAllowed):
        withdraw_amendment(instance, Actor("seat", 1), number, "It is not ours.")
    assert state(instance, number) == "open"
