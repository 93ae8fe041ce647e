"""Pages for everyone: taking part, the receipt, signing in, the published site."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint

from drafter.web.public import following, mailbox, sign_in, site, take_part


def blueprints(*, demo: bool) -> tuple[Blueprint, ...]:
    """Give the public blueprints; the mailbox page is there in the demo alone."""
    always = (take_part.blueprint, sign_in.blueprint, site.blueprint)
    return (mailbox.blueprint, *always) if demo else always


def by_mail_programs() -> tuple[Callable[..., Any], ...]:
    """Give the views that a mail program may send to by itself (RFC 8058), without a session.

    What they end is named by a secret in their address, which no other site knows.
    """
    return (following.end_follow, following.take_support_back)
