"""Errors as pages: one table of statuses, and one page that says what to do and keeps what was
typed. To a program the same is told as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import Flask, Response, current_app, make_response, render_template, request
from flask_wtf.csrf import CSRFError  # type: ignore[import-untyped]
from werkzeug.exceptions import HTTPException

from drafter.core.errors import (
    BadInput,
    Busy,
    Conflict,
    Corrupt,
    DrafterError,
    NotAllowed,
    NotFound,
    NotSignedIn,
    Refused,
    TooMany,
    Unreadable,
)
from drafter.core.saying import say
from drafter.web.api import problem

STATUS: Mapping[type[DrafterError], int] = MappingProxyType(
    {
        BadInput: 400,
        NotSignedIn: 401,
        NotAllowed: 403,
        NotFound: 404,
        Refused: 409,
        Conflict: 409,
        Busy: 503,
        TooMany: 429,
        Unreadable: 500,
        Corrupt: 500,
        DrafterError: 500,
    }
)

TITLES: Mapping[int, str] = MappingProxyType(
    {
        400: say("That could not be sent as it is"),
        403: say("This page is not open to you"),
        404: say("There is no such page"),
        405: say("That cannot be done here"),
        409: say("That cannot be done now"),
        413: say("That is too long to be sent"),
        429: say("That was a great deal in a short time"),
        500: say("Something went wrong on our side"),
        503: say("Please try again in a moment"),
    }
)

SENTENCES: Mapping[int, str] = MappingProxyType(
    {
        400: say("Open the page again and fill in the form once more."),
        404: say(
            "The address may be incomplete. Nothing that was once published is ever taken away: "
            "start from the front page, or from the clause that you were looking for."
        ),
        405: say("Open the page again and use its own buttons."),
        413: say("Shorten the text and send it again. Nothing has been recorded."),
        500: say(
            "Nothing that was recorded before is lost. Try again; if it happens once more, "
            "please tell the clerk what you were doing."
        ),
    }
)

UNWRITTEN = say(
    "The server could not write this down. What was acknowledged is safe; look whether this was "
    "recorded, and send it again if not. Copy what you typed from below first."
)

FORGED = say(
    "The form had been open too long, or this browser keeps no cookies. "
    "Open the page again; what you typed stands below, so that you can copy it."
)

KEPT: Mapping[str, str] = MappingProxyType(
    {
        "comment": say("Your comment"),
        "wording": say("Your wording"),
        "email": say("Your e-mail address"),
        "title": say("The title"),
        "reason": say("The reason"),
        "sentence": say("Your sentence"),
        "answer": say("The answer"),
        "place": say("The place"),
        "interest": say("Your interest"),
        "withdrawal": say("Why you withdraw it"),
        "note": say("Your note to the clerk"),
        "comments": say("The comments"),
    }
)


@dataclass(frozen=True, slots=True)
class Typed:
    """A field that somebody filled in before it failed."""

    label: str
    value: str


def register(app: Flask) -> None:
    """Answer every error with the one page."""
    app.register_error_handler(DrafterError, show_error)
    app.register_error_handler(OSError, show_unwritten)
    app.register_error_handler(CSRFError, show_forged)
    app.register_error_handler(HTTPException, show_http)


def status_of(error: DrafterError) -> int:
    """Give the HTTP status of an error: that of its nearest class in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def show_error(error: DrafterError) -> Response:
    """Show an error that Drafter raised on purpose, in its own sentence."""
    page = _page(status_of(error), error.sentence, error)
    if "retry_after" in error.data:
        page.headers["Retry-After"] = str(error.data["retry_after"])
    return page


def show_unwritten(error: OSError) -> Response:
    """Show that a disk refused; the log says which, and how."""
    current_app.logger.error("The disk refused: %s", error, exc_info=error)
    return _page(500, UNWRITTEN)


def show_forged(error: CSRFError) -> Response:
    """Show that a form did not come from a page of this session."""
    return _page(400, FORGED)


def show_http(error: HTTPException) -> Response:
    """Show what the server itself refuses, and what failed without anybody's intention."""
    if error.response is not None:
        return make_response(error.response)
    status = error.code or 500
    if status < 400:
        return make_response(error.get_response())
    page = _page(status, SENTENCES.get(status, SENTENCES[500 if status >= 500 else 400]))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            page.headers[name] = str(value)
    return page


def _page(status: int, sentence: str, error: DrafterError | None = None) -> Response:
    if problem.is_asked_for():
        page = problem.answer(status, sentence, error)
    else:
        page = _shown(status, sentence)
    if status == 503:
        page.headers["Retry-After"] = "5"
    return page


def _shown(status: int, sentence: str) -> Response:
    title = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    kept = typed() if status != 413 else ()
    shown = render_template("problem.html", title=title, sentence=sentence, typed=kept)
    return make_response(shown, status)


def typed() -> tuple[Typed, ...]:
    """List what the failed form held, by its fields' names; nothing for a page asked for."""
    if request.method != "POST":
        return ()
    given = ((KEPT[name], request.form.get(name, "")) for name in KEPT)
    return tuple(Typed(label, value) for label, value in given if value.strip())
