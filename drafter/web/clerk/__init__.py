"""Pages of the clerk: the queue, each comment and amendment in it, and publishing."""

from __future__ import annotations

from flask import Blueprint

from drafter.web.clerk import (
    amendments,
    comments,
    desk,
    moderation,
    motions,
    proposals,
    publication,
    roll_call,
)


def blueprint() -> Blueprint:
    """Give the clerk's blueprint with all its pages."""
    made = Blueprint("clerk", __name__, url_prefix="/clerk")
    parts = (desk, comments, moderation, amendments, roll_call, motions, publication, proposals)
    for part in parts:
        part.add_to(made)
    return made
