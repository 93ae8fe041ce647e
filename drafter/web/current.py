"""What belongs to the app at hand: the instance that it serves, and the report's time zone."""

from __future__ import annotations

from datetime import datetime
from typing import cast
from zoneinfo import ZoneInfo

from flask import current_app

from drafter.services.instance import Instance

KEY = "drafter.instance"
ZONE = "drafter.zone"


def instance() -> Instance:
    """Give the instance that this app serves."""
    return cast(Instance, current_app.extensions[KEY])


def zone() -> ZoneInfo:
    """Give the time zone in which pages say times."""
    return cast(ZoneInfo, current_app.extensions[ZONE])


def now() -> datetime:
    """Give the present moment, by the instance's clock."""
    return instance().clock()
