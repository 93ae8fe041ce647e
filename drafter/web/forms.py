"""The key of a form: names it, so that it counts once however often it is sent, and says its age.

Signed, so that no age can be made up; kept nowhere until it is sent.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import current_app, request

from drafter.services.limits import SOONEST
from drafter.web.current import now

KEY = "form"
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
    """Make the key of a form that is shown now."""
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


def _signature(body: str) -> str:
    secret = current_app.secret_key
    key = secret.encode() if isinstance(secret, str) else secret or b""
    return hmac.new(key, f"form\n{body}".encode(), hashlib.sha256).hexdigest()[:32]
