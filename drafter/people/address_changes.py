"""The address that a person wants instead of theirs: kept until it is confirmed from there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from drafter.core.errors import NotFound, Refused
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import AddressChangeRow, PersonRow
from drafter.people.tokens import token_hash


@dataclass(frozen=True, slots=True, repr=False)
class AddressChange:
    """A change that waits. It has no readable form, so that no log can quote the address."""

    person: str
    email: str
    created_at: datetime
    expires_at: datetime


def ask_change(
    session: Session, person: str, email: str, *, token: str, now: datetime, until: datetime
) -> None:
    """Keep the address that a person wants; one asked for before is dropped, with its link."""
    require_storable(email)
    session.get(PersonRow, person, with_for_update=True)
    drop_change(session, person)
    session.add(
        AddressChangeRow(
            person=person,
            email=email,
            token_hash=token_hash(token),
            created_at=now,
            expires_at=until,
        )
    )
    session.flush()


def find_change(session: Session, person: str, now: datetime) -> AddressChange | None:
    """Return the change that a person waits for, or None."""
    query = select(AddressChangeRow).where(
        AddressChangeRow.person == person, AddressChangeRow.expires_at > now
    )
    row = session.scalars(query).one_or_none()
    return frozen(AddressChange, row) if row else None


def drop_change(session: Session, person: str) -> None:
    """Drop the change that a person waits for, where there is one."""
    session.execute(delete(AddressChangeRow).where(AddressChangeRow.person == person))


def forget_changes(session: Session, now: datetime) -> None:
    """Remove the changes whose link has expired."""
    session.execute(delete(AddressChangeRow).where(AddressChangeRow.expires_at <= now))


def make_change(session: Session, person: str, token: str, now: datetime) -> str:
    """Use a link up and give its person the new address, which is returned.

    Of two at the same moment one succeeds. Raises NotFound for a link that is not this person's,
    was used, dropped or has expired; Refused where the address is somebody else's.
    """
    email = session.execute(
        delete(AddressChangeRow)
        .where(
            AddressChangeRow.token_hash == token_hash(token),
            AddressChangeRow.person == person,
            AddressChangeRow.expires_at > now,
        )
        .returning(AddressChangeRow.email)
    ).scalar_one_or_none()
    if email is None:
        raise NotFound(
            "This link changes nothing: it was used, has expired, or is for somebody else. "
            "Open “How you sign in” and ask for the change once more."
        )
    if session.scalar(select(PersonRow.id).where(PersonRow.email == email)) is not None:
        raise Refused("This address belongs to somebody here already. Ask an administrator.")
    session.execute(update(PersonRow).where(PersonRow.id == person).values(email=email))
    return email
