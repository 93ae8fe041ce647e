"""The desk of a seat, an amendment with its ballot, and the vote itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import BadInput, Conflict
from drafter.people.ballots import Choice
from drafter.services import amending, limits, voting
from drafter.web.actors import current_actor
from drafter.web.amendments import AmendmentPage, Line, amendment_page, line, plain_line
from drafter.web.current import instance
from drafter.web.phrases import VOTES, count, first_capital
from drafter.web.policy import policy

blueprint = Blueprint("panel", __name__, url_prefix="/panel")

LATEST = 10
"""Decided amendments on the desk; the site lists them all."""

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """What a seat finds: lists of amendments, the most urgent first."""

    title: str
    sentence: str
    waiting: tuple[Line, ...]
    voted: tuple[Line, ...]
    closed: tuple[Line, ...]
    coming: tuple[Line, ...]
    decided: tuple[Line, ...]


@blueprint.get("/")
@policy("cast")
def desk() -> str:
    """Show what needs the seat's vote, by deadline."""
    return render_template("panel/desk.html", page=_desk())


@blueprint.get("/amendments/<int:number>")
@policy("cast")
def amendment(number: int) -> str:
    """Show an amendment with its ballot; nothing is preselected."""
    return _page(amendment_page(number, current_actor()))


@blueprint.post("/amendments/<int:number>")
@policy("cast")
def vote(number: int) -> ResponseReturnValue:
    """Record the seat's vote on the words that were on its page, and on no others."""
    choice = request.form.get("choice", "")
    if choice not in VOTES:
        wrong = {"choice": "Choose one of these first."}
        return _page(amendment_page(number, current_actor()), errors=wrong), 400
    try:
        _cast(number, cast(Choice, choice))
    except BadInput as error:
        wrong = {"interest": error.sentence}
        return _page(amendment_page(number, current_actor()), errors=wrong), 400
    except Conflict:
        return _page(amendment_page(number, current_actor()), words_changed=True), 409
    flash("Your vote is recorded. You can change it until the vote closes.", "good")
    return redirect(url_for("panel.amendment", number=number), 303)


def _cast(number: int, choice: Choice) -> None:
    interest = request.form.get("interest", "").strip()
    limits.require_length(interest, limits.LONGEST_TITLE, "An interest")
    voting.cast(
        instance(),
        current_actor(),
        number,
        choice,
        request.form.get("ballot_hash", ""),
        interest=interest or None,
    )


def _page(
    page: AmendmentPage, *, errors: dict[str, str] | None = None, words_changed: bool = False
) -> str:
    return render_template(
        "panel/amendment.html",
        page=page,
        votes=tuple(VOTES.items()),
        errors=errors or {},
        interest=request.form.get("interest", ""),
        words_changed=words_changed,
    )


def _desk() -> Desk:
    actor = current_actor()
    found = amending.list_amendments(instance(), actor=actor)
    put = sorted((line(one.number, actor) for one in found if one.state == "put"), key=_deadline)
    lines = [plain_line(one) for one in found if one.state != "put"]
    waiting = tuple(one for one in put if one.open and not one.voted)
    decided = [one for one in lines if one.state not in ("open", "stale")]
    return Desk(
        title=_title(len(waiting)),
        sentence=_sentence(waiting),
        waiting=waiting,
        voted=tuple(one for one in put if one.open and one.voted),
        closed=tuple(one for one in put if not one.open),
        coming=tuple(one for one in lines if one.state in ("open", "stale")),
        decided=tuple(reversed(decided[-LATEST:])),
    )


def _deadline(one: Line) -> tuple[datetime, int]:
    return one.closes_at or _NEVER, one.number


def _title(waiting: int) -> str:
    if not waiting:
        return "Nothing waits for you"
    return first_capital(count(waiting, "vote waits for you", "votes wait for you"))


def _sentence(waiting: tuple[Line, ...]) -> str:
    if not waiting:
        return "You have voted on everything that is before the panel."
    return f"The first: {waiting[0].title}."
