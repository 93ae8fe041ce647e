"""Pages of the panel: what needs a vote, and each amendment with its ballot."""

from __future__ import annotations

from flask import Blueprint

from drafter.web.panel import voting


def blueprint() -> Blueprint:
    """Give the panel's blueprint."""
    return voting.blueprint
