"""One's drafts: what each would do, change by change; handing in, taking back, throwing away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.diff import Change
from drafter.core.errors import BadInput, Conflict, NotFound, Refused
from drafter.core.saying import say
from drafter.core.steps import Add, Move, NewChapter, Remove, Reword, Step
from drafter.people.proposals import Proposal
from drafter.services import competing, drafting, proposing
from drafter.services.authority import may
from drafter.services.drafting import ProposalView
from drafter.web import forms
from drafter.web.actors import current_actor
from drafter.web.amendments import Effect, effect
from drafter.web.changed import Changed, changed, summary
from drafter.web.current import instance
from drafter.web.draft import opening
from drafter.web.panel.ground import Ground, ground
from drafter.web.phrases import first_words, joined
from drafter.web.policy import policy
from drafter.web.tongue import tell

blueprint = Blueprint("drafts", __name__, url_prefix="/panel/drafts")

STANDING = {
    "drafting": say("Only you see it"),
    "submitted": say("With the clerk"),
    "returned": say("Given back to you"),
    "admitted": say("It has become an amendment"),
    "discarded": say("Thrown away"),
}

FORMS = {Reword: "reword", Add: "add", Remove: "remove", Move: "move", NewChapter: "new-chapter"}


@dataclass(frozen=True, slots=True)
class StepLine:
    """One change of a draft: what it does, and where to change it."""

    index: int
    said: str
    url: str
    marked: tuple[Changed, ...]
    words: str
    """What was typed; shown where the change does not fit."""
    problem: str


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in a list."""

    id: int
    title: str
    standing: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DraftPage:
    """Everything that a page says about a draft."""

    id: int
    title: str
    name: str
    kind: str
    standing: str
    state: str
    summary: str
    note: str
    comments: str
    comment_numbers: tuple[int, ...]
    reason: str
    author: str
    revision: int
    steps: tuple[StepLine, ...]
    also: tuple[Changed, ...]
    """Changes that follow from none of the steps alone."""
    changes: tuple[Changed, ...]
    effects: tuple[Effect, ...]
    unchanged: int
    since: tuple[Changed, ...]
    moved_on: bool
    competes: tuple[str, ...]
    problem: str
    ready: bool
    amendment: int | None
    sources: tuple[int, ...]
    submitted_at: datetime | None
    combined: bool


@blueprint.get("/")
@policy("propose")
def mine() -> str:
    """List one's drafts."""
    found = proposing.own_proposals(instance(), current_actor())
    lines = [DraftLine(one.id, name_of(one), STANDING[one.state], one.updated_at) for one in found]
    out_of_comments = may(current_actor(), "admit")
    return render_template("panel/drafts.html", drafts=lines, out_of_comments=out_of_comments)


@blueprint.get("/<int:id>")
@policy("propose")
def one(id: int) -> str:
    """Show a draft with what it would do, and the one thing to do next."""
    return _page(id)


@blueprint.post("/<int:id>")
@policy("propose")
def save(id: int) -> ResponseReturnValue:
    """Save the title, the note and the comments taken up; or hand the draft in with them."""
    actor, where = current_actor(), instance()
    try:
        saved = proposing.describe(
            where,
            actor,
            id,
            title=request.form.get("title", ""),
            note=request.form.get("note", ""),
            comments=_numbers(request.form["comments"]) if "comments" in request.form else None,
            revision=revision(),
        )
        if request.form.get("do") == "hand-in":
            proposing.submit(where, actor, id, revision=saved.revision)
            flash(tell("The clerk has it now. You can take it back until it is taken up."), "good")
        else:
            flash(tell("Saved."), "good")
    except (BadInput, NotFound) as error:
        return _page(id, {_field(error): error.sentence}), 400
    except (Conflict, Refused) as error:
        return _page(id, {"title": error.sentence}), 409
    return redirect(url_for("drafts.one", id=id), 303)


