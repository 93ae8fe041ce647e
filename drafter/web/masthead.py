"""What stands at the head and foot of every page of the app, the same as on the site."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from urllib.parse import quote, urlencode

from flask import request, url_for

from drafter.core.errors import DrafterError
from drafter.core.saying import say
from drafter.services.authority import Actor, may
from drafter.web.actors import current_actor, label
from drafter.web.current import instance, zone
from drafter.web.phrases import day
from drafter.web.reading import published_versions
from drafter.web.tongue import CHOICE, in_words, language, languages, tell


@dataclass(frozen=True, slots=True)
class Door:
    """A link of the masthead or the foot; `section` marks the door that one stands in."""

    label: str
    url: str
    section: str = ""
    lang: str = ""
    """The language that its label is in, where that is another."""


@dataclass(frozen=True, slots=True)
class Who:
    """Who is signed in, their own pages, and where signing out is sent."""

    label: str
    links: tuple[Door, ...]
    sign_out: str
    seat: int | None


@dataclass(frozen=True, slots=True)
class Masthead:
    """The publication's name, its doors, the edition, the foot, and who is signed in."""

    name: str
    home: str
    doors: tuple[Door, ...]
    edition: str
    search: str | None
    """Where the published report is searched; None before there is such a page."""
    words: str
    links: tuple[Door, ...]
    who: Who | None


HOMES: Mapping[str, Door] = MappingProxyType(
    {
        "seat": Door(say("To vote on"), "panel.desk", "panel"),
        "clerk": Door(say("What waits"), "clerk.desk", "clerk"),
        "administrator": Door(say("Who holds what"), "admin.page", "admin"),
    }
)
"""Where each role begins: label, endpoint, section."""


def masthead() -> Masthead:
    """Give the head and foot of this page; plain ones where the report cannot be read."""
    name, words, edition, actor = tell("The report"), "", "", None
    try:
        config = instance().config
        name, words = str(config.get("site_name", name)), str(config.get("copyright") or "")
        edition = _edition()
        actor = current_actor()
    except DrafterError:
        edition = tell("The report cannot be read at the moment")
    who = _who(actor) if actor and actor.role in HOMES else None
    return Masthead(
        name=name,
        home=url_for("site.front"),
        doors=_doors(),
        edition=edition,
        search=_search(),
        words=words,
        links=(*_languages(), *(() if who else (_sign_in(),))),
        who=who,
    )


def _sign_in() -> Door:
    return Door(tell("Sign in"), url_for("sign_in.ask_for_link"))


def _languages() -> tuple[Door, ...]:
    """Lead to this page in each other language; what a form has answered has no address.

    The path is quoted again: a browser reads `/\\` in a link as the beginning of another site.
    """
    here = quote(request.path) if request.method == "GET" else url_for("site.front")
    asked = request.args.to_dict(flat=False) if request.method == "GET" else {}
    return tuple(
        Door(other.name, f"{here}?{urlencode({**asked, CHOICE: other.code}, doseq=True)}", "", code)
        for code, other in languages().items()
        if code != language().code
    )


def _doors() -> tuple[Door, ...]:
    if not (instance().public / "index.html").is_file():
        return (Door(tell("Take part"), url_for("take_part.open_clauses"), "take-part"),)
    return (
        Door(tell("Read"), "/latest/", "read"),
        Door(tell("What changed"), "/latest/changes/", "changes"),
        Door(tell("Amendments"), "/amendments/", "amendments"),
        Door(tell("Assemblies"), "/assemblies/", "assemblies"),
        Door(tell("Take part"), url_for("take_part.open_clauses"), "take-part"),
    )


def _search() -> str | None:
    latest = "/latest/search/"
    return latest if (instance().public / f"{latest[1:]}index.html").is_file() else None


def _edition() -> str:
    found = published_versions()
    if not found:
        return tell("Working draft")
    latest = found[-1]
    return tell(
        "Working draft after version {number}, {time}",
        number=latest.number,
        time=day(latest.time, zone()),
    )


def _who(actor: Actor) -> Who:
    own = HOMES[actor.role]
    doors = [Door(str(in_words(own.label)), url_for(own.url), own.section)]
    if may(actor, "propose"):
        doors.append(Door(tell("Drafts"), url_for("drafts.mine"), "drafts"))
    doors.append(Door(tell("Signing in"), url_for("you.page")))
    return Who(label(actor), tuple(doors), url_for("sign_in.leave"), actor.seat)
