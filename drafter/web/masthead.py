"""What stands at the head and foot of every page of the app, the same as on the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import url_for

from drafter.core.errors import DrafterError
from drafter.services.authority import Actor, may
from drafter.web.actors import current_actor, label
from drafter.web.current import instance, zone
from drafter.web.phrases import day
from drafter.web.reading import published_versions


@dataclass(frozen=True, slots=True)
class Door:
    """A link of the masthead or the foot; `section` marks the door that one stands in."""

    label: str
    url: str
    section: str = ""


@dataclass(frozen=True, slots=True)
class Who:
    """Who is signed in, their own pages, and where signing out is sent."""

    label: str
    links: tuple[Door, ...]
    sign_out: str


@dataclass(frozen=True, slots=True)
class Masthead:
    """The publication's name, its doors, the edition, the foot, and who is signed in."""

    name: str
    home: str
    doors: tuple[Door, ...]
    edition: str
    words: str
    links: tuple[Door, ...]
    who: Who | None


HOMES: Mapping[str, Door] = MappingProxyType(
    {
        "seat": Door("To vote on", "panel.desk", "panel"),
        "clerk": Door("What waits", "clerk.desk", "clerk"),
        "administrator": Door("Who holds what", "admin.page", "admin"),
    }
)
"""Where each role begins: label, endpoint, section."""


def masthead() -> Masthead:
    """Give the head and foot of this page; plain ones where the report cannot be read."""
    name, words, edition, actor = "The report", "", "", None
    try:
        config = instance().config
        name, words = str(config.get("site_name", name)), str(config.get("copyright") or "")
        edition = _edition()
        actor = current_actor()
    except DrafterError:
        edition = "The report cannot be read at the moment"
    who = _who(actor) if actor and actor.role in HOMES else None
    return Masthead(
        name=name,
        home=url_for("site.front"),
        doors=_doors(),
        edition=edition,
        words=words,
        links=() if who else (Door("Sign in", url_for("sign_in.ask_for_link")),),
        who=who,
    )


def _doors() -> tuple[Door, ...]:
    if not (instance().public / "index.html").is_file():
        return (Door("Take part", url_for("take_part.open_clauses"), "take-part"),)
    return (
        Door("Read", "/latest/", "read"),
        Door("What changed", "/latest/changes/", "changes"),
        Door("Amendments", "/amendments/", "amendments"),
        Door("Assemblies", "/assemblies/", "assemblies"),
        Door("Take part", url_for("take_part.open_clauses"), "take-part"),
    )


def _edition() -> str:
    found = published_versions()
    if not found:
        return "Working draft"
    latest = found[-1]
    return f"Working draft after version {latest.number}, {day(latest.time, zone())}"


def _who(actor: Actor) -> Who:
    own = HOMES[actor.role]
    doors = [Door(own.label, url_for(own.url), own.section)]
    if may(actor, "propose"):
        doors.append(Door("Drafts", url_for("drafts.mine"), "drafts"))
    doors.append(Door("Signing in", url_for("you.page")))
    return Who(label(actor), tuple(doors), url_for("sign_in.leave"))
