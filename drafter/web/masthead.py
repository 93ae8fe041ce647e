"""What stands at the head and foot of every page of the app, the same as on the site."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from drafter.core.errors import DrafterError
from drafter.services.authority import Actor
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
    return Masthead(
        name=name,
        home=url_for("site.front"),
        doors=_doors(),
        edition=edition,
        words=words,
        links=(),
        who=_who(actor) if actor and actor.role in ("seat", "clerk") else None,
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
    own = {
        "seat": Door("To vote on", url_for("panel.desk"), "panel"),
        "clerk": Door("What waits", url_for("clerk.desk"), "clerk"),
    }
    drafts = Door("Drafts", url_for("drafts.mine"), "drafts")
    return Who(label(actor), (own[actor.role], drafts), url_for("sign_in.leave"))
