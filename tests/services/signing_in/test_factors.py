"""The second factor: an authenticator app, and recovery codes."""

from __future__ import annotations

from dataclasses import replace

import pyotp
import pytest

from drafter.core.errors import BadInput, Corrupt, NotAllowed, Refused, TooMany
from drafter.services import abuse, factors, passkeys, seating, signing_in
from drafter.services.authority import ADMINISTRATOR, CLERK_ACTOR, OPERATOR, PUBLIC
from drafter.services.instance import Instance
from drafter.services.settings import SignIn
from drafter.services.signing_in import SignedIn
from tests.services.people import (
    BEN,
    SEAT,
    Clock,
    Device,
    code_of,
    enter,
    link_in,
    mails_to,
    with_app,
    with_passkey,
)
from tests.services.signing_in.acts import CHANGES


def test_without_it_a_clerk_is_a_visitor(instance: Instance, ben: SignedIn) -> None:
    assert ben.second_due
    assert ben.actor == PUBLIC
    assert ben.claimed == CLERK_ACTOR
    assert enter(instance, ADMINISTRATOR).actor == PUBLIC


def test_a_seat_needs_none_and_an_example_may_go_without(
    instance: Instance, ada: SignedIn, ben: SignedIn
) -> None:
    assert ada.actor == SEAT
    instance.settings = replace(instance.settings, sign_in=SignIn(second_factor=False))
    again = signing_in.resume(instance, ben.token)
    assert again is not None
    assert again.actor == CLERK_ACTOR


def test_an_app_is_set_up_with_its_first_code(
    instance: Instance, ben: SignedIn, clock: Clock
) -> None:
    setup = factors.begin_app(instance, ben)
    assert factors.begin_app(instance, ben).secret == setup.secret
    assert BEN.replace("@", "%40") in setup.uri
    done = factors.confirm_app(instance, ben, code_of(setup, clock))
    assert done.signed.actor == CLERK_ACTOR
    assert len(set(done.codes)) == factors.CODES
    assert "authenticator app was set up" in str([m.body for m in mails_to(instance, BEN)])
    with pytest.raises(Refused):
        factors.begin_app(instance, done.signed)


def test_the_second_factor_renews_the_session(
    instance: Instance, ben: SignedIn, clock: Clock
) -> None:
    done, _ = with_app(instance, ben, clock)
    assert done.signed.token != ben.token
    assert signing_in.resume(instance, ben.token) is None
    assert signing_in.resume(instance, done.signed.token) is not None


def test_a_code_lets_in_and_then_no_more(instance: Instance, ben: SignedIn, clock: Clock) -> None:
    _, secret = with_app(instance, ben, clock)
    code = pyotp.TOTP(secret).at(clock.now)
    given = factors.give_code(instance, enter(instance, CLERK_ACTOR), f" {code[:3]} {code[3:]}")
    assert given.signed.actor == CLERK_ACTOR
    with pytest.raises(BadInput, match="used already"):
        factors.give_code(instance, enter(instance, CLERK_ACTOR), code)


@pytest.mark.parametrize("minutes", [-2, 2])
def test_a_code_of_another_time_does_not(
    instance: Instance, ben: SignedIn, clock: Clock, minutes: int
) -> None:
    _, secret = with_app(instance, ben, clock)
    clock.pass_time(minutes=10)
    code = pyotp.TOTP(secret).at(int(clock.now.timestamp()) + 60 * minutes)
    with pytest.raises(BadInput):
        factors.give_code(instance, enter(instance, CLERK_ACTOR), code)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "0" * 400, "\0"])
def test_what_is_no_code_is_none(
    instance: Instance, ben: SignedIn, clock: Clock, code: str
) -> None:
    with_app(instance, ben, clock)
    with pytest.raises(BadInput):
        factors.give_code(instance, enter(instance, CLERK_ACTOR), code)


def test_codes_are_not_guessed_at_length(instance: Instance, ben: SignedIn, clock: Clock) -> None:
    _, secret = with_app(instance, ben, clock)
    waiting = enter(instance, CLERK_ACTOR)
    left = abuse.LIMITS["second factor"].refuse.most - 1  # setting it up was one
    for _ in range(left):
        with pytest.raises(BadInput):
            factors.give_code(instance, waiting, "not one")
    right = pyotp.TOTP(secret).at(clock.now)
    with pytest.raises(TooMany):
        factors.give_code(instance, waiting, right)


def test_a_recovery_code_stands_in_once(instance: Instance, ben: SignedIn, clock: Clock) -> None:
    done, _ = with_app(instance, ben, clock)
    again = factors.give_code(instance, enter(instance, CLERK_ACTOR), done.codes[0].upper())
    assert again.signed.actor == CLERK_ACTOR
    with pytest.raises(BadInput):
        factors.give_code(instance, enter(instance, CLERK_ACTOR), done.codes[0])
    assert factors.factors(instance, again.signed).codes_left == factors.CODES - 1
    fresh = factors.new_codes(instance, again.signed)
    with pytest.raises(BadInput):
        factors.give_code(instance, enter(instance, CLERK_ACTOR), done.codes[1])
    assert factors.give_code(instance, enter(instance, CLERK_ACTOR), fresh[0]).signed.actor


def test_a_mailbox_alone_adds_no_second_factor_to_a_clerk_who_has_one(
    instance: Instance, ben: SignedIn, clock: Clock
) -> None:
    done, _ = with_app(instance, ben, clock)
    seating.reseat(instance, OPERATOR, 2, BEN)
    thief = signing_in.redeem(instance, link_in(mails_to(instance, BEN)[0]))
    assert thief.actor == SEAT
    for act in CHANGES.values():
        with pytest.raises(NotAllowed, match="second factor first"):
            act(instance, thief)
    assert not factors.factors(instance, thief).may_change
    assert factors.factors(instance, done.signed).may_change


def test_the_last_factor_of_a_clerk_stays_and_that_of_a_seat_does_not(
    instance: Instance, ada: SignedIn, ben: SignedIn, clock: Clock
) -> None:
    clerk = with_app(instance, ben, clock)[0].signed
    with pytest.raises(Refused, match="need a second factor"):
        factors.remove_app(instance, clerk)
    done, _ = with_passkey(instance, clerk)
    factors.remove_app(instance, done.signed)
    id = factors.factors(instance, done.signed).passkeys[0].id
    with pytest.raises(Refused, match="need a second factor"):
        passkeys.remove(instance, done.signed, id)
    member = with_app(instance, ada, clock)[0].signed
    factors.remove_app(instance, member)
    assert not factors.factors(instance, member).app


def test_a_session_that_was_ended_changes_nothing(instance: Instance, ada: SignedIn) -> None:
    asked = passkeys.ask_to_register(instance, ada)
    seating.sign_somebody_out(instance, OPERATOR, ada.person)
    with pytest.raises(NotAllowed, match="signed out"):
        passkeys.register(instance, ada, Device().make(asked.challenge), asked.challenge, "Mine")
    with pytest.raises(NotAllowed, match="signed out"):
        factors.begin_app(instance, ada)


def test_the_secret_is_sealed_with_the_instances_own_key(
    instance: Instance, ben: SignedIn, clock: Clock
) -> None:
    with_app(instance, ben, clock)
    (instance.path / "secret-key").write_bytes(b"another")
    instance.tokens = lambda: "t" * 43
    with pytest.raises(Corrupt, match="secret-key"):
        factors.give_code(instance, ben, "123456")
