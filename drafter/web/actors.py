"""Who acts: the session holds a role and a seat, nothing else, and ends with the seat."""

from __future__ import annotations

from flask import g, session

from drafter.services.authority import CLERK_ACTOR, PUBLIC, Actor
from drafter.services.signing_in import still_signed_in
from drafter.web.current import instance


def current_actor() -> Actor:
    """Give who sends this request; a visitor where nobody is signed in, or the seat is vacant."""
    if "actor" not in g:
        g.actor = _signed_in() or PUBLIC
    actor: Actor = g.actor
    return actor


def sign_in(actor: Actor) -> None:
    """Begin a new session for a seat or the clerk; nothing of an earlier one is left in it."""
    session.clear()
    session.permanent = True
    session["role"] = actor.role
    session["seat"] = actor.seat
    g.actor = actor


def sign_out() -> None:
    """End the session."""
    session.clear()
    g.actor = PUBLIC


def label(actor: Actor) -> str:
    """Name who is signed in, as pages address them."""
    return f"Seat {actor.seat}" if actor.seat is not None else f"The {actor.role}"


def _signed_in() -> Actor | None:
    role, seat = session.get("role"), session.get("seat")
    if role == "clerk":
        who = CLERK_ACTOR
    elif role == "seat" and isinstance(seat, int):
        who = Actor("seat", seat)
    else:
        return None
    if not still_signed_in(instance(), who):
        session.clear()
        return None
    return who
