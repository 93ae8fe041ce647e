"""A vote taken in the room: the clerk enters what each seat said when it was called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import BadInput, Conflict
from drafter.core.saying import say
from drafter.services import voting
from drafter.services.signing_in import list_seats
from drafter.web.actors import current_actor
from drafter.web.amendments import amendment_page
from drafter.web.current import instance
from drafter.web.phrases import SPOKEN, count, first_capital
from drafter.web.policy import policy
from drafter.web.tongue import tell


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat in the roll call: whether it has voted, and not how."""

    number: int
    own: bool
    entered: bool


def add_to(blueprint: Blueprint) -> None:
    """Add the form and what it sends."""
    at = "/amendments/<int:number>/roll-call"
    blueprint.add_url_rule(at, view_func=roll_call, methods=["GET"])
    blueprint.add_url_rule(at, view_func=enter_roll_call, methods=["POST"])


@policy("enter roll call")
def roll_call(number: int) -> str:
    """Show every filled seat with the votes it may give; nothing is preselected."""
    return _page(number, {})


@policy("enter roll call")
def enter_roll_call(number: int) -> ResponseReturnValue:
    """Enter the votes, and leave the vote open."""
    seats = [seat.number for seat in list_seats(instance()) if seat.filled]
    form = request.form
    votes = {n: form[f"vote-{n}"] for n in seats if form.get(f"vote-{n}") in SPOKEN}
    if not votes:
        return _page(
            number, {f"vote-{seats[0]}" if seats else "vote": tell("Enter one vote first.")}
        ), 400
    try:
        for seat, choice in votes.items():
            _check(seat, choice, form.get(f"interest-{seat}", ""))
        entered = voting.enter_roll_call(
            instance(),
            current_actor(),
            number,
            cast("dict[int, voting.Spoken]", votes),
            form.get("ballot_hash", ""),
            interests={n: form.get(f"interest-{n}", "") for n in seats},
            replacing=[n for n in seats if form.get(f"replace-{n}")],
        )
    except BadInput as error:
        return _page(number, {str(error.data.get("field", "vote")): error.sentence}), 400
    except Conflict as error:
        own = cast("list[int]", error.data.get("seats") or seats[:1])
        return _page(number, {f"vote-{own[0]}": error.sentence}), 409
    flash(
        first_capital(count(entered, "vote entered")),
        "good",
    )
    return redirect(url_for("clerk.amendment", number=number), 303)


def _check(seat: int, choice: str, interest: str) -> None:
    """Name the field of the seat where its vote cannot be entered. Raises BadInput."""
    if choice == "absent":
        return
    try:
        voting.check_choice(choice, interest)
    except BadInput as error:
        raise BadInput(
            say("Seat {seat}: {why}", seat=seat, why=error.sentence), field=f"interest-{seat}"
        ) from error


def _page(number: int, errors: dict[str, str]) -> str:
    standing = voting.who_has_voted(instance(), current_actor(), number)
    filled = [seat.number for seat in list_seats(instance()) if seat.filled]
    seats = [Seat(n, standing.get(n) is False, standing.get(n) is True) for n in filled]
    return render_template(
        "clerk/roll_call.html",
        page=amendment_page(number, current_actor()),
        seats=seats,
        spoken=tuple(SPOKEN.items()),
        errors=errors,
        typed=request.form,
    )
