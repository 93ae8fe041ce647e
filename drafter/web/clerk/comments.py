"""The clerk's lists of comments, one answer to many, what was said at meetings, the deadline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import BadInput
from drafter.core.ids import ClauseId
from drafter.core.saying import say
from drafter.people.comments import Comment
from drafter.people.moderation import Which
from drafter.services import moderating, phases
from drafter.services.addresses import address
from drafter.web import forms
from drafter.web.actors import current_actor
from drafter.web.clauses import source_of
from drafter.web.clerk.moderation import STANDING, comment_url, which
from drafter.web.contents import find
from drafter.web.current import instance, zone
from drafter.web.draft import draft
from drafter.web.phrases import count, first_capital, first_words, in_field, read_moment
from drafter.web.policy import policy
from drafter.web.tongue import tell

LISTS: dict[Which, str] = {
    "waiting": say("To read"),
    "held": say("Held back"),
    "unanswered": say("Without an answer"),
    "shown": say("Shown"),
    "all": say("All"),
}
PAGE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A comment in a list."""

    number: int
    title: str
    note: str
    url: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Group:
    """Comments with the same words on the same clause, or one alone."""

    rows: tuple[Row, ...]


def add_to(blueprint: Blueprint) -> None:
    """Add the routes."""
    blueprint.add_url_rule("/comments", view_func=comments)
    blueprint.add_url_rule("/comments/answer", view_func=answer_many, methods=["POST"])
    blueprint.add_url_rule("/comments/new", view_func=ask_to_enter)
    blueprint.add_url_rule("/comments/new", view_func=enter, methods=["POST"])
    blueprint.add_url_rule("/comments/<int:number>/receipt", view_func=printed)
    blueprint.add_url_rule("/comments/until", view_func=ask_until)
    blueprint.add_url_rule("/comments/until", view_func=set_until, methods=["POST"])


@policy("read the queue")
def comments() -> str:
    """Show one of the clerk's lists; copies stand together, each counted."""
    return _list("")


@policy("answer")
def answer_many() -> ResponseReturnValue:
    """Give one answer to the comments that were chosen."""
    numbers = forms.numbers("numbers")
    try:
        done = moderating.answer_many(
            instance(), current_actor(), numbers, request.form.get("answer", "")
        )
    except BadInput as error:
        return _list(error.sentence), 400
    flash(tell("Answered: {comments}.", comments=count(len(done), "comment")), "good")
    return redirect(url_for("clerk.comments", list=which()), 303)


@policy("enter")
def ask_to_enter() -> str:
    """Show the form for what came on paper or was said."""
    return _enter({})


@policy("enter")
def enter() -> ResponseReturnValue:
    """Take it down, and lead to its receipt for printing."""
    clause, errors = _clause(), {}
    source, taken_on = request.form.get("source", ""), _day(request.form.get("taken_on", ""))
    if clause is None:
        errors["clause"] = tell("Write the number of the clause that it is about, such as 4.2.")
    if source not in ("paper", "spoken"):
        errors["source"] = tell("Choose how it came.")
    if taken_on is None:
        errors["taken_on"] = tell("Write the day, such as 2026-11-26.")
    if errors or clause is None or taken_on is None:
        return _enter(errors), 400
    wording = request.form.get("wording", "").replace("\r\n", "\n")
    try:
        made = moderating.enter(
            instance(),
            current_actor(),
            clause,
            request.form.get("comment", "").replace("\r\n", "\n"),
            wording if wording.strip() else None,
            source=cast(Literal["paper", "spoken"], source),
            place=request.form.get("place", ""),
            taken_on=taken_on,
            email=request.form.get("email"),
        )
    except BadInput as error:
        field = str(error.data.get("field") or ("wording" if wording.strip() else "comment"))
        return _enter({field: error.sentence}), 400
    return redirect(url_for("clerk.printed", number=made.number), 303)


@policy("enter")
def printed(number: int) -> str:
    """Show the receipt of a comment taken down, to be printed."""
    found, receipt = moderating.printed(instance(), current_actor(), number)
    return render_template(
        "clerk/receipt.html",
        number=found.number,
        code=receipt.code,
        where=address(instance().base_url, "/take-part/receipt"),
        clause=draft().name(found.clause_id),
        source=source_of(found),
        said=found.text or found.suggested_wording or "",
    )


@policy("set phase")
def ask_until() -> str:
    """Show until when comments are taken."""
    return _until("")


@policy("set phase")
def set_until() -> ResponseReturnValue:
    """Set from when and until when comments are taken."""
    try:
        opens, closes = _moment("opens_at"), _moment("closes_at")
        phases.set_phase(instance(), current_actor(), opens, closes)
    except BadInput as error:
        return _until(error.sentence), 400
    flash(tell("The time for comments is set. The public log says so."), "good")
    return redirect(url_for("clerk.ask_until"), 303)


def _list(error: str) -> str:
    chosen, after = which(), request.args.get("after", 0, type=int)
    found = moderating.list_comments(
        instance(), current_actor(), chosen, after=after, limit=PAGE + 1
    )
    more = found[PAGE - 1].number if len(found) > PAGE else None
    counts = {name: moderating.count_comments(instance(), current_actor(), name) for name in LISTS}
    return render_template(
        "clerk/comments.html",
        lists=LISTS,
        counts=counts,
        which=chosen,
        groups=_grouped(found[:PAGE]),
        more=more,
        error=error,
        typed=request.form,
        chosen=set(request.form.getlist("numbers")),
    )


def _grouped(found: tuple[Comment, ...]) -> tuple[Group, ...]:
    rows: dict[str, list[Row]] = {}
    for one in found:
        rows.setdefault(one.copy_key or f"alone {one.number}", []).append(_row(one))
    return tuple(Group(tuple(group)) for group in rows.values())


def _row(one: Comment) -> Row:
    name = first_capital(draft().name(one.clause_id))
    words = first_words(one.text or one.suggested_wording or tell("Removed by its author"))
    note = tell("Comment {number} · {standing}", number=one.number, standing=STANDING[one.state])
    note += " · filled in faster than a person writes" if one.suspected else ""
    return Row(one.number, f"{name}: {words}", note, comment_url(one.number), one.created_at)


def _enter(errors: dict[str, str]) -> str:
    return render_template("clerk/enter.html", errors=errors, typed=request.form)


def _clause() -> ClauseId | None:
    found = find(request.form.get("clause", ""))
    return found[0].id if len(found) == 1 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def _moment(name: str) -> datetime | None:
    value = request.form.get(name, "").strip()
    return read_moment(value, zone()) if value else None


def _until(error: str) -> str:
    phase = phases.commenting_phase(instance())
    fields = {
        name: in_field(moment, zone()) if moment else ""
        for name, moment in (("opens_at", phase.opens_at), ("closes_at", phase.closes_at))
    }
    typed = {name: request.form.get(name, value) for name, value in fields.items()}
    return render_template("clerk/until.html", typed=typed, error=error)
