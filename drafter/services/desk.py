"""What waits on a desk: amendments as lines, without reading any text. A few queries for all."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

from drafter.core.errors import NotFound
from drafter.core.rules import State
from drafter.core.saying import say
from drafter.people.lines import (
    Line,
    count_states,
    filled_seats,
    find_line,
    lines_in,
    unused_motions,
)
from drafter.services.authority import Actor, authorize
from drafter.services.refreshing import refresh
from drafter.services.statements import may_dissent

if TYPE_CHECKING:
    from drafter.services.instance import Instance

FINAL: tuple[State, ...] = ("accepted", "rejected", "withdrawn", "lapsed")
PUT: tuple[State, ...] = ("put",)
STALE: tuple[State, ...] = ("stale",)
OPEN: tuple[State, ...] = ("open",)
MOST_COMING = 50
LATEST = 10
MOST_PUT = 500

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Desk:
    """What is before the panel, as one actor sees it."""

    voting: tuple[Line, ...]
    """Votes that are open, the soonest to close first."""
    overdue: tuple[Line, ...]
    """Votes whose time is over and that nobody has closed."""
    closed: tuple[Line, ...]
    """Votes that are closed and not decided."""
    dissent: frozenset[int]
    """Of those, the ones on which the seat may put a dissent on record."""
    stale: tuple[Line, ...]
    """To be put again, as the draft has changed; the first of them."""
    coming: tuple[Line, ...]
    """Not yet put; the first of them."""
    decided: tuple[Line, ...]
    """Decided last, the newest first."""
    to_open: tuple[Line, ...]
    """Carried motions to reconsider that have not opened their amendment."""
    counts: Mapping[State, int]
    """How many amendments are in each state."""
    seats: int
    """Filled seats."""


def view_desk(instance: Instance, actor: Actor) -> Desk:
    """Return what is before the panel."""
    authorize(actor, "read")
    refresh(instance)
    with instance.database.reading() as session:
        put = lines_in(session, PUT, seat=actor.seat, limit=MOST_PUT)
        stale = lines_in(session, STALE, limit=MOST_COMING)
        coming = lines_in(session, OPEN, limit=MOST_COMING)
        decided = lines_in(session, FINAL, limit=LATEST, newest_first=True)
        to_open, counts = unused_motions(session), count_states(session)
        seats = filled_seats(session)
    now = instance.clock()
    taking = [one for one in put if one.motion == "open"]
    closed = tuple(one for one in put if one.motion == "closed")
    return Desk(
        voting=tuple(sorted((o for o in taking if _runs(o, now)), key=_deadline)),
        overdue=tuple(sorted((o for o in taking if not _runs(o, now)), key=_deadline)),
        closed=closed,
        dissent=_may_dissent(instance, actor, closed),
        stale=stale,
        coming=coming,
        decided=decided,
        to_open=to_open,
        counts=counts,
        seats=seats,
    )


def page_of_lines(
    instance: Instance, states: Collection[State] | None, after: int, limit: int, actor: Actor
) -> tuple[tuple[Line, ...], bool]:
    """Return amendments past a number, by number, and whether there are more."""
    authorize(actor, "read")
    refresh(instance)
    with instance.database.reading() as session:
        found = lines_in(session, states or get_args(State), after=after, limit=limit + 1)
    return found[:limit], len(found) > limit


def view_line(instance: Instance, number: int, actor: Actor) -> tuple[Line, int]:
    """Return an amendment as a line, and the number of filled seats. Raises NotFound."""
    authorize(actor, "read", number)
    with instance.database.reading() as session:
        found = find_line(session, number, seat=actor.seat)
        seats = filled_seats(session)
    if found is None:
        raise NotFound(say("There is no amendment {number}.", number=number), number=number)
    return found, seats


def _runs(one: Line, now: datetime) -> bool:
    return one.closes_at is None or now < one.closes_at


def _deadline(one: Line) -> tuple[datetime, int]:
    return one.closes_at or _NEVER, one.number


def _may_dissent(instance: Instance, actor: Actor, closed: tuple[Line, ...]) -> frozenset[int]:
    voted = (one.number for one in closed if one.choice is not None)
    if actor.seat is None:
        return frozenset()
    return frozenset(number for number in voted if may_dissent(instance, actor.seat, number))
