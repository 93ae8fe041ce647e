"""Who acts: the cookie holds the secret of a session, and each request asks what it still is.

Nothing in the cookie says who somebody is. A session ends with the seat or the office it is for,
by age, by signing out here or from elsewhere. A program that asks the interface under `/api` shows
a token instead; there a cookie says nothing.
"""

from __future__ import annotations

from flask import g, request, session

from drafter.core.errors import NotSignedIn
from drafter.services import abuse, signing_in, tokens
from drafter.services.authority import PUBLIC, Actor
from drafter.services.signing_in import SignedIn
from drafter.services.tokens import Bearer
from drafter.web import confirming
from drafter.web.current import instance
from drafter.web.tongue import tell

ID = "id"
"""Where the cookie keeps the session's secret."""
API = "api"
"""The blueprint where a token says who asks, and no cookie is read."""


def current_actor() -> Actor:
    """Give who sends this request; a visitor where nobody is signed in, or not wholly.

    Raises NotSignedIn for a program whose token has ended.
    """
    if is_program():
        shown = bearer()
        return shown.actor if shown else PUBLIC
    signed = signed_in()
    return signed.actor if signed else PUBLIC


def signed_in() -> SignedIn | None:
    """Give the session of this request, also one that lacks its second factor; or None."""
    if is_program():
        return None
    if "signed_in" not in g:
        g.signed_in = _resumed()
    found: SignedIn | None = g.signed_in
    return found


def is_program() -> bool:
    """Tell whether a program asks, by the interface."""
    return request.blueprint == API


def bearer() -> Bearer | None:
    """Give by which token a program asks; None where it shows none.

    Raises NotSignedIn for a token that nobody made, or that has ended.
    """
    if "bearer" not in g:
        g.bearer = _shown()
    found: Bearer | None = g.bearer
    return found


def sign_in(signed: SignedIn) -> None:
    """Keep a session's new secret; nothing of an earlier session is left in the cookie, but for
    what the same person was about to change.
    """
    before, under_way = session.get(ID), confirming.carried(signed_in(), signed)
    if isinstance(before, str) and before != signed.token:
        signing_in.sign_out(instance(), before)
    session.clear()
    session.permanent = True
    session[ID] = signed.token
    if under_way is not None:
        session[confirming.KEY] = under_way
    g.signed_in = signed


def sign_out() -> None:
    """End the session, here and in the database."""
    token = session.get(ID)
    if isinstance(token, str):
        signing_in.sign_out(instance(), token)
    session.clear()
    g.signed_in = None


def label(actor: Actor) -> str:
    """Name who is signed in, as pages address them."""
    if actor.seat is not None:
        return tell("Seat {number}", number=actor.seat)
    if actor.role == "clerk":
        first, further = tell("The clerk"), tell("Clerk {number}", number=actor.office)
    else:
        first = tell("The administrator")
        further = tell("Administrator {number}", number=actor.office)
    return first if actor.office in (None, 1) else further


def going_on(actor: Actor) -> str:
    """Say as what somebody may go on, who holds several things."""
    if actor.seat is not None:
        return tell("Go on as seat {number}", number=actor.seat)
    if actor.role == "clerk":
        first, further = (
            tell("Go on as the clerk"),
            tell("Go on as clerk {number}", number=actor.office),
        )
    else:
        first = tell("Go on as the administrator")
        further = tell("Go on as administrator {number}", number=actor.office)
    return first if actor.office in (None, 1) else further


def signed_in_as(actor: Actor) -> str:
    """Say as what somebody is signed in."""
    if actor.seat is not None:
        return tell("You are signed in as seat {number}.", number=actor.seat)
    if actor.role == "clerk":
        first = tell("You are signed in as the clerk.")
        further = tell("You are signed in as clerk {number}.", number=actor.office)
    else:
        first = tell("You are signed in as the administrator.")
        further = tell("You are signed in as administrator {number}.", number=actor.office)
    return first if actor.office in (None, 1) else further


def network() -> str:
    """Give the key by which the network of this request is counted, of the day and nameless."""
    return abuse.network_key(instance(), request.remote_addr)


def _resumed() -> SignedIn | None:
    token = session.get(ID)
    if not isinstance(token, str):
        return None
    found = signing_in.resume(instance(), token)
    if found is None:
        session.clear()
    return found


def _shown() -> Bearer | None:
    header = request.headers.get("Authorization")
    if header is None:
        return None
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer":
        raise NotSignedIn("Show a token like this: Authorization: Bearer drafter_…")
    found = tokens.bearer_of(instance(), secret.strip())
    if found is None:
        raise NotSignedIn("This token is not valid, or not any more. Make another at /you/.")
    return found
