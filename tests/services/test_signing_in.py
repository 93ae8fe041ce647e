"""Links, sessions, the second factor, passkeys: how persons prove who they are."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import pyotp
import pytest

from drafter.core.errors import (
    BadInput,
    Conflict,
    Corrupt,
    DrafterError,
    NotAllowed,
    NotFound,
    Refused,
    TooMany,
)
from drafter.people.tables import Base
from drafter.services import abuse, authority, factors, passkeys, seating, signing_in, tokens
from drafter.services.authority import ADMINISTRATOR, CLERK_ACTOR, OPERATOR, PUBLIC, Actor
from drafter.services.instance import Instance
from drafter.services.settings import SignIn
from drafter.services.signing_in import SignedIn

from .people import Clock, Device, enter, link_in, mails_to
from .reports import make_instance, write_source

ADA, BEN = "ada@example.org", "ben@example.org"
SEAT = Actor("seat", 2)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An instance where Ada holds seat 2 and Ben is the clerk; each test has its own copy."""
    folder = tmp_path_factory.mktemp("made")
    made = make_instance(folder / "instance", write_source(folder / "source"), clock=Clock())
    seating.seat_person(made, OPERATOR, 2, ADA)
    seating.add_clerk(made, OPERATOR, BEN)
    made.close()
    return made.path


@pytest.fixture
def instance(template: Path, tmp_path: Path, clock: Clock) -> Iterator[Instance]:
    shutil.copytree(template, tmp_path / "instance")
    opened = Instance.open(tmp_path / "instance", clock=clock)
    opened.base_url = "http://localhost:8000"
    yield opened
    opened.close()


@pytest.fixture
def ada(instance: Instance) -> SignedIn:
    return signing_in.redeem(instance, link_in(mails_to(instance, ADA)[0]))


@pytest.fixture
def ben(instance: Instance) -> SignedIn:
    """The clerk, by the mailed link alone."""
    return signing_in.redeem(instance, link_in(mails_to(instance, BEN)[0]))


def code_of(setup: factors.AppSetup, clock: Clock) -> str:
    return pyotp.TOTP(setup.secret.replace(" ", "")).at(clock.now)


def with_app(instance: Instance, signed: SignedIn, clock: Clock) -> tuple[factors.Proven, str]:
    setup = factors.begin_app(instance, signed)
    done = factors.confirm_app(instance, signed, code_of(setup, clock))
    clock.pass_time(seconds=30)
    return done, setup.secret.replace(" ", "")


def with_passkey(instance: Instance, signed: SignedIn) -> tuple[factors.Proven, Device]:
    device, asked = Device(), passkeys.ask_to_register(instance, signed)
    answer = device.make(asked.challenge)
    return passkeys.register(instance, signed, answer, asked.challenge, "My phone"), device


