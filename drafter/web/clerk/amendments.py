"""One amendment before the clerk: put it to the vote, close the vote, record the decision."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import BadInput, Conflict
from drafter.services import amending, deciding, redacting, voting
from drafter.services.deciding import Decided
from drafter.web.actors import current_actor
from drafter.web.amendments import amendment_page
from drafter.web.current import instance, zone
from drafter.web.phrases import joined, read_moment
from drafter.web.policy import policy
from drafter.web.tongue import in_words, tell


def add_to(blueprint: Blueprint) -> None:
    """Add the routes about one amendment."""
    at = "/amendments/<int:number>"
    blueprint.add_url_rule(at, view_func=amendment)
    for view in (put, close, reopen, decide, lapse, withdraw, redact):
        blueprint.add_url_rule(f"{at}/{view.__name__}", view_func=view, methods=["POST"])


@policy("read the queue")
def amendment(number: int) -> str:
    """Show an amendment with the one thing that is to be done about it."""
    return _page(number, {})


@policy("put")
def put(number: int) -> ResponseReturnValue:
    """Put the amendment to the vote."""
    try:
        closes_at = closing()
        amending.put(instance(), current_actor(), number, closes_at)
    except BadInput as error:
        return _page(number, {"closes_at": error.sentence}), 400
    flash(
        tell(
            "Amendment {number} is put to the vote. The seats see it on their desk.", number=number
        ),
        "good",
    )
    return redirect(url_for("clerk.amendment", number=number), 303)


@policy("close")
def close(number: int) -> ResponseReturnValue:
    """Close the vote."""
    voting.close(instance(), current_actor(), number)
    flash(tell("The vote on amendment {number} is closed.", number=number), "good")
    return redirect(url_for("clerk.amendment", number=number, _anchor="decide"), 303)


@policy("reopen")
def reopen(number: int) -> ResponseReturnValue:
    """Begin the next round, where the words have changed or the quorum was missed."""
    amending.reopen(instance(), current_actor(), number)
    flash(tell("Amendment {number} can be put to the vote again.", number=number), "good")
    return redirect(url_for("clerk.amendment", number=number), 303)


@policy("decide")
def decide(number: int) -> ResponseReturnValue:
    """Record the decision that the closed vote comes to, with the panel's reason."""
    reason = request.form.get("reason", "").replace("\r\n", "\n")
    seen = request.form.get("seen", "") if request.form.get("statements") else ""
    try:
        result = deciding.decide(instance(), current_actor(), number, reason, seen=seen)
    except BadInput as error:
        return _page(number, {"reason": error.sentence}), 400
    except Conflict as error:
        if error.data.get("field") != "statements":
            raise
        return _page(number, {"statements": error.sentence}), 409
    flash(in_words(result.sentence), "good" if isinstance(result, Decided) else "warn")
    return redirect(url_for("clerk.amendment", number=number), 303)


@policy("lapse")
def lapse(number: int) -> ResponseReturnValue:
    """Close an amendment that asks for nothing any more."""
    reason = request.form.get("reason", "").replace("\r\n", "\n")
    try:
        result = deciding.lapse_amendment(instance(), current_actor(), number, reason)
    except BadInput as error:
        return _page(number, {"reason": error.sentence}), 400
    flash(in_words(result.sentence), "good")
    return redirect(url_for("clerk.amendment", number=number), 303)


@policy("lapse")
def withdraw(number: int) -> ResponseReturnValue:
    """Close an amendment that nobody asks for any more."""
    reason = request.form.get("withdrawal", "").replace("\r\n", "\n")
    try:
        result = deciding.withdraw_amendment(instance(), current_actor(), number, reason)
    except BadInput as error:
        return _page(number, {"withdrawal": error.sentence}), 400
    flash(in_words(result.sentence), "good")
    return redirect(url_for("clerk.amendment", number=number), 303)


@policy("redact")
def redact(number: int) -> ResponseReturnValue:
    """Remove the wording of an amendment for good, with a reason that everybody may read."""
    reason = request.form.get("removal", "").replace("\r\n", "\n")
    try:
        done = redacting.redact(instance(), current_actor(), number, reason)
    except BadInput as error:
        return _page(number, {"removal": error.sentence}), 400
    flash(tell("The wording of amendment {number} is removed.", number=number), "good")
    if done.comments:
        flash(tell("The comments that it took up keep their own words: look at each."), "warn")
    if done.same:
        others = joined([str(each) for each in done.same])
        flash(tell("The same wording is asked for by amendment {others}.", others=others), "warn")
    return redirect(url_for("clerk.amendment", number=number), 303)


def closing() -> datetime | None:
    """Read the closing time; None where none was given. Raises BadInput."""
    value = request.form.get("closes_at", "").strip()
    if not value:
        return None
    return read_moment(value, zone())


def _page(number: int, errors: dict[str, str]) -> str:
    return render_template(
        "clerk/amendment.html",
        page=amendment_page(number, current_actor()),
        errors=errors,
        typed=request.form,
        zone=zone().key,
        side=request.args.get("view") == "side",
    )
