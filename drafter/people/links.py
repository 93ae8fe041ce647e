"""One-time links by which a seat or a clerk signs in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from drafter.core.errors import BadInput, NotFound, Refused
from drafter.people.tables import SeatRow, SignInLinkRow
from drafter.people.tokens import token_hash

Role = Literal["seat", "clerk"]


@dataclass(frozen=True, slots=True)
class SignIn:
    """Who a link signs in."""

    role: Role
    seat: int | None  # for the role "seat", and only then


def mint_link(session: Session, who: SignIn, *, token: str, now: datetime, until: datetime) -> str:
    """Record a link and return its token, which is kept nowhere else. Raises BadInput, Refused."""
    if (who.role == "seat") != (who.seat is not None):
        raise BadInput("A link is for one seat, or for the clerk.")
    if who.seat is not None:
        _require_filled(session, who.seat)
    session.add(
        SignInLinkRow(
            token_hash=token_hash(token),
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

    Raises NotFound for an unknown token, Refused for one used, expired, or of a vacated seat.
    """
    used = session.execute(
        update(SignInLinkRow)
        .where(
            SignInLinkRow.token_hash == token_hash(token),
            SignInLinkRow.used_at.is_(None),
            SignInLinkRow.expires_at > now,
        )
        .values(used_at=now)
        .returning(SignInLinkRow.role, SignInLinkRow.seat)
    ).one_or_none()
    if used is None:
        raise _why_not(session, token)
    if used.seat is None:
        return SignIn(role="clerk", seat=None)
    _require_filled(session, used.seat)
    return SignIn(role="seat", seat=used.seat)


def revoke_links(session: Session, seat: int, now: datetime) -> None:
    """End the links of a seat that have not been used."""
    session.execute(
        update(SignInLinkRow)
        .where(SignInLinkRow.seat == seat, SignInLinkRow.used_at.is_(None))
        .values(used_at=now)
    )


def _why_not(session: Session, token: str) -> NotFound | Refused:
    used = session.execute(
        select(SignInLinkRow.used_at).where(SignInLinkRow.token_hash == token_hash(token))
    ).one_or_none()
    if used is None:
        return NotFound("This sign-in link is not known. Check that the address is complete.")
    if used.used_at is not None:
        return Refused("This sign-in link was used already. Ask the clerk for a new one.")
    return Refused("This sign-in link has expired. Ask the clerk for a new one.")


def _require_filled(session: Session, number: int) -> None:
    seat = session.get(SeatRow, number, with_for_update={"read": True}, populate_existing=True)
    if seat is None or not seat.filled:
        raise Refused(f"Seat {number} is vacant.", seat=number)
