"""Tables of who may come in: persons, the seats and offices that they hold for a time, how they
prove who they are, their sessions, and what is counted against abuse.

The address and the credentials of a person stand in rows that can be erased; the tenures keep a
random id alone.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from drafter.people.tables.base import Base, Digest, UtcTime, digest, one_of

ROLES = ("seat", "clerk", "administrator")
OFFICES = ("clerk", "administrator")

STILL_HELD = text("until IS NULL")


class PersonRow(Base):
    """Somebody who holds seats or offices. Once erased, only the random id is left."""

    __tablename__ = "persons"
    __table_args__ = (
        CheckConstraint("id LIKE 'person-%'", name="id_random"),
        CheckConstraint("erased_at IS NULL OR email IS NULL", name="erased_has_no_address"),
        CheckConstraint("erased_at IS NULL OR totp_secret IS NULL", name="erased_has_no_secret"),
        CheckConstraint(
            "totp_confirmed_at IS NULL OR totp_secret IS NOT NULL", name="confirmed_has_secret"
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    email: Mapped[str | None] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    totp_secret: Mapped[str | None] = mapped_column(Text)
    totp_confirmed_at: Mapped[datetime | None] = mapped_column(UtcTime)
    totp_step: Mapped[int | None]
    erased_at: Mapped[datetime | None] = mapped_column(UtcTime)


class TenureRow(Base):
    """A seat held by a person for a time. One person at a time holds a seat."""

    __tablename__ = "tenures"
    __table_args__ = (
        CheckConstraint("until IS NULL OR until >= since", name="ends_later"),
        Index(
            "uq_tenures_held",
            "seat",
            unique=True,
            sqlite_where=STILL_HELD,
            postgresql_where=STILL_HELD,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seat: Mapped[int] = mapped_column(ForeignKey("seats.number"))
    person: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    since: Mapped[datetime] = mapped_column(UtcTime)
    until: Mapped[datetime | None] = mapped_column(UtcTime)


class OfficeRow(Base):
    """An office held by a person for a time; its number is never given to another."""

    __tablename__ = "offices"
    __table_args__ = (
        one_of("role", OFFICES),
        CheckConstraint("number > 0", name="number_positive"),
        CheckConstraint("until IS NULL OR until >= since", name="ends_later"),
        UniqueConstraint("role", "number"),
        Index(
            "uq_offices_held",
            "person",
            "role",
            unique=True,
            sqlite_where=STILL_HELD,
            postgresql_where=STILL_HELD,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str]
    number: Mapped[int]
    person: Mapped[str] = mapped_column(ForeignKey("persons.id"))
    since: Mapped[datetime] = mapped_column(UtcTime)
    until: Mapped[datetime | None] = mapped_column(UtcTime)


class SignInLinkRow(Base):
    """A one-time link that signs a person in, in one role. Only the hash of its token is kept."""

    __tablename__ = "sign_in_links"
    __table_args__ = (
        one_of("role", ROLES),
        digest("token_hash"),
        CheckConstraint("(role = 'seat') = (seat IS NOT NULL)", name="seat_named"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
    )

    token_hash: Mapped[str] = mapped_column(Digest, primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    role: Mapped[str]
    seat: Mapped[int | None] = mapped_column(ForeignKey("seats.number"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class SessionRow(Base):
    """One device that is signed in. Only the hash of its secret is kept."""

    __tablename__ = "sessions"
    __table_args__ = (
        one_of("role", ROLES),
        digest("token_hash"),
        CheckConstraint("(role = 'seat') = (seat IS NOT NULL)", name="seat_named"),
    )

    token_hash: Mapped[str] = mapped_column(Digest, primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    role: Mapped[str]
    seat: Mapped[int | None] = mapped_column(ForeignKey("seats.number"))
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    seen_at: Mapped[datetime] = mapped_column(UtcTime)
    second_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ApiTokenRow(Base):
    """What a program shows to act for a person, in one role. Only the hash of it is kept."""

    __tablename__ = "api_tokens"
    __table_args__ = (
        one_of("role", ROLES),
        digest("token_hash"),
        CheckConstraint("(role = 'seat') = (seat IS NOT NULL)", name="seat_named"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(Digest, unique=True)
    person: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    role: Mapped[str]
    seat: Mapped[int | None] = mapped_column(ForeignKey("seats.number"))
    label: Mapped[str] = mapped_column(Text)
    second_factor: Mapped[bool]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class PasskeyRow(Base):
    """A passkey: its public half, by the id that the device gave it."""

    __tablename__ = "passkeys"
    __table_args__ = (CheckConstraint("sign_count >= 0", name="sign_count_counted"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    public_key: Mapped[str] = mapped_column(Text)
    sign_count: Mapped[int]
    label: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class RecoveryCodeRow(Base):
    """A code that stands in once for a second factor that was lost. Only its hash is kept."""

    __tablename__ = "recovery_codes"
    __table_args__ = (digest("code_hash"),)

    code_hash: Mapped[str] = mapped_column(Digest, primary_key=True)
    person: Mapped[str] = mapped_column(ForeignKey("persons.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class AddressChangeRow(Base):
    """The address that a person wants to have from now on, until it is confirmed from there."""

    __tablename__ = "address_changes"
    __table_args__ = (
        digest("token_hash"),
        CheckConstraint("expires_at > created_at", name="expires_later"),
    )

    person: Mapped[str] = mapped_column(ForeignKey("persons.id"), primary_key=True)
    email: Mapped[str]
    token_hash: Mapped[str] = mapped_column(Digest, unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)


class BucketRow(Base):
    """How much of one kind somebody may still do: it fills again with time.

    `key` is a keyed hash: no address of a network or of a person stands here.
    """

    __tablename__ = "buckets"
    __table_args__ = (digest("key"), Index("ix_buckets_at", "at"))

    kind: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(Digest, primary_key=True)
    remaining: Mapped[float]
    at: Mapped[datetime] = mapped_column(UtcTime)
