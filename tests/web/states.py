"""One instance in each state of a question, with everybody signed in: for the permission matrix."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from drafter.people import persons
from drafter.people.tables import TenureRow
from drafter.services import (
    admitting,
    amending,
    commenting,
    deciding,
    seating,
    signing_in,
    tokens,
    voting,
)
from drafter.services.authority import ADMINISTRATOR, CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.web.actors import ID
from drafter.web.app import create_app

from .visitor import CLAUSE, START, Clock

STATES = ("nothing", "suggested", "open", "put", "closed", "decided")
"""No suggestion yet; one, confirmed; an amendment of it; before the panel; voted; decided."""
ROLES = ("public", "seat", "former", "clerk", "half", "administrator")
"""`former` held seat 3 when they signed in; `half` is a clerk without the second factor."""

WORDING = "Every citizen aged sixteen or over may vote in every election."


@dataclass(frozen=True, slots=True)
class World:
    """The folders of the states, what each role's cookie holds, and what forms must name."""

    folders: Mapping[str, Path]
    cookies: Mapping[str, str]
    tokens: Mapping[str, str]
    """What a program of each role shows; `half` can have none."""
    words: str
    """The hash that a ballot on amendment 1 names."""
    seen: str
    """The hash of the clause's words, until the decision."""
    receipt: str
    """The receipt of the suggestion."""
    person: str
    """Who holds nothing any more."""


def make_world(template: Path, into: Path) -> World:
    """Make an instance of each state, one out of the other."""
    shutil.copytree(template, into / "live")
    (into / "live" / "settings.toml").unlink()
    instance = Instance.open(into / "live", clock=Clock())
    cookies, shown, person = _sign_in_all(instance)
    folders, receipt, words = {}, "", ""
    place = instance.report.locate(CLAUSE)  # type: ignore[arg-type]
    assert place is not None
    seen = place.clause.hash
    for state in STATES:
        if state == "suggested":
            sent = commenting.comment(instance, CLAUSE, "Why.", WORDING, "ada@e.org")  # type: ignore[arg-type]
            assert sent.confirm_token is not None
            commenting.confirm(instance, sent.confirm_token)
            receipt = sent.receipt_token
        elif state == "open":
            admitting.show(instance, CLERK_ACTOR, 1)
            admitting.admit(instance, CLERK_ACTOR, (1,), "Let people vote at sixteen")
        elif state == "put":
            words = amending.put(instance, CLERK_ACTOR, 1).ballot_hash
        elif state == "closed":
            for seat in (1, 2):
                voting.cast(instance, Actor("seat", seat), 1, "for", words)
            voting.close(instance, CLERK_ACTOR, 1)
        elif state == "decided":
            deciding.decide(instance, CLERK_ACTOR, 1, "It is right.")
        instance.close()
        folders[state] = into / state
        shutil.copytree(into / "live", folders[state])
        instance = Instance.open(into / "live", clock=Clock())
    instance.close()
    return World(folders, cookies, shown, words, seen, receipt, person)


def _sign_in_all(instance: Instance) -> tuple[dict[str, str], dict[str, str], str]:
    def enter(who: Actor) -> str:
        link = signing_in.mint_link(instance, OPERATOR, who)
        signed = signing_in.redeem(instance, link.rpartition("/")[2])
        if not signed.second_due:
            return signed.token
        with instance.database.writing() as session:
            return signing_in.renewed(session, instance, signed, second=instance.clock()).token

    cookies = {
        "seat": enter(Actor("seat", 2)),
        "former": enter(Actor("seat", 3)),
        "clerk": enter(CLERK_ACTOR),
        "administrator": enter(ADMINISTRATOR),
    }
    shown = {role: _token(instance, cookie) for role, cookie in cookies.items()}
    link = signing_in.mint_link(instance, OPERATOR, CLERK_ACTOR)
    cookies["half"] = signing_in.redeem(instance, link.rpartition("/")[2]).token
    with instance.database.writing() as session:
        person = persons.holder_of(session, 3)
        # The seat is given away, and session and token of its former holder left behind on purpose.
        session.execute(update(TenureRow).where(TenureRow.seat == 3).values(until=START))
    seating.seat_person(instance, OPERATOR, 3, "successor@example.org")
    assert person is not None
    return cookies, shown, person


def _token(instance: Instance, cookie: str) -> str:
    """Make a token, and use it once: that is noted every few minutes only."""
    signed = signing_in.resume(instance, cookie)
    assert signed is not None
    secret = tokens.make_token(instance, signed, "A program", 30).secret
    assert tokens.bearer_of(instance, secret) is not None
    return secret


def visit(world: World, state: str, role: str, into: Path) -> tuple[Flask, Instance, FlaskClient]:
    """Open a copy of a state and come to it in a role. Forms need no token here: that is
    `test_guards`' part. The caller closes the instance.
    """
    shutil.copytree(world.folders[state], into)
    instance = Instance.open(into, clock=Clock())
    app = create_app(instance)
    app.config["WTF_CSRF_ENABLED"] = False
    return app, instance, as_role(world, app, role)


def as_role(world: World, app: Flask, role: str) -> FlaskClient:
    """Give a client that holds a role's cookie."""
    client = app.test_client()
    if role in world.cookies:
        with client.session_transaction() as session:
            session[ID] = world.cookies[role]
    return client
