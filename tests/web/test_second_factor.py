"""Signing in as it usually is: by mail without a word too many, and with a second factor."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from werkzeug.test import TestResponse

from drafter.services import abuse, mailing, seating, signing_in
from drafter.services.authority import ADMINISTRATOR, CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.web.app import create_app

from .conftest import ONE_FACTOR
from .visitor import CLAUSE, Clock, Visitor

ADA = "ada@example.org"
FLOOD = {"REMOTE_ADDR": "192.0.2.7"}


@pytest.fixture
def app(instance: Instance, clock: Clock) -> Iterator[Flask]:
    settings = instance.path / "settings.toml"
    settings.write_text(settings.read_text().replace(ONE_FACTOR, ""), encoding="utf-8")
    opened = Instance.open(instance.path, clock=clock)
    opened.base_url = "http://localhost:8000"
    seating.seat_person(opened, OPERATOR, 2, ADA)
    yield create_app(opened)
    opened.close()


def mails(instance: Instance) -> list[str]:
    return [mail.body for mail in mailing.mailbox(instance, OPERATOR) if mail.to_address == ADA]


def link(text: str) -> str:
    found = re.search(r"/sign-in/[\w-]{20,}", text)
    assert found
    return found[0]


def enter(visitor: Visitor, instance: Instance, who: Actor) -> str:
    """Follow a link of the console; returns where it led."""
    where = link(signing_in.mint_link(instance, OPERATOR, who))
    visitor.get(where)
    return visitor.send(where).headers["Location"]


def set_up(visitor: Visitor, clock: Clock) -> tuple[pyotp.TOTP, str]:
    """Set an app up on the page of the second factor; returns it and the page that follows."""
    page = visitor.get("/sign-in/second").text
    secret = re.search(r'class="secret">([A-Z2-7 ]+)<', page)
    assert secret
    app = pyotp.TOTP(secret[1].replace(" ", ""))
    answer = visitor.send("/sign-in/second", code=app.at(clock.now))
    clock.pass_time(seconds=30)
    return app, answer.text


def test_a_link_by_mail_signs_in_without_any_script(visitor: Visitor, instance: Instance) -> None:
    visitor.get("/sign-in")
    answer = visitor.send("/sign-in", email=ADA)
    assert "Look into your mail" in answer.text
    where = link(mails(instance)[0])
    assert "Sign in" in visitor.get(where).text
    assert visitor.send(where).headers["Location"] == "/panel/"
    assert "Seat 2" in visitor.get("/panel/").text


def test_a_known_and_an_unknown_address_get_one_and_the_same_answer(visitor: Visitor) -> None:
    answers = set()
    for email in (ADA, "stranger@example.org", ADA.upper()):
        visitor.get("/sign-in")
        response = visitor.send("/sign-in", email=email)
        answers.add((response.status_code, response.text, str(sorted(response.headers.keys()))))
    assert len(answers) == 1


def test_what_is_no_address_is_kept_and_said(visitor: Visitor) -> None:
    visitor.get("/sign-in")
    response = visitor.send("/sign-in", email="ada at example")
    assert response.status_code == 400
    assert "ada at example" in response.text
    assert "name@example.org" in response.text


def test_opening_a_link_uses_up_nothing(visitor: Visitor, instance: Instance) -> None:
    where = link(mails(instance)[0])
    for _ in range(3):
        assert visitor.get(where).status_code == 200
        assert visitor.client.head(where).status_code == 200
    assert visitor.send(where).status_code == 303
    assert visitor.send(where).status_code == 409


def test_a_clerk_by_a_link_alone_is_led_to_set_up_a_second_factor(
    visitor: Visitor, instance: Instance, clock: Clock
) -> None:
    assert enter(visitor, instance, CLERK_ACTOR) == "/sign-in/second"
    response = visitor.get("/clerk/")
    assert (response.status_code, response.headers["Location"]) == (303, "/sign-in/second")
    assert "Sign out</button>" in visitor.get("/sign-in/second").text
    _, page = set_up(visitor, clock)
    assert "Keep these codes" in page
    assert len(re.findall(r"<code>[a-z2-7-]{19}</code>", page)) == 8
    assert visitor.get("/clerk/").status_code == 200


def test_and_gives_it_at_each_sign_in_from_then_on(
    app: Flask, visitor: Visitor, instance: Instance, clock: Clock
) -> None:
    enter(visitor, instance, CLERK_ACTOR)
    totp, page = set_up(visitor, clock)
    codes = re.findall(r"<code>([a-z2-7-]{19})</code>", page)
    other = Visitor(app.test_client())
    assert enter(other, instance, CLERK_ACTOR) == "/sign-in/second"
    page = other.get("/sign-in/second").text
    assert "One more step" in page
    assert "secret" not in page
    wrong = other.send("/sign-in/second", code="000000")
    assert wrong.status_code == 400
    assert "not right" in wrong.text
    assert other.get("/clerk/").status_code == 303
    assert other.send("/sign-in/second", code=totp.at(clock.now)).headers["Location"] == "/clerk/"
    third = Visitor(app.test_client())
    enter(third, instance, CLERK_ACTOR)
    third.get("/sign-in/second")
    assert third.send("/sign-in/second", code=codes[0]).headers["Location"] == "/clerk/"


def test_a_form_sent_without_it_is_refused_and_kept(visitor: Visitor, instance: Instance) -> None:
    enter(visitor, instance, CLERK_ACTOR)
    visitor.get("/sign-in/second")
    response = visitor.send("/clerk/amendments/1/decide", reason="Three lines of reason.")
    assert response.status_code == 403
    assert "second factor first" in response.text
    assert "Three lines of reason." in response.text


def test_an_administrator_gives_seats_and_takes_them(
    app: Flask, visitor: Visitor, instance: Instance, clock: Clock
) -> None:
    assert enter(visitor, instance, ADMINISTRATOR) == "/sign-in/second"
    set_up(visitor, clock)
    member = Visitor(app.test_client())
    where = link(mails(instance)[0])
    member.get(where)
    member.send(where)
    assert member.get("/panel/").status_code == 200
    assert ADA in visitor.get("/admin/").text
    visitor.get("/admin/seats/2")
    assert visitor.send("/admin/seats/2", email="ben@example.org").status_code == 303
    assert "ben@example.org" in visitor.get("/admin/seats/2").text
    assert member.get("/panel/").status_code == 403
    assert visitor.send("/admin/seats/2/vacate").status_code == 303
    assert "This seat is vacant" in visitor.get("/admin/seats/2").text
    former = visitor.get("/admin/").text
    person = re.search(rf"{re.escape(ADA)}</span>\s*<form[^>]*persons/(person-\w+)/erase", former)
    assert person
    assert visitor.send(f"/admin/persons/{person[1]}/erase").status_code == 303
    assert ADA not in visitor.get("/admin/").text


@pytest.mark.parametrize(
    ("where", "typed", "said"),
    [
        ("/admin/seats", {"count": "many"}, "in digits"),
        ("/admin/seats", {"count": "999"}, "from 1 to 200"),
        ("/admin/offices", {"email": "no address", "role": "clerk"}, "name@example.org"),
        ("/admin/offices", {"email": ADA}, "clerk or administrator"),
        ("/admin/seats/1", {"email": "no address"}, "name@example.org"),
    ],
)
def test_a_mistake_is_said_and_what_was_typed_stays(
    visitor: Visitor, instance: Instance, clock: Clock, where: str, typed: dict[str, str], said: str
) -> None:
    enter(visitor, instance, ADMINISTRATOR)
    set_up(visitor, clock)
    visitor.get("/admin/")
    response = visitor.send(where, **typed)
    assert response.status_code == 400
    assert said in response.text
    assert all(value in response.text for value in typed.values())


def test_no_one_but_an_administrator_sees_an_address(
    visitor: Visitor, instance: Instance, clock: Clock
) -> None:
    enter(visitor, instance, CLERK_ACTOR)
    set_up(visitor, clock)
    for where in ("/clerk/", "/take-part/", "/you/"):
        assert ADA not in visitor.get(where).text


def test_a_new_session_begins_at_each_sign_in(
    app: Flask, visitor: Visitor, instance: Instance
) -> None:
    visitor.get(f"/take-part/clause/{CLAUSE}")
    planted = visitor.client.get_cookie("drafter")
    where = link(mails(instance)[0])
    visitor.get(where)
    visitor.send(where)
    thief = Visitor(app.test_client())
    assert planted is not None
    thief.client.set_cookie("drafter", planted.value)
    assert thief.get("/panel/").status_code == 403
    kept = visitor.client.get_cookie("drafter")
    assert kept is not None
    visitor.get("/panel/")
    visitor.send("/sign-out")
    thief.client.set_cookie("drafter", kept.value)
    assert thief.get("/panel/").status_code == 403


def test_a_form_left_open_after_signing_out_keeps_what_was_typed(
    visitor: Visitor, instance: Instance
) -> None:
    where = link(mails(instance)[0])
    visitor.get(where)
    visitor.send(where)
    page = visitor.get("/you/").text
    token = re.search(r'name="csrf_token" value="([^"]*)"', page)
    assert token
    visitor.send("/sign-out")
    data = {"csrf_token": token[1], "choice": "for", "interest": "My house stands there."}
    response = visitor.client.post("/panel/amendments/1", data=data)
    assert response.status_code in (400, 403)
    assert "My house stands there." in response.text


def test_the_own_page_says_where_one_is_signed_in_and_signs_out_the_rest(
    app: Flask, visitor: Visitor, instance: Instance
) -> None:
    enter(visitor, instance, Actor("seat", 2))
    other = Visitor(app.test_client())
    enter(other, instance, Actor("seat", 2))
    page = visitor.get("/you/").text
    assert page.count("Another device") == 1
    assert visitor.send("/you/sign-out-others").status_code == 303
    assert other.get("/you/").status_code == 403
    assert "Another device" not in visitor.get("/you/").text


def test_a_clerk_who_has_a_seat_too_goes_on_as_the_other(
    visitor: Visitor, instance: Instance, clock: Clock
) -> None:
    seating.add_clerk(instance, OPERATOR, ADA)
    enter(visitor, instance, Actor("seat", 2))
    page = visitor.get("/you/").text
    assert "Go on as the clerk" in page
    answer = visitor.send("/you/act", role="clerk", seat="")
    assert answer.headers["Location"] == "/sign-in/second"
    assert visitor.get("/panel/").status_code == 403
    set_up(visitor, clock)
    assert visitor.get("/clerk/").status_code == 200


class TestFloods:
    def comment(self, visitor: Visitor, **headers: str) -> int:
        where = f"/take-part/clause/{CLAUSE}"
        return visitor.client.post(
            where, data={"do": "preview"}, environ_overrides=FLOOD, headers=headers
        ).status_code

    @pytest.fixture(autouse=True)
    def few(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        app.config["WTF_CSRF_ENABLED"] = False
        few = abuse.Limit(refuse=abuse.Bucket(3, abuse.HOUR))
        monkeypatch.setattr(abuse, "LIMITS", {**abuse.LIMITS, "preview": few, "sign-in": few})

    def test_a_flood_is_told_when_to_come_back(self, visitor: Visitor) -> None:
        assert [self.comment(visitor) for _ in range(4)] == [400, 400, 400, 429]
        where = f"/take-part/clause/{CLAUSE}"
        data = {"do": "preview", "comment": "Long worked on."}
        response = visitor.client.post(where, data=data, environ_overrides=FLOOD)
        assert response.status_code == 429
        assert 1 <= int(response.headers["Retry-After"]) <= 3600
        assert "Long worked on." in response.text
        assert visitor.client.get(where, environ_overrides=FLOOD).status_code == 200

    def test_a_forged_forwarded_address_does_not_help(self, visitor: Visitor) -> None:
        for number in range(3):
            self.comment(visitor, **{"X-Forwarded-For": f"198.51.100.{number}"})
        assert self.comment(visitor, **{"X-Forwarded-For": "198.51.100.99"}) == 429

    def test_behind_a_proxy_that_is_named_each_visitor_counts_for_themselves(
        self, app: Flask, instance: Instance
    ) -> None:
        instance.settings = replace(instance.settings, proxies=1)
        behind = create_app(instance)
        behind.config["WTF_CSRF_ENABLED"] = False
        visitor = Visitor(behind.test_client())
        for number in range(9):
            told = {"X-Forwarded-For": f"203.0.113.5, 198.51.100.{number}"}
            assert self.comment(visitor, **told) == 400
        told = {"X-Forwarded-For": "198.51.100.1"}
        assert [self.comment(visitor, **told) for _ in range(3)] == [400, 400, 429]

    def test_asking_for_links_is_counted_too(self, visitor: Visitor) -> None:
        asked = [
            visitor.client.post(
                "/sign-in", data={"email": f"x{n}@example.org"}, environ_overrides=FLOOD
            ).status_code
            for n in range(4)
        ]
        assert asked == [200, 200, 200, 429]


def test_the_cookie_of_an_instance_by_https_is_for_https_alone(tmp_path: Path) -> None:
    made = Instance.create(tmp_path / "new")
    made.base_url = "https://take-part.example.org"
    cookie = create_app(made).test_client().get("/sign-in").headers["Set-Cookie"]
    made.close()
    assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"))


def mailed_to(instance: Instance, email: str) -> str:
    """The newest mail to an address."""
    found = [mail for mail in mailing.mailbox(instance, OPERATOR) if mail.to_address == email]
    return found[0].body


def test_ones_address_is_changed_by_a_button_and_never_by_opening_the_link(
    visitor: Visitor, instance: Instance
) -> None:
    enter(visitor, instance, Actor("seat", 2))
    visitor.get("/you/")
    refused = visitor.send("/you/address", email="new at example")
    assert refused.status_code == 400
    assert "new at example" in refused.text
    assert "name@example.org" in refused.text
    assert visitor.send("/you/address", email="new@example.org").status_code == 303
    assert "new@example.org" in visitor.get("/you/").text
    found = re.search(r"/you/address/[\w-]{20,}", mailed_to(instance, "new@example.org"))
    assert found
    for _ in range(2):
        assert "Change my address" in visitor.get(found[0]).text
    assert seating.holders(instance, OPERATOR).seats[1].email == ADA
    assert visitor.send(found[0]).status_code == 303
    assert seating.holders(instance, OPERATOR).seats[1].email == "new@example.org"
    assert "Your address is changed" in visitor.get("/you/").text
    assert "No change of your address waits" in visitor.get(found[0]).text


def went_to_confirm(response: TestResponse) -> bool:
    return (response.status_code, response.headers.get("Location")) == (303, "/you/confirm")


@pytest.mark.parametrize(
    ("where", "typed"),
    [
        ("/you/address", {"email": "new@example.org"}),
        ("/you/tokens", {"purpose": "The screen in the hall", "days": "17"}),
        ("/you/passkey/options", {"label": "My telephone"}),
    ],
)
def test_who_signed_in_a_while_ago_confirms_by_a_link_and_finds_what_they_typed(
    visitor: Visitor, instance: Instance, clock: Clock, where: str, typed: dict[str, str]
) -> None:
    enter(visitor, instance, Actor("seat", 2))
    clock.pass_time(minutes=16)
    assert "You signed in a while ago" in visitor.get("/you/").text
    assert went_to_confirm(visitor.send(where, **typed))
    page = visitor.get("/you/confirm").text
    assert "Confirm that it is you" in page
    visitor.send("/sign-in", email=visitor.field("email"))
    back = visitor.send(link(mails(instance)[0]))
    assert back.headers["Location"] == "/you/"
    page = visitor.get("/you/").text
    assert "You signed in a while ago" not in page
    assert all(f'value="{value}"' in page for value in typed.values())
    assert not any(f'value="{value}"' in visitor.get("/you/").text for value in typed.values())
    assert not went_to_confirm(visitor.send(where, **typed))


def test_a_clerk_confirms_by_a_code_and_comes_back_to_the_page_they_were_on(
    visitor: Visitor, instance: Instance, clock: Clock
) -> None:
    enter(visitor, instance, CLERK_ACTOR)
    app, _ = set_up(visitor, clock)
    clock.pass_time(minutes=16)
    assert went_to_confirm(visitor.get("/you/app"))
    page = visitor.get("/you/confirm").text
    assert "Send me a link" not in page
    assert visitor.send("/you/confirm", code="000000").status_code == 400
    back = visitor.send("/you/confirm", code=app.at(clock.now))
    assert back.headers["Location"] == "/you/app"
    visitor.get("/you/")
    assert "Keep these codes" in visitor.send("/you/codes").text


def test_what_somebody_typed_is_not_shown_to_who_signs_in_after_them(
    visitor: Visitor, instance: Instance, clock: Clock
) -> None:
    enter(visitor, instance, Actor("seat", 2))
    clock.pass_time(minutes=16)
    visitor.get("/you/")
    assert went_to_confirm(visitor.send("/you/address", email="secret@example.org"))
    seating.seat_person(instance, OPERATOR, 3, "cy@example.org")
    assert enter(visitor, instance, Actor("seat", 3)) == "/panel/"
    assert "secret@example.org" not in visitor.get("/you/").text
