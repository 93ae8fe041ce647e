"""The desk of a seat, an amendment with its ballot, and the vote itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import BadInput, Conflict
from drafter.people.ballots import Choice
from drafter.services import proposing, statements, voting
from drafter.services.desk import view_desk
from drafter.web import lines
from drafter.web.actors import current_actor
from drafter.web.amendments import AmendmentPage, amendment_page
from drafter.web.current import instance
from drafter.web.lines import Line
from drafter.web.phrases import VOTES, count, first_capital
from drafter.web.policy import policy
from drafter.web.tongue import tell


@dataclass(frozen=True, slots=True)
class Together:
    """Amendments that wait for one vote."""

    number: int
    count: int
    when: str


@dataclass(frozen=True, slots=True)
class Desk:
    """What a seat finds: lists of amendments, the most urgent first."""

    title: str
    sentence: str
    together: tuple[Together, ...]
    waiting: tuple[Line, ...]
    dissent: tuple[Line, ...]
    voted: tuple[Line, ...]
    closed: tuple[Line, ...]
    stale: tuple[Line, ...]
    coming: tuple[Line, ...]
    more: int
    """Coming ones that the list leaves out."""
    decided: tuple[Line, ...]


def add_to(blueprint: Blueprint) -> None:
    """Add the desk and the routes about a vote."""
    at = "/amendments/<int:number>"
    blueprint.add_url_rule("/", view_func=desk)
    blueprint.add_url_rule(at, view_func=amendment)
    blueprint.add_url_rule(at, view_func=vote, methods=["POST"])
    blueprint.add_url_rule(f"{at}/take-back", view_func=take_back, methods=["POST"])
    blueprint.add_url_rule(f"{at}/dissent", view_func=dissent, methods=["POST"])


@policy("cast")
def desk() -> str:
    """Show what needs the seat's vote, by deadline."""
    returned = proposing.returned_to(instance(), current_actor())
    return render_template("panel/desk.html", page=_desk(len(returned)), returned=returned)


@policy("cast")
def amendment(number: int) -> str:
    """Show an amendment with its ballot; nothing is preselected."""
    return _page(amendment_page(number, current_actor()))


@policy("cast")
def vote(number: int) -> ResponseReturnValue:
    """Record the seat's vote on the words that were on its page, and on no others."""
    choice = request.form.get("choice", "")
    if choice not in VOTES:
        wrong = {"choice": tell("Choose one of these first.")}
        return _page(amendment_page(number, current_actor()), errors=wrong), 400
    try:
        _cast(number, cast(Choice, choice))
    except BadInput as error:
        wrong = {"interest": error.sentence}
        return _page(amendment_page(number, current_actor()), errors=wrong), 400
    except Conflict:
        return _page(amendment_page(number, current_actor()), words_changed=True), 409
    if choice == "recused":
        flash(tell("Your interest is recorded: you do not vote on this."), "good")
    else:
        flash(tell("Your vote is recorded. You can change it until the vote closes."), "good")
    return redirect(url_for("panel.amendment", number=number), 303)


@policy("take back")
def take_back(number: int) -> ResponseReturnValue:
    """Take the seat's declared interest back, so that it may vote."""
    voting.take_back(instance(), current_actor(), number)
    flash(tell("Your interest is taken back. You have not voted yet."), "good")
    return redirect(url_for("panel.amendment", number=number, _anchor="vote"), 303)


@policy("dissent")
def dissent(number: int) -> ResponseReturnValue:
    """Put the seat's dissent on record, or take it back."""
    text = request.form.get("dissent", "").replace("\r\n", "\n")
    try:
        statements.file_dissent(instance(), current_actor(), number, text)
    except BadInput as error:
        wrong = {"dissent": error.sentence}
        return _page(amendment_page(number, current_actor()), errors=wrong), 400
    kept = (
        tell("It is published with the decision.")
        if text.strip()
        else tell("Nothing of yours is on record.")
    )
    flash(kept, "good")
    return redirect(url_for("panel.amendment", number=number), 303)


def _cast(number: int, choice: Choice) -> None:
    voting.cast(
        instance(),
        current_actor(),
        number,
        choice,
        request.form.get("ballot_hash", ""),
        interest=request.form.get("interest", "") or None,
    )


def _page(
    page: AmendmentPage, *, errors: dict[str, str] | None = None, words_changed: bool = False
) -> str:
    return render_template(
        "panel/amendment.html",
        page=page,
        votes=tuple(VOTES.items()),
        errors=errors or {},
        typed=request.form,
        interest=request.form.get("interest", ""),
        words_changed=words_changed,
        side=request.args.get("view") == "side",
    )


def _desk(returned: int) -> Desk:
    found = view_desk(instance(), current_actor())

    def shown(rows: tuple[lines.Row, ...]) -> tuple[Line, ...]:
        return tuple(lines.shown(row, found.seats) for row in rows)

    running = shown(found.voting)
    waiting = [one for one in running if not one.voted]
    alone = tuple(one for one in waiting if one.batch is None)
    together = _together([one for one in waiting if one.batch is not None])
    closed = shown(found.closed)
    dissent = tuple(one for one in closed if one.number in found.dissent)
    return Desk(
        title=_title(len(alone) + len(together), len(dissent), returned),
        sentence=_sentence(alone, together, dissent, returned),
        together=together,
        waiting=alone,
        dissent=dissent,
        voted=tuple(one for one in running if one.voted),
        closed=tuple(one for one in closed if one not in dissent) + shown(found.overdue),
        stale=shown(found.stale),
        coming=shown(found.coming),
        more=max(0, found.counts.get("open", 0) - len(found.coming)),
        decided=shown(found.decided),
    )


def _together(waiting: list[Line]) -> tuple[Together, ...]:
    ordered = sorted(waiting, key=lambda one: (one.batch or 0, one.number))
    groups = ((batch, list(ones)) for batch, ones in groupby(ordered, lambda one: one.batch))
    return tuple(Together(batch or 0, len(ones), ones[0].when) for batch, ones in groups)


def _title(waiting: int, dissents: int, returned: int) -> str:
    if waiting:
        return first_capital(count(waiting, "vote waits for you"))
    if dissents:
        return tell("You may dissent")
    return tell("A draft was given back to you") if returned else tell("Nothing waits for you")


def _sentence(
    waiting: tuple[Line, ...],
    together: tuple[Together, ...],
    dissent: tuple[Line, ...],
    returned: int,
) -> str:
    if together:
        return first_capital(count(together[0].count, "amendment nobody contests"))
    if waiting:
        return tell("The first: {title}.", title=waiting[0].title)
    if dissent:
        return tell(
            "You have voted on everything. Where you are not in the majority, you may say why."
        )
    if returned:
        return tell("Read why, change it, and hand it in again; or discard it.")
    return tell("You have voted on everything that is before the panel.")
