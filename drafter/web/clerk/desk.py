"""The clerk's desk: a queue that gets empty, the oldest first."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for

from drafter.core.saying import say
from drafter.people.comments import Comment
from drafter.people.proposals import Proposal
from drafter.services import admitting, lapsing, receiving
from drafter.services.desk import view_desk
from drafter.web import lines
from drafter.web.actors import current_actor
from drafter.web.current import instance, zone
from drafter.web.draft import draft
from drafter.web.lines import Line
from drafter.web.phrases import count, day, first_capital, first_words, from_submitter
from drafter.web.policy import policy
from drafter.web.tongue import tell

COMING = say("To put to the vote")
VOTING = say("Being voted on")
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
    more: int
    """Others that the list leaves out."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits for the clerk."""

    title: str
    sentence: str
    groups: tuple[Group, ...]
    together: bool
    """There are amendments that might be put together."""


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
    found = view_desk(instance(), actor)

    def tasks(rows: tuple[lines.Row, ...]) -> list[Task]:
        return [_amendment(lines.shown(row, found.seats)) for row in rows]

    coming = tasks(found.coming)
    handed_in = receiving.waiting(instance(), actor)
    groups = {
        say("Drafts handed in"): [_handed_in(one) for one in handed_in],
        say("Suggestions to look at"): [_comment(one) for one in queue.to_admit],
        say("Comments to read"): [_comment(one) for one in to_read],
        say("To decide"): _by_batch(found.closed, found.seats),
        say("Time is over: to close, or to put again"): _by_batch(found.overdue, found.seats),
        say("To put again, because the draft has changed"): tasks(found.stale),
        say("Asks for nothing any more: can be closed as lapsed"): tasks(
            lapsing.lapsable(instance(), actor)
        ),
        say("Carried: to open again"): tasks(found.to_open),
        COMING: coming,
        VOTING: _by_batch(found.voting, found.seats),
    }
    more = max(0, found.counts.get("open", 0) - len(coming))
    waiting = sum(len(tasks) for name, tasks in groups.items() if name != VOTING) + more
    return Desk(
        title=_title(waiting),
        sentence=_sentence(groups),
        groups=tuple(
            Group(name, tuple(tasks), more if name == COMING else 0)
            for name, tasks in groups.items()
            if tasks
        ),
        together=len(coming) > 1,
    )


def _by_batch(rows: tuple[lines.Row, ...], seats: int) -> list[Task]:
    """List votes, those that were put together as one."""
    shown = [lines.shown(row, seats) for row in rows]
    batches = {one.batch: [o for o in shown if o.batch == one.batch] for one in shown if one.batch}
    together = [
        Task(
            first_capital(count(len(ones), "amendment put together")),
            url_for("clerk.batch", number=number),
            ones[0].when,
        )
        for number, ones in batches.items()
    ]
    return [*together, *(_amendment(one) for one in shown if not one.batch)]


def _title(waiting: int) -> str:
    if not waiting:
        return tell("Nothing waits for you")
    return first_capital(count(waiting, "thing waits for you"))


def _sentence(groups: dict[str, list[Task]]) -> str:
    first = next((name for name, tasks in groups.items() if tasks), None)
    if first is None:
        return tell("Every comment has been read, and every amendment is decided.")
    if first == VOTING:
        return tell("Every comment has been read. The panel is voting.")
    return tell("Begin with the oldest under “{first}”.", first=first)


def _comment(one: Comment) -> Task:
    name = first_capital(draft().name(one.clause_id))
    words = one.text or one.suggested_wording or ""
    title = f"{name}: {first_words(words)}"
    url = url_for("clerk.comment", number=one.number)
    return Task(
        title,
        url,
        tell(
            "Comment {number}, {created_at}",
            number=one.number,
            created_at=day(one.created_at, zone()),
        ),
    )


def _handed_in(one: Proposal) -> Task:
    url = url_for("clerk.proposal", id=one.id)
    return Task(
        one.title,
        url,
        first_capital(from_submitter(one.author)),
    )


def _amendment(one: Line) -> Task:
    url = url_for("clerk.amendment", number=one.number)
    said = [tell("Amendment {number}", number=one.number), one.when, one.count]
    return Task(one.title, url, " · ".join(each for each in said if each))
