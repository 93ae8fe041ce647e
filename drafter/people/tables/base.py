"""What all tables share: the declarative base, the names of constraints, the one type of time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime

from sqlalchemy import CheckConstraint, DateTime, MetaData, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

Digest = String(64)
"""A SHA-256 in hexadecimal: of a wording, a ballot's binding, the rules, a token."""

Commit = String(64)
"""The name of a git commit: 40 hexadecimal digits, 64 in a SHA-256 repository."""


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. Times without a zone are refused, and what is read back has one.

    SQLite keeps no zone and returns naive times, so the generic type alone is not enough.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a moment of any zone into UTC. Raises ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the zone back to what the database returned."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The base of all tables; `Base.metadata` is what the migrations must arrive at."""

    metadata = MetaData(naming_convention=NAMES)


def one_of(column: str, values: Collection[str]) -> CheckConstraint:
    """Restrict a text column to a fixed list of words."""
    words = ", ".join(f"'{value}'" for value in values)
    return CheckConstraint(f"{column} IN ({words})", name=f"{column}_known")


def digest(column: str) -> CheckConstraint:
    """Restrict a column to the length of a SHA-256 in hexadecimal."""
    return CheckConstraint(f"length({column}) = 64", name=f"{column}_digest")


def together(first: str, second: str) -> CheckConstraint:
    """Require that two columns are both filled or both empty."""
    return CheckConstraint(f"({first} IS NULL) = ({second} IS NULL)", name=f"{first}_with_{second}")
