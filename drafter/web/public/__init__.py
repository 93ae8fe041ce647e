"""Pages for everyone: taking part, the receipt, signing in, the published site."""

from __future__ import annotations

from flask import Blueprint

from drafter.web.public import mailbox, sign_in, site, take_part


def blueprints(*, demo: bool) -> tuple[Blueprint, ...]:
    """Give the public blueprints; the mailbox page is there in the demo alone."""
    always = (take_part.blueprint, sign_in.blueprint, site.blueprint)
    return (mailbox.blueprint, *always) if demo else always
