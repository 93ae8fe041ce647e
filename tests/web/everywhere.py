"""A walk to every page of the app in every state, as people come to it, on the example report."""

from __future__ import annotations

from pathlib import Path

from drafter.services import seating
from drafter.services.authority import OPERATOR
from drafter.services.instance import Instance
from drafter.web.app import create_app

from . import tour_panel, tour_people
from .tour import Tour
from .visitor import Clock

REPORT = Path(__file__).parents[2]


def walk(folder: Path) -> tuple[Tour, Instance]:
    """Go everywhere; the caller closes the instance."""
    clock = Clock()
    Instance.create(folder, REPORT, clock=clock).close()
    instance = Instance.open(folder, clock=clock)
    seating.add_seats(instance, OPERATOR, 5)
    instance.base_url = "http://localhost"
    app = create_app(instance, demo=True)
    app.config["WTF_CSRF_ENABLED"] = False
    here = Tour(app, instance, clock)
    for part in (*tour_people.PARTS, *tour_panel.PARTS):
        part(here)
    return here, instance
