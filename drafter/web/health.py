"""The page that a monitor asks: whether report and database can be read."""

from __future__ import annotations

from flask import Blueprint, Response

from drafter.core.errors import Unreadable
from drafter.web.current import instance
from drafter.web.policy import policy

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@policy(public=True)
def healthz() -> Response:
    """Say `ok`. Raises Unreadable where the database is not of this program's form."""
    if not (instance().tip and instance().database.is_current()):
        raise Unreadable("The database has another form than this program expects. Start it anew.")
    return Response("ok\n", mimetype="text/plain")
