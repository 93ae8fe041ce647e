"""Interests, dissents and votes in the room: what they do, and what of them is in the record."""

from __future__ import annotations

import pytest

from drafter.core.amendments import read_record, write_record
from drafter.core.errors import BadInput, Conflict, NotAllowed, Refused
from drafter.people.ballots import ballots_of
from drafter.people.seats import vacate_seat
from drafter.services import amending, voting
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.deciding import Decided, decide
from drafter.services.instance import Instance
from drafter.services.statements import file_dissent, may_dissent
from tests.services.reports import SIXTEEN, admit, closed, vote


def seat(number: int) -> Actor:
    return Actor("seat", number)


def put(instance: Instance) -> tuple[int, str]:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    return number, amending.put(instance, CLERK_ACTOR, number).ballot_hash


def digest(instance: Instance, number: int) -> str:
    return amending.view_amendment(instance, number).statements.digest


def test_who_is_recused_says_why_and_votes_only_after_taking_it_back(instance: Instance) -> None:
    number, hash_ = put(instance)
    with pytest.raises(BadInput, match="which interest"):
        voting.cast(instance, seat(1), number, "recused", hash_, interest="  ")
    with pytest.raises(BadInput, match="does not vote"):
        voting.cast(instance, seat(1), number, "for", hash_, interest="I keep a register.")
    voting.cast(instance, seat(1), number, "recused", hash_, interest=" I keep\na register. ")
    with pytest.raises(Refused, match="Take that back"):
        voting.cast(instance, seat(1), number, "for", hash_)
    voting.take_back(instance, seat(1), number)
    assert voting.cast(instance, seat(1), number, "for", hash_).interest is None
    with pytest.raises(Refused, match="not recused"):
        voting.take_back(instance, seat(1), number)


def test_a_recusal_stays_once_the_vote_is_closed(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    closed(instance, number, "fffr-")
    with pytest.raises(Refused, match="over"):
        voting.take_back(instance, seat(4), number)


def test_the_interest_and_the_dissent_are_in_the_record_once_somebody_has_read_them(
    instance: Instance,
) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    closed(instance, number, "ffar-")
    read = digest(instance, number)
    assert read
    file_dissent(instance, seat(3), number, "It comes too early.\r\nWait.")
    for seen in ("", read):
        with pytest.raises(Conflict, match="no private person"):
            decide(instance, CLERK_ACTOR, number, "Yes.", seen=seen)
    decided = decide(instance, CLERK_ACTOR, number, "Yes.", seen=digest(instance, number))
    assert isinstance(decided, Decided)
    text = instance.repository.read_text(instance.tip, "amendments/0001.md")
    record = read_record(text)
    assert write_record(record) == text
    assert record.decision is not None
    assert record.decision.count is not None
    assert record.decision.count.interests == (("seat-04", "I keep a register."),)
    assert [(d.seat, d.text) for d in record.decision.dissents] == [
        ("seat-03", "It comes too early.\nWait.")
    ]
    with pytest.raises(Refused):
        file_dissent(instance, seat(3), number, "Once more.")


@pytest.mark.parametrize(
    ("choices", "may"), [("ffab-", [3, 4]), ("faab-", [1, 4]), ("ffar-", [3]), ("fff--", [])]
)
def test_only_who_voted_otherwise_dissents(
    instance: Instance, choices: str, may: list[int]
) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    vote(instance, number, choices)
    with pytest.raises(Refused):
        file_dissent(instance, seat(3), number, "Too early.")
    voting.close(instance, CLERK_ACTOR, number)
    assert [n for n in range(1, 6) if may_dissent(instance, n, number)] == may
    for other in set(range(1, 6)) - set(may):
        with pytest.raises(Refused, match="majority"):
            file_dissent(instance, seat(other), number, "Too early.")


def test_a_dissent_can_be_changed_and_taken_back_until_the_decision(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    closed(instance, number, "ffa--")
    file_dissent(instance, seat(3), number, "Too early.")
    file_dissent(instance, seat(3), number, "Far too early.")
    [said] = amending.view_amendment(instance, number).statements.dissents
    assert said.text == "Far too early."
    file_dissent(instance, seat(3), number, " \n")
    assert digest(instance, number) == ""


def test_a_roll_call_in_the_room_is_entered_by_the_clerk_and_says_so(instance: Instance) -> None:
    number, hash_ = put(instance)
    with pytest.raises(NotAllowed):
        voting.enter_roll_call(instance, seat(1), number, {1: "for"}, hash_)
    voting.enter_roll_call(
        instance,
        CLERK_ACTOR,
        number,
        {1: "for", 2: "for", 3: "against", 4: "recused", 5: "absent"},
        hash_,
        interests={4: "I keep a register."},
    )
    with instance.database.reading() as session:
        found = ballots_of(session, number, 1)
    assert [(b.seat, b.choice, b.entered_by) for b in found] == [
        (1, "for", "clerk"),
        (2, "for", "clerk"),
        (3, "against", "clerk"),
        (4, "recused", "clerk"),
    ]
    assert voting.cast(instance, seat(3), number, "for", hash_).entered_by is None
    voting.close(instance, CLERK_ACTOR, number)
    decide(instance, CLERK_ACTOR, number, "Yes.", seen=digest(instance, number))
    record = read_record(instance.repository.read_text(instance.tip, "amendments/0001.md"))
    assert record.decision is not None
    assert record.decision.count is not None
    assert record.decision.count.in_the_room == ("seat-01", "seat-02", "seat-04")


def test_an_own_ballot_is_not_overwritten_silently(instance: Instance) -> None:
    number, hash_ = put(instance)
    voting.cast(instance, seat(1), number, "recused", hash_, interest="I keep a register.")
    with pytest.raises(Conflict, match="own ballot: 1"):
        voting.enter_roll_call(instance, CLERK_ACTOR, number, {1: "for", 2: "for"}, hash_)
    with instance.database.reading() as session:
        assert len(ballots_of(session, number, 1)) == 1
    voting.enter_roll_call(
        instance, CLERK_ACTOR, number, {1: "for", 2: "for"}, hash_, replacing=[1]
    )
    with instance.database.reading() as session:
        assert [b.choice for b in ballots_of(session, number, 1)] == ["for", "for"]


def test_a_vacant_seat_is_in_no_roll_call(instance: Instance) -> None:
    number, hash_ = put(instance)
    with instance.database.writing() as session:
        vacate_seat(session, 2, instance.clock())
    with pytest.raises(Refused, match="vacant"):
        voting.enter_roll_call(instance, CLERK_ACTOR, number, {1: "for", 2: "for"}, hash_)
    with instance.database.reading() as session:
        assert ballots_of(session, number, 1) == ()
