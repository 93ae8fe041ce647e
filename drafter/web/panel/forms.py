"""The forms of the editor, read as steps: other words, a clause, a removal, a move, a chapter."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from flask import request

from drafter.core.clauses import Clause, ClauseType, Place
from drafter.core.editing import typed_text, unmarked_text
from drafter.core.errors import BadInput, NotFound
from drafter.core.ids import ClauseId
from drafter.core.reading import read_chapter
from drafter.core.saying import say
from drafter.core.steps import (
    RECASTABLE,
    Add,
    Move,
    NewChapter,
    Remove,
    Reword,
    Step,
    chapter_path,
    new_chapter_text,
    section_of,
)
from drafter.web.panel.ground import Ground, read_spot
from drafter.web.tongue import tell

WHATS: Final = ("reword", "add", "remove", "move", "new-chapter")

KINDS: Final[Mapping[str, tuple[str, ClauseType, bool, int | None]]] = {
    "paragraph": (say("A paragraph"), "paragraph", False, None),
    "entry": (say("A list entry"), "item", False, None),
    "numbered": (say("An entry of a numbered list"), "item", True, None),
    "heading-2": (say("A heading"), "heading", False, 2),
    "heading-3": (say("A heading inside a section"), "heading", False, 3),
    "heading-4": (say("A heading inside that"), "heading", False, 4),
    "quote": (say("A quotation"), "quote", False, None),
    "table": (say("A table"), "table", False, None),
    "code": (say("Text to be shown exactly as typed"), "code", False, None),
}
"""Kinds of clause that can be added: what a form sends, and what it is called."""


Kinds = tuple[tuple[str, str], ...]


def kinds_to_add() -> Kinds:
    """Give the kinds that a new clause can have: what the form sends, and what it is called."""
    return tuple((name, said[0]) for name, said in KINDS.items())


def kinds_to_become(place: Place) -> Kinds:
    """Give the kinds that a clause can be, its own among them; none where it stays what it is."""
    clause = place.clause
    own = kind_name(clause.type, ordered=clause.ordered, level=clause.level)
    if clause.type not in RECASTABLE or own not in KINDS:
        return ()
    bound = place.parent or place.chapter.children.get(place.index)
    types = ("item",) if clause.type == "item" and bound else RECASTABLE
    return tuple((name, said[0]) for name, said in KINDS.items() if said[1] in types)


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody typed into the editor, and what it is about."""

    what: str
    clause: str = ""
    path: str = ""
    at: int | None = None
    """The change of the draft that this one replaces."""
    wording: str = ""
    kind: str = ""
    place: str = ""
    whole: str = ""
    """For a heading: `section` with what stands under it, `alone` without."""
    title: str = ""
    seen: str = ""
    """The hash of the clause's words on the page."""
    since: str = ""
    """The draft that was on the page."""
    errors: Mapping[str, str] = field(default_factory=dict)


def read_form(what: str, here: Ground) -> Form:
    """Read what was sent, or what the address asks for; line ends become line feeds."""
    given = request.form if request.method == "POST" else request.args
    form = Form(
        what=what,
        clause=given.get("clause", ""),
        path=given.get("path", ""),
        at=given.get("at", type=int),
        wording=given.get("wording", "").replace("\r\n", "\n"),
        kind=given.get("kind", ""),
        place=given.get("place", ""),
        whole=given.get("whole", ""),
        title=given.get("title", ""),
        seen=given.get("seen", ""),
        since=given.get("since", ""),
    )
    return form if request.method == "POST" else _prefilled(form, here)


def _prefilled(form: Form, here: Ground) -> Form:
    step = here.proposal.steps[form.at] if here.proposal and form.at is not None else None
    if isinstance(step, Reword):
        kind = ""
        if step.type is not None:
            kind = kind_name(step.type, ordered=step.ordered, level=step.level)
        return replace(form, clause=step.clause, wording=step.wording, kind=kind)
    if isinstance(step, Add):
        place = f"after {step.after}" if step.after else f"inside {step.parent}"
        place = place if step.after or step.parent else "first"
        clause = str(step.after or step.parent or "")
        return replace(
            form,
            path=step.path,
            wording=step.text,
            kind=kind_of(step),
            place=place,
            clause=clause,
        )
    if isinstance(step, Move):
        return replace(form, clause=step.clause, path=step.path)
    if isinstance(step, Remove):
        return replace(form, clause=step.clause)
    if isinstance(step, NewChapter):
        title, body = chapter_parts(step)
        return replace(form, title=title, wording=body, path=step.path)
    found = here.report.locate(form.clause) if form.clause else None
    if form.what == "reword" and found:
        now = found.clause
        kind = form.kind or kind_name(now.type, ordered=now.ordered, level=now.level)
        return replace(form, wording=typed_text(now).rstrip(), seen=now.hash, kind=kind)
    if form.what == "add":
        beside = found.clause if found else None
        kind = "paragraph"
        if beside and beside.type == "item":
            kind = "numbered" if beside.ordered else "entry"
        return replace(
            form,
            kind=kind,
            place=f"after {form.clause}" if form.clause else "first",
        )
    return form


