"""What persons prove themselves with: passkeys, an authenticator app, recovery codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from drafter.core.errors import Conflict, NotFound
from drafter.people.rows import frozen, require_storable
from drafter.people.tables import PasskeyRow, PersonRow, RecoveryCodeRow
from drafter.people.tokens import token_hash


@dataclass(frozen=True, slots=True)
class Passkey:
    """The public half of a passkey."""

    id: str
    person: str
    public_key: str
    sign_count: int
    label: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True, repr=False)
class Authenticator:
    """An authenticator app: its sealed secret, and the last step of time that was used."""

    secret: str
    confirmed: bool
    step: int | None


def add_passkey(
    session: Session, person: str, id: str, public_key: str, count: int, label: str, now: datetime
) -> Passkey:
    """Keep a passkey. Raises Conflict for one that is kept already."""
    require_storable(label)
    if session.get(PasskeyRow, id) is not None:
        raise Conflict("This passkey is known already. Use it to sign in.")
    row = PasskeyRow(
        id=id, person=person, public_key=public_key, sign_count=count, label=label, created_at=now
    )
    session.add(row)
    session.flush()
    return frozen(Passkey, row)


def find_passkey(session: Session, id: str) -> Passkey | None:
    """Return a passkey, or None; it stays as it is until the session ends."""
    row = session.get(PasskeyRow, id, with_for_update=True, populate_existing=True)
    return frozen(Passkey, row) if row else None


def passkeys_of(session: Session, person: str) -> tuple[Passkey, ...]:
    """Return a person's passkeys, oldest first."""
    query = select(PasskeyRow).where(PasskeyRow.person == person)
    rows = sorted(session.scalars(query), key=lambda row: (row.created_at, row.id))
    return tuple(frozen(Passkey, row) for row in rows)


def use_passkey(session: Session, id: str, count: int, now: datetime) -> None:
    """Note that a passkey was used, and how often its device says it was."""
    session.execute(
        update(PasskeyRow).where(PasskeyRow.id == id).values(sign_count=count, used_at=now)
    )


def remove_passkey(session: Session, person: str, id: str) -> None:
    """Remove a person's own passkey. Raises NotFound."""
    removed = session.execute(
        delete(PasskeyRow)
        .where(PasskeyRow.id == id, PasskeyRow.person == person)
        .returning(PasskeyRow.id)
    ).first()
    if removed is None:
        raise NotFound("You have no such passkey.")


def authenticator_of(session: Session, person: str) -> Authenticator | None:
    """Return a person's authenticator app, set up or about to be; None without one."""
    row = session.get(PersonRow, person, populate_existing=True)
    if row is None or row.totp_secret is None:
        return None
    return Authenticator(row.totp_secret, row.totp_confirmed_at is not None, row.totp_step)


def keep_secret(session: Session, person: str, sealed: str | None) -> None:
    """Keep the secret of an app that is not confirmed yet; None removes the app."""
    session.execute(
        update(PersonRow)
        .where(PersonRow.id == person)
        .values(totp_secret=sealed, totp_confirmed_at=None, totp_step=None)
    )


def use_step(session: Session, person: str, step: int, now: datetime) -> bool:
    """Use up a step of time of the app, and every one before it; False where it is used."""
    used = session.execute(
        update(PersonRow)
        .where(
            PersonRow.id == person,
            PersonRow.totp_secret.is_not(None),
            (PersonRow.totp_step.is_(None)) | (PersonRow.totp_step < step),
        )
        .values(totp_step=step, totp_confirmed_at=func.coalesce(PersonRow.totp_confirmed_at, now))
        .returning(PersonRow.id)
    ).first()
    return used is not None


def replace_codes(session: Session, person: str, codes: Sequence[str], now: datetime) -> None:
    """Keep new recovery codes; the old ones end."""
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.person == person))
    session.add_all(
        RecoveryCodeRow(code_hash=token_hash(code), person=person, created_at=now) for code in codes
    )
    session.flush()


def use_code(session: Session, person: str, code: str, now: datetime) -> bool:
    """Use up a recovery code; False where it is not one, or is used."""
    used = session.execute(
        update(RecoveryCodeRow)
        .where(
            RecoveryCodeRow.code_hash == token_hash(code),
            RecoveryCodeRow.person == person,
            RecoveryCodeRow.used_at.is_(None),
        )
        .values(used_at=now)
        .returning(RecoveryCodeRow.code_hash)
    ).first()
    return used is not None


def codes_left(session: Session, person: str) -> int:
    """Count the recovery codes that have not been used."""
    query = select(func.count()).where(
        RecoveryCodeRow.person == person, RecoveryCodeRow.used_at.is_(None)
    )
    return session.execute(query).scalar_one()


def has_second_factor(session: Session, person: str) -> bool:
    """Tell whether a person has set up a passkey or an authenticator app."""
    app = authenticator_of(session, person)
    return (app is not None and app.confirmed) or bool(passkeys_of(session, person))
