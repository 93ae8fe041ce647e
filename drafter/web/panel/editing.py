"""The members' editor: a chapter as readers see it, and one form for each thing one can ask for.

Without JavaScript each button is a page; with it the change is drawn while one types. Every form
keeps what was typed, and says what to do, whatever fails.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from drafter.core.clauses import Place
from drafter.core.errors import Conflict, NotFound, Refused
from drafter.core.ids import ClauseId
from drafter.core.steps import Step, section_of
from drafter.services import drafting, editing, proposing
from drafter.services.authority import may
from drafter.services.drafting import StepPreview
from drafter.web import marks
from drafter.web.actors import current_actor
from drafter.web.changed import Changed, changed
from drafter.web.current import instance
from drafter.web.panel.drafts import revision
from drafter.web.panel.forms import (
    WHATS,
    Form,
    Kinds,
    field_of,
    kinds_to_add,
    kinds_to_become,
    read_form,
    typed_steps,
)
from drafter.web.panel.ground import PHASES, Ground, Spot, ground, leaf, places
from drafter.web.phrases import count, first_capital
from drafter.web.policy import policy
from drafter.web.tongue import tell
from drafter.web.words import shown

blueprint = Blueprint("text", __name__, url_prefix="/panel/text")


@dataclass(frozen=True, slots=True)
class ChapterLine:
    """A chapter in the list."""

    title: str
    path: str
    clauses: str
    drafting: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What the form would do, drawn."""

    changes: tuple[Changed, ...]
    words: Markup | None
    """The clause as readers will see it."""


@dataclass(frozen=True, slots=True)
class FormPage:
    """Everything around a form of the editor."""

    title: str
    chapter: str
    chapter_path: str
    standing: Markup | None
    """The clause as it is."""
    phase: str
    drafting: bool
    may_edit: bool
    draft: int | None
    draft_title: str
    revision: str
    places: tuple[Spot, ...]
    chapters: tuple[ChapterLine, ...]
    heading: bool
    under: str
    """What goes along with it."""
    seen: str
    """The hash of the clause's words as the page shows them."""
    tip: str


@blueprint.get("/")
@policy("propose")
def chapters() -> str:
    """List the chapters, each with what its phase means."""
    here = ground(_draft_id())
    return render_template(
        "panel/chapters.html", here=here, chapters=_chapters(here), phases=PHASES
    )


@blueprint.get("/chapter")
@policy("propose")
def chapter() -> str:
    """Show a chapter as readers see it; beside each clause stands what can be done."""
    here = ground(_draft_id())
    found = here.chapter(request.args.get("path", ""))
    page = leaf(here, found, request.args.get("page", 1, type=int))
    return render_template(
        "panel/chapter.html",
        here=here,
        path=found.path,
        title=here.text.title(found),
        phase=_phase(here, found.path),
        leaf=page,
        empty=not any(clause.id for clause in found.clauses),
    )


@blueprint.get("/<what>")
@policy("propose")
def form(what: str) -> str:
    """Show a form of the editor."""
    here = ground(_draft_id(), request.args.get("at", type=int))
    return _show(read_form(_known(what), here), here)


@blueprint.post("/<what>")
@policy("propose")
def send(what: str) -> ResponseReturnValue:
    """Show the change, keep it in a draft, make a draft of it, or save it as a recorded edit."""
    wanted = request.form.get("do", "preview")
    wrong = 200 if request.headers.get("X-Drafter-Preview") == "1" else 400
    here = ground(_draft_id(), request.form.get("at", type=int))
    typed = read_form(_known(what), here)
    if typed.clause and here.report.locate(typed.clause) is None:
        return _show(typed, here, notice="gone"), 409
    steps, typed = typed_steps(typed, here)
    if not steps:
        return _show(typed, here), wrong
    seen = drafting.preview_steps(instance(), current_actor(), steps, proposal=here.id, at=typed.at)
    if seen.problem:
        typed = replace(typed, errors={field_of(typed): seen.problem})
        return _show(typed, here), wrong
    if wanted == "preview":
        return _show(typed, here, preview=seen)
    if _changed_since(typed, here):
        return _show(typed, here, preview=seen, notice="changed"), 409
    return _kept(wanted, typed, here, steps, seen)


def _kept(
    wanted: str, typed: Form, here: Ground, steps: tuple[Step, ...], seen: StepPreview
) -> ResponseReturnValue:
    actor, where = current_actor(), instance()
    try:
        if wanted == "edit":
            editing.record(where, actor, steps, seen=typed.seen or None)
            flash(
                tell(
                    "Saved. It is recorded under {name} and listed in the next version.",
                    name=actor.name,
                ),
                "good",
            )
            path = seen.chapter.path if seen.chapter else typed.path
            return redirect(url_for("text.chapter", path=path or _path(typed, here)), 303)
        if here.proposal is None:
            made = proposing.start(where, actor, steps=steps)
        elif typed.at is not None:
            made = proposing.replace_step(
                where, actor, here.proposal.id, typed.at, *steps, revision=revision()
            )
        else:
            made = proposing.add_step(where, actor, here.proposal.id, *steps, revision=revision())
    except Refused as error:
        return _show(typed, here, preview=seen, notice="refused", sentence=error.sentence), 409
    except Conflict as error:
        here = ground(_draft_id(), typed.at)
        return _show(typed, here, preview=seen, notice="window", sentence=error.sentence), 409
    flash(tell("It stands in your draft. Nobody else sees it before you hand it in."), "good")
    return redirect(url_for("drafts.one", id=made.id), 303)


