"""Pages of the clerk: the queue, each comment and amendment in it, and publishing."""

from __future__ import annotations

from flask import Blueprint

from drafter.web.clerk import amendments, desk, moderation, proposals, publication


def blueprint() -> Blueprint:
    """Give the clerk's blueprint with all its pages."""
    made = Blueprint("clerk", __name__, url_prefix="/clerk")
    for part in (desk, moderation, amendments, publication, proposals):
        part.add_to(made)
    return made
