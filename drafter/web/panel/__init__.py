"""Pages of the panel: what needs a vote, each amendment with its ballot, motions to make."""

from __future__ import annotations

from flask import Blueprint

from drafter.web.panel import motions, voting


def blueprint() -> Blueprint:
    """Give the panel's blueprint with all its pages."""
    made = Blueprint("panel", __name__, url_prefix="/panel")
    for part in (voting, motions):
        part.add_to(made)
    return made
