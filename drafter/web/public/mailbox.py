"""The demo's mailbox: the mails that would have left, for whoever sits at this machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, render_template

from drafter.core.errors import NotFound
from drafter.services.authority import OPERATOR
from drafter.services.mailing import mailbox
from drafter.web.current import instance
from drafter.web.policy import policy
from drafter.web.security import in_demo, is_loopback, local

blueprint = Blueprint("mailbox", __name__)

_ADDRESS = re.compile(r"https?://[^\s<>\"]+")


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail as the page shows it: its text in pieces, its addresses as links into this app."""

    to: str
    subject: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a mail's text; `url` where it is an address."""

    text: str
    url: str


@blueprint.get("/demo/mailbox")
@policy(public=True)
def letters() -> str:
    """Show the newest mails. Raises NotFound outside the demo, and to other machines."""
    if not (in_demo() and is_loopback()):
        raise NotFound("There is no such page.")
    mails = mailbox(instance(), OPERATOR)
    found = [Letter(mail.to_address, mail.subject, tuple(_pieces(mail.body))) for mail in mails]
    return render_template("public/mailbox.html", mails=found)


def _pieces(body: str) -> Iterator[Piece]:
    at = 0
    for found in _ADDRESS.finditer(body):
        yield Piece(body[at : found.start()], "")
        address = found[0].rstrip(".,;)")
        yield Piece(address, local(address))
        at = found.start() + len(address)
    yield Piece(body[at:], "")
