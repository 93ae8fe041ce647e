"""Whether somebody still holds the seat or the office in whose name they act, at this moment.

A session may be older than a vacated seat. So it is asked at each request, and once more in the
transaction that writes; the rows that answer stay as they are until that ends.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from drafter.core.errors import Busy, NotAllowed
from drafter.core.saying import say
from drafter.people.persons import held_office, holder_of, lock_seat

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.authority import Actor
    from drafter.services.instance import Instance


def holds(session: Session, actor: Actor, *, lock: bool = False) -> bool:
    """Tell whether the actor's person holds what the actor acts as.

    An actor without a person is one whom the program itself vouches for: the command line, the
    example. `lock` keeps the answer true until the session ends.
    """
    if actor.person is None:
        return True
    if actor.role == "seat" and actor.seat is not None:
        if lock and not lock_seat(session, actor.seat):
            return False
        return holder_of(session, actor.seat) == actor.person
    if actor.role == "clerk" or actor.role == "administrator":
        return held_office(session, actor.role, actor.person, lock=lock) is not None
    return False


def require_standing(session: Session, actor: Actor) -> None:
    """Refuse an actor who does not hold their seat or office any more. Raises NotAllowed."""
    if not holds(session, actor, lock=True):
        raise _not_any_more(actor)


def require_still(instance: Instance, actor: Actor) -> None:
    """Ask the same on its own, for a write that goes to git: under the writer lock, before it.

    Raises NotAllowed. It only reads, so that it waits for no disk.
    """
    if actor.person is None:
        return
    with instance.database.reading() as session:
        if not holds(session, actor):
            raise _not_any_more(actor)


def note_visit(instance: Instance, touch: Callable[[Session], None]) -> None:
    """Note that somebody was here; not while somebody else writes, since a page waits for it."""
    with suppress(Busy), instance.database.passing(waits=False) as session:
        touch(session)


def _not_any_more(actor: Actor) -> NotAllowed:
    what = f"seat {actor.seat}" if actor.seat is not None else f"the office of {actor.role}"
    return NotAllowed(
        say(
            "You do not hold {what} any more, so nothing was recorded. If this is a mistake, ask "
            "an administrator of the report.",
            what=what,
        ),
        actor=actor.name,
    )
