"""Signing in by a real browser: the link, a passkey of the device itself, an authenticator app."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from time import time

import pyotp
import pytest
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from drafter.services import mailing, seating, signing_in
from drafter.services.authority import ADMINISTRATOR, CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.web.app import create_app

from .test_pages import _faults

ADA = "ada@example.org"
FINGERPRINT = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    """A report with two seats, served under a name, as it usually is: with a second factor."""
    made = Instance.create(tmp_path / "instance")
    seating.add_seats(made, OPERATOR, 2)
    yield made
    made.close()


@pytest.fixture
def server(instance: Instance) -> Iterator[str]:
    """The app under a name: a passkey is bound to one."""
    served = make_server("127.0.0.1", 0, create_app(instance), threaded=True)
    instance.base_url = f"http://localhost:{served.server_port}"
    thread = threading.Thread(target=served.serve_forever)
    thread.start()
    yield instance.base_url
    served.shutdown()
    thread.join(10)
    served.server_close()


@pytest.fixture
def open_page(visit: Callable[..., Page]) -> Callable[..., Page]:
    return partial(visit, scripts=True)


def give_finger(page: Page) -> None:
    """Give the page's browser an authenticator of its own, with a finger that is always there."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": FINGERPRINT})


def follow(page: Page, instance: Instance, who: Actor) -> None:
    page.goto(signing_in.mint_link(instance, OPERATOR, who))
    page.get_by_role("button", name="Sign in", exact=True).click()


def newest_link(instance: Instance) -> str:
    body = next(m.body for m in mailing.mailbox(instance, OPERATOR) if m.to_address == ADA)
    found = re.search(r"http\S+/sign-in/\S{20,}", body)
    assert found
    return found[0]


def set_up_app(page: Page) -> pyotp.TOTP:
    app = pyotp.TOTP(page.locator(".secret").inner_text().replace(" ", ""))
    page.get_by_label("The six digits").fill(app.at(int(time())))
    page.get_by_role("button", name="Finish").click()
    return app


def test_a_member_sets_the_device_up_and_signs_in_with_a_finger(
    open_page: Callable[..., Page], instance: Instance
) -> None:
    page = open_page()
    give_finger(page)
    follow(page, instance, Actor("seat", 2))
    page.goto("/you/")
    page.get_by_label("A name for this device").fill("My phone")
    page.get_by_role("button", name="Set up this device").click()
    expect(page.get_by_text("This device can sign you in from now on")).to_be_visible()
    expect(page.get_by_role("button", name="Remove My phone")).to_be_visible()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/panel/")
    expect(page.get_by_text("not open to you")).to_be_visible()
    page.goto("/sign-in")
    page.get_by_role("button", name="Use this device’s fingerprint or PIN").click()
    page.wait_for_url("**/panel/")
    expect(page.get_by_text("signed in as seat 2")).to_be_visible()


def test_a_finger_that_is_not_known_here_signs_in_nobody_and_says_what_to_do(
    open_page: Callable[..., Page], instance: Instance
) -> None:
    page = open_page()
    give_finger(page)
    page.goto("/sign-in")
    page.get_by_role("button", name="Use this device’s fingerprint or PIN").click()
    expect(page.get_by_role("status").filter(has_text="use a link by mail")).to_be_visible()
    assert page.url.endswith("/sign-in")


def test_a_clerk_with_an_app_and_without_scripts(
    open_page: Callable[..., Page], instance: Instance
) -> None:
    page = open_page(scripts=False)
    follow(page, instance, CLERK_ACTOR)
    expect(page.get_by_role("button", name="fingerprint")).to_have_count(0)
    app = set_up_app(page)
    expect(page.get_by_role("heading", name="Keep these codes")).to_be_visible()
    code = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/clerk/")
    other = open_page(scripts=False)
    follow(other, instance, CLERK_ACTOR)
    other.get_by_label("A code from your app").fill(app.at(int(time()), counter_offset=1))
    other.get_by_role("button", name="Go on").click()
    other.wait_for_url("**/clerk/")
    third = open_page(scripts=False)
    follow(third, instance, CLERK_ACTOR)
    third.get_by_label("A code from your app").fill(code)
    third.get_by_role("button", name="Go on").click()
    third.wait_for_url("**/clerk/")


def test_a_clerk_with_a_finger_needs_nothing_else(
    open_page: Callable[..., Page], instance: Instance
) -> None:
    page = open_page()
    give_finger(page)
    follow(page, instance, CLERK_ACTOR)
    page.get_by_role("button", name="Use this device’s fingerprint or PIN").click()
    page.get_by_role("link", name="I have kept them").click()
    page.wait_for_url("**/clerk/")
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.goto("/sign-in")
    page.get_by_role("button", name="Use this device’s fingerprint or PIN").click()
    page.wait_for_url("**/clerk/")


def test_a_member_signs_in_by_a_mail_that_they_asked_for_without_scripts(
    open_page: Callable[..., Page], instance: Instance
) -> None:
    seating.seat_person(instance, OPERATOR, 1, ADA)
    page = open_page(scripts=False, width=360)
    page.goto("/sign-in")
    page.get_by_label("Your e-mail address").fill(ADA)
    page.get_by_role("button", name="Send me a link").click()
    expect(page.get_by_role("heading", name="Look into your mail")).to_be_visible()
    page.goto(newest_link(instance))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/panel/")


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_its_pages_fit_are_reachable_and_readable(
    open_page: Callable[..., Page], instance: Instance, width: int, dark: bool
) -> None:
    seating.seat_person(instance, OPERATOR, 1, f"a-rather-long-name.{'x' * 30}@example.org")
    seating.add_clerk(instance, OPERATOR, ADA)
    page, wrong = open_page(width=width, dark=dark), []

    def look(where: str = "") -> None:
        if where:
            page.goto(where)
        page.wait_for_load_state()
        wrong.extend((page.url, fault) for fault in _faults(page))

    look("/sign-in")
    page.get_by_label("Your e-mail address").fill(ADA)
    page.get_by_role("button", name="Send me a link").click()
    look()
    look(signing_in.mint_link(instance, OPERATOR, ADMINISTRATOR))
    page.get_by_role("button", name="Sign in", exact=True).click()
    look()
    set_up_app(page)
    look()
    for where in ("/admin/", "/admin/seats/1", "/admin/seats/2", "/you/"):
        look(where)
    follow(page, instance, ADMINISTRATOR)
    look()
    follow(page, instance, Actor("seat", 2))
    look("/you/")
    look("/you/app")
    assert wrong == []
