"""A change as a page shows it: where, of what kind, word by word or side by side, in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from markupsafe import Markup

from drafter.core.clauses import Clause, Report
from drafter.core.diff import Change, Side
from drafter.core.kinds import becomes
from drafter.core.saying import say
from drafter.web import marks
from drafter.web.draft import clause_url, draft
from drafter.web.phrases import first_capital, first_words, joined
from drafter.web.tongue import in_words, tell

KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "edited": ("", ""),
        "formatting": (say("Only its marks change"), ""),
        "moved": (say("Moved"), "moved"),
        "moved+edited": (say("Moved and changed"), "moved"),
        "added": (say("New"), "added"),
        "removed": (say("Removed"), "removed"),
        "split": (say("Split"), ""),
        "joined": (say("Joined"), ""),
        "origins": (say("Only its sources change"), ""),
    }
)
"""What is said of a kind of change, and the colour it is said in."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One change as a page shows it."""

    place: str
    kind: str
    tone: str
    marked: Markup
    """Word by word, as prose with pencil marks."""
    old: Markup
    """As it is, with what goes marked; empty for what is new."""
    new: Markup
    """As it would be, with what comes marked; empty for what is removed."""
    above: Markup
    """The clause before it, as it would then stand; empty at the beginning of a chapter."""
    below: Markup
    """The clause after it."""
    form: str
    """That it becomes another kind of clause, and which it was; empty where it does not."""


def changed(change: Change, before: Report | None = None, after: Report | None = None) -> Changed:
    """Show a change; with the two texts, in its place among its neighbours."""
    kind, tone = KINDS[change.kind]
    kind = _with_form(change, kind)
    side = (change.sides("new") or change.sides("old"))[0]
    above, below = _around(side.id, after if change.sides("new") else before)
    return Changed(
        place=first_capital(_place(change)),
        kind=kind,
        tone=tone,
        marked=marks.changed(change),
        old=marks.changed(change, "old") if change.sides("old") else Markup(),
        new=marks.changed(change, "new") if change.sides("new") else Markup(),
        above=above,
        below=below,
        form=first_capital(in_words(becomes(change))),
    )


def _with_form(change: Change, said: str) -> str:
    """Add that the clause becomes another kind; of one that moves or is reworded too, both."""
    form = in_words(becomes(change))
    if not form:
        return said
    if change.kind == "edited":
        return first_capital(tell("reworded, and {form}", form=form))
    return (
        tell("{change}, and {form}", change=said, form=form)
        if change.kind == "moved+edited"
        else first_capital(form)
    )


def _around(clause_id: str | None, text: Report | None) -> tuple[Markup, Markup]:
    place = text.locate(clause_id) if text is not None and clause_id else None
    if place is None:
        return Markup(), Markup()
    clauses = place.chapter.clauses
    above = clauses[place.index - 1] if place.index else None
    below = clauses[place.index + 1] if place.index + 1 < len(clauses) else None
    return _neighbour(above), _neighbour(below)


def _neighbour(clause: Clause | None) -> Markup:
    if clause is None or clause.type == "opaque":
        return Markup()
    return marks.rendered(clause.wording)


def summary(changes: tuple[Change, ...]) -> str:
    """Say in one sentence what changes would do.

    An amendment that changes one clause: "Changes clause 4.5, How votes become seats."
    """
    if not changes:
        return tell("Its words stand in the draft already: it would change nothing any more.")
    said: dict[str, list[str]] = {}
    for change in changes:
        kind = "form" if change.kind == "formatting" and becomes(change) else change.kind
        said.setdefault(kind, []).append(_place(change))
    parts = [_does(kind, joined(at)) for kind, at in said.items()]
    return first_capital(tell("{changes}.", changes=joined(parts)))


def _does(kind: str, clauses: str) -> str:
    said = {
        "edited": tell("changes {clauses}", clauses=clauses),
        "form": tell("changes the form of {clauses}", clauses=clauses),
        "formatting": tell("changes the marks in {clauses}", clauses=clauses),
        "moved": tell("moves {clauses}", clauses=clauses),
        "moved+edited": tell("moves and changes {clauses}", clauses=clauses),
        "added": tell("adds {clauses}", clauses=clauses),
        "removed": tell("removes {clauses}", clauses=clauses),
        "split": tell("splits {clauses}", clauses=clauses),
        "joined": tell("joins {clauses}", clauses=clauses),
        "origins": tell("changes the sources of {clauses}", clauses=clauses),
    }
    return said[kind]


def first_clause(changes: tuple[Change, ...]) -> str:
    here = draft().report
    touched = (change.clause for change in changes if change.clause and here.locate(change.clause))
    return next((clause_url(clause) for clause in touched), "")


def _place(change: Change) -> str:
    side = (change.sides("new") or change.sides("old"))[0]
    name = _side_name(side)
    here = draft().report.locate(side.id) if side.id else None
    section = draft().section(here) if here is not None and side.type != "heading" else ""
    return tell("{clause}, “{section}”", clause=name, section=section) if section else name


def _side_name(side: Side) -> str:
    if side.id and draft().report.locate(side.id):
        return draft().name(side.id)
    number, words = side.number, first_words(side.text)
    if side.type == "heading":
        if number:
            return tell("heading {number}", number=number)
        return tell("the heading “{words}”", words=words)
    return (
        tell("clause {number}", number=number)
        if number
        else tell("the clause “{words}”", words=words)
    )
