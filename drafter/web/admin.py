"""The administrators' pages: who holds which seat and office, and giving it to somebody else."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import BadInput, NotFound
from drafter.core.saying import say
from drafter.people.persons import OfficeRole
from drafter.people.seats import Seat
from drafter.services import seating
from drafter.services.seating import Holder
from drafter.web import phrases
from drafter.web.actors import current_actor
from drafter.web.current import instance
from drafter.web.policy import policy
from drafter.web.tongue import tell

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("/")
@policy("see holders")
def page() -> str:
    """Show every seat and office with who holds it."""
    return _page()


@blueprint.post("/seats")
@policy("add seats")
def add_seats() -> ResponseReturnValue:
    """Add seats."""
    given = request.form.get("count", "").strip()
    try:
        if not (given.isascii() and given.isdigit() and len(given) < 4):
            raise BadInput("Write how many, in digits.")
        added = seating.add_seats(instance(), current_actor(), int(given))
    except BadInput as error:
        return _page({"count": error.sentence}), 400
    flash(tell("Added: {seats}.", seats=", ".join(map(_seat_name, added))), "good")
    return _home()


@blueprint.get("/seats/<int:seat>")
@policy("see holders")
def seat(seat: int) -> str:
    """Show one seat: who holds it, who held it, and what can be done."""
    return _seat_page(seat)


@blueprint.post("/seats/<int:seat>")
@policy("seat a person")
def give_seat(seat: int) -> ResponseReturnValue:
    """Give a seat to a person, in the place of whoever holds it."""
    email = request.form.get("email", "")
    held = _find_seat(seat)
    give = seating.reseat if held.email else seating.seat_person
    try:
        give(instance(), current_actor(), seat, email)
    except BadInput as error:
        return _seat_page(seat, email, {"email": error.sentence}), 400
    flash(tell("{email} is invited to seat {seat}.", email=email.strip(), seat=seat), "good")
    return redirect(url_for("admin.seat", seat=seat), 303)


@blueprint.post("/seats/<int:seat>/vacate")
@policy("vacate")
def vacate(seat: int) -> ResponseReturnValue:
    """Vacate a seat."""
    seating.vacate(instance(), current_actor(), seat)
    flash(tell("Seat {seat} is vacant. Whoever held it is signed out.", seat=seat), "good")
    return redirect(url_for("admin.seat", seat=seat), 303)


@blueprint.post("/offices")
@policy("appoint")
def appoint() -> ResponseReturnValue:
    """Appoint a clerk or an administrator."""
    email = request.form.get("email", "")
    try:
        office = seating.appoint(instance(), current_actor(), _office(), email)
    except BadInput as error:
        return _page({"email": error.sentence}, email), 400
    flash(
        tell(
            "{email} is invited as {role}.", email=email.strip(), role=phrases.office(office.role)
        ),
        "good",
    )
    return _home()


@blueprint.post("/offices/dismiss")
@policy("appoint")
def dismiss() -> ResponseReturnValue:
    """End the office of a clerk or an administrator."""
    role = _office()
    seating.dismiss(instance(), current_actor(), role, request.form.get("person", ""))
    flash(
        tell("This person is no {role} any more, and is signed out.", role=phrases.office(role)),
        "good",
    )
    return _home()


@blueprint.post("/persons/<person>/sign-out")
@policy("sign somebody out")
def sign_out(person: str) -> ResponseReturnValue:
    """Sign a person out everywhere."""
    ended = seating.sign_somebody_out(instance(), current_actor(), person)
    flash(tell("Signed out everywhere.") if ended else tell("They were signed in nowhere."), "good")
    return _home()


@blueprint.post("/persons/<person>/erase")
@policy("erase a person")
def erase(person: str) -> ResponseReturnValue:
    """Erase a person's address and credentials."""
    seating.erase_person(instance(), current_actor(), person)
    flash(tell("The address and everything they signed in with are erased."), "good")
    return _home()


def _page(errors: dict[str, str] | None = None, email: str = "") -> str:
    return render_template(
        "admin/page.html",
        found=seating.holders(instance(), current_actor()),
        former=seating.former_persons(instance(), current_actor()),
        errors=errors or {},
        email=email,
        count=request.form.get("count", ""),
    )


def _seat_page(seat: int, email: str = "", errors: dict[str, str] | None = None) -> str:
    return render_template(
        "admin/seat.html",
        seat=_find_seat(seat),
        tenures=seating.tenures(instance(), current_actor(), seat),
        errors=errors or {},
        email=email,
    )


def _find_seat(number: int) -> Holder:
    found = seating.holders(instance(), current_actor())
    seat = next((each for each in found.seats if each.seat == number), None)
    if seat is None:
        raise NotFound(say("There is no seat {number}.", number=number), seat=number)
    return seat


def _office() -> OfficeRole:
    given = request.form.get("role", "")
    if given == "clerk":
        return "clerk"
    if given == "administrator":
        return "administrator"
    raise BadInput("Choose what they are to be: clerk or administrator.")


def _home() -> ResponseReturnValue:
    return redirect(url_for("admin.page"), 303)


def _seat_name(seat: Seat) -> str:
    return tell("seat {number}", number=seat.number)
