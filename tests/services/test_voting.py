from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from drafter.core.errors import Conflict, NotFound, Refused
from drafter.services import amending, configuring, signing_in, voting
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.deciding import Decided, decide
from drafter.services.instance import Instance
from tests.services.reports import REGISTER, SIXTEEN, START, admit, closed, vote

SEAT = Actor("seat", 1)


def test_a_ballot_for_other_words_is_refused(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    amending.put(instance, CLERK_ACTOR, number)
    with pytest.raises(Conflict, match="Read them again"):
        voting.cast(instance, SEAT, number, "for", "0" * 64)


def test_a_ballot_before_the_motion_or_after_closing_is_refused(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    with pytest.raises(Refused):
        voting.cast(instance, SEAT, number, "for", "0" * 64)
    with pytest.raises(NotFound):
        voting.cast(instance, SEAT, 99, "for", "0" * 64)
    vote(instance, number)
    motion = voting.close(instance, CLERK_ACTOR, number)
    with pytest.raises(Refused, match="over"):
        voting.cast(instance, SEAT, number, "against", motion.ballot_hash)


def test_a_vote_without_a_quorum_stays_open(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    vote(instance, number, "ff---")
    with pytest.raises(Refused, match="No quorum"):
        voting.close(instance, CLERK_ACTOR, number)
    view = amending.view_amendment(instance, number)
    assert view.motion is not None
    assert (view.motion.voted, view.motion.quorum_needed, view.motion.quorum_met) == (2, 3, False)
    voting.cast(instance, Actor("seat", 3), number, "for", view.motion.motion.ballot_hash)
    assert voting.close(instance, CLERK_ACTOR, number).state == "closed"


def test_a_recused_seat_counts_for_nothing(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    vote(instance, number, "ffrr-")
    with pytest.raises(Refused, match="No quorum"):
        voting.close(instance, CLERK_ACTOR, number)


def test_ballots_are_secret_from_others_until_the_vote_is_closed(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    vote(instance, number, "faf--")
    for actor, seen in ((None, []), (SEAT, [1])):
        view = amending.view_amendment(instance, number, actor=actor or CLERK_ACTOR)
        assert view.motion is not None
        assert [ballot.seat for ballot in view.motion.ballots] == seen
    voting.close(instance, CLERK_ACTOR, number)
    view = amending.view_amendment(instance, number)
    assert view.motion is not None
    assert [ballot.seat for ballot in view.motion.ballots] == [1, 2, 3]
    assert view.motion.result is not None
    assert view.motion.result.carried


def test_a_motion_that_ran_out_without_a_quorum_is_opened_again(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    motion = amending.put(instance, CLERK_ACTOR, number, closes_at=START + timedelta(minutes=60))
    with pytest.raises(Refused):
        amending.reopen(instance, CLERK_ACTOR, number)
    while instance.clock() < START + timedelta(minutes=60):
        pass
    with pytest.raises(Refused):
        voting.cast(instance, SEAT, number, "for", motion.ballot_hash)
    assert amending.reopen(instance, CLERK_ACTOR, number) == 2


def test_an_amendment_that_competes_with_the_draft_is_not_put(instance: Instance) -> None:
    one = admit(instance, REGISTER, "The register is kept by a public office and corrected.")
    two = admit(instance, REGISTER, "The register is kept by a learned office and corrected.")
    consequences = amending.view_amendment(instance, one).consequences
    assert [(each.number, each.effect) for each in consequences] == [(two, "competes")]
    closed(instance, one)
    decide(instance, CLERK_ACTOR, one, "Yes.")
    assert amending.view_amendment(instance, two).competing
    with pytest.raises(Refused, match="redrafted"):
        amending.put(instance, CLERK_ACTOR, two)


def test_an_amendment_whose_words_stand_already_is_not_put(instance: Instance) -> None:
    one, two = (admit(instance, SIXTEEN, "Everyone may vote.") for _ in range(2))
    closed(instance, one)
    decide(instance, CLERK_ACTOR, one, "Yes.")
    with pytest.raises(Refused, match="already"):
        amending.put(instance, CLERK_ACTOR, two)
    view = amending.view_amendment(instance, one)
    assert view.state == "accepted"
    assert view.record.decision is not None
    assert view.diff.changes[0].clause == SIXTEEN


def test_a_motion_is_counted_by_the_rules_in_force_when_it_was_put(
    instance: Instance, source: Path
) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    closed(instance, number, "ffa--")
    config = source / "mkdocs.yml"
    config.write_text(config.read_text().replace("quorum_floor: 3", "majority: absolute"))
    assert configuring.configure(instance, OPERATOR, source) is not None
    assert instance.rules.majority == "absolute"
    result = decide(instance, CLERK_ACTOR, number, "Yes.")
    assert isinstance(result, Decided)
    assert result.outcome == "accepted"


def test_a_link_signs_in_once(instance: Instance) -> None:
    token = signing_in.mint_link(instance, OPERATOR, SEAT).rpartition("/")[2]
    signed = signing_in.redeem(instance, token)
    assert signed.actor == SEAT
    assert signing_in.resume(instance, signed.token) == signed
    with pytest.raises(Refused):
        signing_in.redeem(instance, token)
