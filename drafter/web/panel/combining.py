"""Combining amendments: clause by clause the words in an editor, each alternative beside."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from drafter.core.editing import typed_text
from drafter.core.errors import BadInput, Conflict, NotFound
from drafter.core.ids import ClauseId
from drafter.core.steps import Add, Remove, Reword, Step
from drafter.people.proposals import Proposal
from drafter.services import competing, drafting, proposing
from drafter.services.competing import Alternative, Contested
from drafter.web import marks
from drafter.web.actors import current_actor
from drafter.web.competing import AlternativeShown, alternatives, name_of
from drafter.web.current import instance
from drafter.web.panel.drafts import revision
from drafter.web.phrases import first_capital, joined
from drafter.web.policy import policy
from drafter.web.tongue import tell
from drafter.web.words import shown

blueprint = Blueprint("combining", __name__, url_prefix="/panel/drafts")


@dataclass(frozen=True, slots=True)
class ClauseEditor:
    """One clause to be settled: its words in an editor, and what each amendment wants."""

    id: str
    name: str
    present: Markup | None
    wording: str
    gone: bool
    may_go: bool
    result: Markup | None
    marked: Markup | None
    alternatives: tuple[AlternativeShown, ...]
    error: str


@blueprint.get("/<int:id>/combine")
@policy("propose")
def page(id: int) -> str:
    """Show every clause that the combined amendments touch, prefilled."""
    return _show(id, drafting.read_proposal(instance(), current_actor(), id), {})


@blueprint.post("/<int:id>/combine")
@policy("propose")
def keep(id: int) -> ResponseReturnValue:
    """Show the result, or keep the words of every clause."""
    found = drafting.read_proposal(instance(), current_actor(), id)
    steps, errors = _typed_steps(found)
    if request.form.get("do") != "keep" or errors:
        return _show(id, found, errors), 400 if errors and not _alone() else 200
    try:
        proposing.set_steps(instance(), current_actor(), id, steps, revision=revision())
    except (BadInput, NotFound) as error:
        return _show(id, found, {"": error.sentence}), 400
    except Conflict as error:
        fresh = drafting.read_proposal(instance(), current_actor(), id)
        return _show(id, fresh, {"": error.sentence}), 409
    flash(tell("The words are kept. Look at the whole once more, then hand it in."), "good")
    return redirect(url_for("drafts.one", id=id), 303)


def _show(id: int, found: Proposal, errors: dict[str, str]) -> str:
    if found.kind != "combined":
        raise NotFound("This draft combines nothing.")
    return render_template(
        "panel/combine_previews.html" if _alone() else "panel/combine.html",
        alone=_alone(),
        id=id,
        numbers=joined([str(number) for number in found.sources]),
        revision=found.revision,
        clauses=[_editor(found, one, errors) for one in _contested(found)],
        errors={f"words-{key}" if key else "combine": said for key, said in errors.items()},
    )


def _alone() -> bool:
    """Tell whether a script asks for the previews alone."""
    return request.headers.get("X-Drafter-Preview") == "1"


def _contested(found: Proposal) -> tuple[Contested, ...]:
    return competing.compare(instance(), current_actor(), found.sources)


def _ids(one: Contested) -> list[str]:
    """Name the clauses that stand to be settled at a place: the one there, or the new ones."""
    if one.clause is not None:
        return [str(one.clause.id)]
    return [str(a.clause.id) for a in one.alternatives if a.clause]


def _editor(found: Proposal, one: Contested, errors: dict[str, str]) -> ClauseEditor:
    (first, *_others) = _ids(one) or [""]
    wording, gone = _prefilled(found, one, first)
    if request.method == "POST":
        wording = request.form.get(f"words-{first}", wording).replace("\r\n", "\n")
        gone = request.form.get(f"gone-{first}") == "yes"
    clause = one.clause or next((a.clause for a in one.alternatives if a.clause), None)
    kind = clause.type if clause else "paragraph"
    present = one.clause.wording if one.clause else ""
    shows = wording.strip() and not gone
    return ClauseEditor(
        id=first,
        name=first_capital(name_of(one)),
        present=shown(one.chapter, one.clause),
        wording=wording,
        gone=gone,
        may_go=True,
        result=marks.rendered(f"# {wording}" if kind == "heading" else wording) if shows else None,
        marked=marks.suggested(kind, present, "" if gone else wording),
        alternatives=alternatives(one),
        error=errors.get(first, ""),
    )


def _prefilled(found: Proposal, one: Contested, name: str) -> tuple[str, bool]:
    for step in found.steps:
        if isinstance(step, Reword) and step.clause == name:
            return step.wording, False
        if isinstance(step, Add) and step.id == name:
            return step.text, False
        if isinstance(step, Remove) and step.clause == name:
            return typed_text(one.clause).rstrip() if one.clause else "", True
    if one.clause is not None:
        return typed_text(one.clause).rstrip(), False
    wanted: Alternative | None = next((a for a in one.alternatives if a.clause), None)
    return (typed_text(wanted.clause).rstrip() if wanted and wanted.clause else ""), True


def _typed_steps(found: Proposal) -> tuple[list[Step], dict[str, str]]:
    """Give the draft's steps with the words of the form in them."""
    steps, errors = list(found.steps), {}
    for one in _contested(found):
        for name in _ids(one)[:1]:
            if f"words-{name}" not in request.form:
                continue
            words = request.form[f"words-{name}"].replace("\r\n", "\n").strip("\n")
            gone = request.form.get(f"gone-{name}") == "yes"
            if not gone and not words.strip():
                errors[name] = tell("Write the words, or say that the clause should not be there.")
                continue
            steps = _with(steps, one, ClauseId(name), words, gone)
    checked = drafting.preview_steps(instance(), current_actor(), steps) if not errors else None
    if checked and checked.problem and found.base_commit == instance().tip:
        errors[""] = checked.problem
    return steps, errors


def _with(steps: list[Step], one: Contested, name: ClauseId, words: str, gone: bool) -> list[Step]:
    others = [
        step
        for step in steps
        if not (isinstance(step, Reword | Remove) and step.clause == name)
        and not (isinstance(step, Add) and step.id == name)
    ]
    at = next((i for i, step in enumerate(steps) if step not in others), len(steps))
    mine: list[Step] = []
    if one.clause is not None:
        if gone:
            mine = [Remove(name)]
        elif words.strip() != typed_text(one.clause).strip():
            mine = [Reword(name, words)]
        was = next((s for s in steps if isinstance(s, Reword) and s.clause == name), None)
        if was is not None and was.type is not None and not gone:
            mine = [replace(was, wording=words)]
    elif not gone:
        old = next((s for s in steps if isinstance(s, Add) and s.id == name), None)
        mine = [replace(old, text=words)] if old else [_added(one, name, words)]
    before = [step for step in steps[:at] if step in others]
    return [*before, *mine, *[step for step in others if step not in before]]


def _added(one: Contested, name: ClauseId, words: str) -> Add:
    wanted = next(a for a in one.alternatives if a.clause and a.clause.id == name)
    assert wanted.clause is not None
    clause = wanted.clause
    return Add(
        path=one.chapter.path,
        parent=ClauseId(one.parent) if one.parent else None,
        after=ClauseId(one.after) if one.after else None,
        text=words,
        type=clause.type,
        ordered=clause.ordered,
        level=clause.level,
        id=name,
    )
