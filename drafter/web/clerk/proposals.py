"""Drafts handed in, before the clerk: admit them, or give them back; drafts out of comments."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from drafter.core.errors import BadInput, Conflict, NotFound, Refused
from drafter.core.likeness import nearly_same
from drafter.people.comments import Comment
from drafter.services import admitting, commenting, drafting, proposing, receiving
from drafter.web import forms, marks, reading
from drafter.web.actors import current_actor
from drafter.web.amendments import Asked
from drafter.web.current import instance
from drafter.web.draft import draft
from drafter.web.panel.drafts import gather, revision
from drafter.web.phrases import first_capital, from_submitter
from drafter.web.policy import policy
from drafter.web.tongue import tell


@dataclass(frozen=True, slots=True)
class Choice:
    """A comment that can be chosen."""

    number: int
    text: str
    marked: Markup | None
    like: int | None
    """The first comment that asks for nearly the same change; they stand together."""


@dataclass(frozen=True, slots=True)
class Pile:
    """Comments on one clause."""

    name: str
    clause: str
    comments: tuple[Choice, ...]


def add_to(blueprint: Blueprint) -> None:
    """Add the routes about drafts handed in."""
    at = "/drafts/<int:id>"
    blueprint.add_url_rule(at, view_func=proposal)
    blueprint.add_url_rule(f"{at}/take-up", view_func=take_up, methods=["POST"])
    blueprint.add_url_rule(f"{at}/give-back", view_func=give_back, methods=["POST"])
    blueprint.add_url_rule("/drafts/from-comments", view_func=from_comments)
    blueprint.add_url_rule("/drafts/from-comments", view_func=begin, methods=["POST"])


@policy("admit")
def proposal(id: int) -> str:
    """Show a draft that was handed in, with what it would do."""
    return _page(id, {})


@policy("admit")
def take_up(id: int) -> ResponseReturnValue:
    """Make an amendment of it, once its wording is known to name nobody."""
    title, errors = request.form.get("title", ""), {}
    if not title.strip():
        errors["title"] = tell("Give it a title that says what would happen.")
    if request.form.get("no_names") != "yes":
        errors["no_names"] = tell("Confirm that the wording names no private person.")
    if errors:
        return _page(id, errors), 400
    try:
        made = receiving.admit_proposal(
            instance(), current_actor(), id, title=title, revision=revision()
        )
    except BadInput as error:
        return _page(id, {"title": error.sentence}), 400
    except (Conflict, Refused) as error:
        return _page(id, {"title": error.sentence}), 409
    flash(tell("It is amendment {made} now.", made=made), "good")
    return redirect(url_for("clerk.amendment", number=made), 303)


@policy("admit")
def give_back(id: int) -> ResponseReturnValue:
    """Give it back to its author with a reason."""
    try:
        receiving.give_back(instance(), current_actor(), id, request.form.get("reason", ""))
    except BadInput as error:
        return _page(id, {"reason": error.sentence}), 400
    flash(tell("It is given back, with your reason."), "good")
    return redirect(url_for("clerk.desk"), 303)


@policy("admit")
def from_comments() -> str:
    """Show the comments out of which a draft can be made."""
    return _choose("")


@policy("admit")
def begin() -> ResponseReturnValue:
    """Begin a draft out of the comments chosen; all are credited."""
    numbers = forms.numbers("comment")
    if not numbers:
        return _choose(tell("Choose one comment or more.")), 400
    try:
        made = proposing.start_from_comments(instance(), current_actor(), numbers)
    except (BadInput, NotFound, Refused) as error:
        return _choose(error.sentence), 400
    return redirect(url_for("drafts.one", id=made.id), 303)


def _page(id: int, errors: dict[str, str]) -> str:
    page = gather(drafting.view_proposal(instance(), current_actor(), id))
    return render_template(
        "clerk/proposal.html",
        page=page,
        errors=errors,
        typed=request.form,
        author=from_submitter(page.author),
        comments=[Asked(n, url_for("clerk.comment", number=n)) for n in page.comment_numbers],
    )


def _choose(error: str) -> str:
    clause = request.values.get("clause", "")
    chosen = set(request.form.getlist("comment"))
    return render_template(
        "clerk/from_comments.html",
        piles=_piles(clause),
        clause=clause,
        chosen=chosen,
        errors={"comment": error} if error else {},
    )


def _piles(clause: str) -> list[Pile]:
    """Gather what waits, and what is shown on the clause asked for, by clause."""
    queue = admitting.queue(instance(), current_actor())
    found = {one.number: one for one in (*queue.to_admit, *queue.to_moderate)}
    if clause and draft().report.locate(clause):
        shown = commenting.comments_on(
            instance(),
            draft().place(clause).clause.id or "",
            actor=current_actor(),  # type: ignore[arg-type]
        )
        found |= {one.number: one for one in shown if not reading.taken_up_in(one.number)}
    grouped: dict[str, list[Comment]] = {}
    for one in sorted(found.values(), key=lambda one: one.number):
        if clause in ("", one.clause_id):
            grouped.setdefault(one.clause_id, []).append(one)
    return [
        Pile(first_capital(draft().name(name)), name, _choices(comments))
        for name, comments in grouped.items()
    ]


def _choices(comments: list[Comment]) -> tuple[Choice, ...]:
    """Draw a pile, what asks for nearly the same side by side."""
    like = nearly_same(
        {one.number: (one.words_seen, one.suggested_wording)
         for one in comments if one.suggested_wording is not None}
    )  # fmt: skip
    ordered = sorted(comments, key=lambda one: (like.get(one.number, one.number), one.number))
    return tuple(_choice(one, like.get(one.number)) for one in ordered)


def _choice(one: Comment, like: int | None) -> Choice:
    place = draft().report.locate(one.clause_id)
    kind = place.clause.type if place else "paragraph"
    other = one.suggested_wording
    marked = marks.suggested(kind, one.words_seen, other) if other is not None else None
    return Choice(one.number, one.text, marked, like)