class TestLinks:
    def test_a_link_is_mailed_to_who_holds_something(self, instance: Instance) -> None:
        before = len(mails_to(instance, ADA))
        signing_in.ask_for_link(instance, "  ADA@example.org ")
        mails = mails_to(instance, ADA)
        assert len(mails) == before + 1
        assert signing_in.redeem(instance, link_in(mails[0])).actor == SEAT

    def test_nobody_else_gets_one_and_nothing_tells(self, instance: Instance) -> None:
        assert signing_in.ask_for_link(instance, "stranger@example.org") is None
        assert mails_to(instance, "stranger@example.org") == []
        seating.vacate(instance, OPERATOR, 2)
        before = len(mails_to(instance, ADA))
        assert signing_in.ask_for_link(instance, ADA) is None
        assert len(mails_to(instance, ADA)) == before

    def test_an_address_gets_so_many_mails_and_then_silence(
        self, instance: Instance, clock: Clock
    ) -> None:
        before = len(mails_to(instance, ADA))
        for _ in range(9):
            signing_in.ask_for_link(instance, ADA)
        most = abuse.LIMITS["sign-in mail"].refuse.most
        assert len(mails_to(instance, ADA)) == before + most
        clock.pass_time(hours=1)
        signing_in.ask_for_link(instance, ADA)
        assert len(mails_to(instance, ADA)) == before + most + 1

    def test_a_flood_from_one_network_is_told_to_wait(self, instance: Instance) -> None:
        most = abuse.LIMITS["sign-in"].refuse.most
        for number in range(most):
            signing_in.ask_for_link(instance, f"x{number}@example.org", network="a" * 64)
        with pytest.raises(TooMany, match="wait"):
            signing_in.ask_for_link(instance, ADA, network="a" * 64)
        signing_in.ask_for_link(instance, ADA, network="b" * 64)

    def test_a_mailed_link_lasts_an_hour(self, instance: Instance, clock: Clock) -> None:
        signing_in.ask_for_link(instance, ADA)
        link = link_in(mails_to(instance, ADA)[0])
        clock.pass_time(hours=1)
        with pytest.raises(Refused, match="expired"):
            signing_in.redeem(instance, link)

    def test_a_link_works_once(self, instance: Instance, ada: SignedIn) -> None:
        with pytest.raises(Refused, match="used"):
            signing_in.redeem(instance, link_in(mails_to(instance, ADA)[0]))

    def test_a_link_of_a_former_holder_signs_in_nobody(self, instance: Instance) -> None:
        link = signing_in.mint_link(instance, OPERATOR, SEAT).rpartition("/")[2]
        seating.reseat(instance, OPERATOR, 2, BEN)
        with pytest.raises(Refused):
            signing_in.redeem(instance, link)

    def test_the_console_makes_a_link_by_address(self, instance: Instance) -> None:
        link = signing_in.mint_link_for(instance, OPERATOR, BEN)
        assert signing_in.redeem(instance, link.rpartition("/")[2]).claimed == CLERK_ACTOR
        with pytest.raises(NotFound):
            signing_in.mint_link_for(instance, OPERATOR, "stranger@example.org")
        with pytest.raises(BadInput):
            signing_in.mint_link(instance, OPERATOR, PUBLIC)
        with pytest.raises(Refused, match="vacant"):
            signing_in.mint_link(instance, OPERATOR, Actor("seat", 99))


class TestSessions:
    def test_a_session_is_resumed_by_its_secret_alone(
        self, instance: Instance, ada: SignedIn
    ) -> None:
        assert signing_in.resume(instance, ada.token) == ada
        assert signing_in.resume(instance, ada.session.token_hash) is None
        assert signing_in.resume(instance, "") is None

    def test_a_seat_stays_signed_in_for_two_weeks_after_the_last_visit(
        self, instance: Instance, ada: SignedIn, clock: Clock
    ) -> None:
        clock.pass_time(days=13)
        assert signing_in.resume(instance, ada.token) is not None
        clock.pass_time(days=13)
        assert signing_in.resume(instance, ada.token) is not None
        clock.pass_time(days=14)
        assert signing_in.resume(instance, ada.token) is None

    def test_and_for_ninety_days_at_most(
        self, instance: Instance, ada: SignedIn, clock: Clock
    ) -> None:
        for _ in range(9):
            clock.pass_time(days=10)
            found = signing_in.resume(instance, ada.token)
        assert found is None

    def test_a_clerk_stays_signed_in_for_half_a_day(
        self, instance: Instance, ben: SignedIn, clock: Clock
    ) -> None:
        clock.pass_time(hours=11)
        assert signing_in.resume(instance, ben.token) is not None
        clock.pass_time(hours=12)
        assert signing_in.resume(instance, ben.token) is None

    def test_signing_out_ends_it_for_whoever_kept_the_secret(
        self, instance: Instance, ada: SignedIn
    ) -> None:
        signing_in.sign_out(instance, ada.token)
        assert signing_in.resume(instance, ada.token) is None

    def test_other_devices_are_signed_out_and_this_one_and_other_people_stay(
        self, instance: Instance, ada: SignedIn, ben: SignedIn
    ) -> None:
        other = enter(instance, SEAT)
        unused = signing_in.mint_link(instance, OPERATOR, SEAT).rpartition("/")[2]
        assert signing_in.sign_out_others(instance, ada) == 1
        assert signing_in.resume(instance, other.token) is None
        assert signing_in.resume(instance, ada.token) is not None
        assert signing_in.resume(instance, ben.token) is not None
        with pytest.raises(Refused):
            signing_in.redeem(instance, unused)

    def test_a_former_holder_signs_out_nobody(self, instance: Instance, ada: SignedIn) -> None:
        seating.reseat(instance, OPERATOR, 2, BEN)
        with pytest.raises(NotAllowed, match="any more"):
            signing_in.sign_out_others(instance, ada)

    def test_nobody_does_to_another_what_is_their_own(
        self, instance: Instance, ada: SignedIn, ben: SignedIn
    ) -> None:
        forged = replace(ada, session=ben.session)
        for act in OWN.values():
            with pytest.raises(NotAllowed, match="not yours"):
                act(instance, forged)

    def test_who_holds_two_things_goes_on_in_the_other(
        self, instance: Instance, ada: SignedIn
    ) -> None:
        with pytest.raises(Refused, match="do not hold"):
            signing_in.act_as(instance, ada, "clerk", None)
        seating.add_clerk(instance, OPERATOR, ADA)
        assert signing_in.roles_of(instance, ada) == (SEAT, CLERK_ACTOR)
        as_clerk = signing_in.act_as(instance, ada, "clerk", None)
        assert as_clerk.second_due
        assert as_clerk.claimed.name == "clerk-2"
        assert signing_in.act_as(instance, as_clerk, "seat", 2).actor == SEAT
        with pytest.raises(Refused):
            signing_in.act_as(instance, ada, "seat", 3)
        with pytest.raises(Refused):
            signing_in.act_as(instance, ada, "operator", None)

    def test_no_secret_is_kept_in_plain(self, instance: Instance, ada: SignedIn) -> None:
        setup = factors.begin_app(instance, ada)
        codes = factors.new_codes(instance, ada)
        with instance.database.reading() as session:
            kept = [
                str(session.execute(table.select()).all())
                for table in Base.metadata.sorted_tables
                if table.name != "outgoing_mail"
            ]
        for secret in (ada.token, setup.secret.replace(" ", ""), *codes):
            assert secret not in "".join(kept)
            assert secret.replace("-", "") not in "".join(kept)
        assert ada.token not in repr(ada)


