"""An amendment as a line of a list, on desks and elsewhere: what it is called, when, how far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from drafter.people.lines import Line as Row
from drafter.services.authority import Actor
from drafter.services.desk import view_line
from drafter.web.current import instance, zone
from drafter.web.phrases import MINE, STANDS, day, ended, moment, voting_until
from drafter.web.tongue import in_words, tell


@dataclass(frozen=True, slots=True)
class Line:
    """An amendment in a list."""

    number: int
    title: str
    state: str
    closes_at: datetime | None
    when: str
    count: str
    """How many seats have voted; empty where none can."""
    voted: bool
    """The seat that looks has voted."""
    mine: str
    """How, as `you voted for`; empty where it has not."""
    open: bool
    """Ballots are taken."""
    batch: int | None
    """What it is put together with others in."""


def line(number: int, actor: Actor) -> Line:
    """Give an amendment as a line of a list. Raises NotFound."""
    return shown(*view_line(instance(), number, actor))


def shown(row: Row, seats: int) -> Line:
    """Give a row as a page shows it; `seats` are filled."""
    put = row.state == "put"
    running = put and row.motion == "open" and not _is_over(row)
    return Line(
        number=row.number,
        title=row.title,
        state=row.state,
        closes_at=row.closes_at,
        when=when(row),
        count=turnout(row.ballots, seats) if put else "",
        voted=row.choice is not None,
        mine=MINE[row.choice] if row.choice else "",
        open=running,
        batch=row.batch if put else None,
    )


def turnout(voted: int, seats: int) -> str:
    """Say how many seats have voted."""
    return tell("{voted} of {seats} seats have voted", voted=voted, seats=seats)


def when(row: Row) -> str:
    """Say how an amendment stands, and until when."""
    if row.state in ("accepted", "rejected", "withdrawn", "lapsed"):
        return ended(row.state, day(row.updated_at, zone()))
    if row.state != "put":
        return in_words(STANDS[row.state])
    if row.motion == "closed":
        return tell("voting is over")
    if row.closes_at is None:
        return tell("voting is open")
    return voting_until(moment(row.closes_at, zone()), over=_is_over(row))


def _is_over(row: Row) -> bool:
    return row.closes_at is not None and instance().clock() >= row.closes_at
