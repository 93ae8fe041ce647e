"""Who holds what, and that a right ends at the moment at which it is taken."""

from __future__ import annotations

import pytest

from drafter.core.errors import BadInput, NotAllowed, NotFound, Refused
from drafter.people.audit import recent_entries
from drafter.people.tables import Base
from drafter.services import (
    amending,
    deciding,
    editing,
    seating,
    voting,
)
from drafter.services.authority import ADMINISTRATOR, CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.services.signing_in import SignedIn, redeem, resume

from .people import enter, link_in, mails_to
from .reports import DONE, SIXTEEN, admit

ADA, BEN = "ada@example.org", "ben@example.org"


def put_to_vote(instance: Instance) -> int:
    number = admit(instance, SIXTEEN, "Every citizen aged fifteen or over may vote.")
    amending.put(instance, CLERK_ACTOR, number)
    return number


def by_mail(instance: Instance, email: str) -> SignedIn:
    return redeem(instance, link_in(mails_to(instance, email)[0]))


def test_a_person_is_given_a_seat_and_invited(instance: Instance) -> None:
    seating.seat_person(instance, OPERATOR, 2, " Ada@Example.org ")
    seat = seating.holders(instance, OPERATOR).seats[1]
    assert (seat.name, seat.email, seat.devices) == ("seat-02", ADA, 0)
    assert by_mail(instance, ADA).actor == Actor("seat", 2)
    assert seating.holders(instance, OPERATOR).seats[1].devices == 1


def test_a_seat_that_a_person_holds_is_not_given_away_by_accident(instance: Instance) -> None:
    seating.seat_person(instance, OPERATOR, 2, ADA)
    with pytest.raises(Refused, match="held already"):
        seating.seat_person(instance, OPERATOR, 2, BEN)
    seating.reseat(instance, OPERATOR, 2, BEN)
    assert seating.holders(instance, OPERATOR).seats[1].email == BEN


@pytest.mark.parametrize("email", ["", "no address", "a@b\nBcc: x@example.org"])
def test_an_address_is_needed(instance: Instance, email: str) -> None:
    with pytest.raises(BadInput, match="address"):
        seating.seat_person(instance, OPERATOR, 2, email)


def test_a_seat_that_does_not_exist_is_not_given(instance: Instance) -> None:
    with pytest.raises(NotFound):
        seating.seat_person(instance, OPERATOR, 99, ADA)


def test_a_vacated_seat_is_filled_no_more_and_its_session_ends(instance: Instance) -> None:
    seating.seat_person(instance, OPERATOR, 2, ADA)
    signed = by_mail(instance, ADA)
    assert not seating.vacate(instance, OPERATOR, 2).filled
    assert resume(instance, signed.token) is None
    assert [seat.filled for seat in seating.list_seats(instance)][:3] == [True, False, True]


def test_the_open_tab_of_a_former_holder_is_refused_wherever_it_writes(instance: Instance) -> None:
    number = put_to_vote(instance)
    view = amending.view_amendment(instance, number)
    assert view.motion is not None
    seating.seat_person(instance, OPERATOR, 2, ADA)
    former = by_mail(instance, ADA).actor
    seating.reseat(instance, OPERATOR, 2, BEN)
    words = view.motion.motion.ballot_hash
    with pytest.raises(NotAllowed, match="do not hold seat 2"):
        voting.cast(instance, former, number, "for", words)
    with pytest.raises(NotAllowed, match="do not hold seat 2"):
        editing.edit(instance, former, DONE, "Something has been done.")
    successor = by_mail(instance, BEN).actor
    assert voting.cast(instance, successor, number, "against", words).seat == 2
    assert len(amending.view_amendment(instance, number, actor=successor).motion.ballots) == 1  # type: ignore[union-attr]


def test_the_last_administrator_is_ended_from_the_console_alone(instance: Instance) -> None:
    seating.add_administrator(instance, OPERATOR, ADA)
    only = by_mail(instance, ADA).claimed
    assert only.person is not None
    with pytest.raises(Refused, match="must be an administrator"):
        seating.dismiss(instance, only, "administrator", only.person)
    seating.dismiss(instance, OPERATOR, "administrator", only.person)
    with pytest.raises(NotFound):
        seating.dismiss(instance, OPERATOR, "administrator", only.person)


def test_the_first_administrator_comes_by_a_link_from_the_console(instance: Instance) -> None:
    assert seating.holders(instance, OPERATOR).administrators == ()
    assert enter(instance, ADMINISTRATOR).claimed == ADMINISTRATOR
    (holder,) = seating.holders(instance, OPERATOR).administrators
    assert (holder.name, holder.email) == ("administrator", None)


def test_the_log_names_seats_and_offices_and_never_a_person(instance: Instance) -> None:
    seating.seat_person(instance, OPERATOR, 2, ADA)
    by_mail(instance, ADA)
    seating.add_clerk(instance, OPERATOR, ADA)
    seating.vacate(instance, OPERATOR, 2)
    seating.remove_clerk(instance, OPERATOR, ADA)
    former = seating.former_persons(instance, OPERATOR)
    person = next(one.id for one in former if one.email == ADA)
    seating.erase_person(instance, OPERATOR, person)
    with instance.database.reading() as session:
        log = [(one.actor, one.action, one.object) for one in recent_entries(session)]
    assert ("operator", "seat", "seat-02") in log
    assert ("seat-02", "sign in", "seat-02") in log
    assert ("operator", "dismiss", "clerk") in log
    assert ADA not in str(log)
    assert person not in str(log)


def test_who_holds_something_is_not_erased_and_then_nothing_is_left(instance: Instance) -> None:
    seating.seat_person(instance, OPERATOR, 2, ADA)
    held = seating.holders(instance, OPERATOR).seats[1].person
    assert held is not None
    with pytest.raises(Refused, match="still holds"):
        seating.erase_person(instance, OPERATOR, held)
    seating.vacate(instance, OPERATOR, 2)
    seating.erase_person(instance, OPERATOR, held)
    assert [one.person for one in seating.tenures(instance, OPERATOR, 2)][-1] == held
    assert mails_to(instance, ADA) == []
    with instance.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            assert ADA not in str(session.execute(table.select()).all()), table.name


def test_signing_somebody_out_ends_sessions_and_unused_links(instance: Instance) -> None:
    seating.seat_person(instance, OPERATOR, 2, ADA)
    signed = by_mail(instance, ADA)
    seating.reseat(instance, OPERATOR, 3, ADA)
    other = enter(instance, Actor("seat", 1))
    assert seating.sign_somebody_out(instance, OPERATOR, signed.person) == 1
    assert resume(instance, signed.token) is None
    with pytest.raises(Refused):
        by_mail(instance, ADA)
    assert resume(instance, other.token) is not None


def test_two_clerks_are_two_in_the_record(instance: Instance) -> None:
    seating.add_clerk(instance, OPERATOR, ADA)
    seating.add_clerk(instance, OPERATOR, BEN)
    number = put_to_vote(instance)
    words = amending.view_amendment(instance, number).motion.motion.ballot_hash  # type: ignore[union-attr]
    for seat in (1, 2, 3):
        voting.cast(instance, Actor("seat", seat), number, "for", words)
    second = by_mail(instance, BEN).claimed
    assert voting.close(instance, second, number).closed_by == "clerk-2"
    assert deciding.decide(instance, second, number, "R").commit == instance.tip  # type: ignore[union-attr]