class TestSecondFactor:
    def test_without_it_a_clerk_is_a_visitor(self, instance: Instance, ben: SignedIn) -> None:
        assert ben.second_due
        assert ben.actor == PUBLIC
        assert ben.claimed == CLERK_ACTOR
        assert enter(instance, ADMINISTRATOR).actor == PUBLIC

    def test_a_seat_needs_none_and_an_example_may_go_without(
        self, instance: Instance, ada: SignedIn, ben: SignedIn
    ) -> None:
        assert ada.actor == SEAT
        instance.settings = replace(instance.settings, sign_in=SignIn(second_factor=False))
        again = signing_in.resume(instance, ben.token)
        assert again is not None
        assert again.actor == CLERK_ACTOR

    def test_an_app_is_set_up_with_its_first_code(
        self, instance: Instance, ben: SignedIn, clock: Clock
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
        self, instance: Instance, ben: SignedIn, clock: Clock
    ) -> None:
        done, _ = with_app(instance, ben, clock)
        assert done.signed.token != ben.token
        assert signing_in.resume(instance, ben.token) is None
        assert signing_in.resume(instance, done.signed.token) is not None

    def test_a_code_lets_in_and_then_no_more(
        self, instance: Instance, ben: SignedIn, clock: Clock
    ) -> None:
        _, secret = with_app(instance, ben, clock)
        code = pyotp.TOTP(secret).at(clock.now)
        given = factors.give_code(instance, enter(instance, CLERK_ACTOR), f" {code[:3]} {code[3:]}")
        assert given.signed.actor == CLERK_ACTOR
        with pytest.raises(BadInput, match="used already"):
            factors.give_code(instance, enter(instance, CLERK_ACTOR), code)

    @pytest.mark.parametrize("minutes", [-2, 2])
    def test_a_code_of_another_time_does_not(
        self, instance: Instance, ben: SignedIn, clock: Clock, minutes: int
    ) -> None:
        _, secret = with_app(instance, ben, clock)
        clock.pass_time(minutes=10)
        code = pyotp.TOTP(secret).at(int(clock.now.timestamp()) + 60 * minutes)
        with pytest.raises(BadInput):
            factors.give_code(instance, enter(instance, CLERK_ACTOR), code)

    @pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "0" * 400, "\0"])
    def test_what_is_no_code_is_none(
        self, instance: Instance, ben: SignedIn, clock: Clock, code: str
    ) -> None:
        with_app(instance, ben, clock)
        with pytest.raises(BadInput):
            factors.give_code(instance, enter(instance, CLERK_ACTOR), code)

    def test_codes_are_not_guessed_at_length(
        self, instance: Instance, ben: SignedIn, clock: Clock
    ) -> None:
        _, secret = with_app(instance, ben, clock)
        waiting = enter(instance, CLERK_ACTOR)
        left = abuse.LIMITS["second factor"].refuse.most - 1  # setting it up was one
        for _ in range(left):
            with pytest.raises(BadInput):
                factors.give_code(instance, waiting, "not one")
        right = pyotp.TOTP(secret).at(clock.now)
        with pytest.raises(TooMany):
            factors.give_code(instance, waiting, right)

    def test_a_recovery_code_stands_in_once(
        self, instance: Instance, ben: SignedIn, clock: Clock
    ) -> None:
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
        self, instance: Instance, ben: SignedIn, clock: Clock
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
        self, instance: Instance, ada: SignedIn, ben: SignedIn, clock: Clock
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

    def test_a_session_that_was_ended_changes_nothing(
        self, instance: Instance, ada: SignedIn
    ) -> None:
        asked = passkeys.ask_to_register(instance, ada)
        seating.sign_somebody_out(instance, OPERATOR, ada.person)
        with pytest.raises(NotAllowed, match="signed out"):
            passkeys.register(
                instance, ada, Device().make(asked.challenge), asked.challenge, "Mine"
            )
        with pytest.raises(NotAllowed, match="signed out"):
            factors.begin_app(instance, ada)

    def test_the_secret_is_sealed_with_the_instances_own_key(
        self, instance: Instance, ben: SignedIn, clock: Clock
    ) -> None:
        with_app(instance, ben, clock)
        (instance.path / "secret-key").write_bytes(b"another")
        instance.tokens = lambda: "t" * 43
        with pytest.raises(Corrupt, match="secret-key"):
            factors.give_code(instance, ben, "123456")


