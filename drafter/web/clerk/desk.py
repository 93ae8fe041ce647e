"""The clerk's desk: a queue that gets empty, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for

from drafter.people.amendments import Amendment
from drafter.people.comments import Comment
from drafter.people.proposals import Proposal
from drafter.services import admitting, amending, receiving
from drafter.web.actors import current_actor
from drafter.web.amendments import Line, line
from drafter.web.current import instance, zone
from drafter.web.draft import draft
from drafter.web.phrases import STATES, count, day, first_capital, first_words, submitter_name
from drafter.web.policy import policy

VOTING = "Being voted on"
"""What stands on the desk without anything to do about it."""


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to look at."""

    title: str
    url: str
    note: str


@dataclass(frozen=True, slots=True)
class Group:
    """Things of one kind; never empty."""

    title: str
    lines: tuple[Task, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for the clerk."""

    title: str
    sentence: str
    groups: tuple[Group, ...]


def add_to(blueprint: Blueprint) -> None:
    """Add the desk's route."""
    blueprint.add_url_rule("/", view_func=desk)


@policy("read the queue")
def desk() -> str:
    """Show what waits for the clerk."""
    return render_template("clerk/desk.html", page=_desk())


def _desk() -> Desk:
    actor = current_actor()
    queue = admitting.queue(instance(), actor)
    to_read = [one for one in queue.to_moderate if one not in queue.to_admit]
    running = amending.list_amendments(instance(), ("open", "put", "stale"), actor=actor)
    put = [line(one.number, actor) for one in running if one.state == "put"]
    handed_in = receiving.waiting(instance(), actor)
    groups = {
        "Drafts handed in": [_handed_in(one) for one in handed_in],
        "Suggestions to look at": [_comment(one) for one in queue.to_admit],
        "Comments to read": [_comment(one) for one in to_read],
        "To put to the vote": [_open(one) for one in running if one.state != "put"],
        "To decide": [_put(one) for one in put if not one.open],
        VOTING: [_put(one) for one in put if one.open],
    }
    waiting = sum(len(tasks) for name, tasks in groups.items() if name != VOTING)
    return Desk(
        title=_title(waiting),
        sentence=_sentence(groups),
        groups=tuple(Group(name, tuple(tasks)) for name, tasks in groups.items() if tasks),
    )


def _title(waiting: int) -> str:
    if not waiting:
        return "Nothing waits for you"
    return first_capital(count(waiting, "thing waits for you", "things wait for you"))


def _sentence(groups: dict[str, list[Task]]) -> str:
    first = next((name for name, tasks in groups.items() if tasks), None)
    if first is None:
        return "Every comment has been read, and every amendment is decided."
    if first == VOTING:
        return "Every comment has been read. The panel is voting."
    return f"Begin with the oldest under “{first}”."


def _comment(one: Comment) -> Task:
    name = first_capital(draft().name(one.clause_id))
    words = one.text or one.suggested_wording or ""
    title = f"{name}: {first_words(words)}"
    url = url_for("clerk.comment", number=one.number)
    return Task(title, url, f"Comment {one.number}, {day(one.created_at, zone())}")


def _handed_in(one: Proposal) -> Task:
    url = url_for("clerk.proposal", id=one.id)
    return Task(one.title, url, f"From {submitter_name(one.author).lower()}")


def _open(one: Amendment) -> Task:
    url = url_for("clerk.amendment", number=one.number)
    return Task(one.title, url, f"Amendment {one.number} · {STATES[one.state].lower()}")


def _put(one: Line) -> Task:
    url = url_for("clerk.amendment", number=one.number)
    return Task(one.title, url, f"Amendment {one.number} · {one.when} · {one.count}")
