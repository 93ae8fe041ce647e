"""Amendments put together: one ballot for each, decided one by one, and taken out on request."""

from __future__ import annotations

import pytest

from drafter.core.errors import BadInput, Conflict, Refused
from drafter.people.ballots import ballots_of
from drafter.services import amending, batching, voting
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.deciding import Decided, Stale, decide
from drafter.services.instance import Instance
from drafter.services.verifying import verify
from tests.services.reports import PEOPLE, REGISTER, SIXTEEN, admit, closed
from tests.services.test_deciding import YOUNGER, state

SEAT = Actor("seat", 1)
PUBLIC_OFFICE = "The register is kept by a public office and corrected every year."


def three(instance: Instance) -> tuple[int, int, int]:
    return (
        admit(instance, SIXTEEN, YOUNGER, "Fifteen"),
        admit(instance, REGISTER, PUBLIC_OFFICE, "A public office"),
        admit(instance, PEOPLE, "Power is ours.", "Shorter"),
    )


def together(instance: Instance, numbers: tuple[int, ...], choices: str = "fff") -> int:
    batch = batching.put_together(instance, CLERK_ACTOR, numbers).number
    for seat, letter in enumerate(choices, 1):
        choice: voting.Choice = "for" if letter == "f" else "against"
        digest = batching.view_batch(instance, batch).digest
        batching.cast_together(instance, Actor("seat", seat), batch, choice, digest)
    return batch


def test_one_ballot_counts_for_each_and_each_is_decided_by_itself(instance: Instance) -> None:
    numbers = three(instance)
    assert batching.uncontested(instance) == numbers
    batch = together(instance, numbers)
    batching.close_together(instance, CLERK_ACTOR, batch)
    results = batching.decide_together(instance, CLERK_ACTOR, batch, "Nobody minded.")
    assert [type(each) for each in results] == [Decided] * 3
    assert [state(instance, number) for number in numbers] == ["accepted"] * 3
    kinds = [commit.kind for commit in instance.repository.commits(instance.tip)]
    assert kinds.count("decision") == 3
    records = [amending.view_amendment(instance, number).record for number in numbers]
    assert {r.decision.count.question for r in records if r.decision and r.decision.count} == {
        "Shall these three amendments be made?"
    }
    assert verify(instance.repository, instance.database).findings == ()
    with pytest.raises(Refused, match="All that was put together"):
        batching.decide_together(instance, CLERK_ACTOR, batch, "Again.")


def test_only_uncontested_amendments_are_put_together(instance: Instance) -> None:
    one, two, three_ = three(instance)
    rival = admit(instance, REGISTER, "The register is kept by a learned office.")
    for numbers in ((one, two), (two, rival)):
        with pytest.raises(Refused, match="same words"):
            batching.put_together(instance, CLERK_ACTOR, numbers)
    assert batching.uncontested(instance) == (one, three_)
    with pytest.raises(BadInput):
        batching.put_together(instance, CLERK_ACTOR, (one,))
    assert [state(instance, number) for number in (one, two, rival)] == ["open"] * 3


def test_one_that_cannot_be_put_keeps_all_from_being_put(instance: Instance) -> None:
    one, two, _ = three(instance)
    closed(instance, one)
    with pytest.raises(Refused):
        batching.put_together(instance, CLERK_ACTOR, (one, two))
    assert state(instance, two) == "open"


def test_a_seat_has_one_taken_out_and_it_is_voted_on_anew(instance: Instance) -> None:
    one, two, three_ = three(instance)
    batch = together(instance, (one, two, three_))
    digest = batching.view_batch(instance, batch).digest
    with pytest.raises(Refused, match="together"):
        voting.close(instance, CLERK_ACTOR, two)
    motion = batching.take_out(instance, SEAT, two)
    assert (motion.round, motion.batch) == (2, None)
    assert motion.question == "Shall amendment 2, A public office, be made?"
    with instance.database.reading() as session:
        assert len(ballots_of(session, two, 1)) == 3
        assert ballots_of(session, two, 2) == ()
    with pytest.raises(Conflict, match="changed"):
        batching.cast_together(instance, SEAT, batch, "for", digest)
    with pytest.raises(Refused, match="not being voted on together"):
        batching.take_out(instance, SEAT, two)
    batching.close_together(instance, CLERK_ACTOR, batch)
    batching.decide_together(instance, CLERK_ACTOR, batch, "Nobody minded.")
    assert [state(instance, n) for n in (one, two, three_)] == ["accepted", "put", "accepted"]
    with pytest.raises(Refused):
        batching.take_out(instance, SEAT, one)


def test_all_are_closed_or_none(instance: Instance) -> None:
    numbers = three(instance)
    batch = together(instance, numbers, "ff")
    hash_ = amending.view_amendment(instance, numbers[0]).motion
    assert hash_ is not None
    voting.cast(instance, Actor("seat", 3), numbers[0], "for", hash_.motion.ballot_hash)
    with pytest.raises(Refused, match="quorum"):
        batching.close_together(instance, CLERK_ACTOR, batch)
    view = amending.view_amendment(instance, numbers[0])
    assert view.motion is not None
    assert view.motion.motion.state == "open"


def test_a_batch_decided_in_part_is_finished_by_the_same_call(instance: Instance) -> None:
    numbers = three(instance)
    batch = together(instance, numbers)
    batching.close_together(instance, CLERK_ACTOR, batch)
    steps: list[str] = []

    def stop(step: str) -> None:
        steps.append(step)
        if steps.count("decide 4") == 2 and step == "decide 4":
            raise KeyboardInterrupt

    instance.fault = stop
    with pytest.raises(KeyboardInterrupt):
        batching.decide_together(instance, CLERK_ACTOR, batch, "Nobody minded.")
    instance.fault = lambda step: None
    assert [state(instance, n) for n in numbers] == ["accepted", "put", "put"]
    again = Instance.open(instance.path)
    assert [state(again, n) for n in numbers] == ["accepted", "accepted", "put"]
    [left] = batching.decide_together(again, CLERK_ACTOR, batch, "Nobody minded.")
    assert isinstance(left, Decided)
    assert verify(again.repository, again.database).findings == ()
    again.close()


def test_one_whose_words_move_falls_out_and_the_others_go_on(instance: Instance) -> None:
    one, two, three_ = three(instance)
    batch = together(instance, (one, three_))
    rival = admit(instance, SIXTEEN, "Every citizen aged sixteen or over may vote in elections.")
    closed(instance, rival)
    decide(instance, CLERK_ACTOR, rival, "Shorter.")
    assert state(instance, one) == "stale"
    batching.close_together(instance, CLERK_ACTOR, batch)
    results = batching.decide_together(instance, CLERK_ACTOR, batch, "Nobody minded.")
    assert [(r.number, type(r)) for r in results] == [(three_, Decided)]
    assert not any(isinstance(result, Stale) for result in results)
    assert state(instance, two) == "open"


def test_a_seat_recused_from_one_votes_on_the_others(instance: Instance) -> None:
    numbers = three(instance)
    batch = together(instance, numbers, "ff")
    motion = amending.view_amendment(instance, numbers[1]).motion
    assert motion is not None
    three_ = Actor("seat", 3)
    hash_ = motion.motion.ballot_hash
    voting.cast(instance, three_, numbers[1], "recused", hash_, interest="I keep a register.")
    digest = batching.view_batch(instance, batch).digest
    assert batching.cast_together(instance, three_, batch, "for", digest) == 2
    own = batching.view_batch(instance, batch, three_).ballots
    assert [ballot.choice for ballot in own] == ["for", "recused", "for"]
