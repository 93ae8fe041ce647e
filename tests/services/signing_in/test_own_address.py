"""Changing one's own address: who may ask, what is mailed, what ends, what is noted."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from drafter.core.errors import BadInput, NotAllowed, NotFound, Refused, TooMany
from drafter.people.audit import recent_entries
from drafter.people.tables import Base
from drafter.services import abuse, factors, own_address, seating, signing_in, tokens
from drafter.services.authority import CLERK_ACTOR, OPERATOR
from drafter.services.instance import Instance
from drafter.services.settings import SignIn
from drafter.services.signing_in import SignedIn
from tests.services.people import (
    ADA,
    BEN,
    SEAT,
    Clock,
    enter,
    link_in,
    mails_to,
    with_app,
    with_passkey,
)

NEW = "ada.new@example.org"


def ask(instance: Instance, signed: SignedIn, email: str = NEW) -> str:
    """Ask for an address; return the token that was mailed to it."""
    own_address.ask_for_address(instance, signed, email)
    found = re.search(
        r"/you/address/([\w-]{20,})", mails_to(instance, email.strip().casefold())[0].body
    )
    assert found
    return found[1]


def address_of(instance: Instance) -> str | None:
    return seating.holders(instance, OPERATOR).seats[1].email


def test_the_new_address_signs_in_once_it_is_confirmed_and_the_old_one_does_not(
    instance: Instance, ada: SignedIn
) -> None:
    token = ask(instance, ada, "  Ada.New@Example.org ")
    assert address_of(instance) == ADA
    waits = own_address.waiting_address(instance, ada)
    assert waits is not None
    assert waits.email == NEW
    assert NEW not in repr(waits)
    after = own_address.confirm_address(instance, ada, token)
    assert address_of(instance) == NEW
    assert own_address.waiting_address(instance, after) is None
    before = len(mails_to(instance, ADA))
    signing_in.ask_for_link(instance, ADA)
    assert len(mails_to(instance, ADA)) == before
    signing_in.ask_for_link(instance, NEW)
    assert signing_in.redeem(instance, link_in(mails_to(instance, NEW)[0])).actor == SEAT


def test_this_device_goes_on_under_a_new_secret_and_all_else_ends(
    instance: Instance, ada: SignedIn
) -> None:
    other = enter(instance, SEAT)
    ben = enter(instance, CLERK_ACTOR)
    signing_in.ask_for_link(instance, ADA)
    unused = link_in(mails_to(instance, ADA)[0])
    secret = tokens.make_token(instance, other, "A screen", 30).secret
    after = own_address.confirm_address(instance, ada, ask(instance, ada))
    assert signing_in.resume(instance, after.token) == after
    assert signing_in.resume(instance, ada.token) is None
    assert signing_in.resume(instance, other.token) is None
    assert tokens.bearer_of(instance, secret) is None
    assert signing_in.resume(instance, ben.token) is not None
    with pytest.raises(Refused, match="ended"):
        signing_in.redeem(instance, unused)


def test_a_link_works_once_for_a_day_and_the_newest_alone(
    instance: Instance, ada: SignedIn, clock: Clock
) -> None:
    first = ask(instance, ada)
    second = ask(instance, ada, "other@example.org")
    with pytest.raises(NotFound):
        own_address.confirm_address(instance, ada, first)
    assert address_of(instance) == ADA
    after = own_address.confirm_address(instance, ada, second)
    with pytest.raises(NotFound):
        own_address.confirm_address(instance, after, second)
    late = ask(instance, after)
    clock.pass_time(days=1)
    assert own_address.waiting_address(instance, after) is None
    with pytest.raises(NotFound, match="expired"):
        own_address.confirm_address(instance, after, late)
    assert address_of(instance) == "other@example.org"


def test_a_stranger_who_gets_the_mail_changes_and_enters_nothing(
    instance: Instance, ada: SignedIn, ben: SignedIn, clock: Clock
) -> None:
    token = ask(instance, ada, "mistyped@example.org")
    done, _ = with_app(instance, ben, clock)
    with pytest.raises(NotFound):
        own_address.confirm_address(instance, done.signed, token)
    with pytest.raises((NotFound, Refused)):
        signing_in.redeem(instance, token)
    assert address_of(instance) == ADA


def test_only_who_proved_a_moment_ago_who_they_are_may_ask(
    instance: Instance, ada: SignedIn, clock: Clock
) -> None:
    clock.pass_time(minutes=15)
    assert signing_in.is_fresh(instance, ada)
    clock.pass_time(seconds=1)
    assert not signing_in.is_fresh(instance, ada)
    with pytest.raises(NotAllowed, match="once more"):
        own_address.ask_for_address(instance, ada, NEW)
    assert mails_to(instance, NEW) == []


def test_what_is_set_up_proves_no_more_than_was_proven_before(
    instance: Instance, ada: SignedIn, clock: Clock
) -> None:
    clock.pass_time(minutes=14)
    by_passkey, _ = with_passkey(instance, ada)
    by_app, _ = with_app(instance, by_passkey.signed, clock)
    clock.pass_time(minutes=1)
    for done in (by_passkey, by_app):
        assert not signing_in.is_fresh(instance, done.signed)
    with pytest.raises(NotAllowed, match="once more"):
        own_address.ask_for_address(instance, by_app.signed, NEW)


def test_a_clerk_gives_the_second_factor_first_and_it_counts_as_fresh(
    instance: Instance, ben: SignedIn, clock: Clock
) -> None:
    with pytest.raises(NotAllowed):
        own_address.ask_for_address(instance, ben, NEW)
    done, _ = with_app(instance, ben, clock)
    clock.pass_time(minutes=20)
    assert not signing_in.is_fresh(instance, done.signed)
    again = factors.give_code(instance, done.signed, done.codes[0]).signed
    own_address.confirm_address(instance, again, ask(instance, again))
    assert seating.holders(instance, OPERATOR).clerks[0].email == NEW


def test_the_old_address_is_told_at_both_steps_and_whom_to_write_to(
    instance: Instance, ada: SignedIn
) -> None:
    contact = SignIn(contact="office@example.org")
    instance.settings = replace(instance.settings, sign_in=contact)
    before = len(mails_to(instance, ADA))
    token = ask(instance, ada)
    own_address.confirm_address(instance, ada, token)
    changed, asked = mails_to(instance, ADA)[: len(mails_to(instance, ADA)) - before]
    assert "about to change" in asked.subject
    assert "has changed" in changed.subject
    for mail in (asked, changed):
        assert "office@example.org" in mail.body
        assert NEW not in mail.body
        assert token not in mail.body


def test_the_change_can_be_dropped_and_by_an_administrator_too(
    instance: Instance, ada: SignedIn
) -> None:
    token = ask(instance, ada)
    own_address.drop_address(instance, ada)
    with pytest.raises(NotFound):
        own_address.confirm_address(instance, ada, token)
    token = ask(instance, ada)
    seating.sign_somebody_out(instance, OPERATOR, ada.person)
    again = enter(instance, SEAT)
    with pytest.raises(NotFound):
        own_address.confirm_address(instance, again, token)


def test_whose_address_it_is_already_is_told_to_who_reads_its_mail_alone(
    instance: Instance, ada: SignedIn
) -> None:
    with pytest.raises(BadInput, match="have now"):
        own_address.ask_for_address(instance, ada, ADA)
    for wrong in ("", "nothing", "a@b"):
        with pytest.raises(BadInput):
            own_address.ask_for_address(instance, ada, wrong)
    token = ask(instance, ada, BEN)
    with pytest.raises(Refused, match="somebody here already"):
        own_address.confirm_address(instance, ada, token)
    assert address_of(instance) == ADA


def test_nobody_has_addresses_flooded(instance: Instance, ada: SignedIn) -> None:
    most = abuse.LIMITS["sign-in mail"].refuse.most
    for number in range(most):
        own_address.ask_for_address(instance, ada, f"x{number}@example.org")
    with pytest.raises(TooMany, match="wait"):
        own_address.ask_for_address(instance, ada, NEW)


def test_the_log_says_that_it_happened_and_never_which_address(
    instance: Instance, ada: SignedIn
) -> None:
    own_address.confirm_address(instance, ada, ask(instance, ada))
    with instance.database.reading() as session:
        log = [(one.actor, one.action, one.object) for one in recent_entries(session)]
    assert ("seat-02", "change address", "seat-02") in log
    assert "@" not in str(log)
    assert ada.person not in str(log)


def test_after_a_change_and_before_the_next_one_a_person_is_erased_whole(
    instance: Instance, ada: SignedIn
) -> None:
    after = own_address.confirm_address(instance, ada, ask(instance, ada))
    ask(instance, after, "third@example.org")
    seating.vacate(instance, OPERATOR, 2)
    seating.erase_person(instance, OPERATOR, ada.person)
    with instance.database.reading() as session:
        for table in Base.metadata.sorted_tables:
            kept = str(session.execute(table.select()).all())
            for address in (ADA, NEW, "third@example.org"):
                assert address not in kept, table.name
    written = b"".join(path.read_bytes() for path in instance.path.rglob("*") if path.is_file())
    for address in (ADA, NEW, "third@example.org"):
        assert address.encode() not in written