@blueprint.post("/<int:id>/undo")
@policy("propose")
def undo(id: int) -> ResponseReturnValue:
    """Take one change out of a draft."""
    at = request.form.get("at", type=int)
    try:
        proposing.remove_step(
            instance(), current_actor(), id, at if at is not None else -1, revision=revision()
        )
    except Conflict as error:
        return _page(id, {"steps": error.sentence}), 409
    flash(tell("That change is taken out."), "good")
    return redirect(url_for("drafts.one", id=id), 303)


@blueprint.post("/<int:id>/refresh")
@policy("propose")
def refresh(id: int) -> ResponseReturnValue:
    """Go on from the draft as it stands now."""
    proposing.refresh(instance(), current_actor(), id)
    flash(
        tell("Your draft now begins at the text as it stands today. Look at it once more."), "good"
    )
    return redirect(url_for("drafts.one", id=id), 303)


@blueprint.post("/<int:id>/take-back")
@policy("propose")
def take_back(id: int) -> ResponseReturnValue:
    """Take a draft back from the clerk."""
    proposing.take_draft_back(instance(), current_actor(), id)
    flash(tell("You have it back, and can change it."), "good")
    return redirect(url_for("drafts.one", id=id), 303)


@blueprint.post("/<int:id>/discard")
@policy("propose")
def discard(id: int) -> ResponseReturnValue:
    """Throw a draft away."""
    proposing.discard(instance(), current_actor(), id)
    flash(tell("The draft is thrown away."), "good")
    return redirect(url_for("drafts.mine"), 303)


@blueprint.post("/redraft")
@policy("propose")
def redraft() -> ResponseReturnValue:
    """Begin to draft an open amendment anew."""
    number = request.form.get("number", 0, type=int)
    made = proposing.start_redraft(instance(), current_actor(), number)
    return redirect(url_for("drafts.one", id=made.id), 303)


@blueprint.post("/combine")
@policy("propose")
def combine() -> ResponseReturnValue:
    """Begin a draft that brings amendments together."""
    numbers = forms.numbers("number")
    about = request.form.get("about", 0, type=int)
    if len(numbers) < 2:
        flash(tell("Choose two amendments or more, then combine them."), "warn")
        return redirect(url_for("competing.page", number=about, _anchor="combine"), 303)
    made = competing.start_combined(instance(), current_actor(), numbers)
    return redirect(url_for("combining.page", id=made.id), 303)


def _page(id: int, errors: dict[str, str] | None = None) -> str:
    view = drafting.view_proposal(instance(), current_actor(), id)
    return render_template(
        "panel/draft.html", page=gather(view), errors=errors or {}, typed=request.form
    )


def gather(view: ProposalView) -> DraftPage:
    """Gather a draft's page."""
    proposal, drafted = view.proposal, view.drafted
    here = ground(proposal.id)
    shown = tuple(view.diff.changes)
    steps, used = _steps(view, here)
    return DraftPage(
        id=proposal.id,
        title=proposal.title,
        name=name_of(proposal),
        kind=_kind(proposal),
        standing=STANDING[proposal.state],
        state=proposal.state,
        summary=summary(shown) if shown else tell("It changes nothing yet."),
        note=proposal.note,
        comments=", ".join(str(number) for number in proposal.comments),
        comment_numbers=proposal.comments,
        reason=proposal.reason,
        author=proposal.author,
        revision=proposal.revision,
        steps=steps,
        also=tuple(changed(change) for change in shown if id_of(change) not in used),
        changes=tuple(changed(change) for change in shown),
        effects=tuple(
            effect(one, current_actor()) for one in view.consequences if one.effect != "unchanged"
        ),
        unchanged=sum(one.effect == "unchanged" for one in view.consequences),
        since=tuple(changed(change) for change in view.since),
        moved_on=drafted.moved_on,
        competes=tuple(here.text.name(str(one.clause)) for one in drafted.competing),
        problem=view.problem,
        ready=drafted.ready and not view.problem,
        amendment=proposal.amendment,
        sources=proposal.sources,
        submitted_at=proposal.submitted_at,
        combined=proposal.kind == "combined",
    )


