"""One-time links by which a person signs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from drafter.core.errors import BadInput, NotFound, Refused
from drafter.people.tables import SignInLinkRow
from drafter.people.tokens import token_hash

Role = Literal["seat", "clerk", "administrator"]


@dataclass(frozen=True, slots=True)
class SignIn:
    """Whom a link signs in, and as what."""

    person: str
    role: Role
    seat: int | None  # for the role "seat", and only then


def mint_link(session: Session, who: SignIn, *, token: str, now: datetime, until: datetime) -> str:
    """Record a link and return its token, which is kept nowhere else. Raises BadInput."""
    if (who.role == "seat") != (who.seat is not None):
        raise BadInput("A link is for one seat, or for an office.")
    session.add(
        SignInLinkRow(
            token_hash=token_hash(token),
            person=who.person,
            role=who.role,
            seat=who.seat,
            created_at=now,
            expires_at=until,
        )
    )
    session.flush()
    return token


def redeem_link(session: Session, token: str, now: datetime) -> SignIn:
    """Use up a link, once and before it expires; of two at the same moment one succeeds.

    Raises NotFound for an unknown token, Refused for one that is used or expired.
    """
    used = session.execute(
        update(SignInLinkRow)
        .where(
            SignInLinkRow.token_hash == token_hash(token),
            SignInLinkRow.used_at.is_(None),
            SignInLinkRow.expires_at > now,
        )
        .values(used_at=now)
        .returning(SignInLinkRow.person, SignInLinkRow.role, SignInLinkRow.seat)
    ).one_or_none()
    if used is None:
        raise _why_not(session, token)
    role: Role = used.role
    return SignIn(used.person, role, used.seat)


def revoke_links(session: Session, person: str, now: datetime) -> None:
    """End the links of a person that have not been used."""
    session.execute(
        update(SignInLinkRow)
        .where(SignInLinkRow.person == person, SignInLinkRow.used_at.is_(None))
        .values(used_at=now)
    )


def _why_not(session: Session, token: str) -> NotFound | Refused:
    used = session.execute(
        select(SignInLinkRow.used_at).where(SignInLinkRow.token_hash == token_hash(token))
    ).one_or_none()
    if used is None:
        return NotFound("This sign-in link is not known. Check that the address is complete.")
    if used.used_at is not None:
        return Refused("This sign-in link was used already, or has ended. Ask for a new one.")
    return Refused("This sign-in link has expired. Ask for a new one.")
