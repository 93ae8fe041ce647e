"""`/api/v1`: what the pages show and do, as JSON, through the same services.

Who asks is told by a token alone, never by a cookie; so nothing here needs a form's key. Nothing
is shown here that no page shows, and nothing done that no page does.
"""

from __future__ import annotations

from flask import Blueprint

from drafter.web.actors import API
from drafter.web.api import about, deciding, reading, taking_part, voting
from drafter.web.api.operation import View, add

PREFIX = "/api/v1"


def views() -> tuple[View, ...]:
    """List every operation, in the order in which they are described."""
    return (*reading.VIEWS, *taking_part.VIEWS, *voting.VIEWS, *deciding.VIEWS)


def blueprint() -> Blueprint:
    """Give the blueprint with every operation, and the description of them all."""
    made = Blueprint(API, __name__, url_prefix=PREFIX)
    found = views()
    for view in found:
        add(made, view)
    about.add_to(made, found)
    return made
