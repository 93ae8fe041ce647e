"""Motions that a seat makes, and votes on several amendments at once."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import Conflict
from drafter.people.ballots import Choice
from drafter.services import batching, deciding, moving
from drafter.web.actors import current_actor
from drafter.web.batches import batch_page, chapters_page
from drafter.web.current import instance
from drafter.web.phrases import TOGETHER, count, first_capital
from drafter.web.policy import policy
from drafter.web.tongue import in_words, tell


def add_to(blueprint: Blueprint) -> None:
    """Add the routes about motions and batches."""
    at, one = "/amendments/<int:number>", "/together/<int:number>"
    blueprint.add_url_rule("/motions", view_func=motions)
    blueprint.add_url_rule("/motions/adopt", view_func=adopt, methods=["POST"])
    blueprint.add_url_rule(f"{at}/reconsider", view_func=reconsider, methods=["POST"])
    blueprint.add_url_rule(f"{at}/withdraw", view_func=withdraw, methods=["POST"])
    blueprint.add_url_rule(f"{at}/take-out", view_func=take_out, methods=["POST"])
    blueprint.add_url_rule(one, view_func=batch)
    blueprint.add_url_rule(one, view_func=vote_together, methods=["POST"])


@policy("cast")
def motions() -> str:
    """List the chapters whose drafting a seat may move to end."""
    return render_template("panel/motions.html", chapters=chapters_page())


@policy("cast")
def adopt() -> ResponseReturnValue:
    """Move to adopt a chapter's text."""
    number = moving.move_adoption(instance(), current_actor(), request.form.get("path", ""))
    flash(tell("It is motion {number}. The clerk puts it to the vote.", number=number), "good")
    return redirect(url_for("panel.amendment", number=number), 303)


@policy("cast")
def reconsider(number: int) -> ResponseReturnValue:
    """Move to open a decision again."""
    motion = moving.move_reconsideration(instance(), current_actor(), number)
    flash(tell("It is motion {motion}. The clerk puts it to the vote.", motion=motion), "good")
    return redirect(url_for("panel.amendment", number=motion), 303)


@policy("cast")
def withdraw(number: int) -> ResponseReturnValue:
    """Withdraw what the seat itself asked for."""
    reason = request.form.get("withdrawal", "").replace("\r\n", "\n").strip()
    result = deciding.withdraw_amendment(
        instance(), current_actor(), number, reason or deciding.WITHDRAWN_BY_SUBMITTER
    )
    flash(in_words(result.sentence), "good")
    return redirect(url_for("panel.amendment", number=number), 303)


@policy("cast")
def take_out(number: int) -> ResponseReturnValue:
    """Have an amendment voted on by itself."""
    batching.take_out(instance(), current_actor(), number)
    flash(tell("It is voted on by itself now, and everybody is asked anew."), "good")
    return redirect(url_for("panel.amendment", number=number), 303)


@policy("cast")
def batch(number: int) -> str:
    """Show amendments that are put together, with one ballot for all."""
    return _page(number)


@policy("cast")
def vote_together(number: int) -> ResponseReturnValue:
    """Record the seat's vote on all that were on its page, and on no others."""
    choice = request.form.get("choice", "")
    if choice not in TOGETHER:
        return _page(number, errors={"choice": tell("Choose one of these first.")}), 400
    digest = request.form.get("digest", "")
    actor = current_actor()
    try:
        times = batching.cast_together(instance(), actor, number, cast(Choice, choice), digest)
    except Conflict:
        return _page(number, words_changed=True), 409
    flash(
        first_capital(count(times, "vote counts")),
        "good",
    )
    return redirect(url_for("panel.batch", number=number), 303)


def _page(number: int, *, errors: dict[str, str] | None = None, words_changed: bool = False) -> str:
    return render_template(
        "panel/batch.html",
        page=batch_page(number, current_actor()),
        votes=tuple(TOGETHER.items()),
        errors=errors or {},
        words_changed=words_changed,
    )
