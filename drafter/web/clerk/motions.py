"""The clerk's motions: amendments put together, chapters to adopt, decisions to open again."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import BadInput, Conflict
from drafter.services import batching, desk, moving
from drafter.services.deciding import Decided
from drafter.web import forms, lines
from drafter.web.actors import current_actor
from drafter.web.batches import batch_page, chapters_page
from drafter.web.clerk.amendments import closing
from drafter.web.current import instance, zone
from drafter.web.phrases import count, first_capital
from drafter.web.policy import policy
from drafter.web.tongue import tell


def add_to(blueprint: Blueprint) -> None:
    """Add the routes about motions and batches."""
    at, one = "/amendments/<int:number>", "/together/<int:number>"
    blueprint.add_url_rule("/motions", view_func=motions)
    blueprint.add_url_rule("/motions/adopt", view_func=adopt, methods=["POST"])
    blueprint.add_url_rule(f"{at}/reconsider", view_func=reconsider, methods=["POST"])
    blueprint.add_url_rule(f"{at}/open-again", view_func=open_again, methods=["POST"])
    blueprint.add_url_rule(f"{at}/take-out", view_func=take_out, methods=["POST"])
    blueprint.add_url_rule("/together", view_func=together, methods=["GET"])
    blueprint.add_url_rule("/together", view_func=put_together, methods=["POST"])
    blueprint.add_url_rule(one, view_func=batch)
    blueprint.add_url_rule(f"{one}/close", view_func=close_together, methods=["POST"])
    blueprint.add_url_rule(f"{one}/decide", view_func=decide_together, methods=["POST"])


@policy("put")
def motions() -> str:
    """List the chapters whose drafting may be moved to end."""
    return render_template("clerk/motions.html", chapters=chapters_page())


@policy("put")
def adopt() -> ResponseReturnValue:
    """Move to adopt a chapter's text."""
    number = moving.move_adoption(instance(), current_actor(), request.form.get("path", ""))
    return redirect(url_for("clerk.amendment", number=number), 303)


@policy("put")
def reconsider(number: int) -> ResponseReturnValue:
    """Move to open a decision again."""
    motion = moving.move_reconsideration(instance(), current_actor(), number)
    return redirect(url_for("clerk.amendment", number=motion), 303)


@policy("open again")
def open_again(number: int) -> ResponseReturnValue:
    """Open the amendment that a carried motion allows."""
    new = moving.open_again(instance(), current_actor(), number)
    flash(tell("It is amendment {new}, and needs a vote of its own.", new=new), "good")
    return redirect(url_for("clerk.amendment", number=new), 303)


@policy("put")
def take_out(number: int) -> ResponseReturnValue:
    """Have an amendment voted on by itself."""
    batching.take_out(instance(), current_actor(), number)
    flash(tell("It is voted on by itself now, and everybody is asked anew."), "good")
    return redirect(url_for("clerk.amendment", number=number), 303)


@policy("put")
def together() -> str:
    """Offer the amendments that nobody contests."""
    return _together({})


@policy("put")
def put_together() -> ResponseReturnValue:
    """Put the chosen amendments as one question."""
    chosen = forms.numbers("number")
    try:
        made = batching.put_together(instance(), current_actor(), chosen, closing())
    except BadInput as error:
        field = "closes_at" if error.data.get("field") == "closes_at" else "number"
        return _together({field: error.sentence}), 400
    flash(
        first_capital(count(len(chosen), "amendment put to the vote")),
        "good",
    )
    return redirect(url_for("clerk.batch", number=made.number), 303)


@policy("read the queue")
def batch(number: int) -> str:
    """Show amendments that are put together, with the one thing to do about them."""
    return _batch(number, {})


@policy("close")
def close_together(number: int) -> ResponseReturnValue:
    """Close the vote on all of them."""
    batching.close_together(instance(), current_actor(), number)
    flash(tell("The vote on all of them is closed."), "good")
    return redirect(url_for("clerk.batch", number=number, _anchor="decide"), 303)


@policy("decide")
def decide_together(number: int) -> ResponseReturnValue:
    """Record what the closed votes come to, with one reason."""
    reason = request.form.get("reason", "").replace("\r\n", "\n")
    seen = {
        int(name.removeprefix("seen-")): value
        for name, value in request.form.items()
        if name.startswith("seen-")
        and name[5:].isdecimal()
        and len(name) < 15
        and request.form.get("statements")
    }
    try:
        results = batching.decide_together(instance(), current_actor(), number, reason, seen)
    except BadInput as error:
        return _batch(number, {"reason": error.sentence}), 400
    except Conflict as error:
        return _batch(number, {"statements": error.sentence}), 409
    for result in results:
        said = tell("Amendment {number}: {result}", number=result.number, result=result.sentence)
        flash(said, "good" if isinstance(result, Decided) else "warn")
    return redirect(url_for("clerk.batch", number=number), 303)


def _together(errors: dict[str, str]) -> str:
    actor = current_actor()
    found = [desk.view_line(instance(), n, actor) for n in batching.uncontested(instance())]
    return render_template(
        "clerk/together.html",
        lines=[lines.shown(*each) for each in found],
        chosen=forms.numbers("number"),
        errors=errors,
        typed=request.form,
        zone=zone().key,
    )


def _batch(number: int, errors: dict[str, str]) -> str:
    page = batch_page(number, current_actor())
    return render_template("clerk/batch.html", page=page, errors=errors, typed=request.form)
