"""One comment before the clerk: show it, hold it back with a reason, or make an amendment of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from drafter.core.errors import BadInput
from drafter.people.comments import Comment
from drafter.services import admitting
from drafter.web import marks, reading
from drafter.web.actors import current_actor
from drafter.web.clauses import Taken, taken
from drafter.web.current import instance
from drafter.web.draft import clause_url, draft
from drafter.web.policy import policy

STANDING = {
    "received": "not confirmed yet",
    "confirmed": "to be read",
    "held": "held back",
    "shown": "shown",
    "withdrawn": "taken back by its author",
}


@dataclass(frozen=True, slots=True)
class CommentPage:
    """A comment as the clerk sees it."""

    number: int
    standing: str
    at: datetime
    clause_name: str
    clause_url: str
    clause_id: str
    text: str
    marked: Markup | None
    since: str
    held_reason: str
    amendments: tuple[Taken, ...]
    may_admit: bool
    may_show: bool
    may_hold: bool


def add_to(blueprint: Blueprint) -> None:
    """Add the routes about one comment."""
    at = "/comments/<int:number>"
    blueprint.add_url_rule(at, view_func=comment)
    for view in (show, hold, admit):
        blueprint.add_url_rule(f"{at}/{view.__name__}", view_func=view, methods=["POST"])


@policy("read the queue")
def comment(number: int) -> str:
    """Show a comment with what can be done about it."""
    return _page(number, {})


@policy("show")
def show(number: int) -> ResponseReturnValue:
    """Show the comment beside its clause."""
    admitting.show(instance(), current_actor(), number)
    flash(f"Comment {number} is shown beside its clause.", "good")
    return redirect(url_for("clerk.desk"), 303)


@policy("hold")
def hold(number: int) -> ResponseReturnValue:
    """Hold the comment back, with a reason."""
    reason = request.form.get("reason", "").strip()
    if not reason:
        return _page(number, {"reason": "Say why; the person who sent it reads it."}), 400
    try:
        admitting.hold(instance(), current_actor(), number, reason)
    except BadInput as error:
        return _page(number, {"reason": error.sentence}), 400
    flash(f"Comment {number} is held back. You can still show it later.", "good")
    return redirect(url_for("clerk.comment", number=number), 303)


@policy("admit")
def admit(number: int) -> ResponseReturnValue:
    """Make an amendment of the suggestion, once its wording is known to name nobody."""
    title, errors = request.form.get("title", ""), {}
    if not title.strip():
        errors["title"] = "Give it a title that says what would happen."
    if request.form.get("no_names") != "yes":
        errors["no_names"] = "Confirm that the wording names no private person."
    if errors:
        return _page(number, errors), 400
    try:
        made = admitting.admit(instance(), current_actor(), (number,), title)
    except BadInput as error:
        return _page(number, {"title": error.sentence}), 400
    flash(f"Comment {number} has become amendment {made}.", "good")
    return redirect(url_for("clerk.amendment", number=made), 303)


def _page(number: int, errors: dict[str, str]) -> str:
    page = _gather(reading.comment_to_read(current_actor(), number))
    return render_template("clerk/comment.html", page=page, errors=errors, typed=request.form)


def _gather(one: Comment) -> CommentPage:
    place = draft().report.locate(one.clause_id)
    kind = place.clause.type if place else "paragraph"
    other, taken_up = one.suggested_wording, taken(one.number)
    return CommentPage(
        number=one.number,
        standing=STANDING[one.state],
        at=one.created_at,
        clause_name=draft().name(one.clause_id),
        clause_url=clause_url(one.clause_id),
        clause_id=one.clause_id,
        text=one.text,
        marked=marks.suggested(kind, one.words_seen, other) if other is not None else None,
        since=_since(one),
        held_reason=one.held_reason or "",
        amendments=taken_up,
        may_admit=other is not None and not taken_up and one.state in ("confirmed", "shown"),
        may_show=one.state in ("confirmed", "held"),
        may_hold=one.state in ("confirmed", "shown"),
    )


def _since(one: Comment) -> str:
    place = draft().report.locate(one.clause_id)
    if place is None:
        return "The clause is no longer in the draft."
    return "" if place.clause.hash == one.wording_hash else "The clause has changed since."
