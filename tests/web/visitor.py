"""A clock that a test moves, and a visitor who gets pages and sends the forms on them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from html import unescape

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from drafter.core.ids import ClauseId
from drafter.services import commenting
from drafter.services.instance import Instance

START = datetime(2026, 11, 2, 12, 0, tzinfo=UTC)
CLAUSE = "c-4d8x2n"


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, **length: float) -> None:
        self.now += timedelta(**length)


def send_comment(
    instance: Instance, clause: str, text: str, wording: str | None = None
) -> commenting.Receipt:
    """Send a comment and confirm it by its mail; return its receipt."""
    sent = commenting.comment(instance, ClauseId(clause), text, wording, "ada@e.org")
    assert sent.confirm_token is not None
    commenting.confirm(instance, sent.confirm_token)
    return sent


class Visitor:
    """Somebody with a browser: gets pages, and sends the forms that stand on them."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self.page = ""

    def get(self, address: str, **options: object) -> TestResponse:
        response = self.client.get(address, buffered=True, **options)  # type: ignore[arg-type]
        self.page = response.text
        return response

    def field(self, name: str) -> str:
        """Read a hidden field of the page at hand."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        assert found, f"the page has no field {name}"
        return unescape(found[1])

    def send(self, address: str, /, **fields: str) -> TestResponse:
        """Send a form with the token of the page at hand."""
        token = re.search(r'name="csrf_token" value="([^"]*)"', self.page)
        if token is None:
            self.get("/take-part/clause/" + CLAUSE)
            return self.send(address, **fields)
        response = self.client.post(address, data={"csrf_token": token[1], **fields})
        self.page = response.text or self.page
        return response
