"""Somebody who comes to every page of the example report, signs in, and opens the mails."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import pyotp
from flask import Flask

from drafter.services import signing_in
from drafter.services.authority import OPERATOR, Actor
from drafter.services.instance import Instance

from .visitor import Clock
from .walk import Walk

SIXTEEN, RESIDENTS, ITEM, HEADING, REGISTER = (
    "c-tdzamb",
    "c-rxtb8y",
    "c-4btec2",
    "c-rp0egw",
    "c-mk1sh6",
)
CHAPTER, DRAFTING = (
    "drafts/04-voting-and-elections.md",
    "drafts/09-the-road-to-a-full-convention.md",
)
WRITTEN = "c-8tv6n9"
"""A clause of the chapter that is being written."""
ADA, BO = "ada@example.org", "bo@example.org"
REASON = "Those who need it most ask least."


class Tour(Walk):
    """The walk, with the instance that it goes through."""

    def __init__(self, app: Flask, instance: Instance, clock: Clock) -> None:
        super().__init__(app)
        self.instance, self.clock = instance, clock
        self.apps: dict[str, pyotp.TOTP] = {}

    def words(self, clause: str) -> str:
        place = self.instance.report.locate(clause)  # type: ignore[arg-type]
        assert place is not None
        return place.clause.wording

    def mailed(self, kind: str, to: str = "") -> str:
        """Find the newest link of a kind in the mails."""
        for path in sorted(self.instance.outbox.iterdir(), reverse=True):
            text = path.read_text(encoding="utf-8").replace("=\n", "")
            found = re.findall(rf"/{kind}/[\w-]{{20,}}", text)
            if found and to in text:
                return str(found[-1])
        raise AssertionError(f"no mail holds a link to {kind}")

    def field(self, name: str) -> str:
        found = re.search(rf'name="{name}" value="([^"]*)"', self.html)
        assert found, name
        return found[1]

    def enter(self, who: str, actor: Actor) -> None:
        """Sign in by a link, with the second factor where it is due."""
        link = urlsplit(signing_in.mint_link(self.instance, OPERATOR, actor)).path
        self.get(who, f"sign in, {who}", link)
        self.send(who, f"signed in, {who}", link)
        secret = re.search(r'class="secret">([A-Z2-7 ]+)<', self.html)
        if not secret:
            return
        app = pyotp.TOTP(secret[1].replace(" ", ""))
        self.send(who, f"second factor, wrong, {who}", "/sign-in/second", code="000000")
        code = app.at(self.clock.now)
        self.send(who, f"recovery codes, {who}", "/sign-in/second", code=code)
        self.clock.pass_time(seconds=31)
        self.apps[who] = app

    def enter_again(self, who: str, actor: Actor) -> None:
        """Sign in anew, once the session is over."""
        link = urlsplit(signing_in.mint_link(self.instance, OPERATOR, actor)).path
        self.client(who).post(link)
        if who in self.apps:
            self.client(who).post(
                "/sign-in/second", data={"code": self.apps[who].at(self.clock.now)}
            )

    def comment(self, clause: str, text: str, wording: str = "", email: str = ADA) -> str:
        """Send a comment and confirm it; give its receipt."""
        self.get("citizen", "a clause", f"/take-part/clause/{clause}")
        seen, form = self.field("seen"), self.field("form")
        self.clock.pass_time(seconds=30)
        where = f"/take-part/clause/{clause}"
        typed = {"comment": text, "wording": wording or self.words(clause), "email": email}
        self.send(
            "citizen", "receipt, just sent", where, seen=seen, form=form, consent="yes", **typed
        )
        receipt = self.shown[-1].address
        if email:
            self.get("citizen", "confirm, asked", self.mailed("take-part/confirm"))
            self.send("citizen", "confirm, done", self.mailed("take-part/confirm"))
        return receipt
