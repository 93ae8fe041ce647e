"""A refusal as JSON (RFC 9457): its kind, its status, and the sentence that says what to do."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from http import HTTPStatus
from types import MappingProxyType

from flask import Response, request

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
from drafter.web.security import PROGRAMS

MEDIA_TYPE = "application/problem+json"
TYPES = "/api/v1/openapi.json#/components/x-problems/"
"""Where the kinds of problems are described; the name of the kind follows."""

TITLES: Mapping[type[DrafterError], str] = MappingProxyType(
    {
        BadInput: "What was sent cannot be used as it is",
        NotSignedIn: "No token, or one that has ended",
        NotAllowed: "Whoever asks may not do this",
        NotFound: "There is no such thing",
        Refused: "The rules of the process forbid it now",
        Conflict: "It has changed meanwhile",
        Busy: "Others are writing; try again in a moment",
        TooMany: "Too much in a short time",
        Unreadable: "The report could not be read",
        Corrupt: "The record contradicts itself",
        DrafterError: "It could not be done",
    }
)
"""What each kind of error means, whatever it is about."""

SENTENCES: Mapping[int, str] = MappingProxyType(
    {
        400: "The request could not be read. Look up in /api/v1/openapi.json what it must hold.",
        404: "There is nothing at this address. What there is stands in /api/v1/openapi.json.",
        405: "This address does not take this method. The header Allow names those that it takes.",
        413: "This is too long to be sent. Shorten it; nothing has been recorded.",
        415: "Send JSON, and say so: Content-Type: application/json.",
        500: "The server could not do this. What was acknowledged is safe; look whether this was "
        "recorded, and send it again if not.",
    }
)
"""What HTTP itself refuses, in a sentence for whoever writes a program."""


def is_asked_for() -> bool:
    """Tell whether the request at hand is to be answered by JSON: also where nothing is there."""
    return request.path.startswith(PROGRAMS)


def name_of(kind: type[DrafterError]) -> str:
    """Give the name of a kind of problem.

    >>> name_of(NotSignedIn)
    'not-signed-in'
    """
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "-", kind.__name__).lower()


def answer(status: int, sentence: str, error: DrafterError | None = None) -> Response:
    """Answer with a problem; without an error it is one of HTTP itself."""
    said: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": sentence if error is not None else SENTENCES.get(status, sentence),
    }
    if error is not None:
        kind = next(each for each in type(error).__mro__ if each in TITLES)
        said["type"], said["title"] = TYPES + name_of(kind), TITLES[kind]
        # Of an error's data only this much: a receipt's secret may be among it.
        said |= {name: error.data[name] for name in ("field", "errors") if name in error.data}
    response = Response(json.dumps(said, ensure_ascii=False) + "\n", status, mimetype=MEDIA_TYPE)
    if status == 401:
        ended = ', error="invalid_token"' if "Authorization" in request.headers else ""
        response.headers["WWW-Authenticate"] = f'Bearer realm="drafter"{ended}'
    return response
