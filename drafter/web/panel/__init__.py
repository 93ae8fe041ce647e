"""Pages of the panel: what needs a vote, each amendment with its ballot, and the editor."""

from __future__ import annotations

from flask import Blueprint

from drafter.web.panel import combining, drafts, editing, voting


def blueprint() -> Blueprint:
    """Give the panel's blueprint."""
    return voting.blueprint


def editor() -> tuple[Blueprint, ...]:
    """Give the blueprints of the editor, which members and the clerk use alike."""
    return (editing.blueprint, drafts.blueprint, combining.blueprint)