def _show(
    typed: Form,
    here: Ground,
    *,
    preview: StepPreview | None = None,
    notice: str = "",
    sentence: str = "",
) -> str:
    alone = request.headers.get("X-Drafter-Preview") == "1"
    return render_template(
        "panel/step_preview.html" if alone else "panel/step.html",
        form=typed,
        alone=alone,
        page=_page(typed, here),
        preview=_drawn(preview) if preview else None,
        fault=preview.edit_fault if preview else "",
        notice=notice,
        sentence=sentence,
        since=_since(typed, here) if notice == "changed" else None,
        kinds=_kinds(typed, here),
    )


def _kinds(typed: Form, here: Ground) -> Kinds:
    if typed.what == "add":
        return kinds_to_add()
    place = here.report.locate(typed.clause) if typed.clause else None
    return kinds_to_become(place) if typed.what == "reword" and place else ()


def _page(typed: Form, here: Ground) -> FormPage:
    place = here.report.locate(typed.clause) if typed.clause else None
    path = _path(typed, here)
    found = here.report.chapter(path)
    drafted = bool(found) and typed.what != "new-chapter" and here.is_drafting(path)
    proposal = here.proposal
    return FormPage(
        title=_title(typed, here),
        chapter=here.text.title(found) if found else "",
        chapter_path=path,
        standing=shown(place.chapter, place.clause) if place and typed.what != "add" else None,
        phase=PHASES["drafting" if drafted else "amending"] if found else "",
        drafting=drafted,
        may_edit=may(current_actor(), "edit") and proposal is None and typed.what != "new-chapter",
        draft=here.id,
        draft_title=proposal.title if proposal else "",
        revision=str(proposal.revision) if proposal else "",
        places=_places(typed, here, place, path),
        chapters=_chapters(here) if typed.what == "move" else (),
        heading=bool(place and place.clause.type == "heading"),
        under=_under(typed, here, place),
        seen=place.clause.hash if place and proposal is None and typed.what != "add" else "",
        tip=instance().tip,
    )


def _path(typed: Form, here: Ground) -> str:
    place = here.report.locate(typed.clause) if typed.clause else None
    if typed.what in ("move", "add") and typed.path:
        return typed.path
    return place.chapter.path if place else typed.path


def _title(typed: Form, here: Ground) -> str:
    if typed.what == "add" and not typed.clause:
        return tell("Add a clause at the beginning")
    if not typed.clause:
        return tell("A new chapter") if typed.what == "new-chapter" else tell("Add a clause")
    clause = here.text.name(typed.clause)
    titles = {
        "reword": tell("Change {clause}", clause=clause),
        "add": tell("Add a clause after {clause}", clause=clause),
        "remove": tell("Remove {clause}", clause=clause),
        "move": tell("Move {clause}", clause=clause),
        "new-chapter": tell("A new chapter"),
    }
    return titles[typed.what]


def _places(typed: Form, here: Ground, place: Place | None, path: str) -> tuple[Spot, ...]:
    if typed.what == "move" and place and here.report.chapter(path):
        item = place.clause.type == "item"
        return tuple(places(here, path, item=item, without=ClauseId(typed.clause)))
    if typed.what == "add" and place and place.clause.type == "item":
        return (
            Spot(f"after {typed.clause}", tell("After it, beside it")),
            Spot(
                f"inside {typed.clause}",
                tell("Inside it, as its first part (list entries only)"),
            ),
        )
    return ()


def _under(typed: Form, here: Ground, place: Place | None) -> str:
    if typed.what not in ("remove", "move") or place is None:
        return ""
    if place.clause.type == "heading":
        below = len(section_of(here.report, ClauseId(typed.clause))) - 1
        return count(below, "clause")
    nested = place.chapter.children.get(place.index, ())
    return count(len(nested), "entry") if nested else ""


def _chapters(here: Ground) -> tuple[ChapterLine, ...]:
    return tuple(
        ChapterLine(
            here.text.title(one),
            one.path,
            first_capital(count(sum(clause.id is not None for clause in one.clauses), "clause")),
            here.is_drafting(one.path),
        )
        for one in here.report.chapters
    )


def _drawn(preview: StepPreview) -> Preview:
    return Preview(
        tuple(changed(change) for change in preview.changes),
        shown(preview.chapter, preview.clause),
    )


def _changed_since(typed: Form, here: Ground) -> bool:
    """Tell whether the clause has other words by now than those on the page."""
    if here.proposal is not None or not typed.seen:
        return False
    return here.text.place(typed.clause).clause.hash != typed.seen


def _since(typed: Form, here: Ground) -> Markup | None:
    then = drafting.clause_then(instance(), current_actor(), typed.clause, typed.since)
    now = here.text.place(typed.clause).clause
    return marks.suggested(now.type, then.wording, now.wording) if then else None


def _phase(here: Ground, path: str) -> str:
    if instance().report.chapter(path) is None:
        return tell("This chapter is new: it comes with your draft.")
    return PHASES["drafting" if here.is_drafting(path) else "amending"]


def _known(what: str) -> str:
    if what not in WHATS:
        raise NotFound("There is no such page in the editor.")
    return what


def _draft_id() -> int | None:
    given = request.form if request.method == "POST" else request.args
    value = given.get("draft", "")
    if not value:
        return None
    if not value.isdecimal() or len(value) > 9:
        abort(404)
    return int(value)
