"""Pages of the panel: what needs a vote, each amendment with its ballot, motions, the editor."""

from __future__ import annotations

from flask import Blueprint

from drafter.web.panel import combining, drafts, dry_run, editing, motions, voting


def blueprint() -> Blueprint:
    """Give the panel's blueprint with all its pages."""
    made = Blueprint("panel", __name__, url_prefix="/panel")
    for part in (voting, motions, dry_run):
        part.add_to(made)
    return made


def editor() -> tuple[Blueprint, ...]:
    """Give the blueprints of the editor, which members and the clerk use alike."""
    return (editing.blueprint, drafts.blueprint, combining.blueprint)