class TestPasskeys:
    def test_a_device_is_set_up_and_signs_in_without_a_name(
        self, instance: Instance, ada: SignedIn
    ) -> None:
        _, device = with_passkey(instance, ada)
        asked = passkeys.ask_to_authenticate(instance)
        assert ADA not in asked.options
        assert "allowCredentials" not in asked.options or '"allowCredentials": []' in asked.options
        signed = passkeys.authenticate(instance, device.give(asked.challenge), asked.challenge)
        assert signed.actor == SEAT
        (kept,) = factors.factors(instance, signed).passkeys
        assert (kept.label, kept.sign_count) == ("My phone", 1)
        assert kept.used_at is not None

    def test_the_devices_own_authenticator_is_offered(
        self, instance: Instance, ada: SignedIn
    ) -> None:
        options = passkeys.ask_to_register(instance, ada).options
        assert "authenticatorAttachment" not in options
        assert '"residentKey": "required"' in options
        assert '"userVerification": "required"' in options

    def test_for_a_clerk_it_is_both_factors(self, instance: Instance, ben: SignedIn) -> None:
        done, device = with_passkey(instance, ben)
        assert done.signed.actor == CLERK_ACTOR
        assert len(done.codes) == factors.CODES
        asked = passkeys.ask_to_authenticate(instance)
        fresh = passkeys.authenticate(instance, device.give(asked.challenge), asked.challenge)
        assert fresh.actor == CLERK_ACTOR

    def test_it_is_a_second_factor_after_a_link(self, instance: Instance, ben: SignedIn) -> None:
        _, device = with_passkey(instance, ben)
        waiting = enter(instance, CLERK_ACTOR)
        asked = passkeys.ask_to_authenticate(instance)
        answer = device.give(asked.challenge)
        done = passkeys.authenticate(instance, answer, asked.challenge, waiting)
        assert done.actor == CLERK_ACTOR
        assert signing_in.resume(instance, waiting.token) is None

    def test_somebody_elses_is_no_second_factor(
        self, instance: Instance, ada: SignedIn, ben: SignedIn
    ) -> None:
        _, device = with_passkey(instance, ada)
        asked = passkeys.ask_to_authenticate(instance)
        with pytest.raises(NotAllowed, match="somebody else"):
            passkeys.authenticate(instance, device.give(asked.challenge), asked.challenge, ben)

    def wrong(self, device: Device, challenge: str, how: str) -> str:
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
        self, instance: Instance, ada: SignedIn, how: str
    ) -> None:
        _, device = with_passkey(instance, ada)
        asked = passkeys.ask_to_authenticate(instance)
        with pytest.raises(NotAllowed, match="not recognised"):
            passkeys.authenticate(
                instance, self.wrong(device, asked.challenge, how), asked.challenge
            )

    def test_a_copied_key_that_counts_back_signs_in_nobody(
        self, instance: Instance, ada: SignedIn
    ) -> None:
        _, device = with_passkey(instance, ada)
        asked = passkeys.ask_to_authenticate(instance)
        device.count = 5
        passkeys.authenticate(instance, device.give(asked.challenge), asked.challenge)
        device.count = 3
        with pytest.raises(NotAllowed):
            passkeys.authenticate(instance, device.give(asked.challenge), asked.challenge)

    @pytest.mark.parametrize("answer", ["", "{}", "[]", '{"id": 7}', "null", '{"id": "x"}'])
    def test_what_is_no_answer_is_refused(
        self, instance: Instance, ada: SignedIn, answer: str
    ) -> None:
        with pytest.raises((BadInput, NotAllowed)):
            passkeys.authenticate(instance, answer, "c")
        with pytest.raises(BadInput):
            passkeys.register(instance, ada, answer, "c", "Mine")

    def test_an_unverified_device_is_not_set_up(self, instance: Instance, ada: SignedIn) -> None:
        device, asked = Device(), passkeys.ask_to_register(instance, ada)
        device.verified = False
        with pytest.raises(BadInput, match="could not be set up"):
            passkeys.register(instance, ada, device.make(asked.challenge), asked.challenge, "")

    def test_a_passkey_belongs_to_one_person(
        self, instance: Instance, ada: SignedIn, ben: SignedIn
    ) -> None:
        _, device = with_passkey(instance, ada)
        asked = passkeys.ask_to_register(instance, ben)
        with pytest.raises(Conflict):
            passkeys.register(instance, ben, device.make(asked.challenge), asked.challenge, "")

    def test_a_former_holders_passkey_signs_in_nobody(
        self, instance: Instance, ada: SignedIn
    ) -> None:
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
        self, instance: Instance, ada: SignedIn, address: str, possible: bool
    ) -> None:
        instance.base_url = address
        assert passkeys.are_possible(instance) is possible
        if not possible:
            with pytest.raises(Refused, match="name and https"):
                passkeys.ask_to_authenticate(instance)
            with pytest.raises(Refused, match="name and https"):
                passkeys.ask_to_register(instance, ada)


