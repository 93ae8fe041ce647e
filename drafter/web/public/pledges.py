"""What is promised to whoever takes part: privacy, the policy of moderation, and its public log."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask import Blueprint, render_template, request, url_for

from drafter.core.saying import say
from drafter.people.moderation_log import Act
from drafter.services import moderating
from drafter.services.holding import REASONS
from drafter.services.phases import GRACE
from drafter.web.actors import current_actor
from drafter.web.current import instance, zone
from drafter.web.phrases import moment
from drafter.web.policy import policy
from drafter.web.tongue import tell

PAGE = 100


ACTIONS: Mapping[str, str] = MappingProxyType(
    {
        "shown": say("shown"),
        "held": say("held"),
        "answered": say("answered"),
        "entered": say("entered"),
        "taken up": say("taken up"),
        "opened": say("opened"),
        "closed": say("closed"),
    }
)
"""What the public log records, in words."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One act of moderation, in words."""

    number: int
    at: datetime
    sentence: str
    said: str
    url: str
    hash: str


def add_to(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.add_url_rule("/privacy", view_func=privacy)
    blueprint.add_url_rule("/policy", view_func=moderation_policy)
    blueprint.add_url_rule("/log", view_func=moderation_log)


@policy("read")
def privacy() -> str:
    """Say what is kept of whoever takes part, where, how long, who sees it, how to erase it."""
    return render_template("public/privacy.html")


@policy("read")
def moderation_policy() -> str:
    """Say for which reasons a comment may be held back."""
    return render_template("public/policy.html", reasons=REASONS, grace=GRACE)


@policy("read")
def moderation_log() -> str:
    """Show every act of moderation, newest first."""
    before = request.args.get("before", type=int)
    found, total = moderating.log(instance(), before=before, limit=PAGE, actor=current_actor())
    more = found[-1].number if found and found[-1].number > 1 else None
    entries = [entry(act) for act in found]
    return render_template("public/log.html", entries=entries, total=total, more=more)


def entry(act: Act) -> Entry:
    """Say an act in words."""
    url = url_for("take_part.comment", number=act.comment) if act.comment else ""
    reason = next(
        (
            tell("Reason {number}: {title}.", number=r.number, title=r.title)
            for r in REASONS
            if r.key == act.reason
        ),
        "",
    )
    words = (
        tell(
            "Comment {comment} was {action}",
            comment=act.comment,
            action=ACTIONS.get(act.action, act.action),
        )
        if act.comment
        else tell("The time was set")
    )
    said = act.sentence if act.comment else _until(act.sentence)
    sentence = tell("{words} by {who}.", words=words, who=_who(act.actor))
    return Entry(act.number, act.at, sentence, f"{reason} {said}".strip(), url, act.hash)


def _until(sentence: str) -> str:
    if not sentence:
        return tell("Comments stay open.")
    return tell(
        "Comments are open until {fromisoformat}.",
        fromisoformat=moment(datetime.fromisoformat(sentence), zone()),
    )


def _who(actor: str) -> str:
    return (
        tell("seat {actor}", actor=int(actor[5:]))
        if actor.startswith("seat-")
        else tell("the {actor}", actor=actor)
    )
