"""Until when comments are taken: the clerk sets it, and the server's own clock judges.

What began to arrive before the end counts; so does what comes within a stated grace after it, for
slow lines and slow clocks.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from drafter.core.errors import BadInput, Refused
from drafter.people.moderation_log import record_act
from drafter.people.settings import read_setting, write_setting
from drafter.services.authority import Actor, authorize

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance

GRACE: Final = timedelta(minutes=5)
"""How long after the end a comment is still taken."""
SETTING: Final = "commenting"


@dataclass(frozen=True, slots=True)
class Phase:
    """When comments are taken."""

    opens_at: datetime | None = None
    """None: from the beginning."""
    closes_at: datetime | None = None
    """None: no end is set."""

    def takes(self, moment: datetime) -> bool:
        """Tell whether a comment that came in at this moment is taken, by its grace too."""
        if self.opens_at is not None and moment < self.opens_at:
            return False
        return self.closes_at is None or moment < self.closes_at + GRACE

    def is_open(self, moment: datetime) -> bool:
        """Tell whether the form is shown."""
        return self.takes(moment) and (self.closes_at is None or moment < self.closes_at)


def commenting_phase(instance: Instance) -> Phase:
    """Read when comments are taken; always, where nothing was set."""
    with instance.database.reading() as session:
        return phase_in(session)


def phase_in(session: Session) -> Phase:
    """Read when comments are taken, in a session at hand."""
    kept = json.loads(read_setting(session, SETTING) or "{}")
    return Phase(_moment(kept.get("opens_at")), _moment(kept.get("closes_at")))


def set_phase(
    instance: Instance, actor: Actor, opens_at: datetime | None, closes_at: datetime | None
) -> Phase:
    """Set when comments are taken; the public log says so. Raises BadInput."""
    authorize(actor, "set phase")
    if opens_at is not None and closes_at is not None and closes_at <= opens_at:
        raise BadInput("The end must come after the beginning.", field="closes_at")
    phase = Phase(opens_at, closes_at)
    kept = {
        name: moment.isoformat()
        for name, moment in (("opens_at", opens_at), ("closes_at", closes_at))
        if moment is not None
    }
    now = instance.clock()
    with instance.acting(actor) as session:
        write_setting(session, SETTING, json.dumps(kept))
        said = closes_at.isoformat() if closes_at else ""
        record_act(session, actor.name, "set the time for comments", now, sentence=said)
    return phase


def require_open(session: Session, moment: datetime) -> None:
    """Refuse what came in outside the time for comments. Raises Refused."""
    phase = phase_in(session)
    if phase.takes(moment):
        return
    if phase.opens_at is not None and moment < phase.opens_at:
        raise Refused("Comments are not open yet. What you typed is not lost: keep it for then.")
    raise Refused(
        "The time for comments is over, so this one was not taken. What you typed stands below; "
        "the clerk can take it down at a meeting."
    )


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None
