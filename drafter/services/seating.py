"""Who holds which seat and which office, and since when. Rights follow from this at each moment.

The log and the record name seats and offices, never a person; only an administrator and the
operator see an address.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from drafter.core.errors import BadInput, NotFound, Refused
from drafter.core.saying import say
from drafter.people import api_tokens, credentials, persons, sessions
from drafter.people import seats as rows
from drafter.people.address_changes import drop_change
from drafter.people.audit import note
from drafter.people.contributors import mails_to
from drafter.people.links import Role, SignIn, mint_link, revoke_links
from drafter.people.persons import Office, OfficeRole, Person, Tenure
from drafter.people.seats import Seat
from drafter.people.tokens import token_hash
from drafter.services.addresses import SIGN_IN, address
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.limits import MOST_SEATS, SIGN_IN_LASTS, check_email
from drafter.services.mailing import erase_from_outbox, write_outbox
from drafter.services.sign_in_mail import invite

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Holder:
    """A seat or an office, and who holds it."""

    name: str
    """`seat-07`, `clerk`, `clerk-2`."""
    role: Role
    seat: int | None
    person: str | None
    """A random id; None for a vacant seat."""
    email: str | None
    since: datetime | None
    second_factor: bool
    """The person has set one up."""
    devices: int
    """On how many they are signed in; each program that has a token of theirs is one too."""


@dataclass(frozen=True, slots=True)
class Holders:
    """Everybody who may come in."""

    seats: tuple[Holder, ...]
    clerks: tuple[Holder, ...]
    administrators: tuple[Holder, ...]


def add_seats(instance: Instance, actor: Actor, count: int) -> tuple[Seat, ...]:
    """Add seats under the next numbers, each held by somebody whose address is not known yet.

    Raises BadInput.
    """
    authorize(actor, "add seats", count)
    with instance.acting(actor) as session:
        if count < 1 or len(rows.seats(session)) + count > MOST_SEATS:
            raise BadInput(
                say("A panel has from 1 to {most_seats} seats.", most_seats=MOST_SEATS), count=count
            )
        added = rows.add_seats(session, count)
        for seat in added:
            require_holder(session, instance, seat.number)
            note(session, actor.name, "add", seat.label, instance.clock())
    return added


def list_seats(instance: Instance, actor: Actor = PUBLIC) -> tuple[Seat, ...]:
    """Return all seats, by number."""
    authorize(actor, "read")
    with instance.database.reading() as session:
        return rows.seats(session)


def seat_person(instance: Instance, actor: Actor, seat: int, email: str) -> Tenure:
    """Give a vacant seat to a person, by their address, and invite them.

    A seat whose holder has no address yet is given the same way: their tenure goes on under the
    address. Raises BadInput, NotFound, Refused while another person holds it.
    """
    authorize(actor, "seat a person", seat)
    email = require_email(email)
    with instance.acting(actor) as session:
        tenure = _seat_person(session, instance, actor, seat, email)
    write_outbox(instance)
    return tenure


def vacate(instance: Instance, actor: Actor, seat: int) -> Seat:
    """End the tenure of a seat: from this moment its holder is a visitor. Raises NotFound."""
    authorize(actor, "vacate", seat)
    with instance.acting(actor) as session:
        vacated = rows.vacate_seat(session, seat, instance.clock())
        note(session, actor.name, "vacate", vacated.label, instance.clock())
    return vacated


def reseat(instance: Instance, actor: Actor, seat: int, email: str) -> Tenure:
    """Vacate a seat and give it to another person, in one step. Raises BadInput, NotFound."""
    authorize(actor, "vacate", seat)
    authorize(actor, "seat a person", seat)
    email = require_email(email)
    with instance.acting(actor) as session:
        vacated = rows.vacate_seat(session, seat, instance.clock())
        note(session, actor.name, "vacate", vacated.label, instance.clock())
        tenure = _seat_person(session, instance, actor, seat, email)
    write_outbox(instance)
    return tenure


def tenures(instance: Instance, actor: Actor, seat: int) -> tuple[Tenure, ...]:
    """Return who held a seat and when, by random ids, oldest first."""
    authorize(actor, "see holders", seat)
    with instance.database.reading() as session:
        return persons.tenures_of_seat(session, seat)


def appoint(instance: Instance, actor: Actor, role: OfficeRole, email: str) -> Office:
    """Give the office of clerk or administrator to a person, and invite them. Raises BadInput."""
    authorize(actor, "appoint", role)
    email = require_email(email)
    with instance.acting(actor) as session:
        person = _person(session, instance, email)
        office = persons.open_office(session, role, person.id, instance.clock())
        _invite(session, instance, person, role, None)
        note(session, actor.name, "appoint", _office_name(office), instance.clock())
    write_outbox(instance)
    return office


def add_clerk(instance: Instance, actor: Actor, email: str) -> Office:
    """Make somebody a clerk. Raises BadInput."""
    return appoint(instance, actor, "clerk", email)


def add_administrator(instance: Instance, actor: Actor, email: str) -> Office:
    """Make somebody an administrator. Raises BadInput."""
    return appoint(instance, actor, "administrator", email)


def dismiss(instance: Instance, actor: Actor, role: OfficeRole, person: str) -> None:
    """End a person's office; from this moment they are a visitor.

    Raises NotFound; Refused for the last administrator, unless from the console.
    """
    authorize(actor, "appoint", role)
    with instance.acting(actor) as session:
        held = persons.held_offices(session, role)
        office = next((each for each in held if each.person == person), None)
        if office is None:
            raise NotFound(say("This person is no {role} now.", role=role), role=role)
        if role == "administrator" and len(held) == 1 and actor.role != "operator":
            raise Refused("There must be an administrator. Appoint another one first.")
        persons.end_office(session, role, person, instance.clock())
        note(session, actor.name, "dismiss", _office_name(office), instance.clock())


def remove_clerk(instance: Instance, actor: Actor, email: str) -> None:
    """End the office of the clerk who has this address. Raises NotFound, BadInput."""
    dismiss(instance, actor, "clerk", _known(instance, actor, email))


def remove_administrator(instance: Instance, actor: Actor, email: str) -> None:
    """End the office of the administrator who has this address. Raises NotFound, BadInput."""
    dismiss(instance, actor, "administrator", _known(instance, actor, email))


def erase_person(instance: Instance, actor: Actor, person: str) -> None:
    """Erase a person's address and credentials; their tenures keep a random id.

    Raises NotFound, Refused while they hold anything.
    """
    authorize(actor, "erase a person")
    with instance.acting(actor) as session:
        mails = mails_to(session, person)
        persons.erase_person(session, person, instance.clock())
        note(session, actor.name, "erase", "a person", instance.clock())
    erase_from_outbox(instance, mails)
    instance.database.scrub()


def sign_somebody_out(instance: Instance, actor: Actor, person: str) -> int:
    """End every session, token, unused link and change of address that waits for a person.

    Return how many sessions and tokens.
    """
    authorize(actor, "sign somebody out")
    with instance.acting(actor) as session:
        revoke_links(session, person, instance.clock())
        drop_change(session, person)
        ended = sessions.end_all(session, person) + api_tokens.end_tokens(session, person)
        note(session, actor.name, "sign out", "a person", instance.clock())
    return ended


def holders(instance: Instance, actor: Actor) -> Holders:
    """Return every seat and office with who holds it."""
    authorize(actor, "see holders")
    with instance.database.reading() as session:
        tenures = {each.seat: each for each in persons.held_tenures(session)}
        offices = persons.held_offices(session)
        return Holders(
            seats=tuple(
                _seat_holder(session, seat, tenures.get(seat.number))
                for seat in rows.seats(session)
            ),
            clerks=tuple(_officer(session, each) for each in offices if each.role == "clerk"),
            administrators=tuple(
                _officer(session, each) for each in offices if each.role == "administrator"
            ),
        )


def former_persons(instance: Instance, actor: Actor) -> tuple[Person, ...]:
    """Return the persons who hold nothing any more and of whom something can still be erased."""
    authorize(actor, "see holders")
    with instance.database.reading() as session:
        return tuple(
            each
            for each in persons.persons_kept(session)
            if not persons.holds_anything(session, each.id)
            and (each.email or credentials.has_second_factor(session, each.id))
        )


def require_holder(session: Session, instance: Instance, seat: int) -> str:
    """Return the person who holds a filled seat; one without a name is noted where none was.

    Raises Refused for a vacant seat.
    """
    found = rows.find_seat(session, seat)
    if found is None or not found.filled:
        raise Refused(say("Seat {seat} is vacant.", seat=seat), seat=seat)
    held = persons.holder_of(session, seat)
    if held is not None:
        return held
    person = nameless(session, instance)
    persons.open_tenure(session, seat, person, instance.clock())
    return person


def require_officer(session: Session, instance: Instance, role: OfficeRole) -> str:
    """Return the person who has held an office longest; one without a name where nobody does."""
    held = persons.held_offices(session, role)
    if held:
        return held[0].person
    person = nameless(session, instance)
    persons.open_office(session, role, person, instance.clock())
    return person


def nameless(session: Session, instance: Instance) -> str:
    """Add a person whose address is not known, and return the random id."""
    return persons.add_person(session, _new_id(instance), None, instance.clock()).id


def require_email(email: str) -> str:
    """Return an address in small letters. Raises BadInput."""
    checked = check_email(email)
    if checked is None:
        raise BadInput("Write the person's e-mail address, as name@example.org.")
    return checked.casefold()


def _seat_person(
    session: Session, instance: Instance, actor: Actor, seat: int, email: str
) -> Tenure:
    now, person = instance.clock(), _person(session, instance, email)
    held = persons.holder_of(session, seat)
    if held is not None and _is_nameless(session, held):
        persons.end_tenure(session, seat, now)
    tenure = persons.open_tenure(session, seat, person.id, now)
    _invite(session, instance, person, "seat", seat)
    note(session, actor.name, "seat", f"seat-{seat:02d}", now)
    return tenure


def _is_nameless(session: Session, person: str) -> bool:
    found = persons.find_person(session, person)
    return found is None or found.email is None


def _person(session: Session, instance: Instance, email: str) -> Person:
    found = persons.person_at(session, email)
    return found or persons.add_person(session, _new_id(instance), email, instance.clock())


def _new_id(instance: Instance) -> str:
    return f"person-{token_hash(instance.tokens())[:20]}"


def _known(instance: Instance, actor: Actor, email: str) -> str:
    authorize(actor, "see holders")
    with instance.database.reading() as session:
        found = persons.person_at(session, require_email(email))
    if found is None:
        raise NotFound("Nobody who holds a seat or an office has this address.")
    return found.id


def _invite(
    session: Session, instance: Instance, person: Person, role: Role, seat: int | None
) -> None:
    now = instance.clock()
    token = mint_link(
        session,
        SignIn(person.id, role, seat),
        token=instance.tokens(),
        now=now,
        until=now + SIGN_IN_LASTS,
    )
    offices = {
        "clerk": say("the office of clerk"),
        "administrator": say("the office of administrator"),
    }
    what = offices.get(role) or say("seat {seat} of the panel", seat=seat)
    invite(session, instance, person, what, address(instance.base_url, SIGN_IN, token=token))


def _seat_holder(session: Session, seat: Seat, tenure: Tenure | None) -> Holder:
    since = tenure.since if tenure else None
    person = tenure.person if tenure else None
    return _holder(session, seat.label, "seat", seat.number, person, since)


def _officer(session: Session, office: Office) -> Holder:
    return _holder(session, _office_name(office), office.role, None, office.person, office.since)


def _holder(
    session: Session,
    name: str,
    role: Literal["seat", "clerk", "administrator"],
    seat: int | None,
    person: str | None,
    since: datetime | None,
) -> Holder:
    found = persons.find_person(session, person) if person else None
    return Holder(
        name=name,
        role=role,
        seat=seat,
        person=person,
        email=found.email if found else None,
        since=since,
        second_factor=bool(person and credentials.has_second_factor(session, person)),
        devices=_devices(session, person) if person else 0,
    )


def _devices(session: Session, person: str) -> int:
    programs = api_tokens.tokens_of(session, person)
    return len(sessions.sessions_of(session, person)) + len(programs)


def _office_name(office: Office) -> str:
    return Actor(office.role, office=office.number).name
