"""Passkeys: set up, signing in, copied, of former holders."""

from __future__ import annotations

import pytest

from drafter.core.errors import BadInput, Conflict, NotAllowed, Refused
from drafter.services import factors, passkeys, seating, signing_in
from drafter.services.authority import CLERK_ACTOR, OPERATOR
from drafter.services.instance import Instance
from drafter.services.signing_in import SignedIn
from tests.services.people import ADA, SEAT, Device, enter, with_passkey


def test_a_device_is_set_up_and_signs_in_without_a_name(instance: Instance, ada: SignedIn) -> None:
    _, device = with_passkey(instance, ada)
    asked = passkeys.ask_to_authenticate(instance)
    assert ADA not in asked.options
    assert "allowCredentials" not in asked.options or '"allowCredentials": []' in asked.options
    signed = passkeys.authenticate(instance, device.give(asked.challenge), asked.challenge)
    assert signed.actor == SEAT
    (kept,) = factors.factors(instance, signed).passkeys
    assert (kept.label, kept.sign_count) == ("My phone", 1)
    assert kept.used_at is not None


def test_the_devices_own_authenticator_is_offered(instance: Instance, ada: SignedIn) -> None:
    options = passkeys.ask_to_register(instance, ada).options
    assert "authenticatorAttachment" not in options
    assert '"residentKey": "required"' in options
    assert '"userVerification": "required"' in options


def test_for_a_clerk_it_is_both_factors(instance: Instance, ben: SignedIn) -> None:
    done, device = with_passkey(instance, ben)
    assert done.signed.actor == CLERK_ACTOR
    assert len(done.codes) == factors.CODES
    asked = passkeys.ask_to_authenticate(instance)
    fresh = passkeys.authenticate(instance, device.give(asked.challenge), asked.challenge)
    assert fresh.actor == CLERK_ACTOR


def test_it_is_a_second_factor_after_a_link(instance: Instance, ben: SignedIn) -> None:
    _, device = with_passkey(instance, ben)
    waiting = enter(instance, CLERK_ACTOR)
    asked = passkeys.ask_to_authenticate(instance)
    answer = device.give(asked.challenge)
    done = passkeys.authenticate(instance, answer, asked.challenge, waiting)
    assert done.actor == CLERK_ACTOR
    assert signing_in.resume(instance, waiting.token) is None


def test_somebody_elses_is_no_second_factor(
    instance: Instance, ada: SignedIn, ben: SignedIn
) -> None:
    _, device = with_passkey(instance, ada)
    asked = passkeys.ask_to_authenticate(instance)
    with pytest.raises(NotAllowed, match="somebody else"):
        passkeys.authenticate(instance, device.give(asked.challenge), asked.challenge, ben)


def wrong(device: Device, challenge: str, how: str) -> str:
    if how == "another site":
        device.origin = "http://elsewhere.example"
    elif how == "another host":
        device.host = "elsewhere.example"
    elif how == "unverified":
        device.verified = False
    elif how == "another key":
        device.key = Device().key
    elif how == "another challenge":
        challenge = passkeys.bytes_to_base64url(b"x" * 32)
    elif how == "counted back":
        device.count = -1
    return device.give(challenge)


@pytest.mark.parametrize(
    "how",
    ["another site", "another host", "unverified", "another key", "another challenge"],
)
def test_an_answer_that_is_not_right_signs_in_nobody(
    instance: Instance, ada: SignedIn, how: str
) -> None:
    _, device = with_passkey(instance, ada)
    asked = passkeys.ask_to_authenticate(instance)
    with pytest.raises(NotAllowed, match="not recognised"):
        passkeys.authenticate(instance, wrong(device, asked.challenge, how), asked.challenge)


def test_a_copied_key_that_counts_back_signs_in_nobody(instance: Instance, ada: SignedIn) -> None:
    _, device = with_passkey(instance, ada)
    asked = passkeys.ask_to_authenticate(instance)
    device.count = 5
    passkeys.authenticate(instance, device.give(asked.challenge), asked.challenge)
    device.count = 3
    with pytest.raises(NotAllowed):
        passkeys.authenticate(instance, device.give(asked.challenge), asked.challenge)


@pytest.mark.parametrize("answer", ["", "{}", "[]", '{"id": 7}', "null", '{"id": "x"}'])
def test_what_is_no_answer_is_refused(instance: Instance, ada: SignedIn, answer: str) -> None:
    with pytest.raises((BadInput, NotAllowed)):
        passkeys.authenticate(instance, answer, "c")
    with pytest.raises(BadInput):
        passkeys.register(instance, ada, answer, "c", "Mine")


def test_an_unverified_device_is_not_set_up(instance: Instance, ada: SignedIn) -> None:
    device, asked = Device(), passkeys.ask_to_register(instance, ada)
    device.verified = False
    with pytest.raises(BadInput, match="could not be set up"):
        passkeys.register(instance, ada, device.make(asked.challenge), asked.challenge, "")


def test_a_passkey_belongs_to_one_person(instance: Instance, ada: SignedIn, ben: SignedIn) -> None:
    _, device = with_passkey(instance, ada)
    asked = passkeys.ask_to_register(instance, ben)
    with pytest.raises(Conflict):
        passkeys.register(instance, ben, device.make(asked.challenge), asked.challenge, "")


def test_a_former_holders_passkey_signs_in_nobody(instance: Instance, ada: SignedIn) -> None:
    _, device = with_passkey(instance, ada)
    seating.vacate(instance, OPERATOR, 2)
    asked = passkeys.ask_to_authenticate(instance)
    with pytest.raises(NotAllowed, match="neither a seat nor an office"):
        passkeys.authenticate(instance, device.give(asked.challenge), asked.challenge)


@pytest.mark.parametrize(
    ("address", "possible"),
    [
        ("https://take-part.example.org", True),
        ("http://localhost:8000", True),
        ("http://take-part.example.org", False),
        ("http://127.0.0.1:8000", False),
        ("https://[::1]:8000", False),
    ],
)
def test_they_need_a_name_and_https(
    instance: Instance, ada: SignedIn, address: str, possible: bool
) -> None:
    instance.base_url = address
    assert passkeys.are_possible(instance) is possible
    if not possible:
        with pytest.raises(Refused, match="name and https"):
            passkeys.ask_to_authenticate(instance)
        with pytest.raises(Refused, match="name and https"):
            passkeys.ask_to_register(instance, ada)
