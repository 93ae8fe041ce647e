"""The log of who did what: one row for each change that a clerk or a seat makes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from drafter.people.rows import Plain, frozen, table_of
from drafter.people.tables import AuditRow

_NOTE = insert(table_of(AuditRow))


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One row of the log."""

    id: int
    actor: str  # "clerk", "seat-07", "operator"
    action: str  # a verb: "hold"
    object: str  # kind and number: "comment 12"
    at: datetime


def note(session: Plain, actor: str, action: str, object: str, now: datetime) -> None:
    """Add to the log, in the session of the change itself. Name the object, never quote it."""
    session.execute(_NOTE, {"actor": actor, "action": action, "object": object, "at": now})


def times_noted(session: Session, actor: str, action: str, object: str, at: datetime) -> int:
    """Tell how often the log has this very entry: a second has room for several."""
    query = select(func.count(AuditRow.id)).where(
        AuditRow.object == object,
        AuditRow.actor == actor,
        AuditRow.action == action,
        AuditRow.at == at,
    )
    return session.scalars(query).one()


def entries_about(session: Session, object: str) -> tuple[AuditEntry, ...]:
    """Return what was done to an object, oldest first."""
    rows = session.scalars(select(AuditRow).where(AuditRow.object == object).order_by(AuditRow.id))
    return tuple(frozen(AuditEntry, row) for row in rows)


def recent_entries(session: Session, *, limit: int = 100) -> tuple[AuditEntry, ...]:
    """Return the newest entries, newest first."""
    rows = session.scalars(select(AuditRow).order_by(AuditRow.id.desc()).limit(limit))
    return tuple(frozen(AuditEntry, row) for row in rows)
