"""Seats, and the one-time links by which a seat or the clerk signs in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafter.core.errors import BadInput
from drafter.people import links
from drafter.people import seats as rows
from drafter.people.audit import note
from drafter.people.links import SignIn
from drafter.people.seats import Seat
from drafter.services.addresses import SIGN_IN, address
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.limits import MOST_SEATS, SIGN_IN_LASTS

if TYPE_CHECKING:
    from drafter.services.instance import Instance


def add_seats(instance: Instance, actor: Actor, count: int) -> tuple[Seat, ...]:
    """Add filled seats under the next numbers. Raises BadInput."""
    authorize(actor, "add seats", count)
    with instance.database.writing() as session:
        if count < 1 or len(rows.seats(session)) + count > MOST_SEATS:
            raise BadInput(f"A panel has from 1 to {MOST_SEATS} seats.", count=count)
        added = rows.add_seats(session, count)
        for seat in added:
            note(session, actor.name, "add", seat.label, instance.clock())
    return added


def list_seats(instance: Instance, actor: Actor = PUBLIC) -> tuple[Seat, ...]:
    """Return all seats, by number."""
    authorize(actor, "read")
    with instance.database.reading() as session:
        return rows.seats(session)


def mint_link(instance: Instance, actor: Actor, who: Actor) -> str:
    """Make a one-time link that signs in `who` (a seat or the clerk); return its whole address.

    Raises BadInput, Refused for a vacant seat.
    """
    authorize(actor, "link", who.name)
    if who.role not in ("seat", "clerk"):
        raise BadInput("A link is for one seat, or for the clerk.")
    now = instance.clock()
    person = SignIn("seat" if who.role == "seat" else "clerk", who.seat)
    with instance.database.writing() as session:
        token = links.mint_link(
            session, person, token=instance.tokens(), now=now, until=now + SIGN_IN_LASTS
        )
        note(session, actor.name, "link", who.name, now)
    return address(instance.base_url, SIGN_IN, token=token)


def redeem(instance: Instance, token: str, *, actor: Actor = PUBLIC) -> Actor:
    """Use up a link and return who it signs in. Raises NotFound, Refused."""
    authorize(actor, "sign in")
    with instance.database.writing() as session:
        found = links.redeem_link(session, token, instance.clock())
        who = Actor(found.role, found.seat)
        note(session, who.name, "sign in", who.name, instance.clock())
    return who


def still_signed_in(instance: Instance, who: Actor) -> bool:
    """Tell whether a session may go on: a seat only while it is filled."""
    if who.role != "seat" or who.seat is None:
        return who.role == "clerk"
    with instance.database.reading() as session:
        seat = rows.find_seat(session, who.seat)
    return seat is not None and seat.filled
