"""What a passkey is asked for: kept in the cookie until the answer comes, once, for minutes."""

from __future__ import annotations

from datetime import timedelta

from flask import Response, current_app, session

from drafter.core.errors import BadInput
from drafter.services.passkeys import Asked
from drafter.web.current import now

KEY = "asked"
LASTS = timedelta(minutes=5)


def ask(asked: Asked) -> Response:
    """Keep the challenge, and answer with what the browser is to ask the device for."""
    session[KEY] = [asked.challenge, now().timestamp()]
    return current_app.response_class(asked.options, mimetype="application/json")


def answered() -> str:
    """Take the challenge out again. Raises BadInput where there is none, or it is too old."""
    kept = session.pop(KEY, None)
    if isinstance(kept, list) and len(kept) == 2:
        challenge, at = kept
        if isinstance(challenge, str) and now().timestamp() - at < LASTS.total_seconds():
            return challenge
    raise BadInput("That took too long. Begin once more.")
