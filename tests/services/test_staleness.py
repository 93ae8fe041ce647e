"""A running vote whose words move ends at once, whatever moved them, and is put again."""

from __future__ import annotations

import pytest

from drafter.core.errors import Conflict, Refused
from drafter.people.ballots import ballots_of
from drafter.services import amending, editing, refreshing, voting
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.deciding import decide
from drafter.services.instance import Instance
from drafter.services.refreshing import refresh
from tests.services.reports import DONE, REGISTER, SIXTEEN, admit, closed, vote
from tests.services.test_deciding import state

PUBLIC_OFFICE = "The register is kept by a public office and corrected every year."
MONTHLY = "The register is kept by an independent office and corrected every month."


def test_a_decision_sets_aside_every_running_vote_that_it_changes(instance: Instance) -> None:
    first, second = admit(instance, REGISTER, PUBLIC_OFFICE), admit(instance, REGISTER, MONTHLY)
    other = admit(instance, SIXTEEN, "Everyone may vote.")
    for number in (second, other):
        vote(instance, number)
    closed(instance, first)
    predicted = amending.view_amendment(instance, first).consequences
    assert {(each.number, each.effect) for each in predicted} == {
        (second, "merges"),
        (other, "unchanged"),
    }
    decide(instance, CLERK_ACTOR, first, "Clearer.")
    assert state(instance, second) == "stale"
    assert state(instance, other) == "put"


def test_an_edit_of_formatting_alone_leaves_a_vote_alone(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    vote(instance, number)
    editing.edit(instance, Actor("seat", 1), DONE, "Nothing has to be done.")
    assert state(instance, number) == "put"


def test_a_ballot_or_a_closing_on_moved_words_is_refused_and_asks_to_read_again(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = admit(instance, REGISTER, PUBLIC_OFFICE), admit(instance, REGISTER, MONTHLY)
    closed(instance, first)
    motion = amending.put(instance, CLERK_ACTOR, second)
    for seat in (1, 2, 3):
        voting.cast(instance, Actor("seat", seat), second, "for", motion.ballot_hash)
    with monkeypatch.context() as crash:  # main moves, and nobody looks afterwards
        crash.setattr("drafter.services.deciding.refresh", lambda instance: ())
        decide(instance, CLERK_ACTOR, first, "Clearer.")
    assert state(instance, second) == "put"
    with pytest.raises(Conflict, match="asked again"):
        voting.cast(instance, Actor("seat", 4), second, "for", motion.ballot_hash)
    assert state(instance, second) == "stale"
    with pytest.raises(Conflict, match="Put it again"):
        voting.close(instance, CLERK_ACTOR, second)


def changed_since(instance: Instance, number: int) -> list[tuple[str, str]]:
    view = amending.view_amendment(instance, number)
    return [piece for change in view.since for piece in change.words or () if piece[0] != "="]


def test_putting_a_stale_amendment_begins_the_next_round_and_keeps_the_old_ballots(
    instance: Instance,
) -> None:
    first, second = admit(instance, REGISTER, PUBLIC_OFFICE), admit(instance, REGISTER, MONTHLY)
    vote(instance, second, "ffa--")
    closed(instance, first)
    decide(instance, CLERK_ACTOR, first, "Clearer.")
    changed = [("-", "an independent"), ("+", "a public")]
    assert changed_since(instance, second) == changed
    motion = amending.put(instance, CLERK_ACTOR, second)
    assert motion.round == 2
    assert changed_since(instance, second) == changed, "members are asked anew, and see why"
    with instance.database.reading() as session:
        assert len(ballots_of(session, second, 1)) == 3
        assert ballots_of(session, second, 2) == ()


def test_only_votes_on_what_changed_are_compared(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    vote(instance, admit(instance, SIXTEEN, "Everyone may vote."))
    same = admit(instance, REGISTER, PUBLIC_OFFICE)
    vote(instance, same)
    closed(instance, admit(instance, REGISTER, MONTHLY))
    compared = []
    monkeypatch.setattr(
        refreshing, "has_moved", lambda i, motion, *_: compared.append(motion.amendment)
    )
    editing.edit(instance, Actor("seat", 1), DONE, "Nothing has to be done.")
    assert compared == []
    decide(instance, CLERK_ACTOR, 3, "Yes.")
    assert compared == [same]
    assert refresh(instance) == ()
    assert compared == [same]


def test_a_new_process_finds_what_an_old_one_left(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = admit(instance, REGISTER, PUBLIC_OFFICE), admit(instance, REGISTER, MONTHLY)
    vote(instance, second)
    closed(instance, first)
    with monkeypatch.context() as crash:
        crash.setattr("drafter.services.deciding.refresh", lambda instance: ())
        decide(instance, CLERK_ACTOR, first, "Clearer.")
    assert state(instance, second) == "put"
    Instance.open(instance.path).close()
    assert state(instance, second) == "stale"


def test_a_decision_that_is_being_written_is_not_set_aside(instance: Instance) -> None:
    """Main moves before the decision is applied; who votes elsewhere in between sees it so."""
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    closed(instance, number)
    seen = []
    plain = instance.fault
    instance.fault = lambda step: seen.append(refresh(instance)) if step == "decide 5" else None
    decide(instance, CLERK_ACTOR, number, "Yes.")
    instance.fault = plain
    assert seen == [()]
    assert state(instance, number) == "accepted"


def test_a_stale_amendment_is_not_decided_by_its_old_ballots(instance: Instance) -> None:
    first, second = admit(instance, REGISTER, PUBLIC_OFFICE), admit(instance, REGISTER, MONTHLY)
    closed(instance, second)
    closed(instance, first)
    decide(instance, CLERK_ACTOR, first, "Clearer.")
    with pytest.raises(Refused):
        amending.reopen(instance, CLERK_ACTOR, first)
    assert amending.reopen(instance, CLERK_ACTOR, second) == 2
    with pytest.raises(Refused, match="not put"):
        decide(instance, CLERK_ACTOR, second, "Yes.")
