"""Turns a row of a table into the frozen value that leaves this package."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from sqlalchemy import ColumnElement, Connection, Table
from sqlalchemy.orm import Session

from drafter.core.errors import BadInput
from drafter.people.tables import Base

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Value = TypeVar("Value", bound=DataclassInstance)
else:
    Value = TypeVar("Value")


Plain: TypeAlias = Session | Connection
"""What runs plain statements: those that name tables and columns, no mapped class."""


def frozen(kind: type[Value], row: Base) -> Value:
    """Make a `kind` from the attributes of `row` that have the names of its fields."""
    return kind(**{field.name: getattr(row, field.name) for field in fields(kind)})


def table_of(row: type[Base]) -> Table:
    """Return the table behind a mapped class: its plain statements cost a third of the mapper's."""
    return Base.metadata.tables[row.__tablename__]


def columns_of(kind: type[DataclassInstance], row: type[Base]) -> tuple[ColumnElement[Any], ...]:
    """Return the columns named as the fields of `kind`, in their order: `kind(*found)` reads it."""
    table = table_of(row)
    return tuple(table.c[field.name] for field in fields(kind))


def require_storable(*texts: str | None) -> None:
    """Refuse what not every database can keep: a zero character, half of a surrogate pair.

    Raises BadInput, without the text.
    """
    for text in texts:
        if text is not None and ("\0" in text or not _is_unicode(text)):
            raise BadInput("The text holds a character that cannot be kept. Remove it, then send.")


def _is_unicode(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True
