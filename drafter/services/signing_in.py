"""Signing in: one-time links, and the sessions that begin with them.

A session belongs to a person and acts in one role that they hold. Whether they still hold it is
asked at every request; a clerk and an administrator come no further without a second factor. No
answer tells whether an address is known.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING

from drafter.core.errors import BadInput, NotAllowed, NotFound, Refused
from drafter.core.saying import say
from drafter.people import api_tokens, links, persons, sessions
from drafter.people.audit import note
from drafter.people.links import Role, SignIn
from drafter.people.persons import Person
from drafter.people.sessions import Session
from drafter.services import abuse
from drafter.services.addresses import SIGN_IN, address
from drafter.services.authority import PUBLIC, Actor, Belongs, authorize
from drafter.services.limits import (
    FRESH,
    MAILED_LINK_LASTS,
    OFFICE_IDLE,
    OFFICE_LONGEST,
    SEAT_IDLE,
    SEAT_LONGEST,
    SIGN_IN_LASTS,
    check_email,
)
from drafter.services.seating import add_seats as add_seats
from drafter.services.seating import list_seats as list_seats
from drafter.services.seating import require_email, require_holder, require_officer
from drafter.services.sign_in_mail import send_link
from drafter.services.standing import holds, note_visit

if TYPE_CHECKING:
    from drafter.people.database import Session as Database
    from drafter.services.instance import Instance

ROLES: Mapping[str, Role] = MappingProxyType(
    {"seat": "seat", "clerk": "clerk", "administrator": "administrator"}
)
"""Whatever one can sign in as."""

SEEN_EVERY = timedelta(minutes=5)
"""A visit is noted at most so often, so that reading a page seldom writes."""


class Unproven(NotAllowed):
    """Somebody signed in too long ago for this: an open device is not enough."""

    def __init__(self) -> None:
        super().__init__(
            say(
                "You signed in a while ago. Confirm that it is you, or sign in once more; then you "
                "have a quarter of an hour for this."
            )
        )


@dataclass(frozen=True, slots=True, repr=False)
class SignedIn:
    """A device that is signed in. It has no readable form, since it holds the secret."""

    token: str
    """What the device keeps; a new one at every sign-in and after the second factor."""
    session: Session
    claimed: Actor
    """Whom it acts as, once nothing is lacking."""
    second_due: bool
    """The second factor is lacking: until then it acts as a visitor."""

    @property
    def actor(self) -> Actor:
        return PUBLIC if self.second_due else self.claimed

    @property
    def person(self) -> str:
        return self.session.person


def mint_link(instance: Instance, actor: Actor, who: Actor) -> str:
    """Make a one-time link that signs in who holds a seat or an office; return its address.

    Of several clerks or administrators it is the first; where there is none yet, somebody without
    an address becomes it. Raises BadInput, Refused for a vacant seat.
    """
    authorize(actor, "link", who.name)
    with instance.database.writing() as session:
        if who.role == "seat" and who.seat is not None:
            person = require_holder(session, instance, who.seat)
        elif who.role == "clerk" or who.role == "administrator":
            person = require_officer(session, instance, who.role)
        else:
            raise BadInput("A link is for one seat, a clerk or an administrator.")
        link = _mint(session, instance, SignIn(person, who.role, who.seat), SIGN_IN_LASTS)
        note(session, actor.name, "link", who.name, instance.clock())
    return link


def mint_link_for(instance: Instance, actor: Actor, email: str) -> str:
    """Make a one-time link for the person who has this address. Raises BadInput, NotFound."""
    authorize(actor, "link")
    with instance.database.writing() as session:
        found = persons.person_at(session, require_email(email))
        who = usual_role(session, found.id) if found else None
        if who is None:
            raise NotFound("Nobody who holds a seat or an office has this address.")
        link = _mint(session, instance, who, SIGN_IN_LASTS)
        note(session, actor.name, "link", who.role, instance.clock())
    return link


def ask_for_link(
    instance: Instance, email: str, *, network: str | None = None, actor: Actor = PUBLIC
) -> None:
    """Mail a link to whoever has this address, if they hold anything. The answer is always none.

    Known or not, the same is written and counted, so that neither answer nor time tells; too many
    mails to one address are silently not sent. Raises BadInput for what is no address, TooMany for
    a flood from one `network` (a key of `abuse`).
    """
    authorize(actor, "sign in")
    checked = check_email(email)
    if checked is None:
        raise BadInput("Write your e-mail address, as name@example.org.")
    if network is not None:
        abuse.require_few(instance, "sign-in", network)
    checked = checked.casefold()
    with instance.database.writing() as session:
        key = abuse.address_key(instance, checked)
        verdict = abuse.count(session, instance, "sign-in mail", key)
        found = persons.person_at(session, checked)
        who = usual_role(session, found.id) if found else None
        if found is not None and who is not None and verdict.allowed:
            send_link(session, instance, found, _mint(session, instance, who, MAILED_LINK_LASTS))


def redeem(instance: Instance, token: str, *, actor: Actor = PUBLIC) -> SignedIn:
    """Use up a link and begin a session. Raises NotFound; Refused for a link that has ended."""
    authorize(actor, "sign in")
    with instance.database.writing() as session:
        who = links.redeem_link(session, token, instance.clock())
        return begin(session, instance, who)


def begin(session: Database, instance: Instance, who: SignIn, *, second: bool = False) -> SignedIn:
    """Begin a session under a new secret; `second`: both factors were given. Raises Refused."""
    now, token = instance.clock(), instance.tokens()
    claimed = _actor(session, who.person, who.role, who.seat)
    if not holds(session, claimed, lock=True):
        raise Refused("This link has ended: the seat or the office is held by somebody else now.")
    sessions.forget(session, now - SEAT_LONGEST)
    api_tokens.forget_tokens(session, now)
    begun = sessions.begin(session, token, who, now, now if second else None)
    note(session, claimed.name, "sign in", claimed.name, now)
    return _signed_in(instance, token, begun, claimed)


def resume(instance: Instance, token: str) -> SignedIn | None:
    """Return who is signed in by a secret at this moment; None once anything has ended it."""
    now = instance.clock()
    with instance.database.reading() as session:
        found = sessions.find(session, token)
        if found is None or _is_over(instance, found, now):
            return None
        claimed = _actor(session, found.person, found.role, found.seat)
        if not holds(session, claimed):
            return None
    if now - found.seen_at >= SEEN_EVERY:
        note_visit(instance, lambda session: sessions.touch(session, found, now))
    return _signed_in(instance, token, found, claimed)


def sign_out(instance: Instance, token: str) -> None:
    """End a session; it cannot be resumed, whoever kept its secret."""
    with instance.database.writing() as session:
        sessions.end(session, token)


def sign_out_others(instance: Instance, signed: SignedIn) -> int:
    """End every other session of the person, with their tokens and unused links.

    Returns how many devices and programs were let go.
    """
    authorize(signed.actor, "own sign-in", Belongs(signed.person))
    with instance.acting(signed.actor) as session:
        links.revoke_links(session, signed.person, instance.clock())
        programs = api_tokens.end_tokens(session, signed.person)
        return programs + sessions.end_all(session, signed.person, but=signed.session)


def roles_of(instance: Instance, signed: SignedIn) -> tuple[Actor, ...]:
    """Return everything that the person may act as now."""
    authorize(signed.claimed, "own sign-in", Belongs(signed.person))
    with instance.database.reading() as session:
        return _held(session, signed.person)


def act_as(instance: Instance, signed: SignedIn, role: str, seat: int | None) -> SignedIn:
    """Go on in another role that the person holds. Raises Refused."""
    authorize(signed.claimed, "own sign-in", Belongs(signed.person))
    with instance.database.writing() as session:
        held = _held(session, signed.person)
        wanted = next((each for each in held if (each.role, each.seat) == (role, seat)), None)
        if wanted is None or not holds(session, wanted, lock=True):
            raise Refused("You do not hold this now. Reload the page to see what you hold.")
        sessions.act_as(session, signed.session, _as_role(wanted.role), wanted.seat)
    acting = replace(signed.session, role=_as_role(wanted.role), seat=wanted.seat)
    return _signed_in(instance, signed.token, acting, wanted)


def renewed(
    session: Database, instance: Instance, signed: SignedIn, *, second: datetime | None = None
) -> SignedIn:
    """Give a session a new secret, with what was proven meanwhile, and when."""
    now, token = instance.clock(), instance.tokens()
    sessions.renew(session, signed.session, token, now, second=second)
    after = sessions.find(session, token)
    if after is None:
        raise Refused("You have been signed out meanwhile. Sign in again.")
    return _signed_in(instance, token, after, signed.claimed)


def needs_second(instance: Instance, role: str) -> bool:
    """Tell whether a role is acted in with a second factor only."""
    return role in ("clerk", "administrator") and instance.settings.sign_in.second_factor


def is_fresh(instance: Instance, signed: SignedIn) -> bool:
    """Tell whether somebody signed in, or gave the second factor, a moment ago on this device."""
    proven = max(signed.session.created_at, signed.session.second_at or signed.session.created_at)
    return instance.clock() - proven <= FRESH


def person_of(session: Database, signed: SignedIn) -> Person:
    """Return the person who is signed in. Raises NotFound."""
    found = persons.find_person(session, signed.person)
    if found is None:
        raise NotFound("There is no such person any more.")
    return found


def _signed_in(instance: Instance, token: str, session: Session, claimed: Actor) -> SignedIn:
    due = needs_second(instance, session.role) and session.second_at is None
    return SignedIn(token, session, claimed, due)


def _is_over(instance: Instance, session: Session, now: datetime) -> bool:
    short = needs_second(instance, session.role)
    idle, longest = (OFFICE_IDLE, OFFICE_LONGEST) if short else (SEAT_IDLE, SEAT_LONGEST)
    return now - session.seen_at >= idle or now - session.created_at >= longest


def _mint(session: Database, instance: Instance, who: SignIn, lasts: timedelta) -> str:
    now = instance.clock()
    token = links.mint_link(session, who, token=instance.tokens(), now=now, until=now + lasts)
    return address(instance.base_url, SIGN_IN, token=token)


def _actor(session: Database, person: str, role: Role, seat: int | None) -> Actor:
    if role == "seat":
        return Actor("seat", seat, person)
    office = persons.held_office(session, role, person)
    return Actor(role, None, person, office.number if office else None)


def _held(session: Database, person: str) -> tuple[Actor, ...]:
    """Return what a person may act as: seats, then clerk, then administrator."""
    seats = (Actor("seat", seat, person) for seat in persons.seats_of(session, person))
    held = persons.held_offices(session)
    offices = sorted(
        (each for each in held if each.person == person), key=lambda o: o.role != "clerk"
    )
    return (*seats, *(Actor(each.role, None, person, each.number) for each in offices))


def usual_role(session: Database, person: str) -> SignIn | None:
    """Return what a person acts as when they sign in; None where they hold nothing."""
    held = _held(session, person)
    first = next(iter(held), None)
    return SignIn(person, _as_role(first.role), first.seat) if first else None


def _as_role(role: str) -> Role:
    if role not in ROLES:
        raise BadInput("One signs in for a seat, as a clerk or as an administrator.")
    return ROLES[role]