def kind_of(step: Add) -> str:
    """Name the kind of an added clause as a form sends it."""
    return kind_name(step.type, ordered=step.ordered, level=step.level or 2)


def kind_name(type: ClauseType, *, ordered: bool, level: int | None) -> str:
    """Name a kind of clause as a form sends it."""
    if type == "item":
        return "numbered" if ordered else "entry"
    return f"heading-{level}" if type == "heading" else type


def chapter_parts(step: NewChapter) -> tuple[str, str]:
    """Take a new chapter apart into its title and the text under it."""
    text = unmarked_text(read_chapter(step.path, step.text))
    first, _, body = text.partition("\n")
    return first.lstrip("# ").strip(), body.strip("\n")


def steps_of(form: Form, here: Ground) -> tuple[Step, ...]:
    """Give the steps that a form asks for. Raises BadInput with the field, NotFound."""
    if form.what == "new-chapter":
        if not form.title.strip():
            raise BadInput("Give the new chapter a title.", field="title")
        used = {chapter.path for chapter in here.report.chapters}
        path = form.path if form.at is not None and form.path else chapter_path(form.title, used)
        return (NewChapter(path, new_chapter_text(form.title, form.wording)),)
    if form.what == "add":
        return (_added(form, here),)
    clause = here.text.place(form.clause).clause
    assert clause.id is not None
    if form.what == "reword":
        return (_reworded(form, here, clause.id),)
    if form.what == "move":
        if not form.place:
            raise BadInput("Choose where it should stand.", field="place")
        path = form.path or here.text.place(clause.id).chapter.path
        first = Move(clause.id, path, *read_spot(here, path, form.place))
        return (first, *_following(first, _chosen(form, here, clause)))
    return tuple(Remove(name) for name in _chosen(form, here, clause))


def _chosen(form: Form, here: Ground, clause: Clause) -> tuple[ClauseId, ...]:
    """Name what a heading's form is about: the heading alone, or with what stands under it."""
    assert clause.id is not None
    if clause.type != "heading":
        return (clause.id,)
    if form.whole not in ("section", "alone"):
        said = (
            tell("Choose what should move.")
            if form.what == "move"
            else tell("Choose what should go.")
        )
        raise BadInput(said, field="whole")
    return section_of(here.report, clause.id) if form.whole == "section" else (clause.id,)


def _following(first: Move, names: Sequence[ClauseId]) -> Iterator[Move]:
    """Let what stands under a heading follow it, in its order."""
    for before, name in pairwise(names):
        yield Move(name, first.path, first.parent, before)


def _reworded(form: Form, here: Ground, clause: ClauseId) -> Reword:
    words, place = form.wording.strip("\n"), here.text.place(clause)
    now = place.clause
    if form.kind in ("", kind_name(now.type, ordered=now.ordered, level=now.level)):
        return Reword(clause, words)
    if form.kind not in dict(kinds_to_become(place)):
        raise BadInput("Choose what kind of clause it is.", field="kind")
    _, kind, ordered, level = KINDS[form.kind]
    return Reword(clause, words, kind, ordered, level)


def _added(form: Form, here: Ground) -> Add:
    if form.kind not in KINDS:
        raise BadInput("Choose what kind of clause it is.", field="kind")
    _, kind, ordered, level = KINDS[form.kind]
    path = form.path
    if form.clause:
        path = here.text.place(form.clause).chapter.path
    if not here.report.chapter(path):
        raise NotFound("There is no such chapter in the draft.")
    parent, after = read_spot(here, path, form.place or "first")
    if parent is not None and kind != "item":
        # Only entries stand inside entries: anything else goes behind the whole list.
        parent, after = None, outermost(here, after or parent)
    return Add(path, parent, after, form.wording.strip("\n"), kind, ordered, level)


def outermost(here: Ground, clause_id: str) -> ClauseId | None:
    """Name the entry at the top that a clause is nested in."""
    place = here.text.place(clause_id)
    while place.parent is not None:
        place = here.text.place(place.parent)
    return place.clause.id


def typed_steps(form: Form, here: Ground) -> tuple[tuple[Step, ...], Form]:
    """Give the steps, or none and the form with what is wrong noted at its field."""
    try:
        return steps_of(form, here), form
    except BadInput as error:
        return (), replace(form, errors={str(error.data.get("field", "wording")): error.sentence})


def field_of(form: Form) -> str:
    """Name the field that a sentence about the form's content stands at."""
    return {"remove": "whole", "move": "place"}.get(form.what, "wording")
