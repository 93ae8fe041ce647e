"""Publishing a version: what it will contain, the title, and how far the work is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import BadInput
from drafter.core.rules import State
from drafter.core.saying import say
from drafter.publish.release_notes import clean_notes
from drafter.services import amending, limits
from drafter.services.previewing import preview as make_preview
from drafter.services.publishing import draft_release_notes
from drafter.services.publishing import publish as publish_version
from drafter.web import reading
from drafter.web.actors import current_actor
from drafter.web.clerk.desk import Task
from drafter.web.current import instance, zone
from drafter.web.panel.dry_run import DryRun, dry_run
from drafter.web.phrases import STANDS, day
from drafter.web.policy import policy
from drafter.web.tongue import tell
from drafter.web.work import Progress, Work, Works

RESTARTED = say(
    "The server was started anew meanwhile. Look at the front page: a version that was being made "
    "is finished by itself."
)

EXTENSION = "drafter.works"
LOOK = "look at "
"""Begins the result of work that publishes nothing."""


@dataclass(frozen=True, slots=True)
class PublicationPage:
    """What is about to be published."""

    version: str
    sentence: str
    decisions: tuple[Task, ...]
    notes: str
    """The release notes: as typed, else their draft."""
    dry_run: DryRun | None


@dataclass(frozen=True, slots=True)
class WorkPage:
    """How far a publication is."""

    title: str
    sentence: str
    progress: int
    running: bool
    url: str
    link: str


def add_to(blueprint: Blueprint) -> None:
    """Add the routes about publishing."""
    blueprint.record(lambda state: state.app.extensions.setdefault(EXTENSION, Works()))
    blueprint.add_url_rule("/publication", view_func=publication)
    blueprint.add_url_rule("/publication", view_func=publish, methods=["POST"])
    blueprint.add_url_rule("/publication/<int:number>", view_func=progress)


@policy("publish")
def publication() -> ResponseReturnValue:
    """Show what the next version will contain; while one is being made, how far it is."""
    running = _works().running()
    if running is not None:
        return redirect(url_for("clerk.progress", number=running))
    return _page({})


@policy("publish")
def publish() -> ResponseReturnValue:
    """Begin to publish the draft as the next version, or to make what can be looked at first."""
    title = request.form.get("title", "").strip()
    notes = request.form.get("notes")
    errors = {}
    try:
        limits.require_length(title, limits.LONGEST_TITLE, "A title")
    except BadInput as error:
        errors["title"] = error.sentence
    try:
        clean_notes(notes or "")
    except BadInput as error:
        errors["notes"] = error.sentence
    if errors:
        return _page(errors), 400
    here, actor = instance(), current_actor()
    milestone = request.form.get("milestone") == "yes"

    def task(report: Progress) -> str:
        return publish_version(here, actor, title, report, notes=notes, milestone=milestone).name

    def look(report: Progress) -> str:
        return LOOK + make_preview(here, actor, title, notes, report).version

    if request.form.get("do") == "look":
        number = _works().begin(say("The version is made, to be looked at"), look)
    else:
        number = _works().begin(say("Publishing begins"), task)
    return redirect(url_for("clerk.progress", number=number), 303)


@policy("publish")
def progress(number: int) -> str:
    """Show how far a publication is; the page renews itself until it is done."""
    return render_template("clerk/work.html", page=_work_page(_works().find(number)))


def _works() -> Works:
    return cast(Works, current_app.extensions[EXTENSION])


def _work_page(work: Work | None) -> WorkPage:
    if work is None:
        front = url_for("site.front")
        return WorkPage(tell("Publishing"), RESTARTED, 0, False, front, tell("To the front page"))
    if work.running:
        return WorkPage(
            tell("Publishing"), tell("{work} …", work=work.sentence), work.progress, True, "", ""
        )
    if not work.result:
        url = url_for("clerk.publication")
        return WorkPage(tell("It was not published"), work.sentence, 0, False, url, tell("Back"))
    if work.result.startswith(LOOK):
        return WorkPage(
            tell("It can be looked at"),
            tell("Nothing is published yet."),
            100,
            False,
            url_for("panel.preview"),
            tell("What the checks found"),
        )
    name = work.result.removeprefix("v")
    sentence = tell("Everyone can read it now.")
    return WorkPage(
        tell("Version {name} is published", name=name),
        sentence,
        100,
        False,
        f"/v{name}/",
        tell("Read version {name}", name=name),
    )


def _page(errors: dict[str, str]) -> str:
    return render_template(
        "clerk/publication.html", page=_gather(), errors=errors, typed=request.form
    )


def _gather() -> PublicationPage:
    published = reading.published_versions()
    number = published[-1].number + 1 if published else 1
    if published:
        last = published[-1]
        sentence = tell(
            "Version {number} was published on {time}. ",
            number=last.number,
            time=day(last.time, zone()),
        )
        sentence += tell("This one takes in everything that was decided since.")
    else:
        sentence = tell("It is the first version. From then on everyone sees what changes.")
    typed = request.form.get("notes")
    return PublicationPage(
        tell("version {number}", number=number),
        sentence,
        tuple(_decisions()),
        draft_release_notes(instance(), current_actor()) if typed is None else typed,
        dry_run(),
    )


def _decisions() -> Iterator[Task]:
    new = reading.decided_since_publication()
    decided: tuple[State, ...] = ("accepted", "rejected")
    for one in amending.list_amendments(instance(), decided, actor=current_actor()):
        if one.number in new:
            url = url_for("clerk.amendment", number=one.number)
            yield Task(
                one.title,
                url,
                tell(
                    "Amendment {number} · {states}",
                    number=one.number,
                    states=STANDS[one.state],
                ),
            )