CHANGES: dict[str, Callable[[Instance, SignedIn], object]] = {
    "begin_app": factors.begin_app,
    "confirm_app": lambda i, s: factors.confirm_app(i, s, "123456"),
    "remove_app": factors.remove_app,
    "new_codes": factors.new_codes,
    "ask_to_register": passkeys.ask_to_register,
    "register": lambda i, s: passkeys.register(i, s, (d := Device()).make(c := "eHh4"), c, d.host),
    "remove": lambda i, s: passkeys.remove(i, s, "key"),
}
"""Whatever changes how somebody signs in."""

OWN: dict[str, Callable[[Instance, SignedIn], object]] = {
    **CHANGES,
    "factors": factors.factors,
    "give_code": lambda i, s: factors.give_code(i, s, "123456"),
    "make_token": lambda i, s: tokens.make_token(i, s, "A screen", 30),
    "own_tokens": tokens.own_tokens,
    "end_token": lambda i, s: tokens.end_token(i, s, 1),
    "sign_out_others": signing_in.sign_out_others,
    "roles_of": signing_in.roles_of,
    "act_as": lambda i, s: signing_in.act_as(i, s, "seat", 2),
}
"""Whatever somebody does about their own sign-in."""


@pytest.mark.parametrize("name", sorted(OWN))
def test_each_asks_the_table_first(
    instance: Instance, ada: SignedIn, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(authority, "TABLE", MappingProxyType({}))
    with pytest.raises(NotAllowed, match="own sign-in"):
        OWN[name](instance, ada)


def test_errors_here_hold_no_address_and_no_secret(instance: Instance, ada: SignedIn) -> None:
    for act in (
        lambda: seating.seat_person(instance, OPERATOR, 2, ADA),
        lambda: signing_in.mint_link_for(instance, OPERATOR, "stranger@example.org"),
        lambda: signing_in.redeem(instance, ada.token),
    ):
        with pytest.raises(DrafterError) as caught:
            act()
        said = f"{caught.value} {caught.value.data}"
        assert "@example.org" not in said
        assert ada.token not in said
