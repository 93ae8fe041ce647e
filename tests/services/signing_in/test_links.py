"""Links that sign in: mailed, from the console, once and for a time."""

from __future__ import annotations

import pytest

from drafter.core.errors import BadInput, NotFound, Refused, TooMany
from drafter.services import abuse, seating, signing_in
from drafter.services.authority import CLERK_ACTOR, OPERATOR, PUBLIC, Actor
from drafter.services.instance import Instance
from drafter.services.signing_in import SignedIn
from tests.services.people import ADA, BEN, SEAT, Clock, link_in, mails_to


def test_a_link_is_mailed_to_who_holds_something(instance: Instance) -> None:
    before = len(mails_to(instance, ADA))
    signing_in.ask_for_link(instance, "  ADA@example.org ")
    mails = mails_to(instance, ADA)
    assert len(mails) == before + 1
    assert signing_in.redeem(instance, link_in(mails[0])).actor == SEAT


def test_nobody_else_gets_one_and_nothing_tells(instance: Instance) -> None:
    assert signing_in.ask_for_link(instance, "stranger@example.org") is None
    assert mails_to(instance, "stranger@example.org") == []
    seating.vacate(instance, OPERATOR, 2)
    before = len(mails_to(instance, ADA))
    assert signing_in.ask_for_link(instance, ADA) is None
    assert len(mails_to(instance, ADA)) == before


def test_an_address_gets_so_many_mails_and_then_silence(instance: Instance, clock: Clock) -> None:
    before = len(mails_to(instance, ADA))
    for _ in range(9):
        signing_in.ask_for_link(instance, ADA)
    most = abuse.LIMITS["sign-in mail"].refuse.most
    assert len(mails_to(instance, ADA)) == before + most
    clock.pass_time(hours=1)
    signing_in.ask_for_link(instance, ADA)
    assert len(mails_to(instance, ADA)) == before + most + 1


def test_a_flood_from_one_network_is_told_to_wait(instance: Instance) -> None:
    most = abuse.LIMITS["sign-in"].refuse.most
    for number in range(most):
        signing_in.ask_for_link(instance, f"x{number}@example.org", network="a" * 64)
    with pytest.raises(TooMany, match="wait"):
        signing_in.ask_for_link(instance, ADA, network="a" * 64)
    signing_in.ask_for_link(instance, ADA, network="b" * 64)


def test_a_mailed_link_lasts_an_hour(instance: Instance, clock: Clock) -> None:
    signing_in.ask_for_link(instance, ADA)
    link = link_in(mails_to(instance, ADA)[0])
    clock.pass_time(hours=1)
    with pytest.raises(Refused, match="expired"):
        signing_in.redeem(instance, link)


def test_a_link_works_once(instance: Instance, ada: SignedIn) -> None:
    with pytest.raises(Refused, match="used"):
        signing_in.redeem(instance, link_in(mails_to(instance, ADA)[0]))


def test_a_link_of_a_former_holder_signs_in_nobody(instance: Instance) -> None:
    link = signing_in.mint_link(instance, OPERATOR, SEAT).rpartition("/")[2]
    seating.reseat(instance, OPERATOR, 2, BEN)
    with pytest.raises(Refused):
        signing_in.redeem(instance, link)


def test_the_console_makes_a_link_by_address(instance: Instance) -> None:
    link = signing_in.mint_link_for(instance, OPERATOR, BEN)
    assert signing_in.redeem(instance, link.rpartition("/")[2]).claimed == CLERK_ACTOR
    with pytest.raises(NotFound):
        signing_in.mint_link_for(instance, OPERATOR, "stranger@example.org")
    with pytest.raises(BadInput):
        signing_in.mint_link(instance, OPERATOR, PUBLIC)
    with pytest.raises(Refused, match="vacant"):
        signing_in.mint_link(instance, OPERATOR, Actor("seat", 99))