def _steps(view: ProposalView, here: Ground) -> tuple[tuple[StepLine, ...], set[str]]:
    by_clause = {id_of(change): change for change in view.diff.changes}
    applied = view.drafted.applied
    problems = {one.index: one.sentence for one in applied.unfit}
    lines, used = [], set[str]()
    for index, step in enumerate(view.proposal.steps):
        about = applied.made[index]
        names = list(_about(step, about, view))
        found = [by_clause[name] for name in names if name in by_clause and name not in used]
        used.update(names)
        lines.append(
            StepLine(
                index=index,
                said=said(step, about, view, here),
                url=url_for("text.form", what=FORMS[type(step)], draft=view.proposal.id, at=index),
                marked=tuple(changed(change) for change in found),
                words=getattr(step, "wording", getattr(step, "text", "")),
                problem=problems.get(index, ""),
            )
        )
    return tuple(lines), used


def _about(step: Step, about: str | None, view: ProposalView) -> Iterator[str]:
    """Name the clauses that a step is about; a new chapter's are all of them."""
    if about is None:
        return
    yield about
    chapter = view.drafted.proposed.chapter(about) if isinstance(step, NewChapter) else None
    for clause in chapter.clauses if chapter else ():
        if clause.id:
            yield clause.id


def id_of(change: Change) -> str:
    """Name the clause that a change is about."""
    side = (change.sides("new") or change.sides("old"))[0]
    return side.id or ""


def said(step: Step, about: str | None, view: ProposalView, here: Ground) -> str:
    """Say what a step does, naming the clause as the draft names it."""
    if isinstance(step, NewChapter):
        first = step.text.split("\n", 1)[0].split("{:")[0].strip("# ")
        return tell("Adds the chapter “{first}”", first=first)
    name = here.text.name(str(about or getattr(step, "clause", "")))
    if isinstance(step, Add):
        return (
            tell("Adds {name}", name=name)
            if about
            else tell("Adds “{first_words}”", first_words=first_words(step.text))
        )
    if isinstance(step, Remove):
        place = view.drafted.base.locate(step.clause)
        return (
            tell("Removes “{opening}”", opening=opening(place.clause))
            if place
            else tell("Removes a clause")
        )
    return (
        tell("Moves {name}", name=name)
        if isinstance(step, Move)
        else tell("Changes {name}", name=name)
    )


def name_of(proposal: Proposal) -> str:
    """Name a draft: by its title, else by what it is."""
    return proposal.title or tell("Draft {id}, without a title yet", id=proposal.id)


def _kind(proposal: Proposal) -> str:
    numbers = joined([str(number) for number in proposal.sources])
    if proposal.kind == "redraft":
        return tell("Amendment {numbers}, drafted anew", numbers=numbers)
    return (
        tell("Combines amendments {numbers}", numbers=numbers)
        if proposal.kind == "combined"
        else tell("A draft")
    )


def _field(error: BadInput | NotFound) -> str:
    words = error.sentence
    if "comment" in words:
        return "comments"
    return "note" if words.startswith("A note") else "title" if "title" in words else "steps"


def _numbers(text: str) -> list[int]:
    words = re.findall(r"\d+", text)
    if re.sub(r"[\d\s,;]|comments?|and|#", "", text):
        raise BadInput("Write the numbers of comments with commas between: 12, 15.")
    if any(len(word) > 9 for word in words):
        raise NotFound("There is no comment of that number.")
    return [int(word) for word in words]


def revision() -> int | None:
    """Read which state of the draft stood on the page."""
    value = request.form.get("revision", "")
    return int(value) if value.isdecimal() and len(value) < 9 else None
