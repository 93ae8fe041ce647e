"""The key of a form: names it, so that it counts once however often it is sent, and says its age.

Signed, so that no age can be made up; kept nowhere until it is sent.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, g, request, session

from drafter.services.limits import SOONEST
from drafter.web.current import now

KEY = "form"
LAST = "last form"
"""In the session: a digest of what this browser sent last, and the form's key."""
TRAP = "website"
"""A field that nobody sees; only a machine fills it in."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a form tells about how it was sent."""

    key: str | None
    """None where the form holds none of ours."""
    suspected: bool
    """No person fills in a form so: too fast, with the hidden field, or without its key."""


def new_key() -> str:
    """Make the key of a form that is shown now; in a page that is kept, the mark of its place."""
    if KEY in g:
        return str(g.get(KEY))
    body = f"{secrets.token_urlsafe(12)}.{int(now().timestamp())}"
    return f"{body}.{_signature(body)}"


def read_sent() -> Sent:
    """Read the key of the form at hand and judge how it was sent."""
    key = request.form.get(KEY, "")
    body, _, signature = key.rpartition(".")
    trapped = bool(request.form.get(TRAP, "").strip())
    if not body or not hmac.compare_digest(_signature(body).encode(), signature.encode()):
        return Sent(None, suspected=True)
    shown = datetime.fromtimestamp(int(body.rpartition(".")[2]), UTC)
    return Sent(key, suspected=trapped or now() - shown < SOONEST)


def key_of(sent: Sent, *words: str) -> str | None:
    """Give the key under which a form counts: that of the last one, if it said the same words.

    A browser that goes back may fetch the page anew, with another key, and put the old words in.
    """
    last = session.get(LAST)
    again = isinstance(last, list) and last[:1] == [_digest(words)]
    return str(last[1]) if again else sent.key


def remember(key: str | None, *words: str) -> None:
    """Keep with this browser what it has sent, for when it goes back."""
    if key is not None:
        session[LAST] = [_digest(words), key]


def numbers(name: str) -> list[int]:
    """Read the numbers that a form has chosen; what is none, or too long for one, is left out."""
    return [int(one) for one in request.form.getlist(name) if one.isdecimal() and len(one) < 10]


def _digest(words: tuple[str, ...]) -> str:
    return hashlib.sha256("\0".join(words).encode("utf-8", "replace")).hexdigest()


def _signature(body: str) -> str:
    secret = current_app.secret_key
    key = secret.encode() if isinstance(secret, str) else secret or b""
    return hmac.new(key, f"form\n{body}".encode(), hashlib.sha256).hexdigest()[:32]
