"""Supporting a suggestion and following by mail: ask, confirm by mail, end by a link."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from drafter.core.errors import BadInput, NotFound
from drafter.people.followings import Followed
from drafter.services import commenting, supporting
from drafter.web.actors import current_actor
from drafter.web.current import instance
from drafter.web.draft import clause_url, draft
from drafter.web.policy import policy
from drafter.web.tongue import tell


def add_to(blueprint: Blueprint) -> None:
    """Add the routes."""
    at = "/comments/<int:number>/support"
    blueprint.add_url_rule(at, view_func=ask_to_support)
    blueprint.add_url_rule(at, view_func=support, methods=["POST"])
    back = "/support/take-back/<token>"
    blueprint.add_url_rule(back, view_func=ask_to_take_back)
    blueprint.add_url_rule(back, view_func=take_support_back, methods=["POST"])
    blueprint.add_url_rule("/follow", view_func=ask_to_follow)
    blueprint.add_url_rule("/follow", view_func=follow, methods=["POST"])
    end = "/follow/end/<token>"
    blueprint.add_url_rule(end, view_func=ask_to_end)
    blueprint.add_url_rule(end, view_func=end_follow, methods=["POST"])


@policy("support")
def ask_to_support(number: int) -> str:
    """Ask for the address under which a suggestion is supported."""
    return _support(number, "", done=False)


@policy("support")
def support(number: int) -> ResponseReturnValue:
    """Support a suggestion; the answer is the same for every address."""
    try:
        supporting.support(instance(), number, request.form.get("email", ""), actor=current_actor())
    except BadInput as error:
        return _support(number, error.sentence, done=False), 400
    return _support(number, "", done=True)


@policy("support")
def ask_to_take_back(token: str) -> str:
    """Show the button that takes support back."""
    return _end(tell("Take your support back"), tell("Take it back"), "")


@policy("support")
def take_support_back(token: str) -> ResponseReturnValue:
    """Take support back."""
    try:
        supporting.take_support_back(instance(), token, actor=current_actor())
    except NotFound as error:
        return _end(tell("Your support is taken back"), "", error.sentence)
    said = tell("It no longer counts, and your address is erased.")
    return _end(tell("Your support is taken back"), "", said)


@policy("follow")
def ask_to_follow() -> str:
    """Ask for the address to which news shall go."""
    return _follow("", done=False)


@policy("follow")
def follow() -> ResponseReturnValue:
    """Follow; the answer is the same for every address."""
    what, about = _followed()
    try:
        supporting.follow(
            instance(), what, about, request.form.get("email", ""), actor=current_actor()
        )
    except BadInput as error:
        return _follow(error.sentence, done=False), 400
    return _follow("", done=True)


@policy("follow")
def ask_to_end(token: str) -> str:
    """Show the button that ends the mails."""
    return _end(tell("Get no more mails"), tell("Write to me no more"), "")


@policy("follow")
def end_follow(token: str) -> ResponseReturnValue:
    """End the mails."""
    try:
        supporting.end_follow(instance(), token, actor=current_actor())
    except NotFound as error:
        return _end(tell("No more mails"), "", error.sentence)
    return _end(tell("No more mails"), "", tell("It is ended, and your address is erased."))


def _support(number: int, error: str, *, done: bool) -> str:
    about, _ = commenting.place_of_comment(instance(), number, actor=current_actor())
    return render_template(
        "public/support.html",
        number=number,
        clause=draft().name(about),
        url=clause_url(about),
        error=error,
        done=done,
        typed=request.form,
    )


def _followed() -> tuple[Followed, str]:
    what, about = request.values.get("what", "report"), request.values.get("about", "")
    if what not in ("clause", "amendment", "report"):
        raise NotFound("There is nothing of this kind to follow.")
    return cast(Followed, what), about[:80]


def _follow(error: str, *, done: bool) -> str:
    what, about = _followed()
    names = {"clause": draft().name(about), "amendment": tell("amendment {about}", about=about)}
    return render_template(
        "public/follow.html",
        what=what,
        about=about,
        name=names.get(what, tell("the whole report")),
        error=error,
        done=done,
        typed=request.form,
    )


def _end(title: str, button: str, said: str) -> str:
    return render_template("public/end.html", title=title, button=button, said=said)
